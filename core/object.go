package core

import (
	"strconv"

	"github.com/jeton-dev/jeton/core/internal/jsontext"
)

// Object is a JSON object that was read strictly: valid UTF-8, no member named twice, no lone surrogate. It refers to the bytes it was
// read from, which must not change while it is used.
type Object struct {
	data    []byte
	members []jsontext.Member
	limits  jsontext.Limits
}

// ParseObject reads data, which must hold one JSON object and nothing else but white space. It refuses with PayloadMalformed, or with
// LimitExceeded when the object is larger than limits allow.
func ParseObject(data []byte, limits Limits) (*Object, error) {
	limits, err := limits.resolve()
	if err != nil {
		return nil, err
	}
	object, err := readObject(data, limits.forJSON(), PayloadMalformed)
	if err != nil {
		return nil, err
	}
	return &object, nil
}

func readObject(data []byte, limits jsontext.Limits, malformed Code) (Object, *Error) {
	object := Object{data: data, limits: limits}
	err := object.scan(malformed)
	return object, err
}

// scan finds the members of o.data, reusing the space of o.members.
func (o *Object) scan(malformed Code) *Error {
	members, fault := jsontext.ScanObject(o.data, o.limits, o.members[:0])
	o.members = members
	switch {
	case fault == jsontext.None:
		return nil
	case fault.ExceedsLimit():
		return newError(LimitExceeded, "", fault.String())
	default:
		return newError(malformed, "", fault.String())
	}
}

// Get returns the member of that exact name.
func (o *Object) Get(name string) (Value, bool) {
	for i := range o.members {
		if o.named(i, name) {
			return o.value(i), true
		}
	}
	return Value{}, false
}

// Len returns the number of members.
func (o *Object) Len() int { return len(o.members) }

// Member returns the name and value of member i, in the order of the text.
func (o *Object) Member(i int) (string, Value) {
	return string(o.memberName(i)), o.value(i)
}

func (o *Object) named(i int, name string) bool {
	m := &o.members[i]
	content := o.data[m.NameStart:m.NameEnd]
	if m.NameEscaped {
		return jsontext.EqualText(content, name)
	}
	return string(content) == name
}

func (o *Object) value(i int) Value {
	m := &o.members[i]
	return Value{raw: o.data[m.ValueStart:m.ValueEnd], kind: m.Kind}
}

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
	n, err := strconv.ParseInt(string(v.raw), 10, 64)
	return n, err == nil
}

// Float returns a number as the nearest float64. It reports false for one out of its range.
func (v Value) Float() (float64, bool) {
	if v.kind != jsontext.Number {
		return 0, false
	}
	f, err := strconv.ParseFloat(string(v.raw), 64)
	return f, err == nil
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

// content returns what stands between the quotes of a string.
func (v Value) content() []byte { return v.raw[1 : len(v.raw)-1] }

// equal reports whether the value is the string text.
func (v Value) equal(text string) bool {
	return v.kind == jsontext.String && jsontext.EqualText(v.content(), text)
}
