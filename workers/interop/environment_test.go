package interop

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/jeton-dev/jeton/workers/store/storetest/postgrestest"
)

// The environment says where the parts are that the tests put together; "make interop" sets it. Without it they are skipped.
const (
	environmentsVariable = "JETON_INTEROP_ENVIRONMENTS" // a folder with a virtual environment for each of site/requirements*.txt
	jetonVariable        = "JETON_BIN"                  // the jeton command
)

// scratch is the directory for databases and settings, gone at the end.
var scratch string

func TestMain(m *testing.M) {
	var err error
	if scratch, err = os.MkdirTemp("", "jeton-interop"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	status := postgrestest.Run(m)
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

// pythonWith returns the Python of the environment that site/requirements-NAME.txt describes, or site/requirements.txt without a name.
// Where djangorestframework-jwt, which is old, does not run, it skips the test and prints why.
func pythonWith(t *testing.T, name string) string {
	t.Helper()
	folder := "requirements"
	if name != "" {
		folder += "-" + name
	}
	python := filepath.Join(required(t, environmentsVariable), folder, "bin", "python")
	if name != "djangorestframework-jwt" {
		return python
	}
	const program = `
from django.conf import settings
settings.configure(SECRET_KEY="-", INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "rest_framework"])
import django, gunicorn
django.setup()
import rest_framework_jwt.views`
	if output, err := exec.Command(python, "-W", "ignore", "-c", program).CombinedOutput(); err != nil {
		lines := strings.Split(strings.TrimSpace(string(output)), "\n")
		reason := fmt.Sprintf("%s does not run here: %v: %s", name, err, lines[len(lines)-1])
		fmt.Printf("%-32s skipped: %s\n", t.Name(), reason)
		t.Skip(reason)
	}
	return python
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
