package keys

import (
	"github.com/lestrrat-go/jwx/v2/jwa"
	"github.com/lestrrat-go/jwx/v2/jwe"

	"github.com/jeton-dev/jeton/core"
)

// Encrypter makes nested tokens: it signs first and encrypts what was signed (RFC 7519 section 11.2). It never compresses. It is
// immutable and safe for concurrent use.
type Encrypter struct {
	signer *core.Signer
	key    *EncryptionKey
}

// NewEncrypter returns an encrypter of tokens that signer makes, for whoever holds the private part of key. It refuses a missing argument
// with core.PolicyInvalid and a secret that its "key_ops" lets only decrypt with core.KeyUnusable.
func NewEncrypter(signer *core.Signer, key *EncryptionKey) (*Encrypter, error) {
	switch {
	case signer == nil || key == nil:
		return nil, refuse(core.PolicyInvalid, "", "no signer or no key")
	case key.public == nil:
		return nil, refuse(core.KeyUnusable, "key_ops", "it may not encrypt")
	}
	return &Encrypter{signer: signer, key: key}, nil
}

// Encode returns an encrypted token with a signed token of the claims inside, in the compact serialization. Claims are refused as by
// core.Signer.Encode, with the same codes; a key that cannot encrypt with core.KeyUnusable.
func (e *Encrypter) Encode(claims *core.Claims) (string, error) {
	signed, err := e.signer.Encode(claims)
	if err != nil {
		return "", err
	}
	sealed, refused := e.seal([]byte(signed))
	if refused != nil {
		return "", refused
	}
	return sealed, nil
}

// seal encrypts a signed token.
func (e *Encrypter) seal(signed []byte) (string, *core.Error) {
	header := jwe.NewHeaders()
	members := map[string]string{jwe.TypeKey: "JWT", jwe.ContentTypeKey: "JWT"}
	if e.key.id != "" {
		members[jwe.KeyIDKey] = e.key.id
	}
	for name, value := range members {
		if err := header.Set(name, value); err != nil {
			return "", refuse(core.KeyUnusable, name, "jwx cannot write the header")
		}
	}
	token, err := jwe.Encrypt(signed,
		jwe.WithKey(jwa.KeyEncryptionAlgorithm(e.key.algorithm), e.key.public),
		jwe.WithContentEncryption(jwa.ContentEncryptionAlgorithm(e.key.content)),
		jwe.WithProtectedHeaders(header),
	)
	if err != nil {
		return "", refuse(core.KeyUnusable, "", "jwx cannot encrypt with the key")
	}
	return string(token), nil
}
