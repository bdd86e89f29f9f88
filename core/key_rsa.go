//go:build !tinygo

package core

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"math/big"
)

// NewRSAKey returns a signing key for RS256, RS384, RS512, PS256, PS384 or PS512. The modulus must have 2048 to 8192 bits and the
// exponent be odd and at least 3, or the key is refused with KeyTooWeak, as is a modulus that can be factored because it comes from the
// generator of CVE-2017-15361; a key whose parts do not fit together with KeyMalformed.
func NewRSAKey(algorithm Algorithm, private *rsa.PrivateKey) (*Key, error) {
	if private == nil {
		return nil, newError(KeyMalformed, "", "nil")
	}
	s, err := rsaScheme(algorithm, &private.PublicKey)
	if err != nil {
		return nil, err
	}
	if len(private.Primes) != 2 || private.D == nil || private.Validate() != nil {
		return nil, newError(KeyMalformed, "d", "the private parts do not fit the modulus")
	}
	return newKey(algorithm, &rsaKey{scheme: s, publicKey: &private.PublicKey, privateKey: private}), nil
}

// NewRSAPublicKey returns a verifying key for RS256, RS384, RS512, PS256, PS384 or PS512, under the same conditions as NewRSAKey.
func NewRSAPublicKey(algorithm Algorithm, public *rsa.PublicKey) (*Key, error) {
	s, err := rsaScheme(algorithm, public)
	if err != nil {
		return nil, err
	}
	return newKey(algorithm, &rsaKey{scheme: s, publicKey: public}), nil
}

func rsaScheme(algorithm Algorithm, public *rsa.PublicKey) (*scheme, *Error) {
	s := schemeOf(algorithm)
	if s == nil || s.family != familyRSA && s.family != familyRSAPSS {
		return nil, newError(AlgorithmMismatch, "alg", "an RSA key is for RS256, RS384, RS512, PS256, PS384 or PS512")
	}
	switch {
	case public == nil || public.N == nil || public.N.Sign() <= 0 || public.N.Bit(0) == 0:
		return nil, newError(KeyMalformed, "n", "not an RSA modulus")
	case public.N.BitLen() < minimumRSABits:
		return nil, newError(KeyTooWeak, "n", "fewer than 2048 bits")
	case public.N.BitLen() > maximumRSABits:
		return nil, newError(KeyUnsupported, "n", "more than 8192 bits")
	case public.E < 3 || public.E&1 == 0:
		return nil, newError(KeyTooWeak, "e", "the exponent must be odd and at least 3")
	case hasROCAFingerprint(public.N.Bytes()):
		return nil, newError(KeyTooWeak, "n", "it comes from the generator of CVE-2017-15361")
	}
	return s, nil
}

// rsaKey is PKCS #1 v1.5 or PSS by its scheme. The PSS salt is exactly as long as the hash (RFC 7518 section 3.5).
type rsaKey struct {
	scheme     *scheme
	publicKey  *rsa.PublicKey
	privateKey *rsa.PrivateKey
}

func (k *rsaKey) pssOptions() *rsa.PSSOptions {
	return &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash, Hash: k.scheme.hash}
}

func (k *rsaKey) verify(signingInput, signature []byte) bool {
	var space [64]byte
	sum := appendDigest(space[:0], k.scheme.hash, signingInput)
	if k.scheme.family == familyRSAPSS {
		return rsa.VerifyPSS(k.publicKey, k.scheme.hash, sum, signature, k.pssOptions()) == nil
	}
	return rsa.VerifyPKCS1v15(k.publicKey, k.scheme.hash, sum, signature) == nil
}

func (k *rsaKey) appendSignature(dst, signingInput []byte) ([]byte, error) {
	sum := appendDigest(nil, k.scheme.hash, signingInput)
	var options crypto.SignerOpts = k.scheme.hash
	if k.scheme.family == familyRSAPSS {
		options = k.pssOptions()
	}
	signature, err := k.privateKey.Sign(rand.Reader, sum, options)
	return append(dst, signature...), err
}

func (k *rsaKey) private() bool { return k.privateKey != nil }

func (k *rsaKey) public() primitive { return &rsaKey{scheme: k.scheme, publicKey: k.publicKey} }

func (k *rsaKey) jwk() (public, private []jwkMember) {
	public = []jwkMember{
		binaryMember("e", big.NewInt(int64(k.publicKey.E)).Bytes()),
		{"kty", "RSA"},
		binaryMember("n", k.publicKey.N.Bytes()),
	}
	if k.privateKey == nil {
		return public, nil
	}
	p, q := k.privateKey.Primes[0], k.privateKey.Primes[1]
	dp, dq, qi := crtValues(k.privateKey)
	return public, []jwkMember{
		binaryMember("d", k.privateKey.D.FillBytes(make([]byte, k.publicKey.Size()))),
		binaryMember("p", p.Bytes()),
		binaryMember("q", q.Bytes()),
		binaryMember("dp", dp.Bytes()),
		binaryMember("dq", dq.Bytes()),
		binaryMember("qi", qi.Bytes()),
	}
}

// crtValues computes the Chinese remainder members of a JWK (RFC 7518 section 6.3.2).
func crtValues(private *rsa.PrivateKey) (dp, dq, qi *big.Int) {
	one := big.NewInt(1)
	p, q := private.Primes[0], private.Primes[1]
	dp = new(big.Int).Mod(private.D, new(big.Int).Sub(p, one))
	dq = new(big.Int).Mod(private.D, new(big.Int).Sub(q, one))
	return dp, dq, new(big.Int).ModInverse(q, p)
}

func (k *rsaKey) wipe() {
	if k.privateKey == nil {
		return
	}
	secrets := append([]*big.Int{k.privateKey.D}, k.privateKey.Primes...)
	for _, secret := range secrets {
		clear(secret.Bits())
	}
}
