package core_test

import (
	"strings"
	"testing"

	"github.com/jeton-dev/jeton/core"
)

func named(t testing.TB, key *core.Key, id string) *core.Key {
	t.Helper()
	renamed, err := key.WithID(id)
	if err != nil {
		t.Fatal(err)
	}
	return renamed
}

func keySet(t testing.TB, keys ...*core.Key) *core.KeySet {
	t.Helper()
	set, err := core.NewKeySet(keys...)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

type keyAlgorithms = map[string][]core.Algorithm

func TestKeyAlgorithms(t *testing.T) {
	es, rs, ed := named(t, newKey(t, core.ES256), "es"), named(t, newKey(t, core.RS256), "rs"), named(t, newKey(t, core.EdDSA), "ed")
	unnamed := newKey(t, core.ES384)
	set := keySet(t, es, rs, ed, unnamed)
	byFunction := core.KeyFunc(func(header core.Header) (*core.Key, error) {
		return map[string]*core.Key{"es": es, "rs": rs, "ed": newKey(t, core.EdDSA)}[header.KeyID], nil
	})
	const payload = `{"exp":1790000060}`
	for _, test := range []struct {
		name     string
		accepted keyAlgorithms
		header   string
		key      *core.Key
		want     core.Code // empty: accepted
	}{
		{"listed", keyAlgorithms{"es": nil, "rs": nil}, `{"alg":"ES256","kid":"es"}`, es, ""},
		{"listed with its algorithm", keyAlgorithms{"es": {core.ES256}}, `{"alg":"ES256","kid":"es"}`, es, ""},
		{"listed, an unusual header", keyAlgorithms{"es": {core.ES256}}, `{ "kid":"\u0065s", "alg":"ES256" }`, es, ""},
		{"not listed", keyAlgorithms{"es": nil}, `{"alg":"RS256","kid":"rs"}`, rs, core.KeyNotFound},
		{"not listed, an unusual header", keyAlgorithms{"es": nil}, `{ "alg":"RS256","kid":"rs" }`, rs, core.KeyNotFound},
		{"another case", keyAlgorithms{"es": nil}, `{"alg":"ES256","kid":"ES"}`, es, core.KeyNotFound},
		{"no key ID", keyAlgorithms{"es": nil}, `{"alg":"ES256"}`, es, core.KeyNotFound},
		{"no key ID, with a type", keyAlgorithms{"es": nil}, `{"alg":"ES256","typ":"JWT"}`, es, core.KeyNotFound},
		{"empty key ID", keyAlgorithms{"es": nil}, `{"alg":"ES384","kid":""}`, unnamed, core.KeyNotFound},
		{"listed, but of no key", keyAlgorithms{"es": nil, "next": nil}, `{"alg":"ES256","kid":"next"}`, es, core.KeyNotFound},
		{"an algorithm of another key", keyAlgorithms{"es": {core.ES256}, "rs": {core.RS256}}, `{"alg":"RS256","kid":"es"}`, rs, core.AlgorithmMismatch},
		{"one name of two", keyAlgorithms{"ed": {core.Ed25519}}, `{"alg":"Ed25519","kid":"ed"}`, ed, ""},
		{"the other name of two", keyAlgorithms{"ed": {core.Ed25519}}, `{"alg":"EdDSA","kid":"ed"}`, ed, ""},
	} {
		for source, keys := range map[string]core.Keys{"set": set, "function": byFunction} {
			t.Run(test.name+", "+source, func(t *testing.T) {
				verifier, err := core.NewVerifier(keys, core.Policy{KeyAlgorithms: test.accepted, Clock: policy().Clock})
				if err != nil {
					t.Fatal(err)
				}
				for way, verify := range everyWay {
					err := verify(verifier, sign(t, test.key, test.header, payload))
					if test.want != "" {
						wantCode(t, err, test.want)
					} else if err != nil {
						t.Errorf("%s: %v", way, err)
					}
				}
			})
		}
	}
}

// TestKeyAlgorithmsChooseAmongKeysOfOneID has an RSA key that does not say what it is for, and so stands in its set once for each
// algorithm under one ID.
func TestKeyAlgorithmsChooseAmongKeysOfOneID(t *testing.T) {
	private := named(t, newKey(t, core.RS256), "rs")
	jwk, err := private.MarshalJWK()
	if err != nil {
		t.Fatal(err)
	}
	set, err := core.ParseJWKSet([]byte(`{"keys":[`+strings.Replace(string(jwk), `"alg":"RS256",`, "", 1)+`]}`), core.RS256, core.RS384)
	if err != nil {
		t.Fatal(err)
	}
	if len(set.Keys()) != 2 {
		t.Fatalf("%d keys", len(set.Keys()))
	}
	verifier, err := core.NewVerifier(set, core.Policy{KeyAlgorithms: keyAlgorithms{"rs": {core.RS384}}, Clock: policy().Clock})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []core.Code{core.AlgorithmMismatch, ""} {
		key := set.Keys()[i]
		for _, header := range []string{`{"alg":"%","kid":"rs"}`, `{ "kid":"rs", "alg":"%" }`} {
			_, err := verifier.Verify(sign(t, key, strings.Replace(header, "%", string(key.Algorithm()), 1), `{"exp":1790000060}`))
			if want != "" {
				wantCode(t, err, want)
			} else if err != nil {
				t.Error(err)
			}
		}
	}
}

// TestKeyAlgorithmsAreCopied changes the map after the verifier was built.
func TestKeyAlgorithmsAreCopied(t *testing.T) {
	key := named(t, newKey(t, core.ES256), "es")
	list := []core.Algorithm{core.ES256}
	accepted := keyAlgorithms{"es": list}
	verifier, err := core.NewVerifier(key, core.Policy{KeyAlgorithms: accepted, Clock: policy().Clock})
	if err != nil {
		t.Fatal(err)
	}
	list[0] = core.HS256
	delete(accepted, "es")
	if _, err := verifier.Verify(sign(t, key, `{ "alg":"ES256","kid":"es" }`, `{"exp":1790000060}`)); err != nil {
		t.Error(err)
	}
}

func TestKeyAlgorithmRefusals(t *testing.T) {
	es, rs := named(t, newKey(t, core.ES256), "es"), named(t, newKey(t, core.RS256), "rs")
	set := keySet(t, es, rs)
	anyKey := core.KeyFunc(func(core.Header) (*core.Key, error) { return nil, nil })
	for name, test := range map[string]struct {
		keys   core.Keys
		policy core.Policy
	}{
		"empty map":                       {anyKey, core.Policy{KeyAlgorithms: keyAlgorithms{}}},
		"empty key ID":                    {anyKey, core.Policy{KeyAlgorithms: keyAlgorithms{"": nil, "es": nil}}},
		"long key ID":                     {anyKey, core.Policy{KeyAlgorithms: keyAlgorithms{strings.Repeat("k", 257): nil}}},
		"key ID that is not text":         {anyKey, core.Policy{KeyAlgorithms: keyAlgorithms{"\xff": nil}}},
		"unknown algorithm":               {anyKey, core.Policy{KeyAlgorithms: keyAlgorithms{"es": {"none"}}}},
		"algorithm accepted nowhere":      {anyKey, core.Policy{KeyAlgorithms: keyAlgorithms{"es": {core.ES256}}, Algorithms: []core.Algorithm{core.RS256}}},
		"no such key":                     {set, core.Policy{KeyAlgorithms: keyAlgorithms{"next": nil}}},
		"key of another algorithm":        {set, core.Policy{KeyAlgorithms: keyAlgorithms{"es": {core.RS256}}}},
		"one key of another algorithm":    {set, core.Policy{KeyAlgorithms: keyAlgorithms{"rs": nil, "es": {core.RS256}}}},
		"key of an algorithm not allowed": {set, core.Policy{KeyAlgorithms: keyAlgorithms{"es": nil}, Algorithms: []core.Algorithm{core.RS256}}},
		"key without an ID":               {newKey(t, core.ES256), core.Policy{KeyAlgorithms: keyAlgorithms{"es": nil}}},
		"key of another ID":               {es, core.Policy{KeyAlgorithms: keyAlgorithms{"rs": nil}}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := core.NewVerifier(test.keys, test.policy)
			wantCode(t, err, core.PolicyInvalid)
		})
	}
	t.Run("either name of Ed25519 serves", func(t *testing.T) {
		for _, names := range [][2]core.Algorithm{{core.EdDSA, core.Ed25519}, {core.Ed25519, core.EdDSA}} {
			key := named(t, newKey(t, names[0]), "ed")
			if _, err := core.NewVerifier(key, core.Policy{Algorithms: names[1:], KeyAlgorithms: keyAlgorithms{"ed": names[1:]}}); err != nil {
				t.Error(err)
			}
		}
	})
}
