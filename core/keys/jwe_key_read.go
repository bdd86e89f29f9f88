package keys

import (
	"errors"
	"slices"
	"unicode/utf8"

	"github.com/lestrrat-go/jwx/v2/jwk"

	"github.com/jeton-dev/jeton/core"
)

// maximumJWK is the largest JWK of an encryption key that is read, in bytes, and maximumKeyID the longest key ID.
const maximumJWK, maximumKeyID = 64 << 10, 256

// ParseEncryptionPEM reads one RSA or EC key from PEM text by the rules of [ParsePEM] and binds it to the two algorithms. One that is for
// another kind of key is refused with core.AlgorithmMismatch.
func ParseEncryptionPEM(text []byte, algorithm KeyAlgorithm, content ContentAlgorithm) (*EncryptionKey, error) {
	raw, err := parsePEM(text)
	if err != nil {
		return nil, err
	}
	return bindEncryption(raw, algorithm, content)
}

// ParseEncryptionJWK reads one JSON Web Key (RFC 7517) of at most 64 KiB, secret, private or public, and binds it to the two algorithms.
//
// JSON that is not strict and a key whose parts do not belong together are refused with core.KeyMalformed, a key of another kind with
// core.KeyUnsupported or core.AlgorithmMismatch, and one whose "use", "key_ops" or "alg" say that it is for something else with
// core.KeyUnusable.
func ParseEncryptionJWK(data []byte, algorithm KeyAlgorithm, content ContentAlgorithm) (*EncryptionKey, error) {
	if len(data) > maximumJWK {
		return nil, refuse(core.KeyMalformed, "", "larger than 64 KiB")
	}
	object, err := core.ParseObject(data, core.Limits{})
	if err != nil {
		return nil, refuse(core.KeyMalformed, "", "not an acceptable JSON object")
	}
	id, encrypts, decrypts, refused := readPurpose(object, algorithm)
	if refused != nil {
		return nil, refused
	}
	raw, refused := readMaterial(data)
	if refused != nil {
		return nil, refused
	}
	key, err := bindEncryption(raw, algorithm, content)
	if err != nil {
		return nil, err
	}
	key.id = id
	if !decrypts {
		key.private = nil
	}
	if !encrypts && algorithm.symmetric() { // of a key pair, "key_ops" is about the half that is here, and the other encrypts
		key.public = nil
	}
	return key, nil
}

// readMaterial lets jwx read the key's own members.
func readMaterial(data []byte) (raw any, refused *core.Error) {
	defer func() {
		if recover() != nil {
			raw, refused = nil, refuse(core.KeyMalformed, "", "jwx panicked")
		}
	}()
	parsed, err := jwk.ParseKey(data)
	if err != nil {
		return nil, refuse(core.KeyMalformed, "", "jwx cannot read the key")
	}
	if err := parsed.Raw(&raw); err != nil {
		return nil, refuse(core.KeyMalformed, "", "the parts of the key do not fit together")
	}
	return raw, nil
}

// readPurpose returns the key ID and what the key may do by what its JWK says it is for.
func readPurpose(object *core.Object, algorithm KeyAlgorithm) (id string, encrypts, decrypts bool, refused *core.Error) {
	text := func(name string) string {
		value, present := object.Get(name)
		if !present {
			return ""
		}
		content, ok := value.Text()
		if !ok || content == "" {
			refused = refuse(core.KeyMalformed, name, "not a string, or empty")
		}
		return content
	}
	use, declared, id := text("use"), text("alg"), text("kid")
	encrypts, decrypts, operationsErr := readOperations(object)
	switch {
	case refused != nil:
	case operationsErr != nil:
		refused = operationsErr
	case use != "" && use != "enc":
		refused = refuse(core.KeyUnusable, "use", "it is not for encryption")
	case declared != "" && declared != string(algorithm):
		refused = refuse(core.KeyUnusable, "alg", "it is for another algorithm")
	case !validKeyID(id):
		refused = refuse(core.KeyMalformed, "kid", "not valid text of at most 256 bytes")
	}
	return id, encrypts, decrypts, refused
}

// readOperations reads "key_ops" (RFC 7517 section 4.3). Absent, it allows everything.
func readOperations(object *core.Object) (encrypts, decrypts bool, refused *core.Error) {
	value, present := object.Get("key_ops")
	if !present {
		return true, true, nil
	}
	elements, ok := value.Elements()
	if !ok {
		return false, false, refuse(core.KeyMalformed, "key_ops", "not an array")
	}
	for _, element := range elements {
		operation, ok := element.Text()
		if !ok {
			return false, false, refuse(core.KeyMalformed, "key_ops", "not an array of strings")
		}
		encrypts = encrypts || slices.Contains([]string{"encrypt", "wrapKey"}, operation)
		decrypts = decrypts || slices.Contains([]string{"decrypt", "unwrapKey", "deriveKey", "deriveBits"}, operation)
	}
	if !encrypts && !decrypts {
		return false, false, refuse(core.KeyUnusable, "key_ops", "it is not for encryption")
	}
	return encrypts, decrypts, nil
}

func validKeyID(id string) bool { return len(id) <= maximumKeyID && utf8.ValidString(id) }

// headerRefusal returns what core.ParseObject found wrong with a header, under the code for headers.
func headerRefusal(err error) *core.Error {
	if errors.Is(err, core.LimitExceeded) {
		return refuse(core.LimitExceeded, "", "")
	}
	return refuse(core.HeaderMalformed, "", "not an acceptable JSON object")
}
