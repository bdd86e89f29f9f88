//go:build wasm

package core

import (
	"crypto"
	"hash"
)

// keyTraces are the places where crypto/hmac leaves what follows from a key. A module's memory is open to its host, so they can be wiped.
type keyTraces struct {
	left []*keyedHash
}

// hashes returns what crypto/hmac makes its hashes with.
func (t *keyTraces) hashes(h crypto.Hash) func() hash.Hash {
	return func() hash.Hash {
		keyed := newKeyedHash(h)
		t.left = append(t.left, keyed)
		return keyed
	}
}

func (t *keyTraces) wipe() {
	for _, keyed := range t.left {
		keyed.wipe()
	}
}

// resumable is what every hash of the standard library is: its state can be taken out and put back.
type resumable interface {
	MarshalBinary() ([]byte, error)
	UnmarshalBinary([]byte) error
}

// keyedHash is a hash for crypto/hmac that can be wiped. That package blows the key up into two blocks and keeps, once it is reset, the
// states behind them; it lets go of each without erasing it. The blocks are what it writes first and the states what it takes out, so
// both pass through here.
type keyedHash struct {
	hash   hash.Hash // a field and not embedded: that would make TinyGo's module a kilobyte larger
	block  []byte    // the last that was written, until there is a state
	digest []byte    // of a key longer than a block, which stands in for it
	state  []byte
}

func newKeyedHash(h crypto.Hash) *keyedHash {
	return &keyedHash{hash: h.New()}
}

func (h *keyedHash) Reset()         { h.hash.Reset() }
func (h *keyedHash) Size() int      { return h.hash.Size() }
func (h *keyedHash) BlockSize() int { return h.hash.BlockSize() }
func (h *keyedHash) UnmarshalBinary(data []byte) error {
	return h.hash.(resumable).UnmarshalBinary(data)
}

func (h *keyedHash) Write(data []byte) (int, error) {
	if h.state == nil {
		h.block = data
	}
	return h.hash.Write(data)
}

func (h *keyedHash) Sum(dst []byte) []byte {
	sum := h.hash.Sum(dst)
	if h.state == nil {
		h.digest = sum[len(dst):]
	}
	return sum
}

// MarshalBinary is called once, when the block has been written for the last time.
func (h *keyedHash) MarshalBinary() ([]byte, error) {
	state, err := h.hash.(resumable).MarshalBinary()
	if err != nil {
		return nil, err
	}
	clear(h.block)
	clear(h.digest)
	h.block, h.digest, h.state = nil, nil, state
	return state, nil
}

// wipe erases what follows from the key. The hash must not be used afterwards.
func (h *keyedHash) wipe() {
	clear(h.block)
	clear(h.digest)
	clear(h.state)
	h.Reset()
}
