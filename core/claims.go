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
	text    []byte // of all members that were ever set, one behind the other, each with a comma in front
	changed bool   // whether the text holds members that were replaced or removed
	err     *Error

	doubtful bool // whether a value was set that only a look at the whole payload can tell to be acceptable
	elements int  // of all arrays that were ever set
}

// claim is a member, and where its name and value stand as JSON in the text, comma included.
type claim struct {
	name       string
	start, end int
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
		text, ok := claims.appendName(name)
		claims.put(name, append(text, value.Raw()...), ok)
	}
	claims.doubtful = true
	return claims, nil
}

// SetIssuer sets "iss".
func (c *Claims) SetIssuer(issuer string) *Claims { return c.setText("iss", issuer) }

// SetSubject sets "sub".
func (c *Claims) SetSubject(subject string) *Claims { return c.setText("sub", subject) }

// SetID sets "jti".
func (c *Claims) SetID(id string) *Claims { return c.setText("jti", id) }

// SetAudience sets "aud": a string for one audience, an array for several.
func (c *Claims) SetAudience(audience ...string) *Claims {
	if len(audience) == 1 {
		return c.setText("aud", audience[0])
	}
	return c.Set("aud", audience)
}

// SetExpiration sets "exp", in whole seconds.
func (c *Claims) SetExpiration(t time.Time) *Claims { return c.setTime("exp", t) }

// SetNotBefore sets "nbf", in whole seconds.
func (c *Claims) SetNotBefore(t time.Time) *Claims { return c.setTime("nbf", t) }

// SetIssuedAt sets "iat", in whole seconds.
func (c *Claims) SetIssuedAt(t time.Time) *Claims { return c.setTime("iat", t) }

// Set sets a claim of any name, in its old place when it was set before. The value may be nil, a string, a bool, an integer, a finite
// float64, a []string, a []any of such values, a time.Time (written as a NumericDate in whole seconds, rounded down), or [RawJSON] for
// anything else.
func (c *Claims) Set(name string, value any) *Claims {
	text, ok := c.appendName(name)
	start := len(text)
	if ok {
		text, ok = appendValue(text, value)
	}
	if ok {
		c.consider(name, value, text[start:])
	}
	return c.put(name, text, ok)
}

// setText and setTime are Set for one type, which spares the value its way through an interface.
func (c *Claims) setText(name, value string) *Claims {
	text, _ := c.appendName(name)
	text, ok := jsontext.AppendQuoted(text, value)
	c.doubtful = c.doubtful || isDateClaim(name)
	return c.put(name, text, ok)
}

func (c *Claims) setTime(name string, value time.Time) *Claims {
	text, _ := c.appendName(name)
	c.doubtful = c.doubtful || value.Unix() < 0 || value.Unix() > lastInstant || isTextClaim(name)
	return c.put(name, strconv.AppendInt(text, value.Unix(), 10), true)
}

// appendName returns the text with a member's name and colon behind it, for a value to follow.
func (c *Claims) appendName(name string) ([]byte, bool) {
	if c.text == nil {
		c.text = make([]byte, 0, 384) // an ordinary payload
	}
	text, ok := jsontext.AppendQuoted(append(c.text, ','), name)
	return append(text, ':'), ok
}

// put takes the text with the member of that name at its end, or remembers that it cannot stand in a token.
func (c *Claims) put(name string, text []byte, ok bool) *Claims {
	if !ok {
		if c.err == nil {
			c.err = newError(ClaimsInvalid, "", "a claim's name or value cannot stand in a token")
		}
		return c
	}
	member := claim{name, len(c.text), len(text)}
	c.text = text
	for i := range c.members {
		if c.members[i].name == name {
			c.members[i], c.changed = member, true
			return c
		}
	}
	if c.members == nil {
		c.members = make([]claim, 0, usualMembers)
	}
	c.members = append(c.members, member)
	return c
}

// Remove removes a claim, if it is there.
func (c *Claims) Remove(name string) *Claims {
	for i := range c.members {
		if c.members[i].name == name {
			c.members, c.changed = append(c.members[:i], c.members[i+1:]...), true
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
	start := len(dst)
	if !c.changed {
		dst = append(dst, c.text...)
	} else {
		for _, member := range c.members {
			dst = append(dst, c.text[member.start:member.end]...)
		}
	}
	if len(dst) == start {
		dst = append(dst, '{')
	}
	dst[start] = '{' // in the place of the first comma
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
