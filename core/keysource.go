package core

import "github.com/jeton-dev/jeton/core/internal/jsontext"

// Keys is where a verifier finds the key for a token: a [*Key], a [*KeySet], a [KeyFunc] or a [KeySetFunc]. The set of implementations
// is closed, because whoever chooses the key decides whether a token is genuine.
type Keys interface {
	// find returns the key for a token with this header, whose algorithm is that of s.
	find(h *header, s *scheme) (*Key, *Error)
	// candidates returns the keys known beforehand, or nil when they are not.
	candidates() []*Key
}

// KeyFunc finds the key for a token by what its header says about itself, none of which is checked yet. It must not fetch what the
// header points to. Returning neither a key nor an error means that there is no such key; an error becomes the cause of KeyNotFound.
// A KeyFunc must be safe for concurrent use if its verifier is.
type KeyFunc func(Header) (*Key, error)

func (f KeyFunc) find(h *header, s *scheme) (*Key, *Error) {
	key, err := f(h.export())
	switch {
	case err != nil:
		refused := newError(KeyNotFound, "kid", "")
		refused.cause = err
		return nil, refused
	case key == nil:
		return nil, newError(KeyNotFound, "kid", "")
	}
	return key.find(h, s)
}

func (f KeyFunc) candidates() []*Key { return nil }

// KeySetFunc finds the set in which a token's key is to be looked for, such as one that changes while a verifier lives. The key is then
// chosen as from a [KeySet]. It must not fetch what the header points to. Returning no set means KeySetUnavailable; an error becomes its
// cause. A KeySetFunc must be safe for concurrent use if its verifier is.
type KeySetFunc func(Header) (*KeySet, error)

func (f KeySetFunc) find(h *header, s *scheme) (*Key, *Error) {
	set, err := f(h.export())
	if err != nil || set == nil {
		refused := newError(KeySetUnavailable, "", "")
		refused.cause = err
		return nil, refused
	}
	return set.find(h, s)
}

func (f KeySetFunc) candidates() []*Key { return nil }

// find takes the key unless the token asks for another one: it names another algorithm, or both have key IDs and they differ.
func (k *Key) find(h *header, s *scheme) (*Key, *Error) {
	switch {
	case k.algorithm.canonical() != s.algorithm.canonical():
		return nil, newError(AlgorithmMismatch, "alg", "")
	case k.id != "" && h.keyID.kind != jsontext.Invalid && !h.keyID.equal(k.id):
		return nil, newError(KeyNotFound, "kid", "")
	case !k.canVerify:
		return nil, newError(KeyUnusable, "key_ops", "it may not verify")
	}
	return k, nil
}

func (k *Key) candidates() []*Key { return []*Key{k} }

// find takes the key that the token's key ID names, or, for a token without one, the only key for its algorithm. Keys are never tried
// one after another: how long that takes would tell which one it was.
func (s *KeySet) find(h *header, wanted *scheme) (*Key, *Error) {
	hasID := h.keyID.kind != jsontext.Invalid
	var found *Key
	named := false
	for _, key := range s.keys {
		if hasID && !h.keyID.equal(key.id) {
			continue
		}
		named = true
		if key.algorithm.canonical() != wanted.algorithm.canonical() || !key.canVerify {
			continue
		}
		if found != nil {
			return nil, newError(KeyAmbiguous, "kid", "the token names none of them")
		}
		found = key
	}
	switch {
	case found != nil:
		return found, nil
	case named:
		return nil, newError(AlgorithmMismatch, "alg", "")
	default:
		return nil, newError(KeyNotFound, "kid", "")
	}
}

func (s *KeySet) candidates() []*Key { return s.keys }
