package core

// permits refuses a header that asks for an algorithm or a key that the policy does not accept.
func (p *Policy) permits(h *header, algorithm Algorithm) *Error {
	if !p.accepts(algorithm) {
		return newError(AlgorithmMismatch, "alg", "not an accepted algorithm")
	}
	if p.KeyAlgorithms == nil {
		return nil
	}
	if !h.keyID.present() {
		return newError(KeyNotFound, "kid", "the token names no key")
	}
	id, _ := h.keyID.Text()
	accepted, known := p.KeyAlgorithms[id]
	switch {
	case !known:
		return newError(KeyNotFound, "kid", "not an accepted key ID")
	case len(accepted) > 0 && !contains(accepted, algorithm):
		return newError(AlgorithmMismatch, "alg", "not an accepted algorithm of this key")
	}
	return nil
}

func (p *Policy) accepts(algorithm Algorithm) bool {
	return len(p.Algorithms) == 0 || contains(p.Algorithms, algorithm)
}

// acceptsFor reports whether a token may name both the key ID and the algorithm.
func (p *Policy) acceptsFor(id string, algorithm Algorithm) bool {
	if !p.accepts(algorithm) {
		return false
	}
	if p.KeyAlgorithms == nil {
		return true
	}
	accepted, known := p.KeyAlgorithms[id]
	return known && (len(accepted) == 0 || contains(accepted, algorithm))
}

// serves reports whether key could verify some token under the policy.
func (p *Policy) serves(key *Key) bool { return key.canVerify && p.acceptsFor(key.id, key.algorithm) }

// keyContradiction says what is wrong with the accepted algorithms and key IDs, on their own and for the keys known beforehand, or
// returns "".
func (p *Policy) keyContradiction(keys []*Key) string {
	if !areSupported(p.Algorithms) {
		return "an algorithm is not supported"
	}
	if p.KeyAlgorithms != nil && len(p.KeyAlgorithms) == 0 {
		return "no key ID is accepted"
	}
	for id, accepted := range p.KeyAlgorithms {
		switch {
		case id == "" || !validKeyID(id):
			return "a key ID is empty or not valid text of at most 256 bytes"
		case !areSupported(accepted):
			return "an algorithm of a key is not supported"
		case len(accepted) > 0 && !p.acceptsAny(accepted):
			return "none of a key's algorithms is accepted"
		case !p.servesNamed(id, keys):
			return "a key may not verify with the algorithms accepted for it"
		}
	}
	for _, key := range keys {
		if p.serves(key) {
			return ""
		}
	}
	if len(keys) == 0 {
		return ""
	}
	return "no key may verify with what is accepted"
}

// servesNamed reports whether one of the keys with that ID serves, or there is none. An ID may be accepted before its key is known.
func (p *Policy) servesNamed(id string, keys []*Key) bool {
	found := false
	for _, key := range keys {
		if key.id == id {
			found = true
			if p.serves(key) {
				return true
			}
		}
	}
	return !found
}

func (p *Policy) acceptsAny(algorithms []Algorithm) bool {
	for _, algorithm := range algorithms {
		if p.accepts(algorithm) {
			return true
		}
	}
	return false
}

func areSupported(algorithms []Algorithm) bool {
	for _, algorithm := range algorithms {
		if schemeOf(algorithm) == nil {
			return false
		}
	}
	return true
}
