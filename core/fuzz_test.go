package core_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/jeton-dev/jeton/core"
)

// known fails the test unless err is an error of core with a code from its table.
func known(t *testing.T, err error) {
	t.Helper()
	var refused *core.Error
	if !errors.As(err, &refused) {
		t.Fatalf("an error of type %T", err)
	}
	if refused.Code().Error() == string(refused.Code()) {
		t.Fatalf("the code %s is not in the table", refused.Code())
	}
}

func FuzzDecode(f *testing.F) {
	for _, seed := range []string{"", "..", "a.b.c", "e30.e30.", "eyJhbGciOiJIUzI1NiJ9.e30.AA", "eyJhbGciOiJub25lIn0.eyJleHAiOjF9."} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, token string) {
		decoded, err := core.Decode(token)
		if err != nil {
			known(t, err)
			return
		}
		parts := strings.Split(token, ".")
		if len(parts) != 3 || segment(string(decoded.UnverifiedHeader())) != parts[0] || segment(string(decoded.UnverifiedPayload())) != parts[1] ||
			segment(string(decoded.UnverifiedSignature())) != parts[2] {
			t.Fatal("the decoded parts do not encode to the token")
		}
	})
}

// FuzzVerify puts any header and payload under a good signature: what is accepted must read back the same through Decode.
func FuzzVerify(f *testing.F) {
	f.Add(hs256Header, `{"exp":1790000060}`)
	f.Add(`{"alg":"HS256","kid":"k","typ":"at+jwt"}`, `{"exp":1.79e10,"aud":["a"],"iat":0}`)
	f.Add(`{"alg":"HS256","crit":["x"]}`, `{"exp":"1"}`)
	key, err := core.NewHMACKey(core.HS256, []byte(strings.Repeat("fuzz", 8)))
	if err != nil {
		f.Fatal(err)
	}
	verifier, err := core.NewVerifier(key, policy())
	if err != nil {
		f.Fatal(err)
	}
	var reused core.Token
	f.Fuzz(func(t *testing.T, header, payload string) {
		token := sign(t, key, header, payload)
		verified, err := verifier.Verify(token)
		again := verifier.VerifyInto(&reused, token)
		if (err == nil) != (again == nil) {
			t.Fatalf("Verify says %v, VerifyInto %v", err, again)
		}
		if err != nil {
			known(t, err)
			if err.Error() != again.Error() {
				t.Fatalf("Verify says %v, VerifyInto %v", err, again)
			}
			return
		}
		if string(verified.Payload()) != payload || string(verified.Header()) != header || string(reused.Payload()) != payload {
			t.Fatal("the token reads back differently")
		}
		if _, ok := verified.Expiration(); !ok {
			t.Fatal("accepted without an expiration")
		}
	})
}

func FuzzJWK(f *testing.F) {
	for _, algorithm := range []core.Algorithm{core.HS256, core.ES256, core.EdDSA, core.ES512} {
		text, err := newKey(f, algorithm).MarshalJWK()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
		f.Add([]byte(`{"keys":[` + string(text) + `]}`))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if key, err := core.ParseJWK(text); err != nil {
			known(t, err)
		} else {
			again, err := key.MarshalJWK()
			if err != nil {
				t.Fatal(err)
			}
			if _, err := core.ParseJWK(again); err != nil {
				t.Fatalf("a key that was read is not read again: %v", err)
			}
		}
		if set, err := core.ParseJWKSet(text, core.Algorithms()...); err != nil {
			known(t, err)
		} else if len(set.Keys()) == 0 {
			t.Fatal("an empty set")
		}
	})
}

// FuzzRoundTrip checks that whatever Signer agrees to make, Verifier accepts, and that one changed character is refused.
func FuzzRoundTrip(f *testing.F) {
	f.Add(`{"exp":1790000060,"sub":"alice"}`, uint(3), byte('A'))
	f.Add(`{}`, uint(70), byte('.'))
	key := newKey(f, core.HS256)
	signer, err := core.NewSigner(key, core.SignerOptions{})
	if err != nil {
		f.Fatal(err)
	}
	lenient := policy()
	lenient.AllowMissingExpiration = true
	verifier, err := core.NewVerifier(key, lenient)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, payload string, position uint, change byte) {
		token, err := signer.AppendEncode(nil, []byte(payload))
		if err != nil {
			known(t, err)
			return
		}
		_, err = verifier.Verify(string(token))
		for _, timely := range []core.Code{core.TokenExpired, core.TokenNotYetValid, core.TokenIssuedInFuture} {
			if errors.Is(err, timely) {
				err = nil
			}
		}
		if err != nil {
			t.Fatalf("signed, then refused: %v", err)
		}
		i := int(position % uint(len(token)))
		if token[i] == change {
			return
		}
		token[i] = change
		if _, err := verifier.Verify(string(token)); err == nil {
			t.Fatalf("accepted with another character at %d", i)
		}
	})
}
