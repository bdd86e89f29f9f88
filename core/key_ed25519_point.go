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

// smallOrder lists the y coordinates of the eight points whose order divides 8. To have one for a public key is to have none: its
// private key is known, and one signature may fit every message.
var smallOrder = []string{
	"0",
	"1",
	"57896044618658097711785492504343953926634992332820282019728792003956564819948", // -1
	"2707385501144840649318225287225658788936804267575313519463743609750303402022",
	"55188659117513257062467267217118295137698188065244968500265048394206261417927", // the negative of the one above
}

// checkEd25519Point refuses a public key that is not the one encoding of a point on the curve (RFC 8032 section 5.1.3) with
// KeyMalformed, and a point of small order with KeyTooWeak.
func checkEd25519Point(public ed25519.PublicKey) *Error {
	bigEndian := slices.Clone(public)
	slices.Reverse(bigEndian)
	bigEndian[0] &= 0x7f // the sign of x
	y := new(big.Int).SetBytes(bigEndian)
	switch {
	case y.Cmp(fieldPrime) >= 0:
		return newError(KeyMalformed, "x", "not the canonical encoding of a point")
	case slices.Contains(smallOrder, y.String()):
		return newError(KeyTooWeak, "x", "a point of small order")
	case !hasPointAt(y):
		return newError(KeyMalformed, "x", "the point is not on the curve")
	}
	return nil
}

// hasPointAt reports whether the curve has points with that y: whether x² = (y² - 1) / (d·y² + 1) has a solution.
func hasPointAt(y *big.Int) bool {
	one := big.NewInt(1)
	square := new(big.Int).Mul(y, y)
	denominator := new(big.Int).Mul(square, curveD)
	denominator.Add(denominator, one)
	quotient := square.Sub(square, one)
	quotient.Mul(quotient, denominator) // a square exactly when the quotient is one
	return big.Jacobi(quotient.Mod(quotient, fieldPrime), fieldPrime) >= 0
}
