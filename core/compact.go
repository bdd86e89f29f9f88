package core

import (
	"strings"
	"unsafe"

	"github.com/jeton-dev/jeton/core/internal/base64url"
)

// compact is a token in the compact serialization (RFC 7515 section 7.1), taken apart and decoded. Its space is reused by the next
// read, so that reading a token of ordinary size into a used one allocates nothing.
type compact struct {
	headerSegment string
	signingInput  string // header "." payload, as received
	buffer        []byte // what payload, signature and the text of ownHeader are parts of
	payload       []byte
	signature     []byte
	header        *header // &ownHeader, or one that a verifier knew already
	ownHeader     header
}

// split takes token apart: size first, then the three segments.
func (c *compact) split(token string, limits Limits) (payload, signature string, err *Error) {
	if len(token) > limits.TokenBytes {
		return "", "", newError(TokenTooLarge, "", "")
	}
	headerEnd := strings.IndexByte(token, '.')
	rest := token[headerEnd+1:]
	payloadLength := strings.IndexByte(rest, '.')
	if headerEnd <= 0 || payloadLength <= 0 || strings.IndexByte(rest[payloadLength+1:], '.') >= 0 {
		return "", "", newError(TokenMalformed, "", "")
	}
	c.headerSegment = token[:headerEnd]
	c.signingInput = token[:headerEnd+1+payloadLength]
	return rest[:payloadLength], rest[payloadLength+1:], nil
}

// read takes token apart and decodes all of it. It parses the header, unless known has it already, and looks no further into the
// payload.
func (c *compact) read(token string, limits Limits, known *knownHeaders) (*knownHeader, *Error) {
	payload, signature, err := c.split(token, limits)
	if err != nil {
		return nil, err
	}
	familiar := known.find(c.headerSegment)
	if c.buffer == nil {
		c.buffer = make([]byte, 0, base64url.DecodedLen(len(token)))
	}
	decoded := c.buffer[:0]
	okHeader := true
	if familiar == nil {
		decoded, okHeader = base64url.AppendDecode(decoded, c.headerSegment)
	}
	afterHeader := len(decoded)
	decoded, okPayload := base64url.AppendDecode(decoded, payload)
	afterPayload := len(decoded)
	decoded, okSignature := base64url.AppendDecode(decoded, signature)
	c.buffer = decoded
	if !okHeader || !okPayload || !okSignature {
		return nil, newError(EncodingInvalid, "", "")
	}
	c.payload = decoded[afterHeader:afterPayload:afterPayload]
	c.signature = decoded[afterPayload:]
	if familiar != nil {
		c.header = &familiar.header
		return familiar, nil
	}
	c.header = &c.ownHeader
	return nil, c.header.read(decoded[:afterHeader:afterHeader], limits)
}

// reset forgets what was read and keeps the space.
func (c *compact) reset() {
	buffer, members := c.buffer, c.ownHeader.object.members
	*c = compact{buffer: buffer[:0]}
	c.ownHeader.object.members = members[:0]
}

// headerOrNone returns the header, or an empty one when nothing was read.
func (c *compact) headerOrNone() *header {
	if c.header == nil {
		return &c.ownHeader
	}
	return c.header
}

// bytesOf returns the bytes of s without copying them. They must not be changed.
func bytesOf(s string) []byte {
	return unsafe.Slice(unsafe.StringData(s), len(s))
}

// textOf returns b as text without copying it. It must not change while the text is used.
func textOf(b []byte) string {
	return unsafe.String(unsafe.SliceData(b), len(b))
}
