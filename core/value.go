package core

import (
	"math"
	"strconv"
	"time"

	"github.com/jeton-dev/jeton/core/internal/jsontext"
)

// Value is one JSON value of an [Object]. The zero Value is no value: every accessor reports false.
type Value struct {
	raw  []byte
	kind jsontext.Kind
}

// nestedLimits is for reading values inside an object that was found within its own limits: it bounds nothing more.
var nestedLimits = jsontext.Limits{Depth: maximumDepth, Members: maximumMembers}

// Raw returns the value's JSON text as it stood. The caller must not change it.
func (v Value) Raw() []byte { return v.raw }

// IsNull reports whether the value is null.
func (v Value) IsNull() bool { return v.kind == jsontext.Null }

// Text returns the text of a string.
func (v Value) Text() (string, bool) {
	if v.kind != jsontext.String {
		return "", false
	}
	return string(jsontext.AppendText(nil, v.content())), true
}

// Int returns a number that is written as an integer and fits 64 bits, exactly.
func (v Value) Int() (int64, bool) {
	if v.kind != jsontext.Number {
		return 0, false
	}
	if v.raw[0] != '-' {
		n, ok := parseDigits(v.raw)
		return int64(n), ok && n <= math.MaxInt64
	}
	n, ok := parseDigits(v.raw[1:])
	return -int64(n), ok && n <= -math.MinInt64
}

// Uint returns a number that is written as an integer of at least 0 and fits 64 bits, exactly.
func (v Value) Uint() (uint64, bool) {
	if v.kind != jsontext.Number {
		return 0, false
	}
	return parseDigits(v.raw)
}

// parseDigits reads what is written with digits alone. It reports false for anything else, and for more than 64 bits. The standard
// library's reader would bring its errors along, which weigh more than the scanner in a module that is downloaded.
func parseDigits(text []byte) (n uint64, ok bool) {
	for _, c := range text {
		digit := uint64(c - '0')
		if digit > 9 || n > math.MaxUint64/10 || n*10 > math.MaxUint64-digit {
			return 0, false
		}
		n = n*10 + digit
	}
	return n, true
}

// Float returns a number as the nearest float64. It reports false for one out of its range.
func (v Value) Float() (float64, bool) {
	if v.kind != jsontext.Number {
		return 0, false
	}
	f, err := strconv.ParseFloat(string(v.raw), 64)
	return f, err == nil
}

// Time returns a NumericDate (RFC 7519 section 2) in UTC: a number of seconds since 1970, fractions understood and cut to nanoseconds.
// It reports false for a date before 1970 or after the year 9999.
func (v Value) Time() (time.Time, bool) {
	if v.kind != jsontext.Number {
		return time.Time{}, false
	}
	at, ok := parseNumericDate(v.raw)
	if !ok {
		return time.Time{}, false
	}
	return at.time(), true
}

// Bool returns the value of true or false.
func (v Value) Bool() (value, ok bool) {
	return v.kind == jsontext.True, v.kind == jsontext.True || v.kind == jsontext.False
}

// Object returns the members of an object.
func (v Value) Object() (*Object, bool) {
	if v.kind != jsontext.Object {
		return nil, false
	}
	object, err := readObject(v.raw, nestedLimits, PayloadMalformed)
	return &object, err == nil
}

// Elements returns the elements of an array.
func (v Value) Elements() ([]Value, bool) {
	if v.kind != jsontext.Array {
		return nil, false
	}
	found, fault := jsontext.ScanElements(v.raw, nestedLimits, nil)
	values := make([]Value, len(found))
	for i, m := range found {
		values[i] = Value{raw: v.raw[m.ValueStart:m.ValueEnd], kind: m.Kind}
	}
	return values, fault == jsontext.None
}

// Texts returns the elements of an array of strings. It reports false when one of them is not a string.
func (v Value) Texts() ([]string, bool) {
	elements, ok := v.Elements()
	texts := make([]string, len(elements))
	for i, element := range elements {
		text, isText := element.Text()
		texts[i], ok = text, ok && isText
	}
	if !ok {
		return nil, false
	}
	return texts, true
}

// content returns what stands between the quotes of a string.
func (v Value) content() []byte { return v.raw[1 : len(v.raw)-1] }

// equal reports whether the value is the string text.
func (v Value) equal(text string) bool {
	return v.kind == jsontext.String && jsontext.EqualText(v.content(), text)
}
