package corpus

import (
	"os"
	"path/filepath"
	"testing"
)

func TestExchange(t *testing.T) {
	t.Setenv(FileVariable, "")
	t.Setenv(OutcomesVariable, "")
	if asked, err := Exchange(nil); asked || err != nil {
		t.Fatalf("without files: %v, %v", asked, err)
	}
	directory := t.TempDir()
	from, to := filepath.Join(directory, "cases.json"), filepath.Join(directory, "outcomes.json")
	t.Setenv(FileVariable, from)
	t.Setenv(OutcomesVariable, to)
	for text, fits := range map[string]bool{
		`{"cases":[{"name":"one","kind":"key"},{"name":"two","kind":"signature"}]}`: true,
		`{"cases":[]}`: false, `{`: false,
	} {
		if err := os.WriteFile(from, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		asked, err := Exchange(func(c *Case) Outcome {
			if c.Kind == KindSignature {
				return Outcome{Skipped: "no"}
			}
			return Outcome{Outcome: c.Name}
		})
		if !asked || (err == nil) != fits {
			t.Errorf("%s: %v, %v", text, asked, err)
		}
	}
	if text, err := os.ReadFile(to); err != nil || string(text) != `[{"outcome":"one"},{"skipped":"no"}]` {
		t.Errorf("%s, %v", text, err)
	}
}
