package core

// rocaPrimes are the primes that divide the step between the primes of the generator that CVE-2017-15361 is about, for moduli of 2048
// bits and more. (For longer moduli it used more of them, so these are enough.)
var rocaPrimes = primesUpTo(701)

// hasROCAFingerprint reports whether the modulus, big-endian, comes from that generator, which smart cards and TPMs carried: such keys can be
// factored. It made every prime as k·M + (65537^a mod M), M being the product of the rocaPrimes, so the modulus is a power of 65537
// modulo each of them. Another modulus passes for one with a probability under 2^-160.
//
// This is the test of Nemec, Sys, Svenda, Klinec and Matyas, "The Return of Coppersmith's Attack", section 3.
func hasROCAFingerprint(modulus []byte) bool {
	for _, prime := range rocaPrimes {
		residue := uint32(0)
		for _, b := range modulus {
			residue = (residue<<8 | uint32(b)) % prime
		}
		if !isPowerOf65537(residue, prime) {
			return false
		}
	}
	return true
}

// isPowerOf65537 reports whether residue is a power of 65537 modulo prime.
func isPowerOf65537(residue, prime uint32) bool {
	power := uint32(1)
	for {
		if power == residue {
			return true
		}
		if power = power * (65537 % prime) % prime; power == 1 {
			return false
		}
	}
}

// primesUpTo returns the odd primes up to last.
func primesUpTo(last uint32) (primes []uint32) {
	for candidate := uint32(3); candidate <= last; candidate += 2 {
		prime := true
		for _, smaller := range primes {
			prime = prime && candidate%smaller != 0
		}
		if prime {
			primes = append(primes, candidate)
		}
	}
	return primes
}
