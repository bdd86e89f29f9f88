package auth_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"testing"
)

// askPython runs a script of testdata with the Python that JETON_DJANGO_PYTHON names: input goes to it as JSON, and what it writes into
// output. Without such a Python the test is skipped.
func askPython(t *testing.T, script string, input, output any) {
	t.Helper()
	python := os.Getenv("JETON_DJANGO_PYTHON")
	if python == "" {
		t.Skip("JETON_DJANGO_PYTHON names no Python with djangorestframework-simplejwt: run make test")
	}
	task, err := json.Marshal(input)
	if err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), python, script)
	command.Stdin = bytes.NewReader(task)
	var problems bytes.Buffer
	command.Stderr = &problems
	written, err := command.Output()
	if err != nil {
		t.Fatalf("the reference site failed: %v\n%s", err, problems.Bytes())
	}
	if err := json.Unmarshal(written, output); err != nil {
		t.Fatal(err)
	}
}
