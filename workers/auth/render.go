package auth

import (
	"strconv"
	"strings"
)

// object is a JSON object whose members keep their order. A value is a string, a bool, an object, a []object or a []string.
type object []member

type member struct {
	name  string
	value any
}

// render writes a body as Python's json.dumps does: compact, or with every member on a line of its own when indent is not 0. Characters
// outside ASCII stand as they are, except the two line separators that JavaScript once could not read.
func render(body object, indent int) []byte {
	w := writer{indent: indent}
	w.value(body, 0)
	return []byte(w.text.String())
}

type writer struct {
	text   strings.Builder
	indent int
}

func (w *writer) value(value any, depth int) {
	switch v := value.(type) {
	case string:
		w.quote(v)
	case bool:
		w.text.WriteString(strconv.FormatBool(v))
	case object:
		w.sequence('{', '}', len(v), depth, func(i int) {
			w.quote(v[i].name)
			w.text.WriteByte(':')
			if w.indent > 0 {
				w.text.WriteByte(' ')
			}
			w.value(v[i].value, depth+1)
		})
	case []object:
		w.sequence('[', ']', len(v), depth, func(i int) { w.value(v[i], depth+1) })
	case []string:
		w.sequence('[', ']', len(v), depth, func(i int) { w.quote(v[i]) })
	default:
		panic("auth: a response holds a value of an unexpected type")
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
	for _, char := range text {
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
