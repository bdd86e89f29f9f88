package core

import (
	"crypto"
	_ "crypto/sha256" // registers SHA-256 with crypto.Hash
	_ "crypto/sha512" // registers SHA-384 and SHA-512 with crypto.Hash
)

// Algorithm names a signature algorithm as a token's "alg" header does (RFC 7518 section 3.1, RFC 8037, RFC 9864).
type Algorithm string

// The algorithms. Ed25519 is the RFC 9864 name of what RFC 8037 calls EdDSA: a key of either verifies tokens that name the other, and
// signs under the name it was made with. "none" is not an algorithm.
const (
	HS256   Algorithm = "HS256"
	HS384   Algorithm = "HS384"
	HS512   Algorithm = "HS512"
	RS256   Algorithm = "RS256"
	RS384   Algorithm = "RS384"
	RS512   Algorithm = "RS512"
	PS256   Algorithm = "PS256"
	PS384   Algorithm = "PS384"
	PS512   Algorithm = "PS512"
	ES256   Algorithm = "ES256"
	ES384   Algorithm = "ES384"
	ES512   Algorithm = "ES512"
	EdDSA   Algorithm = "EdDSA"
	Ed25519 Algorithm = "Ed25519"
)

// family is the kind of key an algorithm takes.
type family uint8

const (
	familyHMAC family = iota + 1
	familyRSA
	familyRSAPSS
	familyECDSA
	familyEd25519
)

// scheme is what an algorithm consists of.
type scheme struct {
	algorithm Algorithm
	family    family
	hash      crypto.Hash
	curve     *curve // of familyECDSA
}

// curve is what the form of a key and of a signature needs to know of an elliptic curve.
type curve struct {
	name string // as in a JWK's "crv"
	size int    // of a coordinate and of each half of a signature, in bytes
}

var schemes = [...]scheme{
	{algorithm: HS256, family: familyHMAC, hash: crypto.SHA256},
	{algorithm: HS384, family: familyHMAC, hash: crypto.SHA384},
	{algorithm: HS512, family: familyHMAC, hash: crypto.SHA512},
	{algorithm: RS256, family: familyRSA, hash: crypto.SHA256},
	{algorithm: RS384, family: familyRSA, hash: crypto.SHA384},
	{algorithm: RS512, family: familyRSA, hash: crypto.SHA512},
	{algorithm: PS256, family: familyRSAPSS, hash: crypto.SHA256},
	{algorithm: PS384, family: familyRSAPSS, hash: crypto.SHA384},
	{algorithm: PS512, family: familyRSAPSS, hash: crypto.SHA512},
	{algorithm: ES256, family: familyECDSA, hash: crypto.SHA256, curve: &curve{"P-256", 32}},
	{algorithm: ES384, family: familyECDSA, hash: crypto.SHA384, curve: &curve{"P-384", 48}},
	{algorithm: ES512, family: familyECDSA, hash: crypto.SHA512, curve: &curve{"P-521", 66}},
	{algorithm: EdDSA, family: familyEd25519},
	{algorithm: Ed25519, family: familyEd25519},
}

// Algorithms returns every algorithm, in the order of the constants.
func Algorithms() []Algorithm {
	names := make([]Algorithm, len(schemes))
	for i := range schemes {
		names[i] = schemes[i].algorithm
	}
	return names
}

// ParseAlgorithm returns the algorithm of that exact name, or an error with the code AlgorithmUnsupported.
func ParseAlgorithm(name string) (Algorithm, error) {
	if s := schemeOf(Algorithm(name)); s != nil {
		return s.algorithm, nil
	}
	return "", newError(AlgorithmUnsupported, "alg", "")
}

// Symmetric reports whether the algorithm uses one secret for both signing and verifying.
func (a Algorithm) Symmetric() bool {
	s := schemeOf(a)
	return s != nil && s.family == familyHMAC
}

// canonical folds the two names of Ed25519 into one.
func (a Algorithm) canonical() Algorithm {
	if a == Ed25519 {
		return EdDSA
	}
	return a
}

// schemeOf returns the scheme of a, or nil when there is no such algorithm.
func schemeOf(a Algorithm) *scheme {
	for i := range schemes {
		if schemes[i].algorithm == a {
			return &schemes[i]
		}
	}
	return nil
}
