package keys

import (
	"github.com/lestrrat-go/jwx/v2/jwa"
	"github.com/lestrrat-go/jwx/v2/jwe"

	"github.com/jeton-dev/jeton/core"
)

// Decrypter opens nested tokens: signed tokens inside encrypted ones (RFC 7519 section 11.2). What it decrypts comes out verified or not
// at all. It is immutable and safe for concurrent use.
type Decrypter struct {
	key      *EncryptionKey
	verifier *core.Verifier
	options  DecryptOptions
}

// DecryptOptions bounds what a [Decrypter] reads. A zero field means its default.
type DecryptOptions struct {
	// TokenBytes is the largest encrypted token, in bytes: 16,384 by default, 1,048,576 at most. The token inside has the limits of the
	// verifier.
	TokenBytes int
	// Decompress accepts content that was compressed before it was encrypted ("zip"). How long a compressed text is tells something
	// about it, so a sender who mixes a secret with what an attacker chose gives it away.
	Decompress bool
	// DecompressedBytes is where decompressing stops, in bytes: 250,000 by default, 1,048,576 at most.
	DecompressedBytes int
}

const (
	defaultSealedBytes, maximumSealedBytes             = 16 << 10, 1 << 20
	defaultDecompressedBytes, maximumDecompressedBytes = 250_000, 1 << 20
)

// NewDecrypter returns a decrypter for tokens that key decrypts and verifier accepts. It refuses a key that cannot decrypt with
// core.KeyUnusable, and a missing argument or options out of range with core.PolicyInvalid.
func NewDecrypter(key *EncryptionKey, verifier *core.Verifier, options DecryptOptions) (*Decrypter, error) {
	setDefault(&options.TokenBytes, defaultSealedBytes)
	setDefault(&options.DecompressedBytes, defaultDecompressedBytes)
	switch {
	case key == nil || verifier == nil:
		return nil, refuse(core.PolicyInvalid, "", "no key or no verifier")
	case !key.CanDecrypt():
		return nil, refuse(core.KeyUnusable, "", "it cannot decrypt")
	case options.TokenBytes < 0 || options.TokenBytes > maximumSealedBytes || options.DecompressedBytes < 0 || options.DecompressedBytes > maximumDecompressedBytes:
		return nil, refuse(core.PolicyInvalid, "", "a limit is out of range")
	}
	return &Decrypter{key: key, verifier: verifier, options: options}, nil
}

// Verify decrypts token and verifies the signed token inside. The checks go from the outside in: size, five segments, encoding, strict
// header, its algorithms and key ID, which must be the key's, then that "cty" says JWT (core.TypeMismatch), then the cryptography, then
// everything the verifier checks.
//
// Whatever fails in the cryptography is core.DecryptionFailed, with no word about what it was: an answer that told a wrong key from a
// wrong padding would help to find the text. What is inside must be a signed token: an encrypted one in its place is refused as
// core.TokenMalformed, so nothing nests deeper than twice.
func (d *Decrypter) Verify(token string) (*core.Token, error) {
	nested, err := d.open(token, true)
	if err != nil {
		return nil, err
	}
	return d.verifier.Verify(string(nested))
}

// open returns the content of a token that was found authentic, of a nested one only when nested is set.
func (d *Decrypter) open(token string, nested bool) ([]byte, *core.Error) {
	parts, err := splitSealed(token, d.options.TokenBytes)
	if err != nil {
		return nil, err
	}
	header, err := readSealedHeader(parts.header, d.key, d.options.Decompress)
	switch {
	case err != nil:
		return nil, err
	case nested && !header.isNested():
		return nil, refuse(core.TypeMismatch, "cty", "not JWT")
	case !parts.plausible(d.key):
		return nil, refuse(core.DecryptionFailed, "", "")
	}
	return d.decrypt(token)
}

// decrypt hands a token whose form is known to be good to jwx, which does the cryptography.
func (d *Decrypter) decrypt(token string) (content []byte, refused *core.Error) {
	defer func() {
		if recover() != nil {
			content, refused = nil, refuse(core.DecryptionFailed, "", "")
		}
	}()
	content, err := jwe.Decrypt([]byte(token),
		jwe.WithKey(jwa.KeyEncryptionAlgorithm(d.key.algorithm), d.key.private),
		jwe.WithMaxDecompressBufferSize(int64(d.options.DecompressedBytes)),
	)
	if err != nil {
		return nil, refuse(core.DecryptionFailed, "", "")
	}
	return content, nil
}
