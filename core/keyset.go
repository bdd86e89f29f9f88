package core

// KeySet is a set of keys, found by key ID and algorithm. It is immutable and safe for concurrent use.
type KeySet struct {
	keys []*Key
}

// NewKeySet returns a set of the given keys. No two may share a key ID (KeyDuplicate), and the set must be all secrets, all private
// keys or all public ones: a set that mixes them is one about to be published by mistake (KeySetMalformed).
func NewKeySet(keys ...*Key) (*KeySet, error) {
	for i, key := range keys {
		if key == nil {
			return nil, newError(KeySetMalformed, "", "a nil key")
		}
		for _, earlier := range keys[:i] {
			if key.id != "" && key.id == earlier.id {
				return nil, newError(KeyDuplicate, "kid", "")
			}
		}
	}
	set := &KeySet{keys: append([]*Key(nil), keys...)}
	if err := set.check(); err != nil {
		return nil, err
	}
	return set, nil
}

// ParseJWKSet reads a JWK Set (RFC 7517 section 5) of at most 1 MiB and 1,000 keys.
//
// A key of another kind or for another purpose (an encryption key, an unknown "kty", an algorithm outside accepted) is left out, as the
// RFC asks. A key that is malformed or weak makes the whole set refused, as does one key ID used twice, a private key among public
// ones, or an empty set (KeySetMalformed). A set in which nothing usable is left is refused for the last key left out. An RSA key without "alg" counts for every algorithm in accepted
// that fits it.
func ParseJWKSet(data []byte, accepted ...Algorithm) (*KeySet, error) {
	set := &KeySet{}
	if err := set.read(data, accepted); err != nil {
		wipe(set.keys)
		return nil, err
	}
	return set, nil
}

func (s *KeySet) read(data []byte, accepted []Algorithm) *Error {
	if len(data) > maximumKeySet {
		return newError(KeySetMalformed, "", "larger than 1 MiB")
	}
	object, err := readObject(data, keyLimits, KeySetMalformed)
	if err != nil {
		return err
	}
	member, _ := object.Get("keys")
	entries, ok := member.Elements()
	if !ok {
		return newError(KeySetMalformed, "keys", "not an array")
	}
	if len(entries) > maximumKeys {
		return newError(KeySetMalformed, "keys", "more than 1,000 keys")
	}
	seen := make(map[string]bool)
	var leftOut *Error
	for _, entry := range entries {
		jwk, ok := entry.Object()
		if !ok {
			return newError(KeySetMalformed, "keys", "not an array of objects")
		}
		keys, err := keysOf(jwk, accepted)
		switch {
		case err != nil && (err.Code() == KeyUnsupported || err.Code() == KeyUnusable || err.Code() == KeyAlgorithmMissing):
			leftOut = err
			continue
		case err != nil:
			return err
		}
		if id := keys[0].id; id != "" {
			if seen[id] {
				wipe(keys)
				return newError(KeyDuplicate, "kid", "")
			}
			seen[id] = true
		}
		s.keys = append(s.keys, keys...)
	}
	if len(s.keys) == 0 && leftOut != nil {
		return leftOut
	}
	return s.check()
}

// check refuses an empty set and one that mixes secret, private and public keys.
func (s *KeySet) check() *Error {
	if len(s.keys) == 0 {
		return newError(KeySetMalformed, "keys", "no usable key")
	}
	first := exposureOf(s.keys[0])
	for _, key := range s.keys[1:] {
		if exposureOf(key) != first {
			return newError(KeySetMalformed, "keys", "secret, private and public keys are mixed")
		}
	}
	return nil
}

// exposure is who may see a key.
type exposure uint8

const (
	exposureSecret exposure = iota + 1
	exposurePrivate
	exposurePublic
	exposureHost
)

func exposureOf(key *Key) exposure {
	switch {
	case key.primitive == nil:
		return exposureHost
	case key.algorithm.Symmetric():
		return exposureSecret
	case key.primitive.private():
		return exposurePrivate
	default:
		return exposurePublic
	}
}

// Keys returns the keys in their order. The caller may change the slice.
func (s *KeySet) Keys() []*Key { return append([]*Key(nil), s.keys...) }

// Public returns the set of the keys' public parts, for publishing. It fails with KeyUnusable when the set holds secrets.
func (s *KeySet) Public() (*KeySet, error) {
	published := &KeySet{keys: make([]*Key, len(s.keys))}
	for i, key := range s.keys {
		half, err := key.Public()
		if err != nil {
			return nil, err
		}
		published.keys[i] = half
	}
	return published, nil
}

// MarshalJSON returns the set as a JWK Set, with private parts when its keys have them. Call Public first to publish it.
func (s *KeySet) MarshalJSON() ([]byte, error) {
	text := []byte(`{"keys":[`)
	for i, key := range s.keys {
		if i > 0 {
			text = append(text, ',')
		}
		var err *Error
		if text, err = key.appendJWK(text); err != nil {
			return nil, err
		}
	}
	return append(text, "]}"...), nil
}
