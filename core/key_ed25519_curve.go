//go:build !tinygo

package core

import (
	"crypto/ed25519"
	"math/big"
	"slices"
)

var (
	// fieldPrime is 2^255 - 19, and curveD the d of RFC 8032 section 5.1.
	fieldPrime = new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 255), big.NewInt(19))
	curveD     = new(big.Int).Mod(new(big.Int).Mul(big.NewInt(-121665), new(big.Int).ModInverse(big.NewInt(121666), fieldPrime)), fieldPrime)
)

// isOnEd25519 reports whether the curve has a point that public encodes: whether x² = (y² - 1) / (d·y² + 1) has a solution (RFC 8032
// section 5.1.3). The standard library asks the same, but only when it verifies.
func isOnEd25519(public ed25519.PublicKey) bool {
	bigEndian := slices.Clone(public)
	slices.Reverse(bigEndian)
	bigEndian[0] &= 0x7f // the sign of x
	y, one := new(big.Int).SetBytes(bigEndian), big.NewInt(1)
	square := new(big.Int).Mul(y, y)
	denominator := new(big.Int).Mul(square, curveD)
	denominator.Add(denominator, one)
	product := square.Sub(square, one)
	product.Mul(product, denominator) // a square exactly when the quotient is one
	return big.Jacobi(product.Mod(product, fieldPrime), fieldPrime) >= 0
}
