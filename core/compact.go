package core

import (
	"strings"
	"unsafe"

	"github.com/jeton-dev/jeton/core/internal/base64url"
)

// compact is a token in the compact serialization (RFC 7515 section 7.1), taken apart and decoded. Its space is reused by the next
// read, so that reading a token of ordinary size into a used one allocates nothing.
type compact struct {
	signingInput string // header "." payload, as received
	buffer       []byte // what the slices below are parts of
	headerText   []byte
	payload      []byte
	signature    []byte
	header       header
}

// read takes token apart: size first, then the three segments, then base64url, then the header. It looks no further into the payload.
func (c *compact) read(token string, limits Limits) *Error {
	if len(token) > limits.TokenBytes {
		return newError(TokenTooLarge, "", "")
	}
	headerEnd := strings.IndexByte(token, '.')
	payloadEnd := strings.LastIndexByte(token, '.')
	if headerEnd <= 0 || payloadEnd <= headerEnd+1 || strings.IndexByte(token[headerEnd+1:payloadEnd], '.') >= 0 {
		return newError(TokenMalformed, "", "")
	}
	c.signingInput = token[:payloadEnd]
	decoded, okHeader := base64url.AppendDecode(c.buffer[:0], token[:headerEnd])
	afterHeader := len(decoded)
	decoded, okPayload := base64url.AppendDecode(decoded, token[headerEnd+1:payloadEnd])
	afterPayload := len(decoded)
	decoded, okSignature := base64url.AppendDecode(decoded, token[payloadEnd+1:])
	c.buffer = decoded
	if !okHeader || !okPayload || !okSignature {
		return newError(EncodingInvalid, "", "")
	}
	c.headerText = decoded[:afterHeader:afterHeader]
	c.payload = decoded[afterHeader:afterPayload:afterPayload]
	c.signature = decoded[afterPayload:]
	return c.header.read(c.headerText, limits)
}

// bytesOf returns the bytes of s without copying them. They must not be changed.
func bytesOf(s string) []byte {
	return unsafe.Slice(unsafe.StringData(s), len(s))
}

// textOf returns b as text without copying it. It must not change while the text is used.
func textOf(b []byte) string {
	return unsafe.String(unsafe.SliceData(b), len(b))
}
