// Package corpus holds attacks on tokens and keys, and the standards' own examples, as data that every host can run.
//
// A case in the JSON files is a recipe: which header, which payload, signed how, then damaged how. [Expand] makes concrete cases of
// them, with keys that are generated anew each time, because no secret may stand in a repository. [Wycheproof] makes cases of the same
// form from a copy of that collection. README.md describes both forms.
//
// The package signs with the standard library alone, never with package core: what checks the tokens did not make them.
package corpus

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
)

// Kind says what a [Case] asks a host to do.
type Kind string

const (
	// KindToken asks to import Keys, build a verifier for Policy and verify Token at the time Now.
	KindToken Kind = "token"
	// KindKey asks to import Keys.
	KindKey Kind = "key"
	// KindSignature asks to import Keys, which is one key, and verify that Signature is one of Input. It looks at no header and no claim.
	KindSignature Kind = "signature"
)

const (
	// Accepted is what a case expects when nothing may fail.
	Accepted = "accepted"
	// Refused is what a case expects when the collection it comes from says no more than that: any code for the form of the token, the
	// choice of its key or its signature, or for a key, but none for the payload or its claims, which are looked at only when the
	// signature is good.
	Refused = "refused"
)

// Case is one expanded case: everything a host needs, as text.
type Case struct {
	// Name is unique, and starts with where the case comes from: a row of the attack list, a section of a standard.
	Name string `json:"name"`
	Kind Kind   `json:"kind"`
	// Keys is a JWK, or a JWK Set when it has a member "keys".
	Keys string `json:"keys"`
	// Algorithms narrows what is accepted when Keys is imported. Empty does not.
	Algorithms []string `json:"algorithms,omitempty"`
	// Policy is in the form of the WebAssembly module's ABI (wasm/README.md).
	Policy json.RawMessage `json:"policy,omitempty"`
	// Now is the time of the check, in seconds since 1970.
	Now   float64 `json:"now,omitempty"`
	Token string  `json:"token,omitempty"`
	// Input and Signature are base64url without padding.
	Input     string `json:"input,omitempty"`
	Signature string `json:"signature,omitempty"`
	// Expect is the code of the first thing that must fail, [Accepted] or [Refused].
	Expect string `json:"expect"`
	// Label is what the collection says that the case comes from, "valid" or "invalid", and Exception why Expect says otherwise.
	Label     string `json:"label,omitempty"`
	Exception string `json:"exception,omitempty"`
}

// afterSignature lists the codes for what is looked at only once a signature is good.
var afterSignature = []string{
	"payload_malformed", "type_mismatch", "token_expired", "token_not_yet_valid", "token_issued_in_future", "token_too_old",
	"claim_missing", "claim_malformed", "issuer_mismatch", "audience_mismatch", "subject_mismatch", "token_revoked", "revocation_unknown",
}

// Meets reports whether outcome, which is [Accepted] or the code of the first failure, is what the case expects.
func (c *Case) Meets(outcome string) bool {
	if c.Expect == Refused {
		return outcome != Accepted && !slices.Contains(afterSignature, outcome)
	}
	return outcome == c.Expect
}

// Contradicts reports whether outcome is not what the case is labelled. A good signature over something that is no set of claims is
// valid for a collection that looks at signatures alone.
func (c *Case) Contradicts(outcome string) bool {
	good := outcome == Accepted || slices.Contains(afterSignature, outcome)
	return good != (c.Label == "valid")
}

//go:embed *.json
var files embed.FS

// keysFile names the file that defines the keys, and not cases.
const keysFile = "keys.json"

// file is what a JSON file of cases holds.
type file struct {
	About  string  `json:"about"`
	Groups []group `json:"groups"`
}

// group is a row of the attack list, or a section of a standard: what its cases share, and the cases.
type group struct {
	Row    string            `json:"row"`
	About  string            `json:"about"`
	Shared json.RawMessage   `json:"shared"`
	Cases  []json.RawMessage `json:"cases"`
}

// Expand generates the keys and returns every case of the JSON files, in their order.
func Expand() ([]Case, error) {
	ring, err := newKeyring()
	if err != nil {
		return nil, err
	}
	names, err := fs.Glob(files, "*.json")
	if err != nil {
		return nil, err
	}
	var cases []Case
	seen := make(map[string]bool)
	for _, name := range names {
		if name == keysFile {
			continue
		}
		var content file
		if err := readFile(name, &content); err != nil {
			return nil, err
		}
		for _, group := range content.Groups {
			expanded, err := group.expand(ring)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
			for _, c := range expanded {
				if seen[c.Name] {
					return nil, fmt.Errorf("%s: two cases are called %q", name, c.Name)
				}
				seen[c.Name] = true
			}
			cases = append(cases, expanded...)
		}
	}
	return cases, nil
}

func (g *group) expand(ring *keyring) ([]Case, error) {
	cases := make([]Case, 0, len(g.Cases))
	for _, own := range g.Cases {
		var r recipe
		if len(g.Shared) > 0 {
			if err := strictly(g.Shared, &r); err != nil {
				return nil, fmt.Errorf("%s: %w", g.Row, err)
			}
		}
		if err := strictly(own, &r); err != nil {
			return nil, fmt.Errorf("%s: %w in %s", g.Row, err, own)
		}
		c, err := r.expand(ring)
		if err != nil {
			return nil, fmt.Errorf("%s %s: %w", g.Row, r.Name, err)
		}
		c.Name = g.Row + " " + r.Name
		cases = append(cases, c)
	}
	return cases, nil
}
