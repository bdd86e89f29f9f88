package core_test

import (
	"strings"
	"testing"

	"github.com/jeton-dev/jeton/core/corpus"
)

// wycheproof fetches the collection and reads its cases.
func wycheproof(t testing.TB) []corpus.Case {
	t.Helper()
	directory, err := corpus.FetchWycheproof()
	if err != nil {
		t.Fatal(err)
	}
	cases, err := corpus.Wycheproof(directory)
	if err != nil {
		t.Fatal(err)
	}
	return cases
}

// TestWycheproof runs every case of Wycheproof for what this library verifies. What is not as labelled stands in the table of exceptions
// of package corpus, and one that is not needed fails here.
func TestWycheproof(t *testing.T) {
	byFile := make(map[string]int)
	texts := make(map[string]string)
	for _, c := range wycheproof(t) {
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
