package main

import (
	"github.com/jeton-dev/jeton/core"
)

// keyFile is what a JWK file holds: one key, or a set of them.
type keyFile struct {
	key *core.Key
	set *core.KeySet // nil when the file is a single JWK
}

// parseKeys reads a JWK or a JWK Set; a set is an object with the member "keys". Accepted is as for core.ParseJWK.
func parseKeys(data []byte, accepted ...core.Algorithm) (keyFile, error) {
	if object, err := core.ParseObject(data, core.Limits{Members: 1 << 16}); err == nil {
		if _, isSet := object.Get("keys"); isSet {
			set, err := core.ParseJWKSet(data, accepted...)
			return keyFile{set: set}, err
		}
	}
	key, err := core.ParseJWK(data, accepted...)
	return keyFile{key: key}, err
}

// readKeys reads the JWK or JWK Set that a flag names.
func readKeys(flag, path string, accepted ...core.Algorithm) (keyFile, error) {
	data, err := readFile(flag, path)
	if err != nil {
		return keyFile{}, err
	}
	keys, err := parseKeys(data, accepted...)
	if err != nil {
		return keyFile{}, usageError("%s %s: %w", flag, path, err)
	}
	return keys, nil
}

// keys returns what a verifier looks keys up in.
func (f keyFile) keys() core.Keys {
	if f.set != nil {
		return f.set
	}
	return f.key
}

// single returns the only key, or nil when a set holds several.
func (f keyFile) single() *core.Key {
	if f.set == nil {
		return f.key
	}
	if keys := f.set.Keys(); len(keys) == 1 {
		return keys[0]
	}
	return nil
}

// publicJSON returns the JWK or JWK Set of the public parts.
func (f keyFile) publicJSON() ([]byte, error) {
	if f.set != nil {
		published, err := f.set.Public()
		if err != nil {
			return nil, err
		}
		return published.MarshalJSON()
	}
	published, err := f.key.Public()
	if err != nil {
		return nil, err
	}
	return published.MarshalJWK()
}
