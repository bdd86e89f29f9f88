package keys

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"

	"github.com/lestrrat-go/jwx/v2/jwk"

	"github.com/jeton-dev/jeton/core"
)

// EncryptionKey is a key for encrypting or decrypting with exactly one key algorithm and one content algorithm. Like a core.Key it is
// bound to them when it is made, so that a token's header can never choose. It is immutable and safe for concurrent use, and no key for
// signatures: a core.Key cannot become one, nor the other way round.
type EncryptionKey struct {
	algorithm KeyAlgorithm
	content   ContentAlgorithm
	id        string
	public    any // what encrypts: *rsa.PublicKey, *ecdsa.PublicKey, or the secret as []byte
	private   any // what decrypts: *rsa.PrivateKey, *ecdsa.PrivateKey, or the secret; nil when there is none
}

// NewSecretEncryptionKey returns a key for dir or A256GCMKW. The secret must have exactly 32 bytes, or it is refused with
// core.KeyMalformed; another algorithm with core.AlgorithmMismatch. The secret is copied. With either algorithm and A256GCM, one secret
// should encrypt no more than 2^32 tokens (NIST SP 800-38D section 8.3).
func NewSecretEncryptionKey(algorithm KeyAlgorithm, content ContentAlgorithm, secret []byte) (*EncryptionKey, error) {
	return bindEncryption(append([]byte(nil), secret...), algorithm, content)
}

// GenerateEncryptionKey makes a new key that decrypts: a secret of 32 bytes, a 3072-bit RSA key or a key on P-256. An algorithm that
// does not exist is refused with core.AlgorithmUnsupported.
func GenerateEncryptionKey(algorithm KeyAlgorithm, content ContentAlgorithm) (*EncryptionKey, error) {
	if err := checkAlgorithms(algorithm, content); err != nil {
		return nil, err
	}
	var raw any
	var err error
	switch {
	case algorithm.symmetric():
		secret := make([]byte, contentKeySize)
		rand.Read(secret)
		raw = secret
	case algorithm.agreement():
		raw, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	default:
		raw, err = rsa.GenerateKey(rand.Reader, 3072)
	}
	if err != nil {
		return nil, refuse(core.KeyUnusable, "", "no key could be made")
	}
	return bindEncryption(raw, algorithm, content)
}

// bindEncryption makes a key of one of the standard library's, once core found it sound: the rules for RSA and EC keys are those for
// signatures.
func bindEncryption(raw any, algorithm KeyAlgorithm, content ContentAlgorithm) (*EncryptionKey, error) {
	if err := checkAlgorithms(algorithm, content); err != nil {
		return nil, err
	}
	key := &EncryptionKey{algorithm: algorithm, content: content}
	var fits bool
	var err error
	switch material := raw.(type) {
	case []byte:
		fits = algorithm.symmetric()
		if len(material) != contentKeySize {
			err = refuse(core.KeyMalformed, "k", "not 32 bytes")
		}
		key.public, key.private = material, material
	case *rsa.PrivateKey:
		fits = algorithm == RSAOAEP256
		_, err = core.NewRSAKey(core.RS256, material)
		key.public, key.private = &material.PublicKey, material
	case *rsa.PublicKey:
		fits = algorithm == RSAOAEP256
		_, err = core.NewRSAPublicKey(core.RS256, material)
		key.public = material
	case *ecdsa.PrivateKey:
		fits = algorithm.agreement()
		_, err = core.NewECDSAKey(material)
		key.public, key.private = &material.PublicKey, material
	case *ecdsa.PublicKey:
		fits = algorithm.agreement()
		_, err = core.NewECDSAPublicKey(material)
		key.public = material
	default:
		return nil, refuse(core.KeyUnsupported, "", "not a secret, an RSA or an EC key")
	}
	switch {
	case !fits:
		return nil, refuse(core.AlgorithmMismatch, "alg", "it is for another kind of key")
	case err != nil:
		return nil, err
	}
	return key, nil
}

// Algorithm returns the key algorithm that the key is for.
func (k *EncryptionKey) Algorithm() KeyAlgorithm { return k.algorithm }

// ContentAlgorithm returns the content algorithm that the key is for.
func (k *EncryptionKey) ContentAlgorithm() ContentAlgorithm { return k.content }

// ID returns the key ID, or "" when the key has none.
func (k *EncryptionKey) ID() string { return k.id }

// WithID returns the same key under another key ID: the "kid" that an [Encrypter] writes and a [Decrypter] looks for. It refuses an ID
// of more than 256 bytes, or one that is not valid text, with core.KeyMalformed.
func (k *EncryptionKey) WithID(id string) (*EncryptionKey, error) {
	if !validKeyID(id) {
		return nil, refuse(core.KeyMalformed, "kid", "not valid text of at most 256 bytes")
	}
	named := *k
	named.id = id
	return &named, nil
}

// CanDecrypt reports whether the key can decrypt: it has a secret or private part, and no "key_ops" forbids it.
func (k *EncryptionKey) CanDecrypt() bool { return k.private != nil }

// Public returns the key without its private part, for those who encrypt. A secret has no public half: core.KeyUnusable.
func (k *EncryptionKey) Public() (*EncryptionKey, error) {
	if k.algorithm.symmetric() {
		return nil, refuse(core.KeyUnusable, "", "a secret has no public half")
	}
	half := *k
	half.private = nil
	return &half, nil
}

// MarshalJWK returns the key as a JSON Web Key (RFC 7517) for encryption, with its private part when it has one. Call Public first to
// publish a key. The content algorithm has no member in a JWK and is for whoever reads it to name again.
func (k *EncryptionKey) MarshalJWK() ([]byte, error) {
	raw := k.private
	if raw == nil {
		raw = k.public
	}
	key, err := jwk.FromRaw(raw)
	if err != nil {
		return nil, refuse(core.KeyUnsupported, "", "jwx cannot write the key")
	}
	members := map[string]string{jwk.KeyUsageKey: "enc", jwk.AlgorithmKey: string(k.algorithm)}
	if k.id != "" {
		members[jwk.KeyIDKey] = k.id
	}
	for name, value := range members {
		if err := key.Set(name, value); err != nil {
			return nil, refuse(core.KeyUnsupported, name, "jwx cannot write the key")
		}
	}
	text, err := json.Marshal(key)
	if err != nil {
		return nil, refuse(core.KeyUnsupported, "", "jwx cannot write the key")
	}
	return text, nil
}
