package keys

import (
	"crypto/ecdsa"
	"crypto/rsa"
	"strings"

	"github.com/jeton-dev/jeton/core"
	"github.com/jeton-dev/jeton/core/internal/base64url"
)

// maximumPartyInfo is the longest "apu" or "apv", in bytes.
const maximumPartyInfo = 256

// sealedHeader is the header of an encrypted token, as far as it is read (RFC 7516 section 4). Members that carry or point to keys are
// never looked at, but for "epk".
type sealedHeader struct {
	object      *core.Object
	contentType string
}

// readSealedHeader parses a header and holds it against the key: what it names must be what the key is for.
func readSealedHeader(text []byte, key *EncryptionKey, decompress bool) (*sealedHeader, *core.Error) {
	object, err := core.ParseObject(text, core.Limits{})
	if err != nil {
		return nil, headerRefusal(err)
	}
	if _, present := object.Get("crit"); present {
		return nil, refuse(core.CriticalUnsupported, "crit", "")
	}
	h := &sealedHeader{object: object}
	for _, check := range []func(*EncryptionKey) *core.Error{h.checkAlgorithm, h.checkContentAlgorithm, h.checkTexts, h.checkKeyID, h.checkParameters} {
		if err := check(key); err != nil {
			return nil, err
		}
	}
	return h, h.checkCompression(decompress)
}

// text returns a string member. It reports false when it is absent or no string.
func (h *sealedHeader) text(name string) (string, bool) {
	value, _ := h.object.Get(name)
	return value.Text()
}

func (h *sealedHeader) has(name string) bool {
	_, present := h.object.Get(name)
	return present
}

func (h *sealedHeader) checkAlgorithm(key *EncryptionKey) *core.Error {
	name, ok := h.text("alg")
	switch {
	case !ok:
		return refuse(core.HeaderMalformed, "alg", "missing or not a string")
	case !KeyAlgorithm(name).known():
		return refuse(core.AlgorithmUnsupported, "alg", "")
	case KeyAlgorithm(name) != key.algorithm:
		return refuse(core.AlgorithmMismatch, "alg", "")
	}
	return nil
}

func (h *sealedHeader) checkContentAlgorithm(key *EncryptionKey) *core.Error {
	name, ok := h.text("enc")
	switch {
	case !ok:
		return refuse(core.HeaderMalformed, "enc", "missing or not a string")
	case !ContentAlgorithm(name).known():
		return refuse(core.AlgorithmUnsupported, "enc", "")
	case ContentAlgorithm(name) != key.content:
		return refuse(core.AlgorithmMismatch, "enc", "")
	}
	return nil
}

func (h *sealedHeader) checkTexts(*EncryptionKey) *core.Error {
	for _, name := range []string{"kid", "typ", "cty"} {
		if _, ok := h.text(name); h.has(name) && !ok {
			return refuse(core.HeaderMalformed, name, "not a string")
		}
	}
	h.contentType, _ = h.text("cty")
	return nil
}

// checkKeyID refuses a token for another key, by the rule that core has for a single key.
func (h *sealedHeader) checkKeyID(key *EncryptionKey) *core.Error {
	id, present := h.text("kid")
	switch {
	case len(id) > maximumKeyID:
		return refuse(core.HeaderMalformed, "kid", "longer than 256 bytes")
	case present && key.id != "" && id != key.id:
		return refuse(core.KeyNotFound, "kid", "")
	}
	return nil
}

func (h *sealedHeader) checkCompression(allowed bool) *core.Error {
	if !h.has("zip") {
		return nil
	}
	if name, ok := h.text("zip"); !ok {
		return refuse(core.HeaderMalformed, "zip", "not a string")
	} else if !allowed || name != "DEF" {
		return refuse(core.AlgorithmUnsupported, "zip", "")
	}
	return nil
}

// checkParameters checks the members that belong to the key algorithm (RFC 7518 sections 4.6 and 4.7).
func (h *sealedHeader) checkParameters(key *EncryptionKey) *core.Error {
	switch {
	case key.algorithm == A256GCMKW:
		if iv, ok := h.bytes("iv"); !ok || len(iv) != gcmNonceSize {
			return refuse(core.HeaderMalformed, "iv", "not 12 bytes")
		}
		if tag, ok := h.bytes("tag"); !ok || len(tag) != tagSize {
			return refuse(core.HeaderMalformed, "tag", "not 16 bytes")
		}
	case key.algorithm.agreement():
		for _, name := range []string{"apu", "apv"} {
			if info, ok := h.bytes(name); h.has(name) && (!ok || len(info) > maximumPartyInfo) {
				return refuse(core.HeaderMalformed, name, "not base64url of at most 256 bytes")
			}
		}
		return h.checkEphemeralKey(key.public.(*ecdsa.PublicKey))
	}
	return nil
}

// checkEphemeralKey checks that "epk" is a public key on the very curve of own. A point off the curve would give away own's private
// part bit by bit (RFC 8725 section 3.4).
func (h *sealedHeader) checkEphemeralKey(own *ecdsa.PublicKey) *core.Error {
	member, _ := h.object.Get("epk")
	object, ok := member.Object()
	if !ok {
		return refuse(core.HeaderMalformed, "epk", "missing or not an object")
	}
	epk := &sealedHeader{object: object}
	keyType, _ := epk.text("kty")
	curve, _ := epk.text("crv")
	x, okX := epk.bytes("x")
	y, okY := epk.bytes("y")
	size := (own.Curve.Params().BitSize + 7) / 8
	switch {
	case keyType != "EC" || curve != own.Curve.Params().Name:
		return refuse(core.HeaderMalformed, "epk", "not on the curve of the key")
	case epk.has("d"):
		return refuse(core.HeaderMalformed, "epk", "it holds a private key")
	case !okX || !okY || len(x) != size || len(y) != size:
		return refuse(core.HeaderMalformed, "epk", "a coordinate has not the length of the curve")
	}
	if _, err := ecdsa.ParseUncompressedPublicKey(own.Curve, append(append([]byte{4}, x...), y...)); err != nil {
		return refuse(core.HeaderMalformed, "epk", "the point is not on the curve")
	}
	return nil
}

// bytes returns a member that is canonical base64url.
func (h *sealedHeader) bytes(name string) ([]byte, bool) {
	text, ok := h.text(name)
	if !ok {
		return nil, false
	}
	return base64url.AppendDecode(nil, text)
}

// isNested reports whether the content is said to be a JWT (RFC 7519 section 5.2), with or without "application/" (RFC 7516 section
// 4.1.12).
func (h *sealedHeader) isNested() bool {
	name := strings.ToLower(h.contentType)
	return name == "jwt" || name == "application/jwt"
}

// encryptedKeySize returns the length of the encrypted key in a token for k, in bytes.
func (k *EncryptionKey) encryptedKeySize() int {
	switch k.algorithm {
	case A256GCMKW:
		return contentKeySize
	case ECDHESA256KW:
		return contentKeySize + wrapOverhead
	case RSAOAEP256:
		return k.public.(*rsa.PublicKey).Size()
	default: // the content key is agreed on or known
		return 0
	}
}
