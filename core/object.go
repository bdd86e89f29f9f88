package core

import "github.com/jeton-dev/jeton/core/internal/jsontext"

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

// usualMembers is how many members an object is given space for at first: as many as an ordinary token has claims.
const usualMembers = 12

// scan finds the members of o.data, reusing the space of o.members.
func (o *Object) scan(malformed Code) *Error {
	if o.members == nil {
		o.members = make([]jsontext.Member, 0, usualMembers)
	}
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

// reset forgets what was read and keeps the space.
func (o *Object) reset() { *o = Object{members: o.members[:0]} }

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
	return textOf(content) == name
}

func (o *Object) value(i int) Value {
	m := &o.members[i]
	return Value{raw: o.data[m.ValueStart:m.ValueEnd], kind: m.Kind}
}
