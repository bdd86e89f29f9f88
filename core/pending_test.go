package core_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/jeton-dev/jeton/core"
)

// TestBeginAndFinish lets the test play the host that holds the key.
func TestBeginAndFinish(t *testing.T) {
	for _, algorithm := range core.Algorithms() {
		t.Run(string(algorithm), func(t *testing.T) {
			material := newKey(t, algorithm)
			host, err := core.NewHostKey(algorithm)
			if err != nil {
				t.Fatal(err)
			}
			signer, err := core.NewSigner(host, core.SignerOptions{})
			if err != nil {
				t.Fatal(err)
			}
			_, err = signer.Encode(goodClaims())
			wantCode(t, err, core.HostRequired)
			payload, err := goodClaims().AppendJSON(nil)
			if err != nil {
				t.Fatal(err)
			}
			unsigned, err := signer.Begin(payload)
			if err != nil {
				t.Fatal(err)
			}
			signature, err := material.Sign(unsigned.SigningInput())
			if err != nil {
				t.Fatal(err)
			}
			token, err := unsigned.Finish(signature)
			if err != nil {
				t.Fatal(err)
			}
			_, err = unsigned.Finish(signature)
			wantCode(t, err, core.AlreadySpent)

			verifier, err := core.NewVerifier(host, policy())
			if err != nil {
				t.Fatal(err)
			}
			_, err = verifier.Verify(token)
			wantCode(t, err, core.HostRequired)
			pending, err := verifier.Begin(token)
			if err != nil {
				t.Fatal(err)
			}
			if pending.Key() != host || pending.Algorithm() != algorithm {
				t.Errorf("key %v, algorithm %s", pending.Key(), pending.Algorithm())
			}
			verified, err := pending.Finish(material.Verify(pending.SigningInput(), pending.Signature()))
			if err != nil {
				t.Fatal(err)
			}
			if subject, _ := verified.Subject(); subject != "alice" {
				t.Errorf("subject %q", subject)
			}
			_, err = pending.Finish(true)
			wantCode(t, err, core.AlreadySpent)
		})
	}
}

// TestBeginIntoReusesItsSpace takes one PendingVerification through tokens that are good, refused by Begin and refused by Finish: none
// leaves anything for the next.
func TestBeginIntoReusesItsSpace(t *testing.T) {
	key := newKey(t, core.HS256)
	verifier, err := core.NewVerifier(key, policy())
	if err != nil {
		t.Fatal(err)
	}
	var pending core.PendingVerification
	_, err = pending.Finish(true)
	wantCode(t, err, core.AlreadySpent)
	if pending.Key() != nil || pending.Algorithm() != "" || len(pending.SigningInput())+len(pending.Signature()) > 0 {
		t.Error("the zero value has something to check")
	}
	for _, subject := range []string{"alice", "bob"} {
		token := encode(t, goodClaims().SetSubject(subject), key)
		if err := verifier.BeginInto(&pending, token); err != nil {
			t.Fatal(err)
		}
		verified, err := pending.Finish(key.Verify(pending.SigningInput(), pending.Signature()))
		if err != nil {
			t.Fatal(err)
		}
		if got, _ := verified.Subject(); got != subject {
			t.Errorf("subject %q, want %q", got, subject)
		}
		if err := verifier.BeginInto(&pending, token); err != nil {
			t.Fatal(err)
		}
		_, err = pending.Finish(false)
		wantCode(t, err, core.SignatureInvalid)
		if len(verified.Payload()) > 0 {
			t.Error("a refused token can be read")
		}
		wantCode(t, verifier.BeginInto(&pending, token+"."), core.TokenMalformed)
		if pending.Key() != nil || len(pending.SigningInput())+len(pending.Signature()) > 0 {
			t.Error("a refused token has something to check")
		}
		_, err = pending.Finish(true)
		wantCode(t, err, core.AlreadySpent)
	}
}

func TestDecodeIntoReusesItsSpace(t *testing.T) {
	var decoded core.Unverified
	if decoded.UnverifiedAlgorithm() != "" || decoded.UnverifiedKeyID() != "" || len(decoded.UnverifiedHeader()) > 0 {
		t.Error("the zero value says something")
	}
	for _, subject := range []string{"alice", "bob"} {
		if err := core.DecodeInto(&decoded, segment(`{"alg":"none"}`)+"."+segment(`{"sub":"`+subject+`"}`)+"."); err != nil {
			t.Fatal(err)
		}
		value, _ := decoded.UnverifiedClaim("sub")
		if got, _ := value.Text(); got != subject || decoded.UnverifiedAlgorithm() != "none" {
			t.Errorf("subject %q, algorithm %q", got, decoded.UnverifiedAlgorithm())
		}
		wantCode(t, core.DecodeInto(&decoded, segment(`{"alg":"none"}`)+"."+segment(`{"sub":"`)+"."), core.PayloadMalformed)
		if _, ok := decoded.UnverifiedClaim("sub"); ok || len(decoded.UnverifiedPayload()) > 0 || decoded.UnverifiedAlgorithm() != "" {
			t.Error("a refused token can be read")
		}
	}
}

func TestFinishRefuses(t *testing.T) {
	host, err := core.NewHostKey(core.ES256)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := core.NewSigner(host, core.SignerOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for _, length := range []int{0, 63, 65, 72} {
		pending, err := signer.Begin([]byte(`{}`))
		if err != nil {
			t.Fatal(err)
		}
		_, err = pending.Finish(make([]byte, length))
		wantCode(t, err, core.SigningFailed)
	}
	key := newKey(t, core.HS256)
	verifier, err := core.NewVerifier(key, policy())
	if err != nil {
		t.Fatal(err)
	}
	expired := encode(t, core.NewClaims().SetExpiration(testTime), key)
	pending, err := verifier.Begin(expired)
	if err != nil {
		t.Fatal(err)
	}
	_, err = pending.Finish(false)
	wantCode(t, err, core.SignatureInvalid)
	pending, err = verifier.Begin(expired)
	if err != nil {
		t.Fatal(err)
	}
	_, err = pending.Finish(true)
	wantCode(t, err, core.TokenExpired)
}

func TestKeyFunc(t *testing.T) {
	key := newKey(t, core.HS256)
	token := encode(t, goodClaims(), key)
	cause := errors.New("the key server is down")
	for _, test := range []struct {
		name string
		find core.KeyFunc
		want core.Code
	}{
		{"found", func(h core.Header) (*core.Key, error) {
			if h.Algorithm != "HS256" || h.Type != "JWT" || h.KeyID != "" {
				return nil, nil
			}
			return key, nil
		}, ""},
		{"neither key nor error", func(core.Header) (*core.Key, error) { return nil, nil }, core.KeyNotFound},
		{"error", func(core.Header) (*core.Key, error) { return nil, cause }, core.KeyNotFound},
		{"error beside a key", func(core.Header) (*core.Key, error) { return key, cause }, core.KeyNotFound},
		{"key of another algorithm", func(core.Header) (*core.Key, error) { return newKey(t, core.HS512), nil }, core.AlgorithmMismatch},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := core.Verify(token, test.find, policy())
			if test.want == "" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			wantCode(t, err, test.want)
			if strings.HasPrefix(test.name, "error") && !errors.Is(err, cause) {
				t.Error("the cause is lost")
			}
		})
	}
}

func TestKeySetFunc(t *testing.T) {
	named, err := newKey(t, core.ES256).WithID("2026-01")
	if err != nil {
		t.Fatal(err)
	}
	set, err := core.NewKeySet(named)
	if err != nil {
		t.Fatal(err)
	}
	other, err := named.WithID("2026-02")
	if err != nil {
		t.Fatal(err)
	}
	cause := errors.New("the key server is down")
	for _, test := range []struct {
		name string
		find core.KeySetFunc
		key  *core.Key
		want core.Code
	}{
		{"found", func(h core.Header) (*core.KeySet, error) {
			if h.Algorithm != "ES256" || h.KeyID != "2026-01" {
				return nil, cause
			}
			return set, nil
		}, named, ""},
		{"neither set nor error", func(core.Header) (*core.KeySet, error) { return nil, nil }, named, core.KeySetUnavailable},
		{"error", func(core.Header) (*core.KeySet, error) { return nil, cause }, named, core.KeySetUnavailable},
		{"error beside a set", func(core.Header) (*core.KeySet, error) { return set, cause }, named, core.KeySetUnavailable},
		{"a key ID that the set has not", func(core.Header) (*core.KeySet, error) { return set, nil }, other, core.KeyNotFound},
		{"an algorithm that the set has not", func(core.Header) (*core.KeySet, error) { return set, nil }, newKey(t, core.ES384), core.AlgorithmMismatch},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := core.Verify(encode(t, goodClaims(), test.key), test.find, policy())
			if test.want == "" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			wantCode(t, err, test.want)
			if strings.HasPrefix(test.name, "error") && !errors.Is(err, cause) {
				t.Error("the cause is lost")
			}
		})
	}
}

func TestNewError(t *testing.T) {
	cause := errors.New("the file is gone")
	err := core.NewError(core.Failure{Code: core.KeyMalformed, Claim: "kid", Reason: "empty"}, cause)
	if err.Code() != core.KeyMalformed || !errors.Is(err, core.KeyMalformed) || !errors.Is(err, cause) {
		t.Errorf("%v with code %s", err, err.Code())
	}
	if want := "key_malformed: the key is malformed (kid): empty"; err.Error() != want {
		t.Errorf("%q, want %q", err, want)
	}
}

func TestClaimsBuilder(t *testing.T) {
	claims := core.NewClaims().Set("b", 1).Set("a", "x").SetExpiration(time.Unix(1790000060, 999)).Set("b", []any{nil, true, 1.5, []string{"é\n\""}}).
		Set("raw", core.RawJSON(`{"n":12345678901234567890}`)).Set("gone", 1).Remove("gone")
	text, err := claims.AppendJSON([]byte("kept"))
	if err != nil {
		t.Fatal(err)
	}
	if want := `kept{"b":[null,true,1.5,["é\u000a\""]],"a":"x","exp":1790000060,"raw":{"n":12345678901234567890}}`; string(text) != want {
		t.Errorf("%s, want %s", text, want)
	}
	again, err := core.ParseClaims(text[4:])
	if err != nil {
		t.Fatal(err)
	}
	if back, err := again.AppendJSON(nil); err != nil || string(back) != string(text[4:]) {
		t.Errorf("%s, %v", back, err)
	}
	key := newKey(t, core.HS256)
	for name, refused := range map[string]*core.Claims{
		"NaN":               core.NewClaims().Set("x", 0/zero),
		"infinity":          core.NewClaims().Set("x", 1/zero),
		"a struct":          core.NewClaims().Set("x", struct{}{}),
		"text not UTF-8":    core.NewClaims().Set("x", "\xff"),
		"name not UTF-8":    core.NewClaims().Set("\xff", 1),
		"broken raw JSON":   core.NewClaims().Set("x", core.RawJSON(`{`)),
		"empty raw JSON":    core.NewClaims().Set("x", core.RawJSON(nil)),
		"a list within":     core.NewClaims().Set("x", []any{struct{}{}}),
		"exp as text":       core.NewClaims().Set("exp", "soon"),
		"exp in year 10000": core.NewClaims().SetExpiration(time.Unix(253402300800, 0)),
		"aud a number":      core.NewClaims().Set("aud", 1),
		"aud empty":         core.NewClaims().SetAudience(),
		"sub a number":      core.NewClaims().Set("sub", 1),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := core.Encode(refused, key)
			wantCode(t, err, core.ClaimsInvalid)
		})
	}
	t.Run("too large", func(t *testing.T) {
		_, err := core.Encode(core.NewClaims().Set("x", strings.Repeat("x", 6200)), key)
		wantCode(t, err, core.TokenTooLarge)
	})
}

var zero float64
