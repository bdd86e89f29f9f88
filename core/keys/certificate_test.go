package keys_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/jeton-dev/jeton/core"
	"github.com/jeton-dev/jeton/core/keys"
)

// chainStart is when the certificates of the tests become valid; they are for a day.
var chainStart = time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)

// authority is a certificate with its key.
type authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

func (a authority) pem() string { return block("CERTIFICATE", a.certificate.Raw) }

// issue makes a certificate that issuer signed, or that signed itself when issuer is the zero authority.
func issue(t testing.TB, name string, issuer authority, change func(*x509.Certificate)) authority {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	serial, err := rand.Int(rand.Reader, big.NewInt(1<<62))
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: serial, Subject: pkix.Name{CommonName: name}, NotBefore: chainStart, NotAfter: chainStart.Add(24 * time.Hour), BasicConstraintsValid: true}
	change(template)
	parent, signer := template, crypto.Signer(key)
	if issuer.certificate != nil {
		parent, signer = issuer.certificate, issuer.key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), signer)
	if err != nil {
		t.Fatal(err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return authority{certificate, key}
}

func asAuthority(c *x509.Certificate) {
	c.IsCA, c.KeyUsage = true, x509.KeyUsageCertSign|x509.KeyUsageCRLSign
}

func asLeaf(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageDigitalSignature }

func TestVerifyCertificate(t *testing.T) {
	root := issue(t, "root", authority{}, asAuthority)
	middle := issue(t, "middle", root, asAuthority)
	leaf := issue(t, "leaf", middle, asLeaf)
	stranger := issue(t, "root", authority{}, asAuthority)
	roots := x509.NewCertPool()
	roots.AddCert(root.certificate)
	noon := chainStart.Add(12 * time.Hour)

	key, err := keys.VerifyCertificate([]byte(leaf.pem()+middle.pem()), core.ES256, roots, noon)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := core.NewECDSAKey(leaf.key)
	if err != nil {
		t.Fatal(err)
	}
	token, err := core.Encode(core.NewClaims().SetExpiration(time.Now().Add(time.Minute)), signer)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := core.Verify(token, key, core.Policy{}); err != nil {
		t.Errorf("the leaf's own token: %v", err)
	}
	for name, text := range map[string]string{
		"the root sent along":         leaf.pem() + middle.pem() + root.pem(),
		"issuers in another order":    leaf.pem() + root.pem() + middle.pem(),
		"no key usage":                issue(t, "leaf", middle, func(*x509.Certificate) {}).pem() + middle.pem(),
		"a leaf directly from a root": issue(t, "leaf", root, asLeaf).pem(),
		"an unknown extended usage": issue(t, "leaf", root, func(c *x509.Certificate) {
			asLeaf(c)
			c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageCodeSigning}
		}).pem(),
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := keys.VerifyCertificate([]byte(text), core.ES256, roots, noon); err != nil {
				t.Error(err)
			}
		})
	}

	notAuthority := issue(t, "middle", root, asLeaf)
	for _, test := range []struct {
		name      string
		chain     string
		algorithm core.Algorithm
		roots     *x509.CertPool
		at        time.Time
		want      core.Code
	}{
		{"no roots", leaf.pem() + middle.pem(), core.ES256, nil, noon, core.PolicyInvalid},
		{"no time", leaf.pem() + middle.pem(), core.ES256, roots, time.Time{}, core.PolicyInvalid},
		{"empty roots", leaf.pem() + middle.pem(), core.ES256, x509.NewCertPool(), noon, core.KeyUnusable},
		{"too early", leaf.pem() + middle.pem(), core.ES256, roots, chainStart.Add(-time.Second), core.KeyUnusable},
		{"too late", leaf.pem() + middle.pem(), core.ES256, roots, chainStart.Add(24*time.Hour + time.Second), core.KeyUnusable},
		{"a link is missing", leaf.pem(), core.ES256, roots, noon, core.KeyUnusable},
		{"the wrong order", middle.pem() + leaf.pem(), core.ES256, roots, noon, core.KeyUnusable},
		{"another root of the same name", issue(t, "leaf", stranger, asLeaf).pem() + stranger.pem(), core.ES256, roots, noon, core.KeyUnusable},
		{"self-signed", issue(t, "leaf", authority{}, asLeaf).pem(), core.ES256, roots, noon, core.KeyUnusable},
		{"an issuer that is no authority", issue(t, "leaf", notAuthority, asLeaf).pem() + notAuthority.pem(), core.ES256, roots, noon, core.KeyUnusable},
		{"a leaf for key agreement", issue(t, "leaf", middle, func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageKeyAgreement }).pem() + middle.pem(), core.ES256, roots, noon, core.KeyUnusable},
		{"another algorithm", leaf.pem() + middle.pem(), core.ES384, roots, noon, core.AlgorithmMismatch},
		{"a secret's algorithm", leaf.pem() + middle.pem(), core.HS256, roots, noon, core.AlgorithmMismatch},
		{"nothing", "", core.ES256, roots, noon, core.KeyMalformed},
		{"a key in the chain", leaf.pem() + block("PUBLIC KEY", leaf.certificate.RawSubjectPublicKeyInfo), core.ES256, roots, noon, core.KeyMalformed},
		{"no certificate inside", block("CERTIFICATE", []byte("no certificate")), core.ES256, roots, noon, core.KeyMalformed},
		{"eleven certificates", strings.Repeat(leaf.pem(), 11), core.ES256, roots, noon, core.KeyMalformed},
		{"too large", strings.Repeat("\n", 65<<10), core.ES256, roots, noon, core.KeyMalformed},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := keys.VerifyCertificate([]byte(test.chain), test.algorithm, test.roots, test.at)
			wantCode(t, err, test.want)
		})
	}
}
