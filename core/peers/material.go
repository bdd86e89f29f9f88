package peers

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"

	"github.com/jeton-dev/jeton/core"
)

// Material is one key as the standard library holds it, for every library to take into its own form.
type Material struct {
	Algorithm core.Algorithm
	Secret    []byte        // of the HMAC algorithms
	Private   crypto.Signer // of the others
}

// NewMaterial generates a key for the algorithm: a secret as long as the hash, a 2048-bit RSA key, or a key on the algorithm's curve.
func NewMaterial(algorithm core.Algorithm) (*Material, error) {
	material := &Material{Algorithm: algorithm}
	var err error
	switch algorithm {
	case core.HS256:
		material.Secret = make([]byte, 32)
	case core.HS384:
		material.Secret = make([]byte, 48)
	case core.HS512:
		material.Secret = make([]byte, 64)
	case core.ES256:
		material.Private, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	case core.ES384:
		material.Private, err = ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	case core.ES512:
		material.Private, err = ecdsa.GenerateKey(elliptic.P521(), rand.Reader)
	case core.EdDSA:
		_, material.Private, err = ed25519.GenerateKey(rand.Reader)
	case core.RS256, core.RS384, core.RS512, core.PS256, core.PS384, core.PS512:
		material.Private, err = rsa.GenerateKey(rand.Reader, 2048)
	default:
		return nil, ErrUnsupported
	}
	rand.Read(material.Secret)
	return material, err
}

// SigningKey returns what signs: a secret or a private key.
func (m *Material) SigningKey() any {
	if m.Secret != nil {
		return m.Secret
	}
	return m.Private
}

// VerifyingKey returns what verifies: a secret or a public key.
func (m *Material) VerifyingKey() any {
	if m.Secret != nil {
		return m.Secret
	}
	return m.Private.Public()
}

// Key returns the signing key as core holds it.
func (m *Material) Key() (*core.Key, error) {
	switch private := m.Private.(type) {
	case *rsa.PrivateKey:
		return core.NewRSAKey(m.Algorithm, private)
	case *ecdsa.PrivateKey:
		return core.NewECDSAKey(private)
	case ed25519.PrivateKey:
		return core.NewEd25519Key(private)
	default:
		return core.NewHMACKey(m.Algorithm, m.Secret)
	}
}
