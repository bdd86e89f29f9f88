package interop

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// The environment says where the parts are that the tests put together; "make interop" sets it. Without it they are skipped.
const (
	pythonVariable    = "JETON_INTEROP_PYTHON"     // with Django, djangorestframework-simplejwt and drf-jwt
	oldPythonVariable = "JETON_INTEROP_OLD_PYTHON" // with djangorestframework-jwt
	jetonVariable     = "JETON_BIN"                // the jeton command
)

// scratch is the directory for databases and settings, gone at the end.
var scratch string

func TestMain(m *testing.M) {
	var err error
	if scratch, err = os.MkdirTemp("", "jeton-interop"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	status := m.Run()
	stopEdge()
	os.RemoveAll(scratch)
	if status == 0 {
		printSummary()
	}
	os.Exit(status)
}

// required returns the value of a variable, or skips the test.
func required(t *testing.T, variable string) string {
	t.Helper()
	value := os.Getenv(variable)
	if value == "" {
		t.Skipf("%s is not set: run make interop", variable)
	}
	return value
}

// newFolder returns a new directory under scratch.
func newFolder(t *testing.T) string {
	t.Helper()
	path, err := os.MkdirTemp(scratch, "run")
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// writeFile writes a file that only its owner may read.
func writeFile(t *testing.T, folder, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(folder, name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// summary is what the lists that have run amount to.
var summary struct {
	sync.Mutex
	lists, requests, differences int
}

func printSummary() {
	if summary.lists > 0 {
		fmt.Printf("%d requests in %d lists: Django = native = edge, with %d deliberate differences\n", summary.requests, summary.lists, summary.differences)
	}
}
