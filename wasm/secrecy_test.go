package main

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/jeton-dev/jeton/core"
)

// traces are the forms of a secret that must not be found in a module's memory, by what they are.
func traces(secret []byte) map[string][]byte {
	forms := map[string][]byte{"it in base64url": []byte(base64.RawURLEncoding.EncodeToString(secret))}
	short := sha256.Sum256(secret) // what stands in for a secret longer than a block of SHA-256
	for name, key := range map[string][]byte{"it": secret, "its digest": short[:]} {
		forms[name] = key
		forms[name+" in HMAC's inner block"] = xored(key, 0x36)
		forms[name+" in HMAC's outer block"] = xored(key, 0x5c)
	}
	for name, form := range maps.Clone(forms) {
		forms[name+" in words of four bytes"] = swapped(form, 4)
		forms[name+" in words of eight bytes"] = swapped(form, 8)
	}
	return forms
}

func xored(data []byte, pad byte) []byte {
	result := bytes.Clone(data)
	for i := range result {
		result[i] ^= pad
	}
	return result
}

// swapped returns data as a machine stores the big-endian words that hashes make of it.
func swapped(data []byte, size int) []byte {
	result := bytes.Clone(data)
	for word := range slices.Chunk(result, size) {
		slices.Reverse(word)
	}
	return result
}

// found returns which forms of a secret stand in the module's memory, or a part of one: sixteen bytes in a row.
func (h *host) found(secret []byte) (names []string) {
	memory, _ := h.module.Memory().Read(0, h.module.Memory().Size())
	for name, form := range traces(secret) {
		for at := 0; at+16 <= len(form); at += 4 {
			if bytes.Contains(memory, form[at:at+16]) {
				names = append(names, name)
				break
			}
		}
	}
	return names
}

func newSecret(length int) (secret []byte, jwkMember string) {
	secret = make([]byte, length)
	rand.Read(secret)
	return secret, `"` + base64.RawURLEncoding.EncodeToString(secret) + `"`
}

// TestG5SecretsAreGoneAfterFree looks through all of the memory for a secret that was used and freed.
func TestG5SecretsAreGoneAfterFree(t *testing.T) {
	inEachModule(t, func(t *testing.T, h *host) {
		for algorithm, length := range map[core.Algorithm]int{core.HS256: 32, core.HS384: 48, core.HS512: 64, "HS256 ": 200} {
			algorithm := core.Algorithm(strings.TrimSpace(string(algorithm)))
			secret, member := newSecret(length)
			handle := h.importKey(`{"key":{"kty":"oct","alg":"` + string(algorithm) + `","k":` + member + `}}`)
			if len(h.found(secret)) == 0 {
				t.Fatal("the search does not find the key while it is there")
			}
			verifier := h.newVerifier(handle, `{}`)
			for range 3 {
				token := h.encode(handle, `{}`, payload)
				h.ok(h.call("jeton_verify", verifier, h.put([]byte(token)), at(now)))
			}
			description := h.output(h.ok(h.call("jeton_key_describe", handle)))
			if bytes.Contains(description, []byte(member[1:20])) {
				t.Error("the description holds the secret")
			}
			h.ok(h.call("jeton_key_free", handle))
			if names := h.found(secret); names != nil {
				t.Errorf("%s with %d bytes: after it was freed the memory holds %s", algorithm, length, strings.Join(names, ", "))
			}
		}
	})
}

// TestG5SecretsAreGoneAfterARefusedImport looks for secrets that came in with a key that was refused.
func TestG5SecretsAreGoneAfterARefusedImport(t *testing.T) {
	inEachModule(t, func(t *testing.T, h *host) {
		for name, request := range map[string]string{
			"no algorithm":      `{"key":{"kty":"oct","k":SECRET}}`,
			"unknown algorithm": `{"key":{"kty":"oct","alg":"HS1","k":SECRET}}`,
			"too short":         `{"key":{"kty":"oct","alg":"HS512","k":SECRET}}`,
			"not base64url":     `{"key":{"kty":"oct","alg":"HS256","k":SECRET,"kid":5}}`,
			"for encryption":    `{"key":{"kty":"oct","alg":"HS256","use":"enc","k":SECRET}}`,
			"cut short":         `{"key":{"kty":"oct","alg":"HS256","k":SECRET`,
			"unknown option":    `{"key":{"kty":"oct","alg":"HS256","k":SECRET},"x":1}`,
			"duplicate key IDs": `{"key":{"keys":[{"kty":"oct","alg":"HS256","kid":"1","k":SECRET},{"kty":"oct","alg":"HS256","kid":"1","k":SECRET}]}}`,
			"half of a set":     `{"key":{"keys":[{"kty":"oct","alg":"HS256","kid":"1","k":SECRET},{"kty":"oct","alg":"HS256","k":"AAAA"}]}}`,
			"other algorithms":  `{"key":{"kty":"oct","alg":"HS256","k":SECRET},"algorithms":["RS256"]}`,
			"EC private part":   `{"key":{"kty":"EC","crv":"P-256","x":"AA","y":"AA","d":SECRET}}`,
		} {
			secret, member := newSecret(32)
			if n := h.call("jeton_key_import", h.put([]byte(strings.ReplaceAll(request, "SECRET", member)))); n >= 0 {
				t.Errorf("%s: accepted", name)
			} else if text := h.output(n); bytes.Contains(text, []byte(member[1:20])) {
				t.Errorf("%s: the error holds the secret", name)
			}
			if names := h.found(secret); names != nil {
				t.Errorf("%s: the memory holds %s", name, strings.Join(names, ", "))
			}
		}
	})
}

// TestG5PrivatePartsAreNeverKept looks for private parts in the module that leaves asymmetric cryptography to the host, before they are
// freed. (Of what the full module has, the standard library makes copies that nobody can reach.)
func TestG5PrivatePartsAreNeverKept(t *testing.T) {
	h := instantiate(t, slimText(t))
	for _, algorithm := range []core.Algorithm{core.RS256, core.PS512, core.ES256, core.ES512, core.EdDSA} {
		key := generate(t, algorithm)
		h.importJWK(key)
		text, err := key.MarshalJWK()
		if err != nil {
			t.Fatal(err)
		}
		var members map[string]string
		if err := json.Unmarshal(text, &members); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"d", "p", "q", "dp", "dq", "qi"} {
			if members[name] == "" {
				continue
			}
			private, err := base64.RawURLEncoding.DecodeString(members[name])
			if err != nil {
				t.Fatal(err)
			}
			if names := h.found(private); names != nil {
				t.Errorf("%s: of %s the memory holds %s", algorithm, name, strings.Join(names, ", "))
			}
		}
	}
}

// TestG5NoCodeOfAForgedTokenIsLeft: who sends a token with a wrong code must not find the right one.
func TestG5NoCodeOfAForgedTokenIsLeft(t *testing.T) {
	inEachModule(t, func(t *testing.T, h *host) {
		key := generate(t, core.HS256)
		handle := h.importJWK(key)
		verifier := h.newVerifier(handle, `{}`)
		token, err := core.Encode(core.NewClaims().Set("exp", now+60).Set("sub", "mallory"), key)
		if err != nil {
			t.Fatal(err)
		}
		input := token[:strings.LastIndexByte(token, '.')]
		code, err := key.Sign([]byte(input))
		if err != nil {
			t.Fatal(err)
		}
		h.want(core.SignatureInvalid, h.call("jeton_verify", verifier, h.put([]byte(input+"."+strings.Repeat("A", 43))), at(now)))
		if output := h.output(64); bytes.Contains(output, code[:16]) || hmac.Equal(output[:32], code) {
			t.Error("the output holds the right code")
		}
	})
}
