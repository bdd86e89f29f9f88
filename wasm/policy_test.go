package main

import (
	"testing"

	"github.com/jeton-dev/jeton/core"
)

// TestProfilesUnderWazero makes a token of each kind and holds it against each profile, by name.
func TestProfilesUnderWazero(t *testing.T) {
	h := instantiate(t, fullText)
	handle := h.importJWK(generate(t, core.HS256))
	const claims = `{"iss":"https://issuer.example","sub":"alice","aud":"api","exp":1790000060,"iat":1790000000,"jti":"1","client_id":"app"`
	payloads := map[string]string{
		"access_token": claims + `}`, "id_token": claims + `}`, "django_access": claims + `,"token_type":"access"}`,
		"django_refresh": claims + `,"token_type":"refresh"}`, "django_sliding": claims + `,"token_type":"sliding"}`,
	}
	if len(payloads) != len(core.Profiles()) {
		t.Fatalf("%d kinds for %d profiles", len(payloads), len(core.Profiles()))
	}
	for made, payload := range payloads {
		token := h.encode(handle, `{"profile":"`+made+`"}`, payload)
		for wanted := range payloads {
			verifier := h.newVerifier(handle, `{"profile":"`+wanted+`","issuer":["https://issuer.example"],"audience":["api"]}`)
			n := h.call("jeton_verify", verifier, h.put([]byte(token)), at(now))
			if accepted := n >= 0; accepted != (made == wanted) {
				t.Errorf("%s as %s: accepted %v", made, wanted, accepted)
			}
		}
	}
	h.want(core.ClaimsInvalid, h.call("jeton_encode", handle, h.put(framed(`{"profile":"django_access"}`, payloads["django_refresh"]))))
	h.want(core.PolicyInvalid, h.call("jeton_encode", handle, h.put(framed(`{"profile":"access_token","type":"JWT"}`, payloads["access_token"]))))
	h.want(core.PolicyInvalid, h.call("jeton_encode", handle, h.put(framed(`{"profile":"other"}`, payloads["access_token"]))))
}

func TestKeyAlgorithmsUnderWazero(t *testing.T) {
	h := instantiate(t, fullText)
	key, err := generate(t, core.ES256).WithID("a")
	if err != nil {
		t.Fatal(err)
	}
	handle := h.importJWK(key)
	token := h.encode(handle, `{}`, payload)
	for _, policy := range []string{`{"keyAlgorithms":{"a":[]}}`, `{"keyAlgorithms":{"a":["ES256"],"next":["RS256"]}}`} {
		h.ok(h.call("jeton_verify", h.newVerifier(handle, policy), h.put([]byte(token)), at(now)))
	}
	for _, policy := range []string{`{"keyAlgorithms":{"b":[]}}`, `{"keyAlgorithms":{"a":["RS256"]}}`} {
		h.want(core.PolicyInvalid, h.call("jeton_verifier_new", handle, h.put([]byte(policy))))
	}
	unnamed, err := key.WithID("")
	if err != nil {
		t.Fatal(err)
	}
	nameless := h.encode(h.importJWK(unnamed), `{}`, payload)
	h.want(core.KeyNotFound, h.call("jeton_verify", h.newVerifier(handle, `{"keyAlgorithms":{"a":[]}}`), h.put([]byte(nameless)), at(now)))
}
