package core

import (
	"github.com/jeton-dev/jeton/core/internal/base64url"
	"github.com/jeton-dev/jeton/core/internal/jsontext"
)

// ParseJWK reads one JSON Web Key (RFC 7517), public, private or secret.
//
// The key is bound to the algorithm that its "alg" names, or else to the only one its curve allows. An RSA key or a secret without
// "alg" leaves the choice open; accepted must then name exactly one algorithm that fits (KeyAlgorithmMissing). When accepted is not
// empty, a key for another algorithm is refused with KeyUnusable, as is a key whose "use" or "key_ops" rule out signatures.
func ParseJWK(data []byte, accepted ...Algorithm) (*Key, error) {
	if len(data) > maximumKeySet {
		return nil, newError(KeyMalformed, "", "larger than 1 MiB")
	}
	object, err := readObject(data, keyLimits, KeyMalformed)
	if err != nil {
		return nil, err
	}
	keys, err := keysOf(&object, accepted)
	if err != nil {
		return nil, err
	}
	if len(keys) > 1 {
		return nil, newError(KeyAlgorithmMissing, "alg", "more than one accepted algorithm fits the key")
	}
	return keys[0], nil
}

// keysOf makes the keys that one JWK stands for: one for each algorithm it may be used with.
func keysOf(object *Object, accepted []Algorithm) ([]*Key, *Error) {
	reader := jwkReader{object: object}
	keyType := reader.text("kty")
	declared, id := reader.text("alg"), reader.text("kid")
	sign, verify := reader.operations()
	if reader.err != nil {
		return nil, reader.err
	}
	if !sign && !verify {
		return nil, newError(KeyUnusable, "use", "it is not for signatures")
	}
	if !validKeyID(id) {
		return nil, newError(KeyMalformed, "kid", "longer than 256 bytes")
	}
	algorithms, err := algorithmsFor(keyType, reader.text("crv"), declared, accepted)
	if err != nil {
		return nil, err
	}
	keys := make([]*Key, len(algorithms))
	for i, algorithm := range algorithms {
		key, err := reader.key(algorithm)
		if err != nil {
			wipe(keys[:i])
			return nil, err
		}
		key.id, keys[i] = id, key
		if !key.allowOps(sign, verify) {
			wipe(keys[:i+1])
			return nil, newError(KeyUnusable, "key_ops", "it allows nothing this key can do")
		}
	}
	return keys, nil
}

// algorithmsFor returns the algorithms that a JWK may be used with.
func algorithmsFor(keyType, curve, declared string, accepted []Algorithm) ([]Algorithm, *Error) {
	if declared != "" {
		s := schemeOf(Algorithm(declared))
		switch {
		case s == nil:
			return nil, newError(KeyUnsupported, "alg", "")
		case !s.fits(keyType, curve):
			return nil, newError(KeyMalformed, "alg", "it does not fit the key type")
		case len(accepted) > 0 && !contains(accepted, s.algorithm):
			return nil, newError(KeyUnusable, "alg", "not an accepted algorithm")
		}
		return []Algorithm{s.algorithm}, nil
	}
	var fitting, chosen []Algorithm
	for i := range schemes {
		s := &schemes[i]
		if s.algorithm != Ed25519 && s.fits(keyType, curve) {
			fitting = append(fitting, s.algorithm)
			if contains(accepted, s.algorithm) {
				chosen = append(chosen, s.algorithm)
			}
		}
	}
	switch {
	case len(fitting) == 0:
		return nil, newError(KeyUnsupported, "kty", "")
	case len(chosen) > 0:
		return chosen, nil
	case len(accepted) > 0:
		return nil, newError(KeyUnusable, "kty", "it fits no accepted algorithm")
	case len(fitting) > 1:
		return nil, newError(KeyAlgorithmMissing, "alg", "name the algorithm, in the key or when importing it")
	}
	return fitting, nil
}

// fits reports whether a JWK of that "kty" and "crv" can be a key of the scheme.
func (s *scheme) fits(keyType, curve string) bool {
	switch s.family {
	case familyHMAC:
		return keyType == "oct"
	case familyRSA, familyRSAPSS:
		return keyType == "RSA"
	case familyECDSA:
		return keyType == "EC" && curve == s.curve.name
	default:
		return keyType == "OKP" && curve == "Ed25519"
	}
}

// contains reports whether list has a, under either name of Ed25519.
func contains(list []Algorithm, a Algorithm) bool {
	for _, other := range list {
		if other.canonical() == a.canonical() {
			return true
		}
	}
	return false
}

// jwkReader takes members out of a JWK and keeps the first thing that was wrong.
type jwkReader struct {
	object *Object
	err    *Error
}

func (r *jwkReader) fail(code Code, member, reason string) {
	if r.err == nil {
		r.err = newError(code, member, reason)
	}
}

// text returns a string member, or "" when it is absent.
func (r *jwkReader) text(name string) string {
	value, present := r.object.Get(name)
	if !present {
		return ""
	}
	text, ok := value.Text()
	if !ok {
		r.fail(KeyMalformed, name, "not a string")
	}
	return text
}

// has reports whether the member is there.
func (r *jwkReader) has(name string) bool {
	_, present := r.object.Get(name)
	return present
}

// bytes returns a required base64url member. It decodes the JSON text in place, so that no copy of a secret is left behind.
func (r *jwkReader) bytes(name string) []byte {
	value, present := r.object.Get(name)
	switch {
	case !present:
		r.fail(KeyMalformed, name, "missing")
		return nil
	case value.kind != jsontext.String:
		r.fail(KeyMalformed, name, "not a string")
		return nil
	}
	data, ok := base64url.AppendDecode(nil, textOf(value.content()))
	if !ok || len(data) == 0 {
		r.fail(KeyMalformed, name, "not canonical base64url")
	}
	return data
}

// operations returns what "use" and "key_ops" allow (RFC 7517 sections 4.2 and 4.3). Both absent allow everything.
func (r *jwkReader) operations() (sign, verify bool) {
	if use := r.text("use"); r.has("use") && use != "sig" {
		return false, false
	}
	value, present := r.object.Get("key_ops")
	if !present {
		return true, true
	}
	elements, ok := value.Elements()
	if !ok {
		r.fail(KeyMalformed, "key_ops", "not an array")
	}
	for i, element := range elements {
		text, ok := element.Text()
		if !ok {
			r.fail(KeyMalformed, "key_ops", "not an array of strings")
		}
		for _, earlier := range elements[:i] {
			if earlier.equal(text) {
				r.fail(KeyMalformed, "key_ops", "an operation occurs twice")
			}
		}
		sign = sign || text == "sign"
		verify = verify || text == "verify"
	}
	return sign, verify
}

// key reads the members of one key type.
func (r *jwkReader) key(algorithm Algorithm) (key *Key, err *Error) {
	switch schemeOf(algorithm).family {
	case familyHMAC:
		key = r.hmacKey(algorithm)
	case familyRSA, familyRSAPSS:
		key = r.rsaKey(algorithm)
	case familyECDSA:
		key = r.ecdsaKey(schemeOf(algorithm))
	default:
		key = r.ed25519Key(algorithm)
	}
	if r.err != nil {
		return nil, r.err
	}
	return key, nil
}

func (r *jwkReader) hmacKey(algorithm Algorithm) *Key {
	secret := r.bytes("k")
	if r.err != nil {
		return nil
	}
	key := r.made(NewHMACKey(algorithm, secret))
	clear(secret)
	return key
}

func (r *jwkReader) sized(name string, size int) []byte {
	data := r.bytes(name)
	if len(data) != size {
		r.fail(KeyMalformed, name, "not the length of the curve")
	}
	return data
}

// named keeps the name under which a JWK asked for its algorithm: EdDSA or Ed25519.
func (r *jwkReader) named(algorithm Algorithm, key *Key) *Key {
	if key != nil {
		key.algorithm = algorithm
	}
	return key
}

// made takes what a constructor returned.
func (r *jwkReader) made(key *Key, err error) *Key {
	if refused, ok := err.(*Error); ok && r.err == nil {
		r.err = refused
	}
	return key
}

func validKeyID(id string) bool {
	return len(id) <= maximumKeyID && isText(id)
}
