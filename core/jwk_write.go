package core

import (
	"crypto/sha256"

	"github.com/jeton-dev/jeton/core/internal/base64url"
	"github.com/jeton-dev/jeton/core/internal/jsontext"
)

// jwkMember is one string member of a JWK.
type jwkMember struct{ name, value string }

func binaryMember(name string, data []byte) jwkMember {
	return jwkMember{name, string(base64url.AppendEncode(nil, data))}
}

func appendMembers(dst []byte, members []jwkMember) []byte {
	for _, member := range members {
		if dst[len(dst)-1] != '{' {
			dst = append(dst, ',')
		}
		dst, _ = jsontext.AppendQuoted(dst, member.name)
		dst = append(dst, ':')
		dst, _ = jsontext.AppendQuoted(dst, member.value)
	}
	return dst
}

// MarshalJWK returns the key as a JSON Web Key (RFC 7517), with its private part when it has one. Call Public first to publish a key.
// A host key has nothing to write: HostRequired.
func (k *Key) MarshalJWK() ([]byte, error) {
	jwk, err := k.appendJWK(nil)
	if err != nil {
		return nil, err
	}
	return jwk, nil
}

func (k *Key) appendJWK(dst []byte) ([]byte, *Error) {
	if k.primitive == nil || k.HeldByHost() && k.primitive.private() {
		return dst, newError(HostRequired, "", "")
	}
	public, private := k.primitive.jwk()
	dst = append(dst, '{')
	dst = appendMembers(dst, public)
	dst = appendMembers(dst, private)
	dst = appendMembers(dst, []jwkMember{{"alg", string(k.algorithm)}})
	if k.id != "" {
		dst = appendMembers(dst, []jwkMember{{"kid", k.id}})
	}
	return append(dst, '}'), nil
}

// Thumbprint returns the key's SHA-256 JWK thumbprint (RFC 7638) in base64url, 43 characters: a name for the key that anyone who has
// its public part can compute, and so a good key ID for [Key.WithID]. Algorithm and key ID are no part of it.
//
// A secret has none: KeyUnusable. RFC 7638 defines one, and warns of it in section 7: a name is made to be shown, and whoever sees this
// one can test guesses of the secret against it. That a secret is long enough does not make it random. A host key has nothing to take
// one of: HostRequired.
func (k *Key) Thumbprint() (string, error) {
	if k.primitive == nil {
		return "", newError(HostRequired, "", "")
	}
	if k.algorithm.Symmetric() {
		return "", newError(KeyUnusable, "", "a thumbprint would reveal something of the secret")
	}
	public, _ := k.primitive.jwk()
	text := append(appendMembers([]byte{'{'}, public), '}')
	sum := sha256.Sum256(text)
	return string(base64url.AppendEncode(nil, sum[:])), nil
}
