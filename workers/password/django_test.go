package password_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// TestDjango checks that Django accepts the hashes made here and the other way round. It runs when JETON_DJANGO_PYTHON names a Python
// that has Django.
func TestDjango(t *testing.T) {
	python := os.Getenv("JETON_DJANGO_PYTHON")
	if python == "" {
		t.Skip("JETON_DJANGO_PYTHON names no Python with Django")
	}
	passwords := []string{
		"correct horse battery", "pässwörd 🔑", " spaces around ", strings.Repeat("long", 100), `quotes ' " \ $ `, "!", "e\u0301 is not \u00e9",
	}
	type pair [2]string
	var request struct {
		Check []pair   `json:"check"`
		Make  []string `json:"make"`
	}
	var want []bool
	for i, plain := range passwords {
		encoded := makeHash(t, plain, 1000+i)
		request.Check = append(request.Check, pair{plain, encoded}, pair{plain + "x", encoded})
		want = append(want, true, false)
	}
	for _, v := range vectors {
		if v.password != "" { // Django refuses the empty password before it looks at the hash
			request.Check = append(request.Check, pair{v.password, v.encoded})
			want = append(want, true)
		}
	}
	request.Make = passwords

	input, err := json.Marshal(request)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), python, "testdata/django_hashes.py")
	cmd.Stdin = bytes.NewReader(input)
	cmd.Stderr = os.Stderr
	output, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var answer struct {
		Checked []bool   `json:"checked"`
		Made    []string `json:"made"`
	}
	if err := json.Unmarshal(output, &answer); err != nil || len(answer.Checked) != len(want) || len(answer.Made) != len(passwords) {
		t.Fatalf("the script answered %q (%v)", output, err)
	}
	for i, ok := range answer.Checked {
		if ok != want[i] {
			t.Errorf("Django says %v for %q and %q, want %v", ok, request.Check[i][0], request.Check[i][1], want[i])
		}
	}
	for i, encoded := range answer.Made {
		if !check(t, passwords[i], encoded) || check(t, passwords[i]+"x", encoded) {
			t.Errorf("Django's hash %q of %q is not matched by it alone", encoded, passwords[i])
		}
	}
}
