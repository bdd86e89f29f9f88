package core

import "github.com/jeton-dev/jeton/core/internal/jsontext"

// registered is the registered claims of a payload (RFC 7519 section 4.1), each the zero Value when absent, and the dates among them
// read.
type registered struct {
	issuer, subject, audience, id         Value
	expiration, notBefore, issuedAt       Value
	expiresAt, validFrom, issuedAtInstant instant
}

// read finds the registered claims among the members of payload and records each that is malformed. A malformed claim is never treated
// as an absent one.
func (r *registered) read(payload *Object, failed *failures) {
	*r = registered{}
	for i := range payload.members {
		m := &payload.members[i]
		name := payload.data[m.NameStart:m.NameEnd]
		if m.NameEscaped {
			name = jsontext.AppendText(nil, name)
		}
		if len(name) != len("exp") {
			continue // every registered claim has a name of three letters
		}
		value := payload.value(i)
		switch textOf(name) {
		case "exp":
			r.expiration = value
			r.expiresAt = date(value, "exp", failed)
		case "nbf":
			r.notBefore = value
			r.validFrom = date(value, "nbf", failed)
		case "iat":
			r.issuedAt = value
			r.issuedAtInstant = date(value, "iat", failed)
		case "iss":
			r.issuer = text(value, "iss", failed)
		case "sub":
			r.subject = text(value, "sub", failed)
		case "jti":
			r.id = text(value, "jti", failed)
		case "aud":
			r.audience = value
			if !validAudience(value) {
				failed.add(ClaimMalformed, "aud", "neither a string nor an array of strings")
			}
		}
	}
}

// memberName returns the name of member i with its escapes resolved.
func (o *Object) memberName(i int) []byte {
	m := &o.members[i]
	name := o.data[m.NameStart:m.NameEnd]
	if m.NameEscaped {
		return jsontext.AppendText(nil, name)
	}
	return name
}

func date(value Value, claim string, failed *failures) instant {
	if value.kind != jsontext.Number {
		failed.add(ClaimMalformed, claim, "not a number")
		return instant{}
	}
	at, ok := parseNumericDate(value.raw)
	if !ok {
		failed.add(ClaimMalformed, claim, "not a date between 1970 and 9999, in seconds")
	}
	return at
}

func text(value Value, claim string, failed *failures) Value {
	if value.kind != jsontext.String {
		failed.add(ClaimMalformed, claim, "not a string")
	}
	return value
}

// validAudience accepts a string or a non-empty array of strings (RFC 7519 section 4.1.3).
func validAudience(value Value) bool {
	if value.kind == jsontext.String {
		return true
	}
	if value.kind != jsontext.Array {
		return false
	}
	element, i, found := jsontext.NextElement(value.raw, 0)
	if !found {
		return false
	}
	for ; found; element, i, found = jsontext.NextElement(value.raw, i) {
		if element.Kind != jsontext.String {
			return false
		}
	}
	return true
}

// failures collects what is wrong with the claims. It holds more than there are checks, so that collecting needs no memory of its own
// until something has failed.
type failures struct {
	list []Failure
}

func (f *failures) add(code Code, claim, reason string) {
	f.list = append(f.list, Failure{code, claim, reason})
}

// has reports whether a claim has already been found malformed.
func (f *failures) has(claim string) bool {
	for _, failure := range f.list {
		if failure.Claim == claim {
			return true
		}
	}
	return false
}

func (f *failures) err() *Error {
	if len(f.list) == 0 {
		return nil
	}
	return &Error{failures: f.list}
}
