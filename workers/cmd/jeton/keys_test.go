package main

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/jeton-dev/jeton/core"
)

// privateMembers are the JWK members that hold secrets (RFC 7518 section 6).
var privateMembers = []string{"d", "p", "q", "dp", "dq", "qi", "oth", "k"}

func members(t *testing.T, jwk string) map[string]any {
	t.Helper()
	var read map[string]any
	if err := json.Unmarshal([]byte(jwk), &read); err != nil {
		t.Fatalf("the key %v", err)
	}
	return read
}

func TestKeyGenerateAndPublic(t *testing.T) {
	directory := t.TempDir()
	for _, algorithm := range core.Algorithms() {
		t.Run(string(algorithm), func(t *testing.T) {
			text := mustRun(t, directory, "", "key", "generate", "--alg", string(algorithm), "--kid", "2026-11")
			if strings.Count(text, "\n") != 1 {
				t.Error("the key is not on one line")
			}
			private := members(t, text)
			if private["alg"] != string(algorithm) || private["kid"] != "2026-11" {
				t.Errorf("the key has alg %v and kid %v", private["alg"], private["kid"])
			}
			got := jeton(t, directory, text, "key", "public")
			if algorithm.Symmetric() {
				refused(t, got, statusUsage, "standard input: key_unusable")
				return
			}
			if got.status != 0 {
				t.Fatalf("key public: %s", got.stderr)
			}
			public := members(t, got.stdout)
			for name, value := range private {
				secret := slices.Contains(privateMembers, name)
				if _, shown := public[name]; shown == secret || shown && public[name] != value {
					t.Errorf("the public key's %s is %v", name, public[name])
				}
			}
			if again := mustRun(t, directory, got.stdout, "key", "public"); again != got.stdout {
				t.Errorf("the public part of a public key is %s, want the same", again)
			}
		})
	}
	first, second := mustRun(t, directory, "", "key", "generate", "--alg", "HS256"), mustRun(t, directory, "", "key", "generate", "--alg", "HS256")
	if first == second || strings.Contains(first, "kid") {
		t.Error("two keys are the same, or have an ID nobody asked for")
	}
}

func TestKeyPublicOfSet(t *testing.T) {
	directory := t.TempDir()
	generate := func(algorithm, id string) string {
		return strings.TrimSpace(mustRun(t, directory, "", "key", "generate", "--alg", algorithm, "--kid", id))
	}
	writeFile(t, directory, "private.jwks", `{"keys":[`+generate("ES256", "a")+","+generate("EdDSA", "b")+"]}\n")
	set := members(t, mustRun(t, directory, "", "key", "public", "private.jwks"))
	keys, _ := set["keys"].([]any)
	if len(keys) != 2 {
		t.Fatalf("the public set has %d keys, want 2", len(keys))
	}
	for _, key := range keys {
		for _, name := range privateMembers {
			if _, shown := key.(map[string]any)[name]; shown {
				t.Errorf("the public set shows %s", name)
			}
		}
	}
	writeFile(t, directory, "secret.jwks", `{"keys":[`+generate("HS256", "a")+`]}`)
	refused(t, jeton(t, directory, "", "key", "public", "secret.jwks"), statusUsage, "FILE secret.jwks: key_unusable")
}

func TestMalformedKeys(t *testing.T) {
	directory := t.TempDir()
	const secret = "aHVudGVyMi1odW50ZXIyLWh1bnRlcjItaHVudGVyMi1odW50ZXIy" // base64url of a text
	for name, test := range map[string]struct{ content, code string }{
		"empty":            {"", "key_malformed"},
		"not JSON":         {secret, "key_malformed"},
		"cut off":          {`{"kty":"oct","alg":"HS256","k":"` + secret, "key_malformed"},
		"twice a member":   {`{"kty":"oct","alg":"HS256","k":"` + secret + `","k":"` + secret + `"}`, "key_malformed"},
		"too short":        {`{"kty":"oct","alg":"HS256","k":"` + secret[:40] + `"}`, "key_too_weak"},
		"no algorithm":     {`{"kty":"oct","k":"` + secret + `"}`, "key_algorithm_missing"},
		"PEM":              {"-----BEGIN PUBLIC KEY-----\n" + secret + "\n-----END PUBLIC KEY-----\n", "key_malformed"},
		"empty set":        {`{"keys":[]}`, "key_set_malformed"},
		"set of something": {`{"keys":{"kty":"oct"}}`, "key_set_malformed"},
		"set with a twin":  {`{"keys":[{"kid":"a","kty":"oct","alg":"HS256","k":"` + secret + `"},{"kid":"a","kty":"oct","alg":"HS256","k":"` + secret + `"}]}`, "key_duplicate"},
		"for encryption":   {`{"kty":"oct","alg":"HS256","use":"enc","k":"` + secret + `"}`, "key_unusable"},
	} {
		t.Run(name, func(t *testing.T) {
			writeFile(t, directory, "key.jwk", test.content)
			for _, args := range [][]string{{"verify", "--keys", "key.jwk"}, {"encode", "--key", "key.jwk"}, {"key", "public", "key.jwk"}} {
				got := jeton(t, directory, "{}", args...)
				refused(t, got, statusUsage, "key.jwk: "+test.code)
				if strings.Contains(got.stderr, secret[:10]) {
					t.Errorf("%s quotes the key: %s", args[0], got.stderr)
				}
			}
		})
	}
	writeFile(t, directory, "key.jwk", strings.Repeat(" ", 1<<20+1))
	refused(t, jeton(t, directory, "", "verify", "--keys", "key.jwk"), statusUsage, "--keys key.jwk: larger than 1048576 bytes")
}

// TestVerifyWithSet takes the key that a token names, and the algorithm of --alg for a key without one.
func TestVerifyWithSet(t *testing.T) {
	directory := t.TempDir()
	var keys []string
	tokens := map[string]string{}
	for _, algorithm := range []string{"ES256", "RS256", "PS384"} {
		key := mustRun(t, directory, "", "key", "generate", "--alg", algorithm, "--kid", "key-"+algorithm)
		writeFile(t, directory, algorithm+".jwk", key)
		tokens[algorithm] = mustRun(t, directory, `{"exp":4102444800}`, "encode", "--key", algorithm+".jwk")
		keys = append(keys, strings.TrimSpace(mustRun(t, directory, key, "key", "public")))
	}
	writeFile(t, directory, "all.jwks", `{"keys":[`+strings.Join(keys, ",")+`]}`)
	for _, token := range tokens {
		mustRun(t, directory, token, "verify", "--keys", "all.jwks")
	}
	got := jeton(t, directory, tokens["ES256"], "verify", "--lines", "--keys", "all.jwks", "--alg", "RS256", "--alg", "PS384")
	if answers := readAnswers(t, got.stdout); got.status != statusRefused || answers[0].Code != "key_not_found" && answers[0].Code != "algorithm_mismatch" {
		t.Errorf("a token of an algorithm left out gives %+v", answers)
	}

	anonymous := members(t, keys[1])
	delete(anonymous, "alg")
	text, err := json.Marshal(anonymous)
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, directory, "anonymous.jwk", string(text))
	refused(t, jeton(t, directory, tokens["RS256"], "verify", "--keys", "anonymous.jwk"), statusUsage, "--keys anonymous.jwk: key_algorithm_missing")
	mustRun(t, directory, tokens["RS256"], "verify", "--keys", "anonymous.jwk", "--alg", "RS256")
	if got := jeton(t, directory, tokens["RS256"], "verify", "--keys", "anonymous.jwk", "--alg", "PS256"); got.status != statusRefused {
		t.Errorf("an RS256 token passes as PS256: %+v", got)
	}
}
