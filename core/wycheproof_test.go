package core_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/jeton-dev/jeton/core/corpus"
)

// wycheproofCases downloads Wycheproof through the Go module proxy, checks it against the pinned sum, and reads its cases. Nothing of it
// is a dependency of this module.
var wycheproofCases = sync.OnceValues(func() ([]corpus.Case, error) {
	directory, err := os.MkdirTemp("", "wycheproof")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(directory)
	// A module of its own, so that the download touches no go.mod that matters.
	if err := os.WriteFile(filepath.Join(directory, "go.mod"), []byte("module download\n"), 0o600); err != nil {
		return nil, err
	}
	command := exec.Command("go", "mod", "download", "-json", corpus.WycheproofModule)
	command.Dir = directory
	command.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOWORK=off")
	output, failed := command.Output()
	var downloaded struct{ Dir, Sum, Error string }
	if err := json.Unmarshal(output, &downloaded); err != nil {
		return nil, failed
	}
	switch {
	case downloaded.Error != "":
		return nil, downloadError(downloaded.Error)
	case downloaded.Sum != corpus.WycheproofSum:
		return nil, downloadError("the sum is " + downloaded.Sum)
	}
	return corpus.Wycheproof(downloaded.Dir)
})

type downloadError string

func (e downloadError) Error() string { return "Wycheproof could not be had: " + string(e) }

// TestWycheproof runs every case of Wycheproof for what this library verifies. What is not as labelled stands in the table of exceptions
// of package corpus, and one that is not needed fails here.
func TestWycheproof(t *testing.T) {
	cases, err := wycheproofCases()
	if err != nil {
		t.Fatal(err)
	}
	byFile := make(map[string]int)
	texts := make(map[string]string)
	for _, c := range cases {
		byFile[strings.Fields(c.Name)[1]]++
		texts[c.Name] = c.Token
		t.Run(c.Name, func(t *testing.T) {
			outcome := outcomeOf(errorOf(t, &c))
			if !c.Meets(outcome) {
				t.Errorf("%s, want %s; labelled %s", outcome, c.Expect, c.Label)
			}
			if contradicts := c.Contradicts(outcome); contradicts != (c.Exception != "") {
				t.Errorf("%s is labelled %s; the exception is %q", outcome, c.Label, c.Exception)
			}
		})
	}
	if byFile["json_web_signature"] != 401 || byFile["json_web_key"] != 26 {
		t.Errorf("cases by file: %v", byFile)
	}
	for _, twin := range []string{"367", "370"} {
		if texts["Wycheproof json_web_signature "+twin] != texts["Wycheproof json_web_signature 357"] {
			t.Errorf("%s differs from 357, so its exception is wrong", twin)
		}
	}
}
