package claims

import "github.com/jeton-dev/jeton/core"

// refusal is an error with one of core's codes. It names the field concerned, by the names in its tags, when it is known.
type refusal struct {
	code   core.Code
	claim  string
	reason string
}

// Error returns the code, its meaning, the claim and the reason.
func (r refusal) Error() string {
	return string(r.code) + ": " + core.Failure{Code: r.code, Claim: r.claim, Reason: r.reason}.String()
}

// Unwrap returns the code, so that errors.Is finds it.
func (r refusal) Unwrap() error { return r.code }
