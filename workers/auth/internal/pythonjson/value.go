package pythonjson

import "unicode/utf8"

// Kind is the Python type that a JSON value becomes.
type Kind uint8

// The kinds, in the order of their names in kindNames.
const (
	None Kind = iota
	Bool
	Int
	Float
	String
	List
	Dict
)

var kindNames = [...]string{"NoneType", "bool", "int", "float", "str", "list", "dict"}

// String returns the name of the Python type.
func (k Kind) String() string { return kindNames[k] }

// Value is one JSON value as Python's json module reads it.
type Value struct {
	Kind Kind
	// Text is what Python's str() makes of a Bool, Int, Float or String. A lone surrogate in a String stands in it as the three bytes
	// that UTF-8 would have for it, which are not valid UTF-8: see [Surrogate].
	Text string
	// Names holds the member names of a Dict, Elements the values that belong to them, or the elements of a List. A name that the text
	// repeats is repeated here.
	Names    []string
	Elements []Value
}

// Get returns the member of a Dict with that name: the last one when the text has it more than once. It reports false when there is
// none, or when v is no Dict.
func (v Value) Get(name string) (Value, bool) {
	for i := len(v.Names) - 1; i >= 0; i-- {
		if v.Names[i] == name {
			return v.Elements[i], true
		}
	}
	return Value{}, false
}

// Surrogate returns the first lone surrogate in the Text of a Value, and whether there is one.
func Surrogate(text string) (rune, bool) {
	for i := 0; i+2 < len(text); i++ {
		if text[i] == 0xED && text[i+1] >= 0xA0 {
			return rune(text[i]&0x0F)<<12 | rune(text[i+1]&0x3F)<<6 | rune(text[i+2]&0x3F), true
		}
	}
	return 0, false
}

// Characters returns the characters of the Text of a Value, each lone surrogate as one.
func Characters(text string) []rune {
	characters := make([]rune, 0, len(text))
	for text != "" {
		char, size := utf8.DecodeRuneInString(text)
		if surrogate, found := Surrogate(text[:min(3, len(text))]); found {
			char, size = surrogate, 3
		}
		characters, text = append(characters, char), text[size:]
	}
	return characters
}
