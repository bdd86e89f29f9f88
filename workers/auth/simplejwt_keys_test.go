package auth_test

import (
	"errors"
	"testing"

	"github.com/jeton-dev/jeton/core"
	"github.com/jeton-dev/jeton/workers/auth"
	"github.com/jeton-dev/jeton/workers/store"
)

// publishedKeys is a key set behind a URL, which can be away.
type publishedKeys struct {
	set  *core.KeySet
	away bool
}

func (p *publishedKeys) open(location string, _ core.Algorithm) (core.KeySetFunc, error) {
	if location != "https://keys.example/jwks.json" {
		return nil, errors.New("is no such set")
	}
	return func(core.Header) (*core.KeySet, error) {
		if p.away {
			return nil, core.NewError(core.Failure{Code: core.KeySetUnavailable}, nil)
		}
		return p.set, nil
	}, nil
}

// TestJWKURL verifies tokens of another issuer by its published keys. There is nothing to sign with, so no tokens are made.
func TestJWKURL(t *testing.T) {
	one, other := newKey(t, core.ES256, "one"), newKey(t, core.ES256, "other")
	set, err := core.NewKeySet(publicHalf(t, one))
	if err != nil {
		t.Fatal(err)
	}
	published := &publishedKeys{set: set}
	f := newFixture(t, options{config: func(c *auth.Config) {
		c.SimpleJWT.Algorithm, c.SimpleJWT.JWKURL, c.RemoteKeys = core.ES256, "https://keys.example/jwks.json", published.open
	}})
	sign := func(key *core.Key) string {
		t.Helper()
		token, err := core.Encode(f.claims("access", nil), key)
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	unnamed, err := one.WithID("")
	if err != nil {
		t.Fatal(err)
	}
	check := func(token string) *auth.Response { return f.post(pathVerify, map[string]string{"token": token}) }
	expect(t, check(sign(one)), 200, `{}`)
	expect(t, f.me("Bearer "+sign(one)), 200, aliceBody)
	expect(t, check(sign(other)), 401, invalidToken("Token is invalid"))
	expect(t, check(sign(unnamed)), 401, invalidToken("Token is invalid"))
	expect(t, check(newFixture(t, options{}).login().Access), 401, invalidToken("Token is invalid"))
	published.away = true
	expect(t, check(sign(one)), 503, unavailable)
	expect(t, f.me("Bearer "+sign(one)), 503, unavailable)
	for _, path := range []string{pathToken, pathRefresh, pathSliding} {
		if response := f.serve("POST", path, "application/json", `{}`); response.Status != 404 {
			t.Errorf("%s answers %d", path, response.Status)
		}
	}
	expect(t, f.post(pathBlacklist, map[string]string{"refresh": " "}), 400, `{"refresh":["This field may not be blank."]}`)

	f.config.SimpleJWT.JWKURL = "https://elsewhere.example/"
	if _, err := auth.New(f.config, f.users, f.host, nil); err == nil || err.Error() != "JWK_URL: is no such set" {
		t.Errorf("another URL: %v", err)
	}
}

// TestJWKURLWithSigningKey signs with one key and verifies with the published ones, whatever VERIFYING_KEY says.
func TestJWKURLWithSigningKey(t *testing.T) {
	key := newKey(t, core.ES256, "one")
	set, err := core.NewKeySet(publicHalf(t, key))
	if err != nil {
		t.Fatal(err)
	}
	_, unrelated := jwkPair(t, core.ES256, "")
	f := newFixture(t, options{config: func(c *auth.Config) {
		c.SimpleJWT.Algorithm, c.SimpleJWT.SigningKey, c.SimpleJWT.VerifyingKey = core.ES256, marshalJWK(t, key), unrelated
		c.SimpleJWT.JWKURL, c.RemoteKeys = "https://keys.example/jwks.json", (&publishedKeys{set: set}).open
	}})
	expect(t, f.post(pathVerify, map[string]string{"token": f.login().Access}), 200, `{}`)
}

// TestVerifyingKeyAlone is a site that knows the public key of another one.
func TestVerifyingKeyAlone(t *testing.T) {
	private, public := jwkPair(t, core.ES256, "")
	issuer := newFixture(t, options{config: func(c *auth.Config) { c.SimpleJWT.Algorithm, c.SimpleJWT.SigningKey = core.ES256, private }})
	f := newFixture(t, options{config: func(c *auth.Config) { c.SimpleJWT.Algorithm, c.SimpleJWT.VerifyingKey = core.ES256, public }})
	f.host.now = issuer.host.now
	expect(t, f.post(pathVerify, map[string]string{"token": issuer.login().Access}), 200, `{}`)
	if response := f.serve("POST", pathToken, "application/json", `{}`); response.Status != 404 {
		t.Errorf("login answers %d", response.Status)
	}
	if config := f.config; !config.HasSigningKey() {
		t.Error("a site that signs nothing counts as one that lacks a key")
	}
	f.config.URLs = map[string]string{"token_refresh": "/refresh/"}
	if _, err := auth.New(f.config, f.users, f.host, nil); err == nil || err.Error() != `URLS: there is no view of the name "token_refresh"` {
		t.Errorf("a route to a view that signs: %v", err)
	}
	broken := auth.DefaultConfig()
	broken.SecretKey, broken.SimpleJWT.Algorithm = vectorSecret, core.ES256
	if _, err := auth.New(broken, store.NewMemory(), auth.NativeHost(), nil); err == nil || err.Error() != "SIGNING_KEY: ES256 needs a key in PEM or as a JWK" {
		t.Errorf("neither key: %v", err)
	}
}

func newKey(t *testing.T, algorithm core.Algorithm, id string) *core.Key {
	t.Helper()
	key, err := core.GenerateKey(algorithm)
	if err == nil {
		key, err = key.WithID(id)
	}
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func publicHalf(t *testing.T, key *core.Key) *core.Key {
	t.Helper()
	public, err := key.Public()
	if err != nil {
		t.Fatal(err)
	}
	return public
}
