package keys_test

import (
	"crypto/ecdh"
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

// wantCode fails the test unless err is an error of core with that code first.
func wantCode(t testing.TB, err error, want core.Code) {
	t.Helper()
	var refused *core.Error
	if !errors.As(err, &refused) {
		t.Fatalf("%v (%T), want %s", err, err, want)
	}
	if refused.Code() != want {
		t.Fatalf("%v, want %s", err, want)
	}
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
		{"SEC 1 behind curve parameters, as OpenSSL writes it", block("EC PARAMETERS", []byte{6, 8, 42, 134, 72, 206, 61, 3, 1, 7}) + block("EC PRIVATE KEY", bytes(x509.MarshalECPrivateKey(ecKey))), core.ES256, true},
		{"text around the block", "localKeyID: 01\n" + block("PUBLIC KEY", bytes(x509.MarshalPKIXPublicKey(&ecKey.PublicKey))) + "\nthe end\n", core.ES256, false},
		{"Ed25519 under its new name", block("PUBLIC KEY", bytes(x509.MarshalPKIXPublicKey(edKey.Public()))), core.Ed25519, false},
		{"certificate", block("CERTIFICATE", bytes(x509.CreateCertificate(rand.Reader, template, template, &ecKey.PublicKey, ecKey))), core.ES256, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			key, err := keys.ParsePEM([]byte(test.text), test.algorithm)
			if err != nil {
				t.Fatal(err)
			}
			if got := key.Algorithm(); got != test.algorithm && !(got == core.EdDSA && test.algorithm == core.Ed25519) || key.CanSign() != test.signs {
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
		{"a damaged second block", block("EC PRIVATE KEY", bytes(x509.MarshalECPrivateKey(ecKey))) + "-----BEGIN EC PRIVATE KEY-----\n!\n", core.ES256, core.KeyMalformed},
		{"a damaged first block", "-----BEGIN EC PRIVATE KEY-----\n!\n" + block("EC PRIVATE KEY", bytes(x509.MarshalECPrivateKey(ecKey))), core.ES256, core.KeyMalformed},
		{"curve parameters alone", block("EC PARAMETERS", []byte{6, 8, 42, 134, 72, 206, 61, 3, 1, 7}), core.ES256, core.KeyUnsupported},
		{"encrypted PKCS #8", block("ENCRYPTED PRIVATE KEY", bytes(x509.MarshalPKCS8PrivateKey(ecKey))), core.ES256, core.KeyUnsupported},
		{"encrypted by headers", string(pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Headers: map[string]string{"Proc-Type": "4,ENCRYPTED", "DEK-Info": "AES-256-CBC,00"}, Bytes: bytes(x509.MarshalECPrivateKey(ecKey))})), core.ES256, core.KeyUnsupported},
		{"X25519", block("PRIVATE KEY", bytes(x509.MarshalPKCS8PrivateKey(must[*ecdh.PrivateKey](t)(ecdh.X25519().GenerateKey(rand.Reader))))), core.EdDSA, core.KeyUnsupported},
		{"P-224", block("EC PRIVATE KEY", bytes(x509.MarshalECPrivateKey(must[*ecdsa.PrivateKey](t)(ecdsa.GenerateKey(elliptic.P224(), rand.Reader))))), core.ES256, core.KeyUnsupported},
		{"RSA of 1024 bits", block("RSA PUBLIC KEY", x509.MarshalPKCS1PublicKey(&rsa.PublicKey{N: new(big.Int).SetBit(big.NewInt(1), 1023, 1), E: 65537})), core.RS256, core.KeyTooWeak},
		{"RSA with exponent 1", block("RSA PUBLIC KEY", x509.MarshalPKCS1PublicKey(&rsa.PublicKey{N: rsaKey.N, E: 1})), core.RS256, core.KeyTooWeak},
		{"an algorithm that does not exist", block("EC PRIVATE KEY", bytes(x509.MarshalECPrivateKey(ecKey))), "none", core.AlgorithmMismatch},
		{"EC key for RSA", block("EC PRIVATE KEY", bytes(x509.MarshalECPrivateKey(ecKey))), core.RS256, core.AlgorithmMismatch},
		{"P-256 key for ES384", block("EC PRIVATE KEY", bytes(x509.MarshalECPrivateKey(ecKey))), core.ES384, core.AlgorithmMismatch},
		{"RSA key for HMAC", block("PUBLIC KEY", bytes(x509.MarshalPKIXPublicKey(&rsaKey.PublicKey))), core.HS256, core.AlgorithmMismatch},
		{"too large", strings.Repeat("\n", 65<<10), core.RS256, core.KeyMalformed},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := keys.ParsePEM([]byte(test.text), test.algorithm)
			wantCode(t, err, test.want)
		})
	}
}
