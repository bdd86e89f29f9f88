//go:build !tinygo

package core

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"math/big"
)

// ed25519Key reads RFC 8037 section 2.
func (r *jwkReader) ed25519Key(algorithm Algorithm) *Key {
	public := r.bytes("x")
	if !r.has("d") {
		if r.err != nil {
			return nil
		}
		return r.named(algorithm, r.made(NewEd25519PublicKey(public)))
	}
	seed := r.bytes("d")
	defer clear(seed)
	switch {
	case r.err != nil:
		return nil
	case len(seed) != ed25519.SeedSize:
		r.fail(KeyMalformed, "d", "not 32 bytes")
		return nil
	}
	private := ed25519.NewKeyFromSeed(seed)
	defer clear(private) // of which the key has a copy
	if !private.Public().(ed25519.PublicKey).Equal(ed25519.PublicKey(public)) {
		r.fail(KeyMalformed, "d", "the private part does not fit the public one")
		return nil
	}
	return r.named(algorithm, r.made(NewEd25519Key(private)))
}

// ecdsaKey reads RFC 7518 section 6.2. Every number has the full length of the curve.
func (r *jwkReader) ecdsaKey(s *scheme) *Key {
	size := s.curve.size
	x, y := r.sized("x", size), r.sized("y", size)
	if r.err != nil {
		return nil
	}
	point := append(append([]byte{4}, x...), y...)
	public, err := ecdsa.ParseUncompressedPublicKey(s.curve.elliptic(), point)
	if err != nil {
		r.fail(KeyMalformed, "x", "the point is not on the curve")
		return nil
	}
	if !r.has("d") {
		return r.made(NewECDSAPublicKey(public))
	}
	scalar := r.sized("d", size)
	defer clear(scalar)
	if r.err != nil {
		return nil
	}
	private, err := ecdsa.ParseRawPrivateKey(s.curve.elliptic(), scalar)
	if err != nil {
		r.fail(KeyMalformed, "d", "out of range")
		return nil
	}
	if !private.PublicKey.Equal(public) {
		r.fail(KeyMalformed, "d", "the private part does not fit the public one")
		return nil
	}
	return r.made(NewECDSAKey(private))
}

// rsaKey reads RFC 7518 section 6.3. A private key must bring its two primes, and what else it brings must agree with them.
func (r *jwkReader) rsaKey(algorithm Algorithm) *Key {
	n, e := r.number("n"), r.number("e")
	if r.err != nil {
		return nil
	}
	if e.BitLen() > 31 {
		r.fail(KeyUnsupported, "e", "more than 31 bits")
		return nil
	}
	public := rsa.PublicKey{N: n, E: int(e.Int64())}
	if !r.has("d") {
		return r.made(NewRSAPublicKey(algorithm, &public))
	}
	if r.has("oth") {
		r.fail(KeyUnsupported, "oth", "more than two primes")
		return nil
	}
	private := &rsa.PrivateKey{PublicKey: public, D: r.number("d")}
	private.Primes = []*big.Int{r.number("p"), r.number("q")}
	if r.err != nil {
		return nil
	}
	key := r.made(NewRSAKey(algorithm, private))
	if r.err != nil {
		return nil
	}
	dp, dq, qi := crtValues(private)
	for name, computed := range map[string]*big.Int{"dp": dp, "dq": dq, "qi": qi} {
		if r.has(name) && r.number(name).Cmp(computed) != 0 {
			r.fail(KeyMalformed, name, "it does not fit the primes")
		}
	}
	private.Precompute()
	return key
}

func (r *jwkReader) number(name string) *big.Int {
	return new(big.Int).SetBytes(r.bytes(name))
}
