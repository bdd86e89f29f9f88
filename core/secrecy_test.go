package core_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"go/ast"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/jeton-dev/jeton/core"
	"github.com/jeton-dev/jeton/core/corpus"
)

// TestErrorsAreFixedWords takes every error of the corpus apart. Its code is in the table, its reason is written in the source, and its
// claim is written there too or was asked for by the policy: so nothing of a token, a claim or a key can be in it.
func TestErrorsAreFixedWords(t *testing.T) {
	written := literals(t)
	refused := 0
	for _, c := range attackCases(t) {
		err := errorOf(t, &c)
		var known *core.Error
		if !errors.As(err, &known) {
			continue
		}
		refused++
		var policy struct{ RequiredClaims []string }
		if len(c.Policy) > 0 {
			if err := json.Unmarshal(c.Policy, &policy); err != nil {
				t.Fatal(err)
			}
		}
		for _, failure := range known.Failures() {
			if !slices.Contains(core.Codes(), failure.Code) {
				t.Errorf("%s: the code %q is not in the table", c.Name, failure.Code)
			}
			if !written[failure.Reason] {
				t.Errorf("%s: the reason %q is not written in the source", c.Name, failure.Reason)
			}
			if !written[failure.Claim] && !slices.Contains(policy.RequiredClaims, failure.Claim) {
				t.Errorf("%s: the claim %q is neither written in the source nor asked for", c.Name, failure.Claim)
			}
		}
		text := known.Error()
		for _, secret := range secretsOf(&c) {
			if strings.Contains(text, secret) {
				t.Errorf("%s: the error repeats %q", c.Name, secret)
			}
		}
	}
	if refused < 400 {
		t.Errorf("only %d errors were looked at", refused)
	}
}

// literals returns every string constant of core's source, and the empty one.
func literals(t *testing.T) map[string]bool {
	t.Helper()
	written := map[string]bool{"": true}
	for path, file := range sources(t) {
		ast.Inspect(file, func(node ast.Node) bool {
			if literal, ok := node.(*ast.BasicLit); ok && literal.Kind == token.STRING {
				text, err := strconv.Unquote(literal.Value)
				if err != nil {
					t.Fatalf("%s: %v", path, err)
				}
				written[text] = true
			}
			return true
		})
	}
	return written
}

// secretsOf returns what no error may repeat: the token and its segments, their decoded text, and the members of the keys. What is
// shorter than eight bytes could stand in any text by chance.
func secretsOf(c *corpus.Case) (secrets []string) {
	add := func(text string) {
		if len(text) >= 8 {
			secrets = append(secrets, text)
		}
	}
	add(c.Token)
	for _, part := range strings.Split(c.Token, ".") {
		add(part)
		if decoded, err := base64.RawURLEncoding.DecodeString(part); err == nil {
			add(string(decoded))
		}
	}
	var keys any
	if json.Unmarshal([]byte(c.Keys), &keys) == nil {
		addTexts(keys, add)
	}
	return secrets
}

func addTexts(value any, add func(string)) {
	switch v := value.(type) {
	case string:
		add(v)
		if decoded, err := base64.RawURLEncoding.DecodeString(v); err == nil {
			add(string(decoded))
		}
	case []any:
		for _, element := range v {
			addTexts(element, add)
		}
	case map[string]any:
		for _, element := range v {
			addTexts(element, add)
		}
	}
}

// TestD18AForgedTokenIsForgedAndNothingElse takes every token of the corpus that the signature is looked at for, breaks its signature,
// and expects that alone, whatever else is wrong with it.
func TestD18AForgedTokenIsForgedAndNothingElse(t *testing.T) {
	broken := 0
	for _, c := range attackCases(t) {
		reached := c.Expect == corpus.Accepted || c.Expect == string(core.SignatureInvalid) || slices.Contains(afterSignature, core.Code(c.Expect))
		if c.Kind != corpus.KindToken || !reached {
			continue
		}
		keys, err := importKeys(&c)
		if err != nil {
			t.Fatal(err)
		}
		last := strings.LastIndexByte(c.Token, '.')
		if last == len(c.Token)-1 {
			continue // stripped already
		}
		change := byte('A')
		if c.Token[last+1] == change {
			change = 'B'
		}
		forged := c.Token[:last+1] + string(change) + c.Token[last+2:]
		if len(c.Token) == last+2 {
			continue
		}
		_, err = core.Verify(forged, keys, policyOf(t, &c))
		var known *core.Error
		if !errors.As(err, &known) || len(known.Failures()) != 1 || known.Failures()[0] != (core.Failure{Code: core.SignatureInvalid}) {
			t.Errorf("%s, forged: %v", c.Name, err)
		}
		broken++
	}
	if broken < 200 {
		t.Errorf("only %d tokens were forged", broken)
	}
}

// afterSignature lists what may be said only of a token whose signature is good.
var afterSignature = []core.Code{
	core.PayloadMalformed, core.TypeMismatch, core.TokenExpired, core.TokenNotYetValid, core.TokenIssuedInFuture, core.TokenTooOld,
	core.ClaimMissing, core.ClaimMalformed, core.IssuerMismatch, core.AudienceMismatch, core.SubjectMismatch,
}
