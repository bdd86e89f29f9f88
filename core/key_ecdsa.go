//go:build !tinygo

package core

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"math/big"
)

// NewECDSAKey returns a signing key. Its curve decides the algorithm: ES256 for P-256, ES384 for P-384, ES512 for P-521 (RFC 7518
// section 3.4). A key off its curve is refused with KeyMalformed, another curve with KeyUnsupported.
func NewECDSAKey(private *ecdsa.PrivateKey) (*Key, error) {
	if private == nil {
		return nil, newError(KeyMalformed, "", "nil")
	}
	s, err := ecdsaScheme(&private.PublicKey)
	if err != nil {
		return nil, err
	}
	scalar, scalarErr := private.Bytes()
	if scalarErr != nil {
		return nil, newError(KeyMalformed, "d", "out of range")
	}
	again, scalarErr := ecdsa.ParseRawPrivateKey(s.curve.elliptic(), scalar)
	if scalarErr != nil || !again.PublicKey.Equal(&private.PublicKey) {
		return nil, newError(KeyMalformed, "d", "the private part does not fit the public one")
	}
	return newKey(s.algorithm, &ecdsaKey{scheme: s, publicKey: &private.PublicKey, privateKey: private}), nil
}

// NewECDSAPublicKey returns a verifying key, under the same conditions as NewECDSAKey.
func NewECDSAPublicKey(public *ecdsa.PublicKey) (*Key, error) {
	s, err := ecdsaScheme(public)
	if err != nil {
		return nil, err
	}
	return newKey(s.algorithm, &ecdsaKey{scheme: s, publicKey: public}), nil
}

func ecdsaScheme(public *ecdsa.PublicKey) (*scheme, *Error) {
	if public == nil || public.Curve == nil {
		return nil, newError(KeyMalformed, "", "no curve")
	}
	for i := range schemes {
		s := &schemes[i]
		if s.curve == nil || s.curve.elliptic() != public.Curve {
			continue
		}
		if _, err := public.Bytes(); err != nil {
			return nil, newError(KeyMalformed, "x", "the point is not on the curve")
		}
		return s, nil
	}
	return nil, newError(KeyUnsupported, "crv", "")
}

// ecdsaKey signs and verifies r‖s, each number as long as the curve's order (RFC 7518 section 3.4).
type ecdsaKey struct {
	scheme     *scheme
	publicKey  *ecdsa.PublicKey
	privateKey *ecdsa.PrivateKey
}

// elliptic returns the standard library's curve of that name.
func (c *curve) elliptic() elliptic.Curve {
	switch c.size {
	case 32:
		return elliptic.P256()
	case 48:
		return elliptic.P384()
	default:
		return elliptic.P521()
	}
}

func (k *ecdsaKey) verify(signingInput, signature []byte) bool {
	size := k.scheme.curve.size
	if len(signature) != 2*size {
		return false
	}
	r := new(big.Int).SetBytes(signature[:size])
	s := new(big.Int).SetBytes(signature[size:])
	return ecdsa.Verify(k.publicKey, digest(k.scheme.hash, signingInput), r, s)
}

func (k *ecdsaKey) appendSignature(dst, signingInput []byte) ([]byte, error) {
	r, s, err := ecdsa.Sign(rand.Reader, k.privateKey, digest(k.scheme.hash, signingInput))
	if err != nil {
		return dst, err
	}
	size := k.scheme.curve.size
	signature := make([]byte, 2*size)
	r.FillBytes(signature[:size])
	s.FillBytes(signature[size:])
	return append(dst, signature...), nil
}

func (k *ecdsaKey) private() bool { return k.privateKey != nil }

func (k *ecdsaKey) public() primitive { return &ecdsaKey{scheme: k.scheme, publicKey: k.publicKey} }

func (k *ecdsaKey) jwk() (public, private []jwkMember) {
	size := k.scheme.curve.size
	point, _ := k.publicKey.Bytes() // 4, x, y; checked when the key was made
	public = []jwkMember{
		{"crv", k.scheme.curve.name},
		{"kty", "EC"},
		binaryMember("x", point[1:1+size]),
		binaryMember("y", point[1+size:]),
	}
	if k.privateKey == nil {
		return public, nil
	}
	scalar, _ := k.privateKey.Bytes()
	return public, []jwkMember{binaryMember("d", scalar)}
}

func (k *ecdsaKey) wipe() {
	if k.privateKey != nil && k.privateKey.D != nil {
		clear(k.privateKey.D.Bits())
	}
}

// digest returns the hash that an RSA or ECDSA signature is of.
func digest(h crypto.Hash, signingInput []byte) []byte {
	state := h.New()
	state.Write(signingInput)
	return state.Sum(nil)
}
