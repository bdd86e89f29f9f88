package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/jeton-dev/jeton/core"
)

// TestJWKURL serves a site that verifies tokens of another issuer by its published keys and makes none itself.
func TestJWKURL(t *testing.T) {
	key, err := core.GenerateKey(core.ES256)
	if err == nil {
		key, err = key.WithID("one")
	}
	if err != nil {
		t.Fatal(err)
	}
	public, err := key.Public()
	if err != nil {
		t.Fatal(err)
	}
	set, err := core.NewKeySet(public)
	if err != nil {
		t.Fatal(err)
	}
	published := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { json.NewEncoder(w).Encode(set) }))
	defer published.Close()

	directory := t.TempDir()
	writeFile(t, directory, "settings.json", fmt.Sprintf(`{"SIMPLE_JWT": {"ALGORITHM": "ES256", "JWK_URL": "%s/jwks.json"}}`, published.URL))
	if got := jeton(t, directory, "", "serve", "--check", "--config", "settings.json"); got.status != 0 {
		t.Errorf("--check: %d %s", got.status, got.stderr)
	}
	s := serve(t, directory, "--config", "settings.json")
	token, err := core.Encode(core.NewClaims().Set("token_type", "access").Set("user_id", "1").SetID("1").SetExpiration(time.Now().Add(time.Minute)), key)
	if err != nil {
		t.Fatal(err)
	}
	verify := func(token string) int {
		response, err := http.Post(s.url+"/api/token/verify/", "application/json", strings.NewReader(`{"token":"`+token+`"}`))
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		return response.StatusCode
	}
	if status := verify(token); status != 200 {
		t.Errorf("a token by the published key: %d\n%s", status, s.log)
	}
	if status := verify(token[:len(token)-4] + "AAAA"); status != 401 {
		t.Errorf("a forged token: %d", status)
	}
	s.stop(t)

	for location, want := range map[string]string{
		"http://keys.example/jwks.json": "JWK_URL: ",
		"file:///etc/passwd":            "JWK_URL: ",
	} {
		writeFile(t, directory, "settings.json", fmt.Sprintf(`{"SIMPLE_JWT": {"ALGORITHM": "ES256", "JWK_URL": %q}}`, location))
		if got := jeton(t, directory, "", "serve", "--check", "--config", "settings.json"); got.status != statusUsage || !strings.Contains(got.stderr, want) {
			t.Errorf("%s: %d %s", location, got.status, got.stderr)
		}
	}
}
