package claims

import (
	"encoding"
	"encoding/json"
	"reflect"

	"github.com/jeton-dev/jeton/core"
	"github.com/jeton-dev/jeton/core/internal/jsontext"
)

// encoding/json takes a member for a field when their names differ in case alone, and cannot be told otherwise. An issuer that lets its
// users choose some claim could then be made to write "SUB" beside, or instead of, "sub". So encoding/json never sees such a member:
// wherever a struct will be filled, what is not the exact name of one of its fields is left out of the text first. Given the exact name
// alone, encoding/json finds the field of that name and no other.

// exactPayload returns the payload of token as JSON, without the members that no field of a T has the exact name of.
func exactPayload(token *core.Token, t reflect.Type) []byte {
	return appendObject(nil, token.Payload(), token.Claims(), t)
}

// appendValue appends value as it will be read into a t.
func appendValue(dst []byte, value core.Value, t reflect.Type) []byte {
	if object, ok := value.Object(); ok {
		return appendObject(dst, value.Raw(), object, t)
	}
	target, ownReader := resolve(t)
	elements, ok := value.Elements()
	if ownReader || !ok || target.Kind() != reflect.Slice && target.Kind() != reflect.Array {
		return append(dst, value.Raw()...)
	}
	dst = append(dst, '[')
	for i, element := range elements {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendValue(dst, element, target.Elem())
	}
	return append(dst, ']')
}

// appendObject appends an object as it will be read into a t: into a struct, which has names for some members, into a map, whose names
// are all its own, or into something that takes the text as it is.
func appendObject(dst, text []byte, object *core.Object, t reflect.Type) []byte {
	target, ownReader := resolve(t)
	switch {
	case ownReader:
		return append(dst, text...)
	case target.Kind() == reflect.Struct:
		fields := fieldsOf(target)
		return appendMembers(dst, object, func(name string) (reflect.Type, bool) {
			t, known := fields[name]
			return t, known
		})
	case target.Kind() == reflect.Map:
		return appendMembers(dst, object, func(string) (reflect.Type, bool) { return target.Elem(), true })
	default:
		return append(dst, text...)
	}
}

// appendMembers appends the members that typeOf knows, each as it will be read into its type.
func appendMembers(dst []byte, object *core.Object, typeOf func(name string) (reflect.Type, bool)) []byte {
	dst = append(dst, '{')
	for i := range object.Len() {
		name, value := object.Member(i)
		t, known := typeOf(name)
		if !known {
			continue
		}
		if dst[len(dst)-1] != '{' {
			dst = append(dst, ',')
		}
		dst, _ = jsontext.AppendQuoted(dst, name)
		dst = appendValue(append(dst, ':'), value, t)
	}
	return append(dst, '}')
}

var (
	jsonReader = reflect.TypeFor[json.Unmarshaler]()
	textReader = reflect.TypeFor[encoding.TextUnmarshaler]()
)

// resolve follows pointers as encoding/json does, until something reads JSON for itself.
func resolve(t reflect.Type) (target reflect.Type, ownReader bool) {
	for {
		if t.Kind() != reflect.Interface && (reflect.PointerTo(t).Implements(jsonReader) || reflect.PointerTo(t).Implements(textReader)) {
			return t, true
		}
		if t.Kind() != reflect.Pointer {
			return t, false
		}
		t = t.Elem()
	}
}
