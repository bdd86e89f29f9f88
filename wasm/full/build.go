// Package full builds the module that has every algorithm inside, with standard Go.
package full

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// rarelyRun are packages in which no function is copied into its callers: the module spends no time in them that could be measured, and
// compresses better without the copies.
var rarelyRun = []string{
	"runtime", "time", "reflect", "syscall", "internal/strconv", "encoding/asn1", "vendor/golang.org/x/crypto/cryptobyte", "crypto/elliptic",
	"github.com/jeton-dev/jeton/wasm",
}

// Build compiles the module into the file output. Further flags are for go build.
func Build(output string, flags ...string) (err error) {
	_, here, _, _ := runtime.Caller(0)
	module := filepath.Dir(filepath.Dir(here))
	if output, err = filepath.Abs(output); err != nil {
		return err
	}
	overlay, err := writeOverlay(filepath.Join(module, "_standard"))
	if err != nil {
		return err
	}
	defer os.Remove(overlay)
	arguments := []string{"build", "-buildmode=c-shared", "-trimpath", "-ldflags=-s -w", "-overlay", overlay, "-o", output}
	for _, name := range rarelyRun {
		arguments = append(arguments, "-gcflags="+name+"=-l")
	}
	build := exec.Command("go", append(append(arguments, flags...), ".")...)
	build.Dir = module
	build.Env = append(os.Environ(), "GOOS=wasip1", "GOARCH=wasm", "CGO_ENABLED=0")
	build.Stdout, build.Stderr = os.Stdout, os.Stderr
	return build.Run()
}

// writeOverlay writes the file that tells go build which files to read in place of the standard library's: a "replaced.go" stands for its
// whole package, any other for the file of its name.
func writeOverlay(replacements string) (path string, err error) {
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return "", err
	}
	source := filepath.Join(strings.TrimSpace(string(root)), "src")
	replace := map[string]string{}
	err = filepath.WalkDir(replacements, func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name, err := filepath.Rel(replacements, file)
		if err != nil {
			return err
		}
		original := filepath.Join(source, name)
		replace[original] = file
		if entry.Name() != "replaced.go" {
			_, err = os.Stat(original) // one that Go has no more would be added to the package
			return err
		}
		return hide(filepath.Dir(original), replace)
	})
	if err != nil {
		return "", err
	}
	overlay, err := os.CreateTemp("", "jeton-overlay-*.json")
	if err != nil {
		return "", err
	}
	err = json.NewEncoder(overlay).Encode(map[string]any{"Replace": replace})
	return overlay.Name(), errors.Join(err, overlay.Close())
}

// hide makes go build see none of the Go files of a folder.
func hide(folder string, replace map[string]string) error {
	entries, err := os.ReadDir(folder)
	for _, entry := range entries {
		if filepath.Ext(entry.Name()) == ".go" {
			replace[filepath.Join(folder, entry.Name())] = ""
		}
	}
	return err
}
