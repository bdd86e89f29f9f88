package common_test

import (
	"bufio"
	"compress/gzip"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jeton-dev/jeton/workers/password/validate"
	"github.com/jeton-dev/jeton/workers/password/validate/common"
	"github.com/trustelem/zxcvbn/frequency"
)

func TestList(t *testing.T) {
	if length := common.List().Len(); length != 30_000 {
		t.Errorf("%d passwords, not the 30,000 that the documents say", length)
	}
	if common.List() != common.List() {
		t.Error("the list is made anew on each call")
	}
	for _, password := range frequency.FrequencyLists["passwords"] {
		if password != strings.ToLower(password) || password != strings.TrimSpace(password) {
			t.Errorf("%q can never be found", password)
		}
	}
}

func ExampleList() {
	rule := validate.CommonPassword{List: common.List()}
	fmt.Println(rule.Validate("Password123", nil) != nil, rule.Validate("correct horse battery", nil) != nil)
	// Output: true false
}

// TestDjangosList holds what the README says against the list that Django ships. It runs when JETON_DJANGO_PYTHON names a Python with Django.
func TestDjangosList(t *testing.T) {
	python := os.Getenv("JETON_DJANGO_PYTHON")
	if python == "" {
		t.Skip("JETON_DJANGO_PYTHON names no Python with Django")
	}
	const program = "import sys, django.contrib.auth; sys.stdout.write(django.contrib.auth.__path__[0])"
	folder, err := exec.CommandContext(t.Context(), python, "-c", program).Output()
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(filepath.Join(string(folder), "common-passwords.txt.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	text, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	rule := validate.CommonPassword{List: common.List()}
	all, found := 0, 0
	for lines := bufio.NewScanner(text); lines.Scan(); all++ {
		if rule.Validate(lines.Text(), nil) != nil {
			found++
		}
	}
	if all < 15_000 || found < 45*all/100 || found > 55*all/100 {
		t.Errorf("of Django's %d passwords %d are on the list", all, found)
	}
}
