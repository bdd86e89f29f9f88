package core

import (
	"strings"

	"github.com/jeton-dev/jeton/core/internal/jsontext"
)

// Header is what a token's header says about itself, none of it checked: the signature is verified with what is chosen by it.
type Header struct {
	Algorithm string // "alg"
	KeyID     string // "kid", or "" when absent
	Type      string // "typ", or "" when absent
}

// header is a decoded JOSE header (RFC 7515 section 4).
//
// Members that carry or point to keys ("jwk", "jku", "x5c", "x5u") are never looked at: a token does not bring the key that it is
// checked with.
type header struct {
	object    Object
	algorithm Value
	keyID     Value // the zero Value when absent
	typ       Value // the zero Value when absent
}

// read parses the header and refuses members of the wrong type and every extension: "crit" (RFC 7515 section 4.1.11) names something
// this package does not do, and "b64" (RFC 7797 section 7) has no place in a JWT.
func (h *header) read(text []byte, limits Limits) *Error {
	h.object.data, h.object.limits = text, limits.forJSON()
	h.algorithm, h.keyID, h.typ = Value{}, Value{}, Value{}
	if err := h.object.scan(HeaderMalformed); err != nil {
		return err
	}
	var contentType Value
	for i := range h.object.members {
		value := h.object.value(i)
		switch {
		case h.object.named(i, "alg"):
			h.algorithm = value
		case h.object.named(i, "kid"):
			h.keyID = value
		case h.object.named(i, "typ"):
			h.typ = value
		case h.object.named(i, "cty"):
			contentType = value
		case h.object.named(i, "crit"):
			return newError(CriticalUnsupported, "crit", "")
		case h.object.named(i, "b64"):
			return newError(CriticalUnsupported, "b64", "")
		}
	}
	switch {
	case h.algorithm.kind != jsontext.String:
		return newError(HeaderMalformed, "alg", "missing or not a string")
	case !stringOrAbsent(h.keyID):
		return newError(HeaderMalformed, "kid", "not a string")
	case len(h.keyID.raw) > maximumKeyID+len(`""`):
		return newError(HeaderMalformed, "kid", "longer than 256 bytes")
	case !stringOrAbsent(h.typ):
		return newError(HeaderMalformed, "typ", "not a string")
	case !stringOrAbsent(contentType):
		return newError(HeaderMalformed, "cty", "not a string")
	}
	return nil
}

func stringOrAbsent(v Value) bool { return v.kind == jsontext.String || v.kind == jsontext.Invalid }

// scheme returns the scheme of the header's algorithm, or nil when there is none: "none" included.
func (h *header) scheme() *scheme {
	for i := range schemes {
		if h.algorithm.equal(string(schemes[i].algorithm)) {
			return &schemes[i]
		}
	}
	return nil
}

func (h *header) export() Header {
	algorithm, _ := h.algorithm.Text()
	keyID, _ := h.keyID.Text()
	typ, _ := h.typ.Text()
	return Header{Algorithm: algorithm, KeyID: keyID, Type: typ}
}

// hasType reports whether the header's "typ" is the media type want: without regard to case, and to an "application/" in front of
// either (RFC 7515 section 4.1.9).
func (h *header) hasType(want string) bool {
	if !h.typ.present() {
		return false
	}
	got := textOf(h.typ.content())
	if strings.IndexByte(got, '\\') >= 0 {
		got, _ = h.typ.Text()
	}
	return sameType(got, want)
}

func sameType(a, b string) bool { return equalFold(trimApplication(a), trimApplication(b)) }

func trimApplication(mediaType string) string {
	const prefix = "application/"
	if len(mediaType) > len(prefix) && equalFold(mediaType[:len(prefix)], prefix) {
		return mediaType[len(prefix):]
	}
	return mediaType
}

// equalFold compares ASCII text without regard to case. Unicode folding would let a Kelvin sign pass for a k.
func equalFold(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range len(a) {
		if lower(a[i]) != lower(b[i]) {
			return false
		}
	}
	return true
}

func lower(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}
