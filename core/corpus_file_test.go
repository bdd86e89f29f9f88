package core_test

import (
	"testing"

	"github.com/jeton-dev/jeton/core/corpus"
)

// TestCorpusFile runs the cases of a file where "make corpus" names one, and writes what each came to.
func TestCorpusFile(t *testing.T) {
	asked, err := corpus.Exchange(func(c *corpus.Case) corpus.Outcome {
		return corpus.Outcome{Outcome: outcomeOf(errorOf(t, c))}
	})
	if err != nil {
		t.Fatal(err)
	}
	if !asked {
		t.Skip("no file of cases is named: run \"make corpus\"")
	}
}
