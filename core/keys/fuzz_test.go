package keys_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"errors"
	"testing"

	"github.com/jeton-dev/jeton/core"
	"github.com/jeton-dev/jeton/core/keys"
)

// known fails the test unless err is an error of core with a code from its table.
func known(t *testing.T, err error) {
	t.Helper()
	var refused *core.Error
	if !errors.As(err, &refused) {
		t.Fatalf("an error of type %T", err)
	}
	if refused.Code().Error() == string(refused.Code()) {
		t.Fatalf("the code %s is not in the table", refused.Code())
	}
}

func FuzzParsePEM(f *testing.F) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		f.Fatal(err)
	}
	sec1, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		f.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		f.Fatal(err)
	}
	spki, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		f.Fatal(err)
	}
	root := issue(f, "root", authority{}, asAuthority)
	f.Add([]byte(block("EC PRIVATE KEY", sec1)))
	f.Add([]byte(block("PRIVATE KEY", pkcs8)))
	f.Add([]byte(block("PUBLIC KEY", spki)))
	f.Add([]byte(root.pem() + root.pem()))
	f.Add([]byte("-----BEGIN -----\n"))
	roots := x509.NewCertPool()
	roots.AddCert(root.certificate)
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, algorithm := range []core.Algorithm{core.ES256, core.RS256, core.EdDSA} {
			if key, err := keys.ParsePEM(text, algorithm); err != nil {
				known(t, err)
			} else if key.Algorithm() != algorithm {
				t.Fatalf("a key for %s", key.Algorithm())
			}
			if _, err := keys.VerifyCertificate(text, algorithm, roots, chainStart); err != nil {
				known(t, err)
			}
		}
	})
}

// FuzzRemoteBody lets a source answer with anything: it becomes the set at hand only if core reads it as public keys and nothing else.
func FuzzRemoteBody(f *testing.F) {
	good := named(f, core.ES256, "a")
	f.Add([]byte(published(f, good)), "max-age=60")
	f.Add([]byte(setOf(jwkText(f, good))), "max-age=")
	f.Add([]byte(setOf(jwkText(f, named(f, core.HS256, "s")))), "private=")
	f.Add([]byte(`{"keys":[{"kty":"OKP","crv":"X25519","x":"AA","d":"AA"}]}`), "no-store")
	f.Add([]byte(`{"keys":[]}`), "")
	f.Fuzz(func(t *testing.T, body []byte, cacheControl string) {
		set, lifetime, err := keys.ParseRemote(body, cacheControl)
		if lifetime < 0 {
			t.Fatalf("to be kept for %v", lifetime)
		}
		if err != nil {
			known(t, err)
			return
		}
		if len(set.Keys()) == 0 {
			t.Fatal("an empty set")
		}
		for _, key := range set.Keys() {
			if key.CanSign() || key.Algorithm().Symmetric() {
				t.Fatal("a key that is not public")
			}
		}
	})
}

// FuzzDecrypt gives a decrypter of each kind anything: nothing panics, every failure has a code, and what comes out was made by the
// encrypter.
func FuzzDecrypt(f *testing.F) {
	var ends []*nesting
	made := map[string]bool{}
	for _, algorithm := range keyAlgorithms {
		for _, content := range contentAlgorithms {
			n := newNesting(f, generated(f, algorithm, content), keys.DecryptOptions{Decompress: true})
			token := n.encode(f)
			ends, made[token] = append(ends, n), true
			f.Add(token)
			f.Add(withMember(f, token, "epk", `{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}`))
			f.Add(withMember(f, token, "zip", `"DEF"`))
			f.Add(withSegment(token, 1, ""))
		}
	}
	f.Add("....")
	f.Fuzz(func(t *testing.T, token string) {
		for _, n := range ends {
			if _, err := n.decrypter.Verify(token); err != nil {
				known(t, err)
			} else if !made[token] {
				t.Fatal("a token that nobody made")
			}
		}
	})
}

// FuzzEncryptionJWK reads anything as an encryption key: what is read is written and read again.
func FuzzEncryptionJWK(f *testing.F) {
	for _, algorithm := range []keys.KeyAlgorithm{keys.Direct, keys.ECDHES, keys.RSAOAEP256} {
		text, err := generated(f, algorithm, keys.A256GCM).MarshalJWK()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, algorithm := range []keys.KeyAlgorithm{keys.Direct, keys.ECDHES, keys.RSAOAEP256} {
			key, err := keys.ParseEncryptionJWK(text, algorithm, keys.A256GCM)
			if err != nil {
				known(t, err)
				continue
			}
			again, err := key.MarshalJWK()
			if err != nil {
				t.Fatal(err)
			}
			if _, err := keys.ParseEncryptionJWK(again, algorithm, keys.A256GCM); err != nil {
				t.Fatalf("a key that was read is not read again: %v", err)
			}
		}
	})
}
