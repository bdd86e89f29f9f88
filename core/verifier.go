package core

// Verifier checks tokens against keys and a policy. It is immutable and safe for concurrent use.
type Verifier struct {
	keys   Keys
	policy Policy
	known  *knownHeaders
}

// NewVerifier returns a verifier. It refuses, with PolicyInvalid, a policy that contradicts itself or that no token could meet with
// these keys.
func NewVerifier(keys Keys, policy Policy) (*Verifier, error) {
	switch source := keys.(type) {
	case nil:
		return nil, newError(PolicyInvalid, "", "no keys")
	case *Key:
		if source == nil {
			return nil, newError(PolicyInvalid, "", "no keys")
		}
	case *KeySet:
		if source == nil || len(source.keys) == 0 {
			return nil, newError(PolicyInvalid, "", "no keys")
		}
	case KeyFunc:
		if source == nil {
			return nil, newError(PolicyInvalid, "", "no keys")
		}
	case KeySetFunc:
		if source == nil {
			return nil, newError(PolicyInvalid, "", "no keys")
		}
	}
	resolved, err := policy.resolve(keys.candidates())
	if err != nil {
		return nil, err
	}
	verifier := &Verifier{keys: keys, policy: resolved}
	verifier.learnHeaders(keys.candidates())
	return verifier, nil
}

// Verify checks token and returns what it says. The checks go from the outside in: size, segments, encoding, header, algorithm, key,
// signature, payload, claims, revocation; the first that fails ends it, except that all failing claims are reported together. A key
// held by the host is refused with HostRequired; use [Verifier.Begin].
func (v *Verifier) Verify(token string) (*Token, error) {
	verified := new(Token)
	if err := v.verify(verified, token); err != nil {
		return nil, err
	}
	return verified, nil
}

// VerifyInto is Verify into a Token of the caller's, whose space it reuses: after the first tokens it allocates nothing of its own.
// What was read from dst before, Payload and Header included, is overwritten; so it is when VerifyInto fails, and dst is then empty.
func (v *Verifier) VerifyInto(dst *Token, token string) error {
	if err := v.verify(dst, token); err != nil {
		dst.reset()
		return err
	}
	return nil
}

func (v *Verifier) verify(dst *Token, token string) *Error {
	key, err := v.open(dst, token)
	if err != nil {
		return err
	}
	if key.HeldByHost() {
		return newError(HostRequired, "", "")
	}
	if !key.primitive.verify(bytesOf(dst.compact.signingInput), dst.compact.signature) {
		return newError(SignatureInvalid, "", "")
	}
	return v.admit(dst, instantOf(v.policy.Clock()))
}

// open reads the token's form and chooses its key.
func (v *Verifier) open(dst *Token, token string) (*Key, *Error) {
	known, err := dst.compact.read(token, v.policy.Limits, v.known)
	if err != nil {
		return nil, err
	}
	if known != nil {
		dst.algorithm = known.scheme.algorithm
		return known.key, nil
	}
	s, key, err := v.choose(dst.compact.header)
	if err != nil {
		return nil, err
	}
	dst.algorithm = s.algorithm
	return key, nil
}

// choose finds the algorithm and the key that a header asks for.
func (v *Verifier) choose(h *header) (*scheme, *Key, *Error) {
	s := h.scheme()
	if s == nil {
		return nil, nil, newError(AlgorithmUnsupported, "alg", "")
	}
	if err := v.policy.permits(h, s.algorithm); err != nil {
		return nil, nil, err
	}
	key, err := v.keys.find(h, s)
	return s, key, err
}

// admit reads the payload of a token whose signature is good and holds it against the policy.
func (v *Verifier) admit(dst *Token, now instant) *Error {
	dst.payload.data, dst.payload.limits = dst.compact.payload, v.policy.Limits.forJSON()
	if err := dst.payload.scan(PayloadMalformed); err != nil {
		return err
	}
	if err := v.policy.check(dst.compact.header, &dst.payload, &dst.claims, now); err != nil || v.policy.Revoked == nil {
		return err
	}
	return v.policy.checkRevocation(dst)
}

// Verify checks token once: NewVerifier and Verify in one. Who checks many tokens keeps a Verifier.
func Verify(token string, keys Keys, policy Policy) (*Token, error) {
	verifier, err := NewVerifier(keys, policy)
	if err != nil {
		return nil, err
	}
	return verifier.Verify(token)
}
