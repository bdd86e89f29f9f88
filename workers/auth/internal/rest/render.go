package rest

import (
	"slices"
	"strconv"
	"strings"
)

// Object is a JSON object whose members keep their order. A value is nil, a string, a bool, an int, an int64, a [Number], an Object, a
// []Object, a []string or a []any of these.
type Object []Member

// Number is a number as it is to be written.
type Number string

// Member is one member of an [Object].
type Member struct {
	Name  string
	Value any
}

// NewObject returns an object of names and values that take turns, the way log/slog takes attributes.
func NewObject(namesAndValues ...any) Object {
	object := make(Object, 0, len(namesAndValues)/2)
	for i := 0; i < len(namesAndValues); i += 2 {
		object = append(object, Member{namesAndValues[i].(string), namesAndValues[i+1]})
	}
	return object
}

// Render writes a body as Python's json.dumps does: compact, or with every member on a line of its own when indent is not 0. Characters
// outside ASCII stand as they are, except the two line separators that JavaScript once could not read.
func Render(body any, indent int) []byte {
	w := writer{indent: indent}
	w.value(body, 0)
	return []byte(w.text.String())
}

// CanRender reports whether Render can write a value.
func CanRender(value any) bool {
	switch v := value.(type) {
	case nil, string, bool, int, int64, Number, []string:
		return true
	case Object:
		return !slices.ContainsFunc(v, func(m Member) bool { return !CanRender(m.Value) })
	case []Object:
		return !slices.ContainsFunc(v, func(o Object) bool { return !CanRender(o) })
	case []any:
		return !slices.ContainsFunc(v, func(element any) bool { return !CanRender(element) })
	}
	return false
}

type writer struct {
	text   strings.Builder
	indent int
}

func (w *writer) value(value any, depth int) {
	switch v := value.(type) {
	case nil:
		w.text.WriteString("null")
	case int:
		w.text.WriteString(strconv.Itoa(v))
	case int64:
		w.text.WriteString(strconv.FormatInt(v, 10))
	case Number:
		w.text.WriteString(string(v))
	case string:
		w.quote(v)
	case bool:
		w.text.WriteString(strconv.FormatBool(v))
	case Object:
		w.sequence('{', '}', len(v), depth, func(i int) {
			w.quote(v[i].Name)
			w.text.WriteByte(':')
			if w.indent > 0 {
				w.text.WriteByte(' ')
			}
			w.value(v[i].Value, depth+1)
		})
	case []Object:
		w.sequence('[', ']', len(v), depth, func(i int) { w.value(v[i], depth+1) })
	case []string:
		w.sequence('[', ']', len(v), depth, func(i int) { w.quote(v[i]) })
	case []any:
		w.sequence('[', ']', len(v), depth, func(i int) { w.value(v[i], depth+1) })
	default:
		panic("rest: a response holds a value of an unexpected type")
	}
}

// sequence writes what an array and an object have in common: brackets, commas and line breaks around n elements.
func (w *writer) sequence(open, end byte, n, depth int, element func(i int)) {
	w.text.WriteByte(open)
	for i := range n {
		if i > 0 {
			w.text.WriteByte(',')
		}
		w.breakLine(depth + 1)
		element(i)
	}
	if n > 0 {
		w.breakLine(depth)
	}
	w.text.WriteByte(end)
}

func (w *writer) breakLine(depth int) {
	if w.indent > 0 {
		w.text.WriteByte('\n')
		w.text.WriteString(strings.Repeat(" ", w.indent*depth))
	}
}

// shortEscapes are the characters with an escape of two.
var shortEscapes = map[rune]string{'"': `\"`, '\\': `\\`, '\b': `\b`, '\f': `\f`, '\n': `\n`, '\r': `\r`, '\t': `\t`}

func (w *writer) quote(text string) {
	w.text.WriteByte('"')
	plain := plainPrefix(text)
	w.text.WriteString(text[:plain])
	for _, char := range text[plain:] {
		short, ok := shortEscapes[char]
		switch {
		case ok:
			w.text.WriteString(short)
		case char < 0x20, char == '\u2028', char == '\u2029':
			code := strconv.FormatInt(int64(char), 16)
			w.text.WriteString(`\u` + "0000"[len(code):] + code)
		default: // what is not valid UTF-8 has become U+FFFD
			w.text.WriteRune(char)
		}
	}
	w.text.WriteByte('"')
}

// plainPrefix returns how many bytes at the start of a text are ASCII that stands for itself: all of a token.
func plainPrefix(text string) int {
	for i := range len(text) {
		if char := text[i]; char < 0x20 || char >= 0x80 || char == '"' || char == '\\' {
			return i
		}
	}
	return len(text)
}
