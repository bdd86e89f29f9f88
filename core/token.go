package core

import (
	"strings"
	"time"

	"github.com/jeton-dev/jeton/core/internal/jsontext"
)

// Token is a token that was verified: its signature is good and its claims meet the policy. Only a [Verifier] makes one. It may be
// read concurrently, but not while VerifyInto fills it again.
type Token struct {
	compact   compact
	payload   Object
	claims    registered
	algorithm Algorithm
}

// reset forgets what was read and keeps the space.
func (t *Token) reset() {
	t.compact.reset()
	t.payload.reset()
	t.claims, t.algorithm = registered{}, ""
}

// Wipe empties the token and overwrites the bytes that it was read from. It is for a host that reads the tokens of several callers into
// one Token and must leave nothing of one for the next.
func (t *Token) Wipe() {
	clear(t.compact.buffer[:cap(t.compact.buffer)])
	t.reset()
}

// Issuer returns the claim "iss".
func (t *Token) Issuer() (string, bool) { return t.claims.issuer.Text() }

// Subject returns the claim "sub".
func (t *Token) Subject() (string, bool) { return t.claims.subject.Text() }

// ID returns the claim "jti".
func (t *Token) ID() (string, bool) { return t.claims.id.Text() }

// Audience returns the claim "aud": nil when it is absent, one element when it is a string.
func (t *Token) Audience() []string {
	if single, ok := t.claims.audience.Text(); ok {
		return []string{single}
	}
	audience, _ := t.claims.audience.Texts()
	return audience
}

// Expiration returns the claim "exp", in UTC.
func (t *Token) Expiration() (time.Time, bool) {
	return t.claims.expiresAt.time(), t.claims.expiration.present()
}

// NotBefore returns the claim "nbf", in UTC.
func (t *Token) NotBefore() (time.Time, bool) {
	return t.claims.validFrom.time(), t.claims.notBefore.present()
}

// IssuedAt returns the claim "iat", in UTC.
func (t *Token) IssuedAt() (time.Time, bool) {
	return t.claims.issuedAtInstant.time(), t.claims.issuedAt.present()
}

// Scope returns what the claim "scope" grants: the words of a string, parted by spaces (RFC 8693 section 4.2), or the elements of an
// array of strings, as some issuers write it. It returns nil when the claim is absent or neither, which grants nothing.
func (t *Token) Scope() []string {
	scope, _ := t.payload.Get("scope")
	if words, ok := scope.Text(); ok {
		return strings.FieldsFunc(words, func(r rune) bool { return r == ' ' })
	}
	list, _ := scope.Texts()
	return list
}

// Claim returns any claim by its exact name. Its value's accessors say which type they found: see [Value].
func (t *Token) Claim(name string) (Value, bool) { return t.payload.Get(name) }

// Claims returns all claims as an object.
func (t *Token) Claims() *Object { return &t.payload }

// Payload returns the payload's JSON as it was signed. The caller must not change it.
func (t *Token) Payload() []byte { return t.compact.payload }

// Header returns the header's JSON as it was signed. The caller must not change it.
func (t *Token) Header() []byte { return t.compact.headerOrNone().object.data }

// Algorithm returns the algorithm that the signature was checked with, under the name the header used.
func (t *Token) Algorithm() Algorithm { return t.algorithm }

// KeyID returns the header's "kid".
func (t *Token) KeyID() (string, bool) { return t.compact.headerOrNone().keyID.Text() }

// Type returns the header's "typ".
func (t *Token) Type() (string, bool) { return t.compact.headerOrNone().typ.Text() }

// Unverified is a token that was read and not checked: anyone may have written it. It is for showing and for debugging.
type Unverified struct {
	compact compact
	payload Object
}

// Decode reads a token without checking anything but its form: size, three segments, canonical base64url, and strict JSON objects for
// header and payload. It reads tokens of any algorithm, "none" included.
func Decode(token string) (*Unverified, error) {
	decoded := new(Unverified)
	if err := decoded.read(token); err != nil {
		return nil, err
	}
	return decoded, nil
}

// DecodeInto is Decode into an Unverified of the caller's, whose space it reuses: after the first tokens it allocates nothing. Whatever
// was read from dst before, slices included, is overwritten; so it is when DecodeInto fails, and dst is then empty.
func DecodeInto(dst *Unverified, token string) error {
	if err := dst.read(token); err != nil {
		dst.reset()
		return err
	}
	return nil
}

func (u *Unverified) read(token string) *Error {
	if _, err := u.compact.read(token, defaultLimits, nil); err != nil {
		return err
	}
	u.payload.data, u.payload.limits = u.compact.payload, defaultLimits.forJSON()
	return u.payload.scan(PayloadMalformed)
}

// reset forgets what was read and keeps the space.
func (u *Unverified) reset() {
	u.compact.reset()
	u.payload.reset()
}

// UnverifiedHeader returns the header's JSON as it stood. The caller must not change it.
func (u *Unverified) UnverifiedHeader() []byte { return u.compact.headerOrNone().object.data }

// UnverifiedPayload returns the payload's JSON as it stood. The caller must not change it.
func (u *Unverified) UnverifiedPayload() []byte { return u.compact.payload }

// UnverifiedSignature returns the signature's bytes, which nobody has checked. The caller must not change them.
func (u *Unverified) UnverifiedSignature() []byte { return u.compact.signature }

// UnverifiedClaim returns what the token says under that name, true or not.
func (u *Unverified) UnverifiedClaim(name string) (Value, bool) { return u.payload.Get(name) }

// UnverifiedAlgorithm returns what the header says in "alg", supported or not.
func (u *Unverified) UnverifiedAlgorithm() string { return u.compact.headerOrNone().export().Algorithm }

// UnverifiedKeyID returns what the header says in "kid", or "".
func (u *Unverified) UnverifiedKeyID() string { return u.compact.headerOrNone().export().KeyID }

// isText reports whether text can stand in a token: valid UTF-8 without NUL and byte order mark.
func isText(text string) bool {
	_, ok := jsontext.AppendQuoted(nil, text)
	return ok
}
