package core_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jeton-dev/jeton/core"
	"github.com/jeton-dev/jeton/core/corpus"
)

// expandCorpus makes the cases once for all tests.
var expandCorpus = sync.OnceValues(corpus.Expand)

func attackCases(t testing.TB) []corpus.Case {
	t.Helper()
	cases, err := expandCorpus()
	if err != nil {
		t.Fatal(err)
	}
	return cases
}

// TestCorpus runs every case of core/corpus.
func TestCorpus(t *testing.T) {
	kinds := make(map[corpus.Kind]int)
	for _, c := range attackCases(t) {
		kinds[c.Kind]++
		t.Run(c.Name, func(t *testing.T) { runCase(t, &c) })
	}
	if kinds[corpus.KindToken] < 300 || kinds[corpus.KindKey] < 90 {
		t.Errorf("only %v cases", kinds)
	}
}

func runCase(t *testing.T, c *corpus.Case) {
	t.Helper()
	if outcome := outcomeOf(errorOf(t, c)); !c.Meets(outcome) {
		t.Errorf("%s, want %s", outcome, c.Expect)
	}
}

// outcomeOf returns what a case expects in these words: the code of the first failure, or that there is none.
func outcomeOf(err error) string {
	if err == nil {
		return corpus.Accepted
	}
	var known *core.Error
	if !errors.As(err, &known) {
		return "an error that is none of core's: " + err.Error()
	}
	return string(known.Code())
}

// errorOf returns what is wrong with a case, by every way there is to ask for it: they must agree.
func errorOf(t testing.TB, c *corpus.Case) error {
	t.Helper()
	keys, err := importKeys(c)
	if err != nil || c.Kind == corpus.KindKey {
		return err
	}
	if c.Kind == corpus.KindSignature {
		if !keys.(*core.Key).Verify(unbase64(t, c.Input), unbase64(t, c.Signature)) {
			return newRefusal(t)
		}
		return nil
	}
	_, _ = core.Decode(c.Token) // must not panic; what it says is for other tests
	verifier, err := core.NewVerifier(keys, policyOf(t, c))
	if err != nil {
		return err
	}
	verified, err := verifier.Verify(c.Token)
	var into core.Token
	errInto := verifier.VerifyInto(&into, c.Token)
	finished, errFinished := beginAndFinish(verifier, c.Token)
	for _, other := range []error{errInto, errFinished} {
		if (err == nil) != (other == nil) || err != nil && err.Error() != other.Error() {
			t.Fatalf("Verify says %v, VerifyInto %v, Begin and Finish %v", err, errInto, errFinished)
		}
	}
	if err == nil && (!bytes.Equal(verified.Payload(), into.Payload()) || !bytes.Equal(verified.Payload(), finished.Payload())) {
		t.Fatal("Verify, VerifyInto and Begin read different payloads")
	}
	if err != nil && (verified != nil || finished != nil || len(into.Payload()) != 0 || into.Claims().Len() != 0) {
		t.Fatal("claims of a token that was refused")
	}
	return err
}

// newRefusal is the error of a signature alone, for which Key.Verify says no more than false.
func newRefusal(t testing.TB) error {
	t.Helper()
	host, err := core.NewHostKey(core.HS256)
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := core.NewVerifier(host, core.Policy{})
	if err != nil {
		t.Fatal(err)
	}
	pending, err := verifier.Begin("eyJhbGciOiJIUzI1NiJ9.e30.")
	if err != nil {
		t.Fatal(err)
	}
	_, err = pending.Finish(false)
	return err
}

// beginAndFinish plays the host that checks signatures itself.
func beginAndFinish(verifier *core.Verifier, token string) (*core.Token, error) {
	pending, err := verifier.Begin(token)
	if err != nil {
		return nil, err
	}
	return pending.Finish(pending.Key().Verify(pending.SigningInput(), pending.Signature()))
}

// importKeys reads a JWK Set where there is a member "keys", and a JWK otherwise.
func importKeys(c *corpus.Case) (core.Keys, error) {
	accepted := make([]core.Algorithm, len(c.Algorithms))
	for i, name := range c.Algorithms {
		accepted[i] = core.Algorithm(name)
	}
	if object, err := core.ParseObject([]byte(c.Keys), core.Limits{Members: 1 << 16}); err == nil {
		if _, isSet := object.Get("keys"); isSet {
			set, err := core.ParseJWKSet([]byte(c.Keys), accepted...)
			if err != nil {
				return nil, err
			}
			return set, nil
		}
	}
	key, err := core.ParseJWK([]byte(c.Keys), accepted...)
	if err != nil {
		return nil, err
	}
	return key, nil
}

// policyOf reads a policy in the form of the module's ABI, as far as cases use it.
func policyOf(t testing.TB, c *corpus.Case) core.Policy {
	t.Helper()
	var options struct {
		Issuer                 []string
		Audience               []string
		AllAudiences           bool
		Type                   string
		Subject                string
		RequiredClaims         []string
		MaxAge, Leeway         float64
		Profile                string
		Algorithms             []core.Algorithm
		KeyAlgorithms          map[string][]core.Algorithm
		AllowMissingExpiration bool
		MaxTokenBytes          int
	}
	if len(c.Policy) > 0 {
		decoder := json.NewDecoder(bytes.NewReader(c.Policy))
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(&options); err != nil {
			t.Fatal(err)
		}
	}
	var profile core.Profile
	if options.Profile != "" {
		var err error
		if profile, err = core.ParseProfile(options.Profile); err != nil {
			t.Fatal(err)
		}
	}
	seconds := func(n float64) time.Duration { return time.Duration(n * float64(time.Second)) }
	return core.Policy{
		Issuers: options.Issuer, Audiences: options.Audience, AllAudiences: options.AllAudiences, Type: options.Type,
		Subject: options.Subject, RequiredClaims: options.RequiredClaims, MaxAge: seconds(options.MaxAge), Leeway: seconds(options.Leeway),
		Profile: profile, Algorithms: options.Algorithms, KeyAlgorithms: options.KeyAlgorithms,
		AllowMissingExpiration: options.AllowMissingExpiration, Limits: core.Limits{TokenBytes: options.MaxTokenBytes},
		Clock: func() time.Time { return time.Unix(0, 0).Add(seconds(c.Now)) },
	}
}

func unbase64(t testing.TB, text string) []byte {
	t.Helper()
	data, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestCorpusHoldsEveryRow looks for the rows of the attack list that are about tokens and keys. (The others are in attacks_test.go.)
func TestCorpusHoldsEveryRow(t *testing.T) {
	names := make([]string, 0, 1024)
	for _, c := range attackCases(t) {
		names = append(names, c.Name)
	}
	all := "\n" + strings.Join(names, "\n")
	for _, row := range strings.Fields(`A1 A2 A3 A4 A5 A6 A7 A8 A9 A10 A11 A12 A13 A14 A15 A16 B1 B2 B3 B4 B5 B6 B7 B8 B9 B11 B12 B13
		C1 C2 C3 C4 C5 C6 C7 C8 C9 C10 C11 C12 C13 C14 C15 C16 C17 C18 C19 C20 C21 C22
		D1 D2 D3 D4 D5 D6 D7 D8 D9 D10 D11 D12 D13 D14 D15 D18`) {
		if !strings.Contains(all, "\n"+row+" ") {
			t.Errorf("no case for %s", row)
		}
	}
}
