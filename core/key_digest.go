//go:build !tinygo

package core

import (
	"crypto"
	"crypto/sha256"
	"crypto/sha512"
)

// appendDigest appends the hash that an RSA or ECDSA signature is of to dst. It calls the hash by its name: through an interface, its
// state and its result would be allocated.
func appendDigest(dst []byte, h crypto.Hash, signingInput []byte) []byte {
	switch h {
	case crypto.SHA384:
		sum := sha512.Sum384(signingInput)
		return append(dst, sum[:]...)
	case crypto.SHA512:
		sum := sha512.Sum512(signingInput)
		return append(dst, sum[:]...)
	default:
		sum := sha256.Sum256(signingInput)
		return append(dst, sum[:]...)
	}
}
