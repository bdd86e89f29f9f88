package auth_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"strings"
	"testing"

	"github.com/jeton-dev/jeton/core"
	"github.com/jeton-dev/jeton/core/keys"
	"github.com/jeton-dev/jeton/workers/auth"
	"github.com/jeton-dev/jeton/workers/store"
)

// jwkPair returns a new key of an algorithm as private and public JWK.
func jwkPair(t *testing.T, algorithm core.Algorithm, id string) (private, public auth.Secret) {
	t.Helper()
	key, err := core.GenerateKey(algorithm)
	if err != nil {
		t.Fatal(err)
	}
	if key, err = key.WithID(id); err != nil {
		t.Fatal(err)
	}
	half, err := key.Public()
	if err != nil {
		t.Fatal(err)
	}
	return marshalJWK(t, key), marshalJWK(t, half)
}

func marshalJWK(t *testing.T, key *core.Key) auth.Secret {
	t.Helper()
	text, err := key.MarshalJWK()
	if err != nil {
		t.Fatal(err)
	}
	return auth.Secret(text)
}

// TestAlgorithms goes through login, refresh, verify and a protected view with every algorithm there is.
func TestAlgorithms(t *testing.T) {
	for _, algorithm := range core.Algorithms() {
		t.Run(string(algorithm), func(t *testing.T) {
			f := newFixture(t, options{config: func(c *auth.Config) {
				c.SimpleJWT.Algorithm = algorithm
				if !algorithm.Symmetric() {
					c.SimpleJWT.SigningKey, c.SimpleJWT.VerifyingKey = jwkPair(t, algorithm, "")
				} else {
					c.SimpleJWT.SigningKey = auth.Secret(rand.Text() + rand.Text() + rand.Text())
				}
			}})
			pair := f.login()
			if header := strings.Split(normalise(pair.Access), "{"); !strings.HasPrefix(header[1], `"alg":"`+string(algorithm)+`","typ":"JWT"}`) {
				t.Errorf("the header is {%s", header[1])
			}
			expect(t, f.post(pathVerify, map[string]string{"token": pair.Refresh}), 200, `{}`)
			response := f.post(pathRefresh, map[string]string{"refresh": pair.Refresh})
			if err := json.Unmarshal(response.Body, &pair); err != nil || response.Status != 200 {
				t.Fatalf("refresh: %d %s", response.Status, response.Body)
			}
			if response := f.me("Bearer " + pair.Access); response.Status != 200 {
				t.Errorf("me: %d %s", response.Status, response.Body)
			}
			broken := pair.Access[:len(pair.Access)-4] + "AAAA"
			expect(t, f.post(pathVerify, map[string]string{"token": broken}), 401, invalidToken("Token is invalid"))
			other := newFixture(t, options{})
			expect(t, f.post(pathVerify, map[string]string{"token": other.token(other.claims("access", nil))}), 401, invalidToken("Token is invalid"))
		})
	}
}

func TestKeyID(t *testing.T) {
	f := newFixture(t, options{config: func(c *auth.Config) {
		c.SimpleJWT.Algorithm = core.ES256
		c.SimpleJWT.SigningKey, _ = jwkPair(t, core.ES256, "k1")
	}})
	token := f.login().Access
	if !strings.HasPrefix(normalise(token), `<{"alg":"ES256","kid":"k1","typ":"JWT"}`) {
		t.Error(normalise(token))
	}
	expect(t, f.post(pathVerify, map[string]string{"token": token}), 200, `{}`)
}

// pemPair returns the PEM of a private key and of its public half.
func pemPair(t *testing.T, private, public any) (string, string) {
	t.Helper()
	privateDER, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	publicDER, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		t.Fatal(err)
	}
	encode := func(kind string, der []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
	}
	return encode("PRIVATE KEY", privateDER), encode("PUBLIC KEY", publicDER)
}

// TestPEM reads keys as Django sites keep them.
func TestPEM(t *testing.T) {
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	ecKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	rsaPrivate, rsaPublic := pemPair(t, rsaKey, &rsaKey.PublicKey)
	ecPrivate, ecPublic := pemPair(t, ecKey, &ecKey.PublicKey)
	for _, test := range []struct {
		algorithm                core.Algorithm
		signing, verifying, want string
	}{
		{core.RS256, rsaPrivate, rsaPublic, ""},
		{core.PS512, "\n" + rsaPrivate + "\n\n", "", ""},
		{core.ES256, ecPrivate, ecPublic, ""},
		{core.ES256, ecPrivate, ecPrivate, ""},
		{core.ES256, ecPublic, "", "SIGNING_KEY: is a public key, which cannot sign"},
		{core.RS256, rsaPrivate, ecPublic, "VERIFYING_KEY: "},
		{core.ES384, ecPrivate, "", "SIGNING_KEY: "},
		{core.HS256, ecPrivate, "", "SIGNING_KEY: is an asymmetric key, which HS256 must not use as its secret"},
		{core.ES256, "secret", "", "SIGNING_KEY: ES256 needs a key in PEM or as a JWK"},
	} {
		config := auth.DefaultConfig()
		config.SimpleJWT.Algorithm, config.SimpleJWT.SigningKey, config.SimpleJWT.VerifyingKey, config.PEMParser = test.algorithm, auth.Secret(test.signing), auth.Secret(test.verifying), keys.ParsePEM
		_, err := auth.New(config, store.NewMemory(), auth.NativeHost(), nil)
		if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.HasPrefix(err.Error(), test.want)) {
			t.Errorf("%s: got %v, want %q", test.algorithm, err, test.want)
		}
	}
	config := auth.DefaultConfig()
	config.SimpleJWT.Algorithm, config.SimpleJWT.SigningKey = core.ES256, auth.Secret(ecPrivate)
	if _, err := auth.New(config, store.NewMemory(), auth.NativeHost(), nil); err == nil || err.Error() != "SIGNING_KEY: PEM cannot be read here: give the key as a JWK" {
		t.Errorf("without a parser: %v", err)
	}
}

// TestHostFailure checks that a host that cannot sign or verify ends in 503, even when its error looks like one about a token.
func TestHostFailure(t *testing.T) {
	f := newFixture(t, options{config: func(c *auth.Config) {
		c.SimpleJWT.Algorithm = core.ES256
		c.SimpleJWT.SigningKey, _ = jwkPair(t, core.ES256, "")
	}})
	pair := f.login()
	_, tokenError := core.Verify("x", mustKey(t), core.Policy{})
	for _, f.host.fail = range []error{errors.New("the host is gone"), tokenError} {
		expect(t, f.post(pathToken, map[string]string{"username": "alice", "password": f.password}), 503, unavailable)
		expect(t, f.post(pathVerify, map[string]string{"token": pair.Access}), 503, unavailable)
		expect(t, f.post(pathRefresh, map[string]string{"refresh": pair.Refresh}), 503, unavailable)
		expect(t, f.me("Bearer "+pair.Access), 503, unavailable)
		if identity, refusal := f.service.Authenticate(context.Background(), &auth.Request{Method: "GET", Header: auth.Header{"Authorization": {"Bearer " + pair.Access}}}); identity != nil || refusal == nil || refusal.Status != 503 {
			t.Error("Authenticate let a token through that was not checked")
		}
	}
}

func mustKey(t *testing.T) *core.Key {
	t.Helper()
	key, err := core.GenerateKey(core.HS256)
	if err != nil {
		t.Fatal(err)
	}
	return key
}
