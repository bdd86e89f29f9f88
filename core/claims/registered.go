package claims

import (
	"encoding/json"
	"errors"
	"reflect"
	"strconv"
	"time"

	"github.com/jeton-dev/jeton/core"
)

// Registered is the registered claims (RFC 7519 section 4.1), for embedding. A field with its zero value is absent.
type Registered struct {
	Issuer     string      `json:"iss,omitempty"`
	Subject    string      `json:"sub,omitempty"`
	Audience   Audience    `json:"aud,omitempty"`
	Expiration NumericDate `json:"exp,omitzero"`
	NotBefore  NumericDate `json:"nbf,omitzero"`
	IssuedAt   NumericDate `json:"iat,omitzero"`
	ID         string      `json:"jti,omitempty"`
}

// Audience is who a token is meant for. In JSON it is a string for one, and an array for several (RFC 7519 section 4.1.3); both are read.
type Audience []string

// MarshalJSON returns a string for one audience, or an array.
func (a Audience) MarshalJSON() ([]byte, error) {
	if len(a) == 1 {
		return json.Marshal(a[0])
	}
	return json.Marshal([]string(a))
}

// UnmarshalJSON reads a string or an array of strings.
func (a *Audience) UnmarshalJSON(text []byte) error {
	value, err := read(text)
	if err != nil || value.IsNull() {
		return err
	}
	if single, ok := value.Text(); ok {
		*a = Audience{single}
		return nil
	}
	several, ok := value.Texts()
	if !ok {
		return mismatch[Audience]()
	}
	*a = several
	return nil
}

// NumericDate is a time that is a number of seconds since 1970 in JSON (RFC 7519 section 2). Fractions are read, to the nanosecond;
// whole seconds are written, rounded down.
type NumericDate struct{ time.Time }

// MarshalJSON returns the number of seconds. It fails for a time before 1970, which no verifier takes: use omitzero for a time that may
// be the zero one.
func (d NumericDate) MarshalJSON() ([]byte, error) {
	if d.Unix() < 0 {
		return nil, errors.New("a date before 1970")
	}
	return strconv.AppendInt(nil, d.Unix(), 10), nil
}

// UnmarshalJSON reads a number of seconds between 1970 and 9999, into a time in UTC.
func (d *NumericDate) UnmarshalJSON(text []byte) error {
	value, err := read(text)
	if err != nil || value.IsNull() {
		return err
	}
	at, ok := value.Time()
	if !ok {
		return mismatch[NumericDate]()
	}
	d.Time = at
	return nil
}

// read reads one JSON value as core does.
func read(text []byte) (core.Value, error) {
	object, err := core.ParseObject(append(append([]byte(`{"value":`), text...), '}'), core.Limits{Depth: 1000, Members: 1 << 16})
	if err != nil {
		return core.Value{}, err
	}
	value, _ := object.Get("value")
	return value, nil
}

// mismatch is the error to which encoding/json adds the name of the field.
func mismatch[T any]() error {
	return &json.UnmarshalTypeError{Value: "value", Type: reflect.TypeFor[T]()}
}
