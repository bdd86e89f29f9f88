package corpus

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// FetchWycheproof returns the folder of [WycheproofModule], downloaded through the Go module proxy and held against [WycheproofSum].
// The go command keeps it, so a second call needs no network.
func FetchWycheproof() (string, error) {
	// The download happens in a module of its own, so that it touches no go.mod that matters.
	directory, err := os.MkdirTemp("", "wycheproof")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(directory)
	if err := os.WriteFile(filepath.Join(directory, "go.mod"), []byte("module download\n"), 0o600); err != nil {
		return "", err
	}
	command := exec.Command("go", "mod", "download", "-json", WycheproofModule)
	command.Dir = directory
	command.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOWORK=off")
	output, failed := command.Output()
	var downloaded struct{ Dir, Sum, Error string }
	if err := json.Unmarshal(output, &downloaded); err != nil {
		return "", errors.Join(failed, err)
	}
	switch {
	case downloaded.Error != "":
		return "", fmt.Errorf("Wycheproof could not be had: %s", downloaded.Error)
	case downloaded.Sum != WycheproofSum:
		return "", fmt.Errorf("Wycheproof has the sum %s, not the expected one", downloaded.Sum)
	}
	return downloaded.Dir, nil
}
