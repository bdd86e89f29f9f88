package core

import "github.com/jeton-dev/jeton/core/internal/base64url"

// smallOrder lists the encodings, in base64url and without the sign of x, of the eight points whose order divides 8. To have one for a
// public key is to have none: everyone knows its private key, and one signature may fit every message.
var smallOrder = []string{
	"AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", // y = 1, the neutral point
	"7P_______________________________________38", // y = -1, order 2
	"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", // y = 0, order 4
	"JuiVj8KyJ7BFw_SJ8u-Y8NXfrAXTxjM5sTgCiG1T_AU", // order 8
	"xxdqcD1N2E-6PAt2DRBnDyogU_osOczGTsf9d5KsA3o", // order 8, the negative of the y above
}

// checkEd25519Encoding refuses 32 bytes that no public key can be: with KeyMalformed when they are not the canonical encoding of a y
// (RFC 8032 section 5.1.3 decodes no y of 2^255 - 19 or more), and with KeyTooWeak when they are a point of small order.
func checkEd25519Encoding(public []byte) *Error {
	y := [32]byte(public)
	y[31] &= 0x7f // the sign of x
	if y[0] >= 0xed && y[31] == 0x7f {
		full := true
		for _, b := range y[1:31] {
			full = full && b == 0xff
		}
		if full {
			return newError(KeyMalformed, "x", "not the canonical encoding of a point")
		}
	}
	encoded := string(base64url.AppendEncode(nil, y[:]))
	for _, weak := range smallOrder {
		if encoded == weak {
			return newError(KeyTooWeak, "x", "a point of small order")
		}
	}
	return nil
}
