package keys

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"encoding/pem"

	"github.com/lestrrat-go/jwx/v2/jwk"

	"github.com/jeton-dev/jeton/core"
)

// maximumPEM is the largest PEM text that is read, in bytes.
const maximumPEM = 64 << 10

// ParsePEM reads one key from PEM text of at most 64 KiB: a private key as PKCS #1, PKCS #8 or SEC 1, a public key as PKCS #1 or
// SubjectPublicKeyInfo, or the public key of an X.509 certificate, whose chain nobody checks here: see [VerifyCertificate]. The key is
// bound to algorithm, which must fit it, and has no key ID.
//
// It refuses text that holds no block, more than one or a damaged one (core.KeyMalformed), an encrypted key or one of another kind
// (core.KeyUnsupported), an algorithm for other keys (core.AlgorithmMismatch), and everything that core's constructors refuse. Text
// around the block is ignored (RFC 7468 section 2), and so is the block of curve parameters that OpenSSL writes in front of an EC key:
// the key names its curve itself. Errors are of type *core.Error. ParsePEM is safe for concurrent use.
func ParsePEM(text []byte, algorithm core.Algorithm) (*core.Key, error) {
	raw, err := parsePEM(text)
	if err != nil {
		return nil, err
	}
	return bind(raw, algorithm)
}

// parsePEM returns the one key in the text, as the standard library has it.
func parsePEM(text []byte) (any, *core.Error) {
	block, err := onlyBlock(text)
	if err != nil {
		return nil, err
	}
	raw, _, failed := jwk.DecodePEM(pem.EncodeToMemory(block))
	if failed != nil {
		return nil, refuse(core.KeyUnsupported, "", "not a well-formed unencrypted RSA, EC or Ed25519 key")
	}
	return raw, nil
}

// onlyBlock returns the one block in the text. A block that encoding/pem would skip because it is damaged counts like any other.
func onlyBlock(text []byte) (*pem.Block, *core.Error) {
	blocks, err := splitPEM(text)
	if err != nil {
		return nil, err
	}
	if len(blocks) > 1 && blocks[0].Type == "EC PARAMETERS" {
		blocks = blocks[1:]
	}
	if len(blocks) > 1 {
		return nil, refuse(core.KeyMalformed, "", "more than one PEM block")
	}
	return blocks[0], nil
}

// splitPEM returns every block of the text, one at least.
func splitPEM(text []byte) ([]*pem.Block, *core.Error) {
	if len(text) > maximumPEM {
		return nil, refuse(core.KeyMalformed, "", "the PEM text is larger than 64 KiB")
	}
	var blocks []*pem.Block
	for rest := text; ; {
		block, after := pem.Decode(rest)
		if block == nil {
			break
		}
		if len(block.Headers) > 0 {
			return nil, refuse(core.KeyUnsupported, "", "a PEM block with headers, which an encrypted key has")
		}
		blocks, rest = append(blocks, block), after
	}
	switch {
	case bytes.Count(text, []byte("-----BEGIN")) != len(blocks):
		return nil, refuse(core.KeyMalformed, "", "a damaged PEM block")
	case len(blocks) == 0:
		return nil, refuse(core.KeyMalformed, "", "no PEM block")
	}
	return blocks, nil
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
		return nil, refuse(core.KeyUnsupported, "", "not an RSA, EC or Ed25519 key")
	}
	if err == nil && key.Algorithm() != algorithm && !(key.Algorithm() == core.EdDSA && algorithm == core.Ed25519) {
		return nil, refuse(core.AlgorithmMismatch, "alg", "the key is for "+string(key.Algorithm()))
	}
	return key, err
}
