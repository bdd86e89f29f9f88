package core_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jeton-dev/jeton/core"
)

// everyWay verifies a token through each way in.
var everyWay = map[string]func(*core.Verifier, string) error{
	"Verify": func(v *core.Verifier, token string) error {
		_, err := v.Verify(token)
		return err
	},
	"VerifyInto": func(v *core.Verifier, token string) error {
		return v.VerifyInto(new(core.Token), token)
	},
	"Begin and Finish": func(v *core.Verifier, token string) error {
		pending, err := v.Begin(token)
		if err != nil {
			return err
		}
		_, err = pending.Finish(pending.Key().Verify(pending.SigningInput(), pending.Signature()))
		return err
	},
}

func TestRevoked(t *testing.T) {
	const own core.Code = "password_changed"
	lost := errors.New("the connection was lost")
	var none *core.Error
	key := newKey(t, core.HS256)
	token := encode(t, goodClaims().SetID("1"), key)
	for name, test := range map[string]struct {
		answer error
		want   core.Code // empty: accepted
	}{
		"not revoked":       {nil, ""},
		"revoked":           {core.TokenRevoked, core.TokenRevoked},
		"own code":          {own, own},
		"own code, wrapped": {fmt.Errorf("user 1: %w", own), own},
		"failure":           {lost, core.RevocationUnknown},
		"empty code":        {core.Code(""), core.RevocationUnknown},
		"nil *Error":        {none, core.RevocationUnknown},
		"core's own error":  {second(core.NewHostKey("none")), core.RevocationUnknown},
	} {
		for way, verify := range everyWay {
			t.Run(name+" through "+way, func(t *testing.T) {
				calls := 0
				verifier, err := core.NewVerifier(key, core.Policy{Clock: policy().Clock, Revoked: func(core.RevocationQuery) error {
					calls++
					return test.answer
				}})
				if err != nil {
					t.Fatal(err)
				}
				err = verify(verifier, token)
				if calls != 1 {
					t.Errorf("asked %d times", calls)
				}
				if test.want == "" {
					if err != nil {
						t.Error(err)
					}
					return
				}
				wantCode(t, err, test.want)
				if test.answer == lost && !errors.Is(err, lost) {
					t.Error("the cause is gone")
				}
				if strings.Contains(err.Error(), lost.Error()) {
					t.Error("the error repeats the cause's text")
				}
			})
		}
	}
}

// TestRevokedIsAskedLast holds that nothing about a token reaches the function before everything else has passed.
func TestRevokedIsAskedLast(t *testing.T) {
	key := newKey(t, core.HS256)
	good := encode(t, goodClaims(), key)
	asked := core.Policy{Subject: "alice", Clock: policy().Clock, Revoked: func(core.RevocationQuery) error {
		t.Error("asked about a token that is refused anyway")
		return nil
	}}
	verifier, err := core.NewVerifier(key, asked)
	if err != nil {
		t.Fatal(err)
	}
	for want, token := range map[core.Code]string{
		core.TokenMalformed:    "x",
		core.SignatureInvalid:  good[:len(good)-43] + strings.Repeat("A", 43),
		core.AlgorithmMismatch: sign(t, key, `{"alg":"ES256"}`, `{"exp":1790000060,"sub":"alice"}`),
		core.PayloadMalformed:  sign(t, key, hs256Header, `[]`),
		core.TokenExpired:      sign(t, key, hs256Header, `{"exp":1,"sub":"alice"}`),
		core.SubjectMismatch:   sign(t, key, hs256Header, `{"exp":1790000060,"sub":"bob"}`),
	} {
		for way, verify := range everyWay {
			t.Run(string(want)+" through "+way, func(t *testing.T) { wantCode(t, verify(verifier, token), want) })
		}
	}
}

// TestRevocationQueryKeepsItsValues reads one token after another into the same space and compares what was asked about the first.
func TestRevocationQueryKeepsItsValues(t *testing.T) {
	key := newKey(t, core.HS256)
	var queries []core.RevocationQuery
	verifier, err := core.NewVerifier(key, core.Policy{Clock: policy().Clock, Revoked: func(query core.RevocationQuery) error {
		queries = append(queries, query)
		return nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	tokens := []string{
		encode(t, goodClaims().SetID("first"), key),
		encode(t, core.NewClaims().SetIssuer("another issuer").SetSubject("carol").SetID("other").SetExpiration(testTime.Add(time.Hour)).SetIssuedAt(testTime.Add(-time.Hour)), key),
		encode(t, core.NewClaims().SetExpiration(testTime.Add(time.Hour)), key),
	}
	var space core.Token
	for _, token := range tokens {
		if err := verifier.VerifyInto(&space, token); err != nil {
			t.Fatal(err)
		}
	}
	for i, want := range []core.RevocationQuery{
		{Issuer: "https://issuer.example", Subject: "alice", ID: "first", IssuedAt: testTime.UTC()},
		{Issuer: "another issuer", Subject: "carol", ID: "other", IssuedAt: testTime.Add(-time.Hour).UTC()},
		{},
	} {
		want.Digest = sha256.Sum256([]byte(tokens[i][:strings.LastIndexByte(tokens[i], '.')]))
		if queries[i] != want {
			t.Errorf("asked about %+v, want %+v", queries[i], want)
		}
	}
}

// TestDigestSurvivesAnotherSignature turns a token into its twin with the signature (r, n-s), which is as good as the first, and holds
// that a list by digest still has it.
func TestDigestSurvivesAnotherSignature(t *testing.T) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	key, err := core.NewECDSAKey(private)
	if err != nil {
		t.Fatal(err)
	}
	token := encode(t, goodClaims(), key)
	end := strings.LastIndexByte(token, '.') + 1
	signature, err := base64.RawURLEncoding.DecodeString(token[end:])
	if err != nil {
		t.Fatal(err)
	}
	s := new(big.Int).SetBytes(signature[32:])
	s.Sub(elliptic.P256().Params().N, s).FillBytes(signature[32:])
	twin := token[:end] + base64.RawURLEncoding.EncodeToString(signature)
	if twin == token {
		t.Fatal("the twin is the token")
	}
	if _, err := core.Verify(twin, key, policy()); err != nil {
		t.Fatalf("the twin's signature is not good: %v", err)
	}
	revoked := sha256.Sum256([]byte(token[:end-1]))
	_, err = core.Verify(twin, key, core.Policy{Clock: policy().Clock, Revoked: func(query core.RevocationQuery) error {
		if query.Digest == revoked {
			return core.TokenRevoked
		}
		return nil
	}})
	wantCode(t, err, core.TokenRevoked)
}

func TestPanicInRevokedIsTheCallers(t *testing.T) {
	key := newKey(t, core.HS256)
	defer func() {
		if recovered := recover(); recovered != "mine" {
			t.Errorf("recovered %v", recovered)
		}
	}()
	core.Verify(encode(t, goodClaims(), key), key, core.Policy{Clock: policy().Clock, Revoked: func(core.RevocationQuery) error { panic("mine") }})
}

// TestRevokedFromManyGoroutines is for the race detector.
func TestRevokedFromManyGoroutines(t *testing.T) {
	key := newKey(t, core.HS256)
	var revoked sync.Map
	revoked.Store("3", true)
	verifier, err := core.NewVerifier(key, core.Policy{Clock: policy().Clock, Revoked: func(query core.RevocationQuery) error {
		if _, found := revoked.Load(query.ID); found {
			return core.TokenRevoked
		}
		return nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	for i := range 8 {
		id := fmt.Sprint(i)
		token := encode(t, goodClaims().SetID(id), key)
		group.Go(func() {
			var space core.Token
			for range 100 {
				if err := verifier.VerifyInto(&space, token); errors.Is(err, core.TokenRevoked) != (id == "3") {
					t.Errorf("%s: %v", id, err)
				}
			}
		})
	}
	group.Wait()
}
