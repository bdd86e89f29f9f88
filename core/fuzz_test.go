package core_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/jeton-dev/jeton/core"
	"github.com/jeton-dev/jeton/core/corpus"
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

// FuzzVerifyText hands verifiers any text for a token, the corpus to begin with. Nobody can sign by chance, so whatever is accepted must
// be one of the tokens that were signed, and every way to verify must agree.
func FuzzVerifyText(f *testing.F) {
	secret := newKey(f, core.HS256)
	set := keySet(f, public(f, newKey(f, core.ES256)), public(f, newKey(f, core.EdDSA)), public(f, newKey(f, core.RS256)))
	signed := make(map[string]bool)
	for _, algorithm := range []core.Algorithm{core.HS256, core.ES256, core.EdDSA, core.RS256} {
		token := encode(f, goodClaims(), newKey(f, algorithm))
		signed[token] = true
		f.Add(token)
	}
	for _, c := range attackCases(f) {
		if c.Kind == corpus.KindToken && len(c.Token) < 4096 {
			f.Add(c.Token)
		}
	}
	var verifiers []*core.Verifier
	for _, keys := range []core.Keys{secret, set} {
		verifier, err := core.NewVerifier(keys, policy())
		if err != nil {
			f.Fatal(err)
		}
		verifiers = append(verifiers, verifier)
	}
	var reused core.Token
	f.Fuzz(func(t *testing.T, token string) {
		for _, verifier := range verifiers {
			_, err := verifier.Verify(token)
			_, finished := beginAndFinish(verifier, token)
			for _, other := range []error{verifier.VerifyInto(&reused, token), finished} {
				if (err == nil) != (other == nil) || err != nil && err.Error() != other.Error() {
					t.Fatalf("one says %v, another %v", err, other)
				}
			}
			if err == nil && !signed[token] {
				t.Fatal("accepted what nobody signed")
			}
			if err != nil {
				known(t, err)
			}
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

// FuzzJWK checks that a key which is read is written back as the same key, and that its public half stays public.
func FuzzJWK(f *testing.F) {
	for _, c := range attackCases(f) {
		if c.Kind == corpus.KindKey && len(c.Keys) < 4096 {
			f.Add([]byte(c.Keys))
		}
	}
	for _, algorithm := range []core.Algorithm{core.HS256, core.ES256, core.EdDSA, core.ES512, core.RS256} {
		text, err := newKey(f, algorithm).MarshalJWK()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		before := string(text)
		key, err := core.ParseJWK(text)
		if string(text) != before {
			t.Fatal("reading changed the text")
		}
		if err != nil {
			known(t, err)
			return
		}
		again, err := key.MarshalJWK()
		if err != nil {
			t.Fatal(err)
		}
		same, err := core.ParseJWK(again)
		if err != nil {
			t.Fatalf("a key that was read is not read again: %v", err)
		}
		if same.Algorithm() != key.Algorithm() || same.ID() != key.ID() {
			t.Fatalf("read back as %s %q, not %s %q", same.Algorithm(), same.ID(), key.Algorithm(), key.ID())
		}
		if !key.CanSign() {
			return
		}
		signature, err := key.Sign([]byte("message"))
		if err != nil {
			t.Fatal(err)
		}
		if !same.Verify([]byte("message"), signature) {
			t.Fatal("the key that was read back does not verify what the key signed")
		}
		if half, err := key.Public(); err == nil && half.CanSign() {
			t.Fatal("a public half that signs")
		}
	})
}

// FuzzJWKSet checks that a set which is read holds what a set may hold, and is written back as the same set.
func FuzzJWKSet(f *testing.F) {
	for _, c := range attackCases(f) {
		if c.Kind == corpus.KindKey && len(c.Keys) < 4096 {
			f.Add([]byte(c.Keys))
		}
	}
	set, err := keySet(f, public(f, newKey(f, core.ES256)), public(f, newKey(f, core.RS256)), public(f, newKey(f, core.EdDSA))).MarshalJSON()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(set)
	f.Fuzz(func(t *testing.T, text []byte) {
		set, err := core.ParseJWKSet(text, core.Algorithms()...)
		if err != nil {
			known(t, err)
			return
		}
		if len(set.Keys()) == 0 {
			t.Fatal("an empty set")
		}
		secrets, owners := 0, make(map[string]string)
		for _, key := range set.Keys() {
			if key.Algorithm().Symmetric() {
				secrets++
			}
			jwk, err := key.MarshalJWK()
			if err != nil {
				t.Fatal(err)
			}
			// One JWK without "alg" may stand for several keys of one ID, which differ in nothing but their algorithm.
			material := strings.ReplaceAll(string(jwk), `"alg":"`+string(key.Algorithm())+`"`, "")
			if owner, taken := owners[key.ID()]; key.ID() != "" && taken && owner != material {
				t.Fatal("two keys of one ID")
			}
			owners[key.ID()] = material
		}
		if secrets != 0 && secrets != len(set.Keys()) {
			t.Fatal("secrets beside public keys")
		}
		if published, err := set.Public(); err == nil {
			for _, key := range published.Keys() {
				if key.CanSign() {
					t.Fatal("a published key that signs")
				}
			}
		} else {
			known(t, err)
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
