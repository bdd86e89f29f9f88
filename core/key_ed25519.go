//go:build !tinygo

package core

import "crypto/ed25519"

// NewEd25519Key returns a signing key for EdDSA (RFC 8037). A key of the wrong length, or one whose two halves do not belong together,
// is refused with KeyMalformed.
func NewEd25519Key(private ed25519.PrivateKey) (*Key, error) {
	if len(private) != ed25519.PrivateKeySize {
		return nil, newError(KeyMalformed, "d", "not 64 bytes")
	}
	own := ed25519.NewKeyFromSeed(private[:ed25519.SeedSize])
	if !own.Equal(private) {
		return nil, newError(KeyMalformed, "d", "the private part does not fit the public one")
	}
	return newKey(EdDSA, &ed25519Key{publicKey: own.Public().(ed25519.PublicKey), privateKey: own}), nil
}

// NewEd25519PublicKey returns a verifying key for EdDSA (RFC 8037). A key that is not 32 bytes long, or not
// canonically encoded, is refused with KeyMalformed, and a point of small order with KeyTooWeak. A key that is no point of the curve is
// found when it verifies: nothing is signed by it.
func NewEd25519PublicKey(public ed25519.PublicKey) (*Key, error) {
	if len(public) != ed25519.PublicKeySize {
		return nil, newError(KeyMalformed, "x", "not 32 bytes")
	}
	if err := checkEd25519Encoding(public); err != nil {
		return nil, err
	}
	return newKey(EdDSA, &ed25519Key{publicKey: append(ed25519.PublicKey(nil), public...)}), nil
}

type ed25519Key struct {
	publicKey  ed25519.PublicKey
	privateKey ed25519.PrivateKey
}

func (k *ed25519Key) verify(signingInput, signature []byte) bool {
	return len(signature) == ed25519.SignatureSize && ed25519.Verify(k.publicKey, signingInput, signature)
}

func (k *ed25519Key) appendSignature(dst, signingInput []byte) ([]byte, error) {
	return append(dst, ed25519.Sign(k.privateKey, signingInput)...), nil
}

func (k *ed25519Key) private() bool { return k.privateKey != nil }

func (k *ed25519Key) public() primitive { return &ed25519Key{publicKey: k.publicKey} }

func (k *ed25519Key) jwk() (public, private []jwkMember) {
	public = []jwkMember{{"crv", "Ed25519"}, {"kty", "OKP"}, binaryMember("x", k.publicKey)}
	if k.privateKey == nil {
		return public, nil
	}
	return public, []jwkMember{binaryMember("d", k.privateKey.Seed())}
}

func (k *ed25519Key) wipe() { clear(k.privateKey) }
