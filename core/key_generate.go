//go:build !tinygo

package core

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
)

// GenerateKey makes a new signing key for the algorithm: a secret as long as the hash, a 3072-bit RSA key, or a key on the algorithm's
// curve. It has no key ID; see [Key.WithID] and [Key.Thumbprint].
func GenerateKey(algorithm Algorithm) (*Key, error) {
	s := schemeOf(algorithm)
	if s == nil {
		return nil, newError(AlgorithmUnsupported, "alg", "")
	}
	switch s.family {
	case familyHMAC:
		secret := make([]byte, s.hash.Size())
		rand.Read(secret)
		return NewHMACKey(algorithm, secret)
	case familyECDSA:
		private, err := ecdsa.GenerateKey(s.curve.elliptic(), rand.Reader)
		if err != nil {
			return nil, newError(SigningFailed, "", "no key could be made")
		}
		return NewECDSAKey(private)
	case familyEd25519:
		_, private, err := ed25519.GenerateKey(rand.Reader)
		if err != nil {
			return nil, newError(SigningFailed, "", "no key could be made")
		}
		key, err := NewEd25519Key(private)
		if err != nil {
			return nil, err
		}
		key.algorithm = algorithm
		return key, nil
	default:
		private, err := rsa.GenerateKey(rand.Reader, 3072)
		if err != nil {
			return nil, newError(SigningFailed, "", "no key could be made")
		}
		return NewRSAKey(algorithm, private)
	}
}
