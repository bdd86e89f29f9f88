package corpus

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"slices"
	"strings"
	"testing"
)

func TestExpandMakesNewKeysEachTime(t *testing.T) {
	first, second := expand(t), expand(t)
	if len(first) != len(second) || len(first) < 500 {
		t.Fatalf("%d cases, then %d", len(first), len(second))
	}
	renewed := 0
	for i := range first {
		if first[i].Name != second[i].Name || first[i].Expect != second[i].Expect {
			t.Errorf("case %d is %q, then %q", i, first[i].Name, second[i].Name)
		}
		if first[i].Keys != second[i].Keys {
			renewed++
		}
	}
	if renewed < 400 {
		t.Errorf("only %d cases have new keys", renewed)
	}
}

// TestCasesFitEveryHost holds cases to what the module can take: an input of 1 MiB, and keys that stand inside another JSON object.
func TestCasesFitEveryHost(t *testing.T) {
	for _, c := range expand(t) {
		if len(c.Token) > 1<<20 || len(c.Keys) > 1<<20-1<<10 {
			t.Errorf("%s: %d bytes of token, %d of keys", c.Name, len(c.Token), len(c.Keys))
		}
		if keys := []byte(c.Keys); !json.Valid(keys) || bytes.TrimSpace(keys)[0] != '{' {
			t.Errorf("%s: the keys are no JSON object", c.Name)
		}
		if strings.ContainsRune(c.Token, '\ufffd') && c.Kind == KindToken {
			t.Errorf("%s: the token is not text", c.Name)
		}
	}
}

func expand(t *testing.T) []Case {
	t.Helper()
	cases, err := Expand()
	if err != nil {
		t.Fatal(err)
	}
	return cases
}

// TestEveryKeyIsUsed keeps keys.json free of leftovers.
func TestEveryKeyIsUsed(t *testing.T) {
	ring, err := newKeyring()
	if err != nil {
		t.Fatal(err)
	}
	names, err := fs.Glob(files, "*.json")
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, name := range names {
		text, err := files.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if name != keysFile {
			all.Write(text)
		}
	}
	materials := make([]string, 0, len(ring.definitions))
	for _, defined := range ring.definitions {
		materials = append(materials, defined.Material)
	}
	for name := range ring.definitions {
		if !strings.Contains(all.String(), `"`+name+`"`) && !slices.Contains(materials, name) {
			t.Errorf("no case uses the key %q", name)
		}
	}
}

// TestRecipesAreReadStrictly makes sure that a mistake in a file cannot become a case that tests something else.
func TestRecipesAreReadStrictly(t *testing.T) {
	ring, err := newKeyring()
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"misspelt member":          `{"name":"x","keys":"hs256","tokn":{},"expect":"accepted"}`,
		"misspelt part":            `{"name":"x","keys":"hs256","token":{"hedder":{}},"expect":"accepted"}`,
		"no expectation":           `{"name":"x","keys":"hs256"}`,
		"no name":                  `{"keys":"hs256","expect":"accepted"}`,
		"no keys":                  `{"name":"x","expect":"accepted"}`,
		"unknown key":              `{"name":"x","keys":"hs257","expect":"accepted"}`,
		"unknown segment":          `{"name":"x","keys":"hs256","token":{"segments":[{"of":"body","insert":"x"}]},"expect":"accepted"}`,
		"change of nothing":        `{"name":"x","keys":"hs256","token":{"signature":[{"keep":32}]},"expect":"accepted"}`,
		"change that says nothing": `{"name":"x","keys":"hs256","token":{"signature":[{}]},"expect":"accepted"}`,
		"change outside":           `{"name":"x","keys":"hs256","token":{"signature":[{"insert":"x","at":33}]},"expect":"accepted"}`,
		"overwriting too much":     `{"name":"x","keys":"hs256","token":{"signature":[{"overwrite":"xx","at":31}]},"expect":"accepted"}`,
		"no bits left over":        `{"name":"x","keys":"hs256","token":{"header":{"alg":"HS256","typ":"JWT"},"segments":[{"of":"header","respell":"unused bits"}]},"expect":"accepted"}`,
		"number for text":          `{"name":"x","keys":"hs256","token":{"payload":1},"expect":"accepted"}`,
		"removing what is absent":  `{"name":"x","keys":{"key":"hs256","change":{"kid":null}},"expect":"accepted"}`,
		"member of no key":         `{"name":"x","keys":{"key":"hs256","change":{"k":{"of":"es256","member":"k"}}},"expect":"accepted"}`,
		"secret of a wrong form":   `{"name":"x","keys":"rs256","token":{"sign":{"secret":"point"}},"expect":"accepted"}`,
		"unknown padding":          `{"name":"x","keys":"rs256","token":{"sign":{"padding":"soft"}},"expect":"accepted"}`,
		"unknown number":           `{"name":"x","keys":"es256","token":{"sign":{"r":"7"}},"expect":"accepted"}`,
		"JWE for a curve":          `{"name":"x","keys":"es256","token":{"encrypt":"es256"},"expect":"accepted"}`,
	} {
		t.Run(name, func(t *testing.T) {
			g := group{Row: "T1", Cases: []json.RawMessage{json.RawMessage(text)}}
			if cases, err := g.expand(ring); err == nil {
				t.Errorf("expanded to %+v", cases)
			}
		})
	}
}

func TestMeets(t *testing.T) {
	for _, test := range []struct {
		expect, outcome string
		want            bool
	}{
		{Accepted, Accepted, true},
		{Accepted, "payload_malformed", false},
		{"token_expired", "token_expired", true},
		{"token_expired", Accepted, false},
		{Refused, "signature_invalid", true},
		{Refused, "key_too_weak", true},
		{Refused, Accepted, false},
		{Refused, "payload_malformed", false},
		{Refused, "claim_missing", false},
	} {
		if got := (&Case{Expect: test.expect}).Meets(test.outcome); got != test.want {
			t.Errorf("%s meets %s: %v", test.outcome, test.expect, got)
		}
	}
}
