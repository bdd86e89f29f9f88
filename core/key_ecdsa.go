//go:build !tinygo

package core

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
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
	var digestSpace, signatureSpace [maximumDERSize]byte
	sum := appendDigest(digestSpace[:0], k.scheme.hash, signingInput)
	return ecdsa.VerifyASN1(k.publicKey, sum, appendDER(signatureSpace[:0], signature[:size], signature[size:]))
}

// maximumDERSize is the longest DER form of a signature: a header of three bytes, and twice two bytes, a zero and 66 bytes of P-521.
const maximumDERSize = 3 + 2*(2+1+66)

// appendDER appends the numbers r and s in the form that the standard library verifies (RFC 3279 section 2.2.3). Its Verify, which takes
// the numbers, makes this form of them too, but by way of two big.Int.
func appendDER(dst, r, s []byte) []byte {
	r, s = minimal(r), minimal(s)
	length := sizeOfDERInteger(r) + sizeOfDERInteger(s)
	if dst = append(dst, 0x30); length >= 0x80 {
		dst = append(dst, 0x81)
	}
	dst = append(dst, byte(length))
	return appendDERInteger(appendDERInteger(dst, r), s)
}

// minimal returns a number without its leading zero bytes, and zero as one byte.
func minimal(number []byte) []byte {
	for len(number) > 1 && number[0] == 0 {
		number = number[1:]
	}
	return number
}

func sizeOfDERInteger(number []byte) int { return 2 + int(number[0]>>7) + len(number) }

// appendDERInteger appends a minimal number, with a zero in front when it would count as negative.
func appendDERInteger(dst, number []byte) []byte {
	negative := number[0] >> 7
	if dst = append(dst, 0x02, negative+byte(len(number))); negative == 1 {
		dst = append(dst, 0)
	}
	return append(dst, number...)
}

func (k *ecdsaKey) appendSignature(dst, signingInput []byte) ([]byte, error) {
	r, s, err := ecdsa.Sign(rand.Reader, k.privateKey, appendDigest(nil, k.scheme.hash, signingInput))
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
