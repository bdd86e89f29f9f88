//go:build tinygo

package core

import "math/bits"

// ed25519Key reads RFC 8037 section 2.
func (r *jwkReader) ed25519Key(algorithm Algorithm) *Key {
	x := r.sized("x", 32)
	if r.err == nil {
		r.err = checkEd25519Encoding(x)
	}
	hasPrivate := r.has("d")
	if hasPrivate {
		clear(r.sized("d", 32))
	}
	return r.material(algorithm, hasPrivate, []jwkMember{{"crv", "Ed25519"}, {"kty", "OKP"}, binaryMember("x", x)})
}

// ecdsaKey reads RFC 7518 section 6.2. Every number has the full length of the curve.
func (r *jwkReader) ecdsaKey(s *scheme) *Key {
	x, y := r.sized("x", s.curve.size), r.sized("y", s.curve.size)
	hasPrivate := r.has("d")
	if hasPrivate {
		clear(r.sized("d", s.curve.size))
	}
	return r.material(s.algorithm, hasPrivate, []jwkMember{{"crv", s.curve.name}, {"kty", "EC"}, binaryMember("x", x), binaryMember("y", y)})
}

// rsaKey reads RFC 7518 section 6.3. A private key must bring its two primes.
func (r *jwkReader) rsaKey(algorithm Algorithm) *Key {
	n, e := r.number("n"), r.number("e")
	if r.err != nil {
		return nil
	}
	exponent := uint64(0)
	if bitLength(e) <= 31 {
		for _, b := range e {
			exponent = exponent<<8 | uint64(b)
		}
	}
	switch {
	case bitLength(e) > 31:
		r.fail(KeyUnsupported, "e", "more than 31 bits")
	case len(n) == 0 || n[len(n)-1]&1 == 0:
		r.fail(KeyMalformed, "n", "not an RSA modulus")
	case bitLength(n) < minimumRSABits:
		r.fail(KeyTooWeak, "n", "fewer than 2048 bits")
	case bitLength(n) > maximumRSABits:
		r.fail(KeyUnsupported, "n", "more than 8192 bits")
	case exponent < 3 || exponent&1 == 0:
		r.fail(KeyTooWeak, "e", "the exponent must be odd and at least 3")
	case hasROCAFingerprint(n):
		r.fail(KeyTooWeak, "n", "it comes from the generator of CVE-2017-15361")
	}
	hasPrivate := r.has("d")
	if hasPrivate {
		if r.has("oth") {
			r.fail(KeyUnsupported, "oth", "more than two primes")
		}
		for _, name := range []string{"d", "p", "q"} {
			clear(r.number(name))
		}
	}
	return r.material(algorithm, hasPrivate, []jwkMember{binaryMember("e", e), {"kty", "RSA"}, binaryMember("n", n)})
}

func (r *jwkReader) material(algorithm Algorithm, hasPrivate bool, members []jwkMember) *Key {
	if r.err != nil {
		return nil
	}
	return newKey(algorithm, &publicMaterial{members: members, hasPrivate: hasPrivate})
}

// number reads an unsigned integer, without the zeros in front of it.
func (r *jwkReader) number(name string) []byte {
	digits := r.bytes(name)
	for len(digits) > 0 && digits[0] == 0 {
		digits = digits[1:]
	}
	return digits
}

func bitLength(number []byte) int {
	if len(number) == 0 {
		return 0
	}
	return 8*(len(number)-1) + bits.Len8(number[0])
}
