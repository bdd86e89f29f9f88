package core

import (
	"math"
	"strconv"
	"time"

	"github.com/jeton-dev/jeton/core/internal/jsontext"
)

// Claims collects the claims of a token to be made, in order. The zero value is empty and ready to use. It is not safe for concurrent
// use. The setters return the Claims itself; a value that cannot stand in a token is remembered and refused when the token is made.
type Claims struct {
	members []claim
	err     *Error
}

type claim struct {
	name string
	json []byte
}

// RawJSON is a claim value that is JSON already.
type RawJSON []byte

// NewClaims returns an empty Claims.
func NewClaims() *Claims { return new(Claims) }

// ParseClaims returns the claims of a JSON object, in its order and with its values untouched. It refuses what [ParseObject] refuses.
func ParseClaims(data []byte) (*Claims, error) {
	object, err := readObject(data, jsontext.Limits{Depth: defaultDepth, Members: defaultMembers}, ClaimsInvalid)
	if err != nil {
		return nil, err
	}
	claims := NewClaims()
	for i := range object.Len() {
		name, value := object.Member(i)
		claims.members = append(claims.members, claim{name, append([]byte(nil), value.Raw()...)})
	}
	return claims, nil
}

// SetIssuer sets "iss".
func (c *Claims) SetIssuer(issuer string) *Claims { return c.Set("iss", issuer) }

// SetSubject sets "sub".
func (c *Claims) SetSubject(subject string) *Claims { return c.Set("sub", subject) }

// SetID sets "jti".
func (c *Claims) SetID(id string) *Claims { return c.Set("jti", id) }

// SetAudience sets "aud": a string for one audience, an array for several.
func (c *Claims) SetAudience(audience ...string) *Claims {
	if len(audience) == 1 {
		return c.Set("aud", audience[0])
	}
	return c.Set("aud", audience)
}

// SetExpiration sets "exp", in whole seconds.
func (c *Claims) SetExpiration(t time.Time) *Claims { return c.Set("exp", t) }

// SetNotBefore sets "nbf", in whole seconds.
func (c *Claims) SetNotBefore(t time.Time) *Claims { return c.Set("nbf", t) }

// SetIssuedAt sets "iat", in whole seconds.
func (c *Claims) SetIssuedAt(t time.Time) *Claims { return c.Set("iat", t) }

// Set sets a claim of any name, in its old place when it was set before. The value may be nil, a string, a bool, an integer, a finite
// float64, a []string, a []any of such values, a time.Time (written as a NumericDate in whole seconds, rounded down), or [RawJSON] for
// anything else.
func (c *Claims) Set(name string, value any) *Claims {
	json, ok := appendValue(nil, value)
	if !ok || !isText(name) {
		if c.err == nil {
			c.err = newError(ClaimsInvalid, "", "a claim's name or value cannot stand in a token")
		}
		return c
	}
	for i := range c.members {
		if c.members[i].name == name {
			c.members[i].json = json
			return c
		}
	}
	c.members = append(c.members, claim{name, json})
	return c
}

// Remove removes a claim, if it is there.
func (c *Claims) Remove(name string) *Claims {
	for i := range c.members {
		if c.members[i].name == name {
			c.members = append(c.members[:i], c.members[i+1:]...)
			break
		}
	}
	return c
}

// AppendJSON appends the claims as a compact JSON object to dst. It fails with ClaimsInvalid when a setter was given something that
// cannot stand in a token.
func (c *Claims) AppendJSON(dst []byte) ([]byte, error) {
	json, err := c.appendJSON(dst)
	if err != nil {
		return dst, err
	}
	return json, nil
}

func (c *Claims) appendJSON(dst []byte) ([]byte, *Error) {
	if c.err != nil {
		return dst, c.err
	}
	dst = append(dst, '{')
	for i, member := range c.members {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst, _ = jsontext.AppendQuoted(dst, member.name)
		dst = append(append(dst, ':'), member.json...)
	}
	return append(dst, '}'), nil
}

// appendValue appends value as JSON. It reports false for a value that has no JSON form.
func appendValue(dst []byte, value any) ([]byte, bool) {
	switch v := value.(type) {
	case nil:
		return append(dst, "null"...), true
	case string:
		return jsontext.AppendQuoted(dst, v)
	case bool:
		return strconv.AppendBool(dst, v), true
	case int:
		return strconv.AppendInt(dst, int64(v), 10), true
	case int32:
		return strconv.AppendInt(dst, int64(v), 10), true
	case int64:
		return strconv.AppendInt(dst, v, 10), true
	case uint32:
		return strconv.AppendUint(dst, uint64(v), 10), true
	case uint64:
		return strconv.AppendUint(dst, v, 10), true
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return dst, false
		}
		return strconv.AppendFloat(dst, v, 'g', -1, 64), true
	case time.Time:
		return strconv.AppendInt(dst, v.Unix(), 10), true
	case []string:
		return appendArray(dst, v)
	case []any:
		return appendArray(dst, v)
	case RawJSON:
		return append(dst, v...), len(v) > 0
	}
	return dst, false
}

func appendArray[T any](dst []byte, elements []T) ([]byte, bool) {
	dst = append(dst, '[')
	for i, element := range elements {
		if i > 0 {
			dst = append(dst, ',')
		}
		var ok bool
		if dst, ok = appendValue(dst, element); !ok {
			return dst, false
		}
	}
	return append(dst, ']'), true
}
