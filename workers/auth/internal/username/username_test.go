package username_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/jeton-dev/jeton/workers/auth/internal/username"
)

func TestCheck(t *testing.T) {
	for name, good := range map[string]bool{
		"alice": true, "a.b@c+d-e_f": true, "名前": true, "٣½Ⅷ": true, "": false, "a b": false, "a/b": false, "a\n": false, "a\u0301": false, "\xed\xa0\x80": false, "\xff": false, "☃": false,
	} {
		if got := username.Check(name); (got == "") != good {
			t.Errorf("%q: %q", name, got)
		}
	}
}

func TestNormalise(t *testing.T) {
	for name, want := range map[string]string{"alice": "alice", "ﬁ": "fi", "e\u0301": "é", "ａ①": "a1", "\xed\xa0\x80e\u0301": "\xed\xa0\x80é"} {
		if got := username.Normalise(name); got != want {
			t.Errorf("%q: %q", name, got)
		}
	}
}

// reference writes, for each character that Python's Unicode has assigned: its code point, whether a username may consist of it, and its
// normal form.
const reference = `
import json, sys, unicodedata
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError

validate = UnicodeUsernameValidator()

def good(name):
    try:
        validate(name)
    except ValidationError:
        return False
    return True

characters = [chr(c) for c in range(0x110000) if unicodedata.category(chr(c)) not in ("Cn", "Cs")]
json.dump([[ord(c), good(c), unicodedata.normalize("NFKC", c)] for c in characters], sys.stdout)
`

// TestDjango asks Django about every character there is.
func TestDjango(t *testing.T) {
	python := os.Getenv("JETON_DJANGO_PYTHON")
	if python == "" {
		t.Skip("JETON_DJANGO_PYTHON names no Python with Django: run make test")
	}
	var problems bytes.Buffer
	command := exec.CommandContext(t.Context(), python, "-c", reference)
	command.Stderr = &problems
	output, err := command.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, problems.Bytes())
	}
	var characters [][3]any
	if err := json.Unmarshal(output, &characters); err != nil {
		t.Fatal(err)
	}
	if len(characters) < 200_000 {
		t.Fatalf("%d characters", len(characters))
	}
	differ := 0
	for _, c := range characters {
		char := string(rune(c[0].(float64)))
		if good := username.Check(char) == ""; good != c[1].(bool) {
			if differ++; differ < 20 {
				t.Errorf("U+%04X: %v, and Django says %v", []rune(char)[0], good, c[1])
			}
		}
		if normal := username.Normalise(char); normal != strings.ToValidUTF8(c[2].(string), "") {
			t.Errorf("U+%04X: %+q, and Python says %+q", []rune(char)[0], normal, c[2])
		}
	}
}
