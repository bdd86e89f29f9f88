package keys_test

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/jeton-dev/jeton/core"
	"github.com/jeton-dev/jeton/core/keys"
)

func must[T any](t *testing.T) func(T, error) T {
	return func(value T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

func block(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

func TestParsePEM(t *testing.T) {
	bytes := must[[]byte](t)
	rsaKey := must[*rsa.PrivateKey](t)(rsa.GenerateKey(rand.Reader, 2048))
	ecKey := must[*ecdsa.PrivateKey](t)(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	_, edKey, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, NotAfter: time.Now().Add(time.Hour)}
	for _, test := range []struct {
		name      string
		text      string
		algorithm core.Algorithm
		signs     bool
	}{
		{"PKCS #1 private", block("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(rsaKey)), core.RS256, true},
		{"PKCS #1 public", block("RSA PUBLIC KEY", x509.MarshalPKCS1PublicKey(&rsaKey.PublicKey)), core.RS512, false},
		{"PKCS #8 RSA for PSS", block("PRIVATE KEY", bytes(x509.MarshalPKCS8PrivateKey(rsaKey))), core.PS256, true},
		{"PKCS #8 EC", block("PRIVATE KEY", bytes(x509.MarshalPKCS8PrivateKey(ecKey))), core.ES256, true},
		{"PKCS #8 Ed25519", block("PRIVATE KEY", bytes(x509.MarshalPKCS8PrivateKey(edKey))), core.EdDSA, true},
		{"SEC 1", block("EC PRIVATE KEY", bytes(x509.MarshalECPrivateKey(ecKey))), core.ES256, true},
		{"SPKI RSA", block("PUBLIC KEY", bytes(x509.MarshalPKIXPublicKey(&rsaKey.PublicKey))), core.PS384, false},
		{"SPKI EC", block("PUBLIC KEY", bytes(x509.MarshalPKIXPublicKey(&ecKey.PublicKey))), core.ES256, false},
		{"SPKI Ed25519", block("PUBLIC KEY", bytes(x509.MarshalPKIXPublicKey(edKey.Public()))), core.EdDSA, false},
		{"certificate", block("CERTIFICATE", bytes(x509.CreateCertificate(rand.Reader, template, template, &ecKey.PublicKey, ecKey))), core.ES256, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			key, err := keys.ParsePEM([]byte(test.text), test.algorithm)
			if err != nil {
				t.Fatal(err)
			}
			if key.Algorithm() != test.algorithm || key.CanSign() != test.signs {
				t.Errorf("algorithm %s, signing %v", key.Algorithm(), key.CanSign())
			}
		})
	}
	for _, test := range []struct {
		name      string
		text      string
		algorithm core.Algorithm
		want      core.Code
	}{
		{"no PEM", "secret", core.RS256, core.KeyMalformed},
		{"empty", "", core.RS256, core.KeyMalformed},
		{"two blocks", block("EC PRIVATE KEY", bytes(x509.MarshalECPrivateKey(ecKey))) + block("EC PRIVATE KEY", bytes(x509.MarshalECPrivateKey(ecKey))), core.ES256, core.KeyMalformed},
		{"garbage inside", block("PRIVATE KEY", []byte("no key")), core.RS256, core.KeyUnsupported},
		{"a block of another kind", block("SECRET", []byte("no key")), core.RS256, core.KeyUnsupported},
		{"EC key for RSA", block("EC PRIVATE KEY", bytes(x509.MarshalECPrivateKey(ecKey))), core.RS256, core.AlgorithmMismatch},
		{"P-256 key for ES384", block("EC PRIVATE KEY", bytes(x509.MarshalECPrivateKey(ecKey))), core.ES384, core.AlgorithmMismatch},
		{"RSA key for HMAC", block("PUBLIC KEY", bytes(x509.MarshalPKIXPublicKey(&rsaKey.PublicKey))), core.HS256, core.AlgorithmMismatch},
		{"too large", strings.Repeat("\n", 65<<10), core.RS256, core.KeyMalformed},
	} {
		t.Run(test.name, func(t *testing.T) {
			if _, err := keys.ParsePEM([]byte(test.text), test.algorithm); !errors.Is(err, test.want) {
				t.Errorf("%v, want %s", err, test.want)
			}
		})
	}
}
