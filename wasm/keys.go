package main

import "github.com/jeton-dev/jeton/core"

// keyEntry is an imported key or key set.
type keyEntry struct {
	source core.Keys
	keys   []*core.Key
	signer *keySigner
}

// newEntry returns the entry of keys that were imported.
func newEntry(source core.Keys, keys ...*core.Key) keyEntry {
	return keyEntry{source: source, keys: keys, signer: new(keySigner)}
}

// importKey reads `{"key":…,"algorithms":[…]}` or `{"host":{"alg":…,"kid":…}}` and returns a handle.
func (m *module) importKey(length int32) int32 {
	m.begin()
	defer m.release()
	input, ok := m.take(length)
	if !ok {
		return m.refuse(lengthInvalid)
	}
	request, err := core.ParseObject(input, core.Limits{Members: 1 << 16})
	if err != nil {
		if known, ok := err.(*core.Error); ok && known.Code() == core.PayloadMalformed {
			err = core.KeyMalformed // the text of the key is a part of the request's
		}
		return m.failWith(err)
	}
	entry, err := readKey(request)
	if err != nil {
		return m.failWith(err)
	}
	handle := m.keys.add(entry)
	if handle == 0 {
		return m.refuse(handlesSpent)
	}
	return handle
}

func readKey(request *core.Object) (keyEntry, error) {
	options := optionsReader{object: request, known: []string{"key", "algorithms", "host"}}
	accepted := options.algorithms("algorithms")
	material, host := options.nested("key"), options.nested("host")
	if !options.valid() || (material == nil) == (host == nil) {
		return keyEntry{}, requestInvalid
	}
	if host != nil {
		return readHostKey(host)
	}
	value, _ := request.Get("key")
	if _, isSet := material.Get("keys"); isSet {
		set, err := core.ParseJWKSet(value.Raw(), accepted...)
		if err != nil {
			return keyEntry{}, err
		}
		return newEntry(set, set.Keys()...), nil
	}
	key, err := core.ParseJWK(value.Raw(), accepted...)
	if err != nil {
		return keyEntry{}, err
	}
	return newEntry(key, key), nil
}

func readHostKey(host *core.Object) (keyEntry, error) {
	options := optionsReader{object: host, known: []string{"alg", "kid"}}
	algorithm, id := options.text("alg"), options.text("kid")
	if !options.valid() {
		return keyEntry{}, options.err
	}
	key, err := core.NewHostKey(core.Algorithm(algorithm))
	if err != nil {
		return keyEntry{}, err
	}
	if key, err = key.WithID(id); err != nil {
		return keyEntry{}, err
	}
	return newEntry(key, key), nil
}

// describeKeys answers what a host needs to know of the keys behind a handle; of secrets, nothing but their algorithm.
func (m *module) describeKeys(handle int32) int32 {
	m.begin()
	entry, ok := m.keys.get(handle)
	if !ok {
		return m.refuse(handleInvalid)
	}
	list := core.RawJSON{'['}
	for i, key := range entry.keys {
		if i > 0 {
			list = append(list, ',')
		}
		description := core.NewClaims().Set("alg", string(key.Algorithm()))
		if key.ID() != "" {
			description.Set("kid", key.ID())
		}
		description.Set("host", key.HeldByHost()).Set("sign", key.CanSign())
		if public, err := key.Public(); err == nil {
			if jwk, err := public.MarshalJWK(); err == nil {
				description.Set("public", core.RawJSON(jwk))
			}
		}
		list, _ = description.AppendJSON(list)
	}
	list = append(list, ']')
	m.output, _ = core.NewClaims().Set("keys", list).AppendJSON(m.output)
	return m.answered()
}

// freeKey wipes the keys behind a handle and forgets it. A verifier built on it refuses from now on.
func (m *module) freeKey(handle int32) int32 {
	m.begin()
	entry, ok := m.keys.remove(handle)
	if !ok {
		return m.refuse(handleInvalid)
	}
	for _, key := range entry.keys {
		key.Wipe()
	}
	return 0
}
