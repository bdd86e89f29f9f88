package core_test

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const modulePath = "github.com/jeton-dev/jeton"

// TestUsersGetCoreAlone builds a module that imports nothing but core, with no network and an empty module cache, and looks at what
// came with it: the standard library and core's own packages. None of the libraries that the rest of the repository stands on does.
func TestUsersGetCoreAlone(t *testing.T) {
	checkout, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	user := t.TempDir()
	cache := t.TempDir()
	goMod, err := os.ReadFile(filepath.Join(checkout, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	language := goMod[strings.Index(string(goMod), "\ngo ")+1:]
	language = language[:strings.IndexByte(string(language), '\n')]
	write(t, user, "go.mod", "module user.example\n\n"+string(language)+"\n\nrequire "+modulePath+" v0.0.0\n\nreplace "+modulePath+" => "+checkout+"\n")
	write(t, user, "main.go", "package main\n\nimport \""+modulePath+"/core\"\n\nfunc main() { println(len(core.Algorithms())) }\n")
	run := func(arguments ...string) string {
		t.Helper()
		command := exec.Command("go", arguments...)
		command.Dir = user
		command.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=mod", "GOPROXY=off", "GOSUMDB=off", "GOTOOLCHAIN=local", "GOMODCACHE="+cache)
		output, err := command.CombinedOutput()
		if err != nil {
			t.Fatalf("go %s: %v\n%s", strings.Join(arguments, " "), err, output)
		}
		return string(output)
	}

	run("build", "-o", filepath.Join(t.TempDir(), "user"), ".")
	var own []string
	for _, line := range strings.Fields(run("list", "-deps", "-f", "{{if not .Standard}}{{.ImportPath}}{{end}}", ".")) {
		if line != "user.example" {
			own = append(own, line)
		}
	}
	slices.Sort(own)
	want := []string{modulePath + "/core", modulePath + "/core/internal/base64url", modulePath + "/core/internal/jsontext"}
	if !slices.Equal(own, want) {
		t.Errorf("a user of core depends on %v, want %v", own, want)
	}

	run("mod", "vendor")
	var vendored []string
	vendor := filepath.Join(user, "vendor")
	err = filepath.WalkDir(vendor, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name, err := filepath.Rel(vendor, filepath.Dir(path))
		if name = filepath.ToSlash(name); name != "." && name != modulePath && !slices.Contains(vendored, name) {
			vendored = append(vendored, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(vendored)
	if !slices.Equal(vendored, want) {
		t.Errorf("go mod vendor copies %v, want %v", vendored, want)
	}
}

func write(t *testing.T, folder, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
