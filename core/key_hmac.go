package core

import (
	"crypto"
	"crypto/hmac"
	"hash"
	"sync"
)

// NewHMACKey returns a key for HS256, HS384 or HS512. The secret must be at least as long as the hash, 32, 48 or 64 bytes (RFC 7518
// section 3.2), or it is refused with KeyTooWeak. The secret is copied.
func NewHMACKey(algorithm Algorithm, secret []byte) (*Key, error) {
	s := schemeOf(algorithm)
	if s == nil || s.family != familyHMAC {
		return nil, newError(AlgorithmMismatch, "alg", "a secret is for HS256, HS384 or HS512")
	}
	if len(secret) < s.hash.Size() {
		return nil, newError(KeyTooWeak, "k", "the secret is shorter than the hash")
	}
	return newKey(algorithm, newHMAC(s.hash, secret)), nil
}

// hmacKey keeps keyed states in a pool. A state whose key has been absorbed saves two of the compressions that a fresh one needs for
// every token, and reusing it allocates nothing.
type hmacKey struct {
	hash   crypto.Hash
	secret []byte // nil once it was wiped: such a key verifies and signs nothing
	states sync.Pool
}

// hmacState carries its own output, because a buffer handed to hash.Hash from the stack would be moved to the heap.
type hmacState struct {
	mac    hash.Hash
	traces keyTraces
	sum    [64]byte
}

func newHMACState(h crypto.Hash, secret []byte) *hmacState {
	state := new(hmacState)
	state.mac = hmac.New(state.traces.hashes(h), secret)
	state.mac.Reset() // from here on it needs no block made of the key
	return state
}

func (s *hmacState) wipe() {
	s.traces.wipe()
	clear(s.sum[:])
}

func newHMAC(h crypto.Hash, secret []byte) *hmacKey {
	return &hmacKey{hash: h, secret: append([]byte(nil), secret...)}
}

func (k *hmacKey) state() *hmacState {
	if state, ok := k.states.Get().(*hmacState); ok {
		return state
	}
	return newHMACState(k.hash, k.secret)
}

// sum leaves the code of signingInput in the state.
func (s *hmacState) compute(signingInput []byte) []byte {
	s.mac.Reset()
	s.mac.Write(signingInput)
	return s.mac.Sum(s.sum[:0])
}

func (k *hmacKey) verify(signingInput, signature []byte) bool {
	if k.secret == nil {
		return false
	}
	state := k.state()
	equal := hmac.Equal(state.compute(signingInput), signature)
	k.states.Put(state)
	return equal
}

func (k *hmacKey) appendSignature(dst, signingInput []byte) ([]byte, error) {
	if k.secret == nil {
		return dst, SigningFailed
	}
	state := k.state()
	dst = append(dst, state.compute(signingInput)...)
	k.states.Put(state)
	return dst, nil
}

func (k *hmacKey) private() bool     { return true }
func (k *hmacKey) public() primitive { return nil }

func (k *hmacKey) jwk() (public, private []jwkMember) {
	return []jwkMember{{"kty", "oct"}}, []jwkMember{binaryMember("k", k.secret)}
}

func (k *hmacKey) wipe() {
	clear(k.secret)
	k.secret = nil
	for {
		state, ok := k.states.Get().(*hmacState)
		if !ok {
			return
		}
		state.wipe()
	}
}
