package corpus

import (
	"encoding/json"
	"errors"
	"os"
)

// Outcome is what a case came to in one host.
type Outcome struct {
	// Outcome is the code of what failed first, or [Accepted].
	Outcome string `json:"outcome,omitempty"`
	// Skipped says why the host was not asked.
	Skipped string `json:"skipped,omitempty"`
}

// The environment of a test that [Exchange] serves.
const (
	// FileVariable names the file of cases, as expand prints them.
	FileVariable = "JETON_CORPUS"
	// OutcomesVariable names the file that the outcomes are written to.
	OutcomesVariable = "JETON_OUTCOMES"
)

// Exchange reads the cases of the file that JETON_CORPUS names, runs them, and writes their outcomes, in the same order, as JSON to
// the file that JETON_OUTCOMES names. It is how "make corpus" puts the same cases to every host. It reports false, and does nothing,
// where the environment names no files.
func Exchange(run func(*Case) Outcome) (asked bool, err error) {
	from, to := os.Getenv(FileVariable), os.Getenv(OutcomesVariable)
	if from == "" || to == "" {
		return false, nil
	}
	text, err := os.ReadFile(from)
	if err != nil {
		return true, err
	}
	var document struct{ Cases []Case }
	if err := json.Unmarshal(text, &document); err != nil {
		return true, err
	}
	if len(document.Cases) == 0 {
		return true, errors.New("there are no cases in the file")
	}
	outcomes := make([]Outcome, len(document.Cases))
	for i := range document.Cases {
		outcomes[i] = run(&document.Cases[i])
	}
	text, err = json.Marshal(outcomes)
	if err != nil {
		return true, err
	}
	return true, os.WriteFile(to, text, 0o600)
}
