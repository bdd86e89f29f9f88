package keys

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"encoding/pem"

	"github.com/lestrrat-go/jwx/v2/jwk"

	"github.com/jeton-dev/jeton/core"
)

// maximumPEM is the largest PEM text that is read, in bytes.
const maximumPEM = 64 << 10

// ParsePEM reads one key from PEM text: a private key as PKCS #1, PKCS #8 or SEC 1, a public key as PKCS #1 or SubjectPublicKeyInfo, or
// the public key of an X.509 certificate (whose chain nobody checks here). The key is bound to algorithm, which must fit it.
//
// It refuses, with an error that errors.Is finds the code in, text that holds no key or more than one block (core.KeyMalformed), an encrypted key or one of another
// kind (core.KeyUnsupported), an algorithm for other keys (core.AlgorithmMismatch), and everything core's constructors refuse.
// ParsePEM is safe for concurrent use.
func ParsePEM(text []byte, algorithm core.Algorithm) (*core.Key, error) {
	if len(text) > maximumPEM {
		return nil, refusal{core.KeyMalformed, "the PEM text is larger than 64 KiB"}
	}
	block, rest := pem.Decode(text)
	if block == nil {
		return nil, refusal{core.KeyMalformed, "no PEM block"}
	}
	if next, _ := pem.Decode(rest); next != nil {
		return nil, refusal{core.KeyMalformed, "more than one PEM block"}
	}
	parsed, err := jwk.ParseKey(text, jwk.WithPEM(true))
	if err != nil {
		return nil, refusal{core.KeyUnsupported, "not an unencrypted RSA, EC or Ed25519 key"}
	}
	var raw any
	if err := parsed.Raw(&raw); err != nil {
		return nil, refusal{core.KeyUnsupported, "not an RSA, EC or Ed25519 key"}
	}
	return bind(raw, algorithm)
}

// bind makes core's key of a key of the standard library.
func bind(raw any, algorithm core.Algorithm) (key *core.Key, err error) {
	switch material := raw.(type) {
	case *rsa.PrivateKey:
		return core.NewRSAKey(algorithm, material)
	case *rsa.PublicKey:
		return core.NewRSAPublicKey(algorithm, material)
	case *ecdsa.PrivateKey:
		key, err = core.NewECDSAKey(material)
	case *ecdsa.PublicKey:
		key, err = core.NewECDSAPublicKey(material)
	case ed25519.PrivateKey:
		key, err = core.NewEd25519Key(material)
	case ed25519.PublicKey:
		key, err = core.NewEd25519PublicKey(material)
	default:
		return nil, refusal{core.KeyUnsupported, "not an RSA, EC or Ed25519 key"}
	}
	if err == nil && key.Algorithm() != algorithm && !(key.Algorithm() == core.EdDSA && algorithm == core.Ed25519) {
		return nil, refusal{core.AlgorithmMismatch, "the key is for " + string(key.Algorithm())}
	}
	return key, err
}

// refusal is an error with one of core's codes and fixed words.
type refusal struct {
	code   core.Code
	reason string
}

// Error returns the code and the reason.
func (r refusal) Error() string { return string(r.code) + ": " + r.reason }

// Unwrap returns the code, so that errors.Is finds it.
func (r refusal) Unwrap() error { return r.code }
