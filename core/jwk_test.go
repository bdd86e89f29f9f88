package core_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"math/big"
	"strings"
	"testing"

	"github.com/jeton-dev/jeton/core"
)

// members returns a JWK of a generated key as a map to be changed.
func members(t *testing.T, key *core.Key) map[string]any {
	t.Helper()
	text, err := key.MarshalJWK()
	if err != nil {
		t.Fatal(err)
	}
	var jwk map[string]any
	if err := json.Unmarshal(text, &jwk); err != nil {
		t.Fatal(err)
	}
	return jwk
}

func public(t testing.TB, key *core.Key) *core.Key {
	t.Helper()
	half, err := key.Public()
	if err != nil {
		t.Fatal(err)
	}
	return half
}

func marshal(t *testing.T, value any) []byte {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestJWKRoundTrip(t *testing.T) {
	for _, algorithm := range core.Algorithms() {
		t.Run(string(algorithm), func(t *testing.T) {
			key, err := newKey(t, algorithm).WithID("key-1")
			if err != nil {
				t.Fatal(err)
			}
			again, err := core.ParseJWK(marshal(t, members(t, key)))
			if err != nil {
				t.Fatal(err)
			}
			if again.ID() != "key-1" || again.Algorithm() != algorithm || !again.CanSign() {
				t.Errorf("read back as %q, %s, signing %v", again.ID(), again.Algorithm(), again.CanSign())
			}
			if _, err := core.Verify(encode(t, goodClaims(), again), key, policy()); err != nil {
				t.Error(err)
			}
			if algorithm.Symmetric() {
				return
			}
			text, err := public(t, key).MarshalJWK()
			if err != nil {
				t.Fatal(err)
			}
			for _, private := range []string{`"d"`, `"p"`, `"q"`, `"dp"`, `"k"`} {
				if strings.Contains(string(text), private+":") {
					t.Errorf("the public JWK has %s", private)
				}
			}
			half, err := core.ParseJWK(text)
			if err != nil {
				t.Fatal(err)
			}
			if half.CanSign() {
				t.Error("a public key can sign")
			}
		})
	}
}

func TestJWKRefusals(t *testing.T) {
	secret, rsaKey, ecKey, edKey := newKey(t, core.HS256), newKey(t, core.RS256), newKey(t, core.ES256), newKey(t, core.EdDSA)
	otherEC := members(t, newKey(t, core.ES384))
	for _, test := range []struct {
		name   string
		base   *core.Key
		change map[string]any // nil removes the member
		want   core.Code
	}{
		{"no kty", secret, map[string]any{"kty": nil}, core.KeyMalformed},
		{"unknown kty without alg", secret, map[string]any{"kty": "AKP", "alg": nil}, core.KeyUnsupported},
		{"kty in lower case", ecKey, map[string]any{"kty": "ec"}, core.KeyMalformed},
		{"alg of another kty", rsaKey, map[string]any{"alg": "ES256"}, core.KeyMalformed},
		{"alg of another curve", ecKey, map[string]any{"alg": "ES384"}, core.KeyMalformed},
		{"alg with a typing error", ecKey, map[string]any{"alg": "ES521"}, core.KeyUnsupported},
		{"alg none", secret, map[string]any{"alg": "none"}, core.KeyUnsupported},
		{"alg a number", secret, map[string]any{"alg": 1}, core.KeyMalformed},
		{"secret without alg", secret, map[string]any{"alg": nil}, core.KeyAlgorithmMissing},
		{"RSA key without alg", rsaKey, map[string]any{"alg": nil}, core.KeyAlgorithmMissing},
		{"use enc", ecKey, map[string]any{"use": "enc"}, core.KeyUnusable},
		{"key_ops for encryption", ecKey, map[string]any{"key_ops": []string{"deriveKey"}}, core.KeyUnusable},
		{"key_ops twice the same", ecKey, map[string]any{"key_ops": []string{"sign", "sign"}}, core.KeyMalformed},
		{"key_ops not an array", ecKey, map[string]any{"key_ops": "sign"}, core.KeyMalformed},
		{"kid a number", ecKey, map[string]any{"kid": 7}, core.KeyMalformed},
		{"kid of 257 bytes", ecKey, map[string]any{"kid": strings.Repeat("k", 257)}, core.KeyMalformed},
		{"short secret", secret, map[string]any{"k": segment(strings.Repeat("k", 31))}, core.KeyTooWeak},
		{"empty secret", secret, map[string]any{"k": ""}, core.KeyMalformed},
		{"no secret", secret, map[string]any{"k": nil}, core.KeyMalformed},
		{"secret with padding", secret, map[string]any{"k": segment(strings.Repeat("k", 32)) + "="}, core.KeyMalformed},
		{"x of another curve", ecKey, map[string]any{"x": otherEC["x"]}, core.KeyMalformed},
		{"point off the curve", ecKey, map[string]any{"x": segment(strings.Repeat("\x01", 32))}, core.KeyMalformed},
		{"point of zeros", ecKey, map[string]any{"x": segment(strings.Repeat("\x00", 32)), "y": segment(strings.Repeat("\x00", 32))}, core.KeyMalformed},
		{"d of another key", ecKey, map[string]any{"d": segment(strings.Repeat("\x01", 32))}, core.KeyMalformed},
		{"d zero", ecKey, map[string]any{"d": segment(strings.Repeat("\x00", 32))}, core.KeyMalformed},
		{"unknown curve", ecKey, map[string]any{"crv": "secp256k1", "alg": nil}, core.KeyUnsupported},
		{"Ed25519 x of 31 bytes", edKey, map[string]any{"d": nil, "x": segment(strings.Repeat("x", 31))}, core.KeyMalformed},
		{"Ed25519 d of another key", edKey, map[string]any{"d": segment(strings.Repeat("x", 32))}, core.KeyMalformed},
		{"RSA exponent 1", rsaKey, map[string]any{"d": nil, "e": segment("\x01")}, core.KeyTooWeak},
		{"RSA exponent even", rsaKey, map[string]any{"d": nil, "e": segment("\x01\x00\x00")}, core.KeyTooWeak},
		{"RSA exponent of 33 bits", rsaKey, map[string]any{"d": nil, "e": segment("\x01\x00\x00\x00\x01")}, core.KeyUnsupported},
		{"RSA modulus even", rsaKey, map[string]any{"d": nil, "n": segment(strings.Repeat("\xfe", 256))}, core.KeyMalformed},
		{"RSA 1024 bits", rsaKey, map[string]any{"d": nil, "n": segment(strings.Repeat("\xff", 128))}, core.KeyTooWeak},
		{"RSA 8200 bits", rsaKey, map[string]any{"d": nil, "n": segment(strings.Repeat("\xff", 1025))}, core.KeyUnsupported},
		{"RSA d without primes", rsaKey, map[string]any{"p": nil, "q": nil}, core.KeyMalformed},
		{"RSA d of another key", rsaKey, map[string]any{"d": segment("\x05")}, core.KeyMalformed},
		{"RSA dp that does not fit", rsaKey, map[string]any{"dp": segment("\x05")}, core.KeyMalformed},
		{"RSA with more primes", rsaKey, map[string]any{"oth": []any{}}, core.KeyUnsupported},
	} {
		t.Run(test.name, func(t *testing.T) {
			jwk := members(t, test.base)
			for name, value := range test.change {
				if jwk[name] = value; value == nil {
					delete(jwk, name)
				}
			}
			_, err := core.ParseJWK(marshal(t, jwk))
			wantCode(t, err, test.want)
		})
	}
	for name, text := range map[string]string{
		"not JSON": `{`, "an array": `[]`, "a member twice": `{"kty":"oct","kty":"oct"}`, "empty": ``,
	} {
		t.Run(name, func(t *testing.T) {
			_, err := core.ParseJWK([]byte(text))
			wantCode(t, err, core.KeyMalformed)
		})
	}
}

func TestJWKWithoutAlgorithmTakesTheOneThatIsAccepted(t *testing.T) {
	jwk := members(t, newKey(t, core.RS256))
	delete(jwk, "alg")
	text := marshal(t, jwk)
	key, err := core.ParseJWK(text, core.PS384, core.ES256, core.HS256)
	if err != nil || key.Algorithm() != core.PS384 {
		t.Fatalf("%v, %v", key, err)
	}
	_, err = core.ParseJWK(text, core.RS256, core.PS256)
	wantCode(t, err, core.KeyAlgorithmMissing)
	_, err = core.ParseJWK(text, core.HS256)
	wantCode(t, err, core.KeyUnusable)
}

func TestKeyOperationsNarrowTheKey(t *testing.T) {
	jwk := members(t, newKey(t, core.ES256))
	jwk["key_ops"] = []string{"sign"}
	signing, err := core.ParseJWK(marshal(t, jwk))
	if err != nil {
		t.Fatal(err)
	}
	_, err = core.NewVerifier(signing, core.Policy{})
	wantCode(t, err, core.PolicyInvalid)
	jwk["key_ops"] = []string{"verify"}
	verifying, err := core.ParseJWK(marshal(t, jwk))
	if err != nil {
		t.Fatal(err)
	}
	_, err = core.NewSigner(verifying, core.SignerOptions{})
	wantCode(t, err, core.KeyUnusable)
}

func TestKeySet(t *testing.T) {
	first, _ := public(t, newKey(t, core.ES256)).WithID("first")
	second, _ := public(t, newKey(t, core.RS256)).WithID("second")
	firstSigner, _ := newKey(t, core.ES256).WithID("first")
	set, err := core.NewKeySet(first, second)
	if err != nil {
		t.Fatal(err)
	}
	text, err := set.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	if set, err = core.ParseJWKSet(text); err != nil {
		t.Fatal(err)
	}
	if _, err := core.Verify(encode(t, goodClaims(), firstSigner), set, policy()); err != nil {
		t.Errorf("by key ID: %v", err)
	}
	if _, err := core.Verify(encode(t, goodClaims(), newKey(t, core.RS256)), set, policy()); err != nil {
		t.Errorf("the only key of the algorithm: %v", err)
	}
	stranger, _ := newKey(t, core.ES256).WithID("third")
	_, err = core.Verify(encode(t, goodClaims(), stranger), set, policy())
	wantCode(t, err, core.KeyNotFound)
	crossed, _ := newKey(t, core.RS256).WithID("first")
	_, err = core.Verify(encode(t, goodClaims(), crossed), set, policy())
	wantCode(t, err, core.AlgorithmMismatch)

	twin, _ := core.NewKeySet(public(t, newKey(t, core.RS256)), public(t, newKey(t, core.RS256)))
	_, err = core.Verify(encode(t, goodClaims(), newKey(t, core.RS256)), twin, policy())
	wantCode(t, err, core.KeyAmbiguous)
}

func TestKeySetRefusals(t *testing.T) {
	secret, private := string(marshal(t, members(t, newKey(t, core.HS256)))), string(marshal(t, members(t, newKey(t, core.ES256))))
	half := public(t, newKey(t, core.ES256))
	published := string(marshal(t, members(t, half)))
	named, _ := half.WithID("k")
	namedText := string(marshal(t, members(t, named)))
	encryption := strings.Replace(published, `"kty"`, `"use":"enc","kty"`, 1)
	for _, test := range []struct {
		name string
		text string
		want core.Code // empty: accepted
	}{
		{"one key", `{"keys":[` + published + `]}`, ""},
		{"encryption key left out", `{"keys":[` + encryption + `,` + namedText + `]}`, ""},
		{"unknown type left out", `{"keys":[{"kty":"AKP","alg":"ML-DSA-44","pub":"AA"},` + published + `]}`, ""},
		{"secrets alone", `{"keys":[` + secret + `]}`, ""},
		{"only an encryption key", `{"keys":[` + encryption + `]}`, core.KeyUnusable},
		{"no keys member", `{}`, core.KeySetMalformed},
		{"empty", `{"keys":[]}`, core.KeySetMalformed},
		{"keys not an array", `{"keys":{}}`, core.KeySetMalformed},
		{"keys of strings", `{"keys":["k"]}`, core.KeySetMalformed},
		{"HTML", `<html>`, core.KeySetMalformed},
		{"1,001 keys", `{"keys":[{}` + strings.Repeat(",{}", 1000) + `]}`, core.KeySetMalformed},
		{"over 1 MiB", `{"keys":[]}` + strings.Repeat(" ", 1<<20), core.KeySetMalformed},
		{"secret among public keys", `{"keys":[` + secret + `,` + published + `]}`, core.KeySetMalformed},
		{"private key among public keys", `{"keys":[` + private + `,` + published + `]}`, core.KeySetMalformed},
		{"one key ID twice", `{"keys":[` + namedText + `,` + namedText + `]}`, core.KeyDuplicate},
		{"a malformed key", `{"keys":[` + published + `,{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}]}`, core.KeyMalformed},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := core.ParseJWKSet([]byte(test.text))
			if test.want != "" {
				wantCode(t, err, test.want)
			} else if err != nil {
				t.Error(err)
			}
		})
	}
}

// TestThumbprint checks the examples of RFC 7638 section 3.1 and RFC 8037 appendix A.3.
func TestThumbprint(t *testing.T) {
	for name, test := range map[string]struct{ jwk, want string }{
		"RSA":     {`{"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB","alg":"RS256","kid":"2011-04-29"}`, "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"},
		"Ed25519": {`{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}`, "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"},
	} {
		t.Run(name, func(t *testing.T) {
			key, err := core.ParseJWK([]byte(test.jwk))
			if err != nil {
				t.Fatal(err)
			}
			if got, err := key.Thumbprint(); err != nil || got != test.want {
				t.Errorf("%s, %v", got, err)
			}
		})
	}
}

// TestThumbprintIsOfThePublicPart checks that neither the private part nor the names around it change a thumbprint.
func TestThumbprintIsOfThePublicPart(t *testing.T) {
	seen := make(map[string]core.Algorithm)
	for _, algorithm := range []core.Algorithm{core.RS256, core.ES256, core.ES384, core.ES512, core.EdDSA} {
		private := newKey(t, algorithm)
		want, err := private.Thumbprint()
		if err != nil {
			t.Fatal(err)
		}
		public, err := private.Public()
		if err != nil {
			t.Fatal(err)
		}
		named, err := public.WithID(want)
		if err != nil {
			t.Fatal(err)
		}
		for _, same := range []*core.Key{public, named} {
			if got, err := same.Thumbprint(); err != nil || got != want {
				t.Errorf("%s: %s, %v, want %s", algorithm, got, err, want)
			}
		}
		if other, twice := seen[want]; twice {
			t.Errorf("%s and %s share a thumbprint", algorithm, other)
		}
		seen[want] = algorithm
	}
}

func TestThumbprintRefusals(t *testing.T) {
	_, err := newKey(t, core.HS256).Thumbprint()
	wantCode(t, err, core.KeyUnusable)
	host, err := core.NewHostKey(core.ES256)
	if err != nil {
		t.Fatal(err)
	}
	_, err = host.Thumbprint()
	wantCode(t, err, core.HostRequired)
}

func TestConstructorsRefuse(t *testing.T) {
	small, err := rsa.GenerateKey(rand.Reader, 1024)
	if err == nil {
		_, err = core.NewRSAKey(core.RS256, small)
		wantCode(t, err, core.KeyTooWeak)
	}
	p224, err := ecdsa.GenerateKey(elliptic.P224(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for name, refused := range map[string]error{
		"key_unsupported P-224":       second(core.NewECDSAKey(p224)),
		"key_malformed nil EC":        second(core.NewECDSAKey(nil)),
		"key_malformed nil EC public": second(core.NewECDSAPublicKey(nil)),
		"key_malformed nil RSA":       second(core.NewRSAKey(core.RS256, nil)),
		"key_malformed empty RSA":     second(core.NewRSAPublicKey(core.RS256, &rsa.PublicKey{})),
		"key_malformed negative RSA":  second(core.NewRSAPublicKey(core.RS256, &rsa.PublicKey{N: big.NewInt(-3), E: 3})),
		"algorithm_mismatch RSA":      second(core.NewRSAPublicKey(core.ES256, &rsa.PublicKey{})),
		"key_malformed Ed25519":       second(core.NewEd25519Key(nil)),
		"key_malformed zero Ed25519":  second(core.NewEd25519Key(make([]byte, 64))),
		"key_malformed Ed25519 half":  second(core.NewEd25519PublicKey(make([]byte, 31))),
		"algorithm_mismatch HMAC":     second(core.NewHMACKey(core.RS256, make([]byte, 64))),
		"key_too_weak HMAC":           second(core.NewHMACKey(core.HS512, make([]byte, 63))),
		"key_too_weak empty HMAC":     second(core.NewHMACKey(core.HS256, nil)),
		"algorithm_unsupported host":  second(core.NewHostKey("none")),
		"algorithm_unsupported new":   second(core.GenerateKey("RS1")),
	} {
		t.Run(name, func(t *testing.T) {
			code, _, _ := strings.Cut(name, " ")
			wantCode(t, refused, core.Code(code))
		})
	}
	_, err = newKey(t, core.HS256).WithID("bad\xff")
	if !errors.Is(err, core.KeyMalformed) {
		t.Errorf("an ID that is not UTF-8: %v", err)
	}
}

func second(_ *core.Key, err error) error { return err }
