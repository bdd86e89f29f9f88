// Package djangosite runs a real Django site on a database, so that tests can share one with it.
package djangosite

import (
	"bufio"
	_ "embed"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"testing"
)

//go:embed site.py
var program string

// Database is a site's DATABASES["default"].
type Database map[string]string

// Site is a Django site. It is not safe for concurrent use.
type Site struct {
	in  io.Writer
	out *bufio.Reader
}

// Start starts a site on a database, which ends with the test. A model is the site's own kind of user, one of site.py's
// MODELS. It needs a Python that has Django, which JETON_DJANGO_PYTHON names, and
// skips the test without one.
func Start(t *testing.T, database Database, model ...string) *Site {
	t.Helper()
	python := os.Getenv("JETON_DJANGO_PYTHON")
	if python == "" {
		t.Skip("JETON_DJANGO_PYTHON names no Python with Django")
	}
	argument, err := json.Marshal(database)
	if err != nil {
		t.Fatal(err)
	}
	command := exec.Command(python, append([]string{"-c", program, string(argument)}, model...)...)
	command.Stderr = os.Stderr
	in, err := command.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		in.Close()
		if err := command.Wait(); err != nil {
			t.Errorf("site.py: %v", err)
		}
	})
	return &Site{in, bufio.NewReader(out)}
}

// Run runs a command of site.py with what it is given and reads what it answers into answer, unless that is nil.
func (s *Site) Run(t *testing.T, command string, given, answer any) {
	t.Helper()
	line, err := json.Marshal([]any{command, given})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.in.Write(append(line, '\n')); err != nil {
		t.Fatalf("site.py %s: %v", command, err)
	}
	output, err := s.out.ReadBytes('\n')
	if err != nil {
		t.Fatalf("site.py %s: it has ended: %v", command, err)
	}
	if answer != nil {
		if err := json.Unmarshal(output, answer); err != nil {
			t.Fatalf("site.py %s answers %q: %v", command, output, err)
		}
	}
}
