package pythonjson

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// MaximumDepth is how deeply arrays and objects may nest.
const MaximumDepth = 100

// maximumDigits is the longest integer that Python converts from text.
const maximumDigits = 4300

// Error is why a text was refused, in the words of Python's exception.
type Error struct{ message string }

// Error returns the message.
func (e *Error) Error() string { return e.message }

// Parse reads one JSON value, which may stand between white space. The text must be valid UTF-8 (see [CheckUTF8]).
func Parse(text string) (Value, error) {
	p := parser{text: text}
	if strings.HasPrefix(text, "\ufeff") {
		return Value{}, p.fail("Unexpected UTF-8 BOM (decode using utf-8-sig)", 0)
	}
	p.skipSpace()
	value, err := p.value(0)
	if err != nil {
		return Value{}, err
	}
	p.skipSpace()
	if p.at < len(text) {
		return Value{}, p.fail("Extra data", p.at)
	}
	return value, nil
}

// parser reads text from the byte offset at onwards.
type parser struct {
	text string
	at   int
}

// fail returns the error for what is wrong at a byte offset. Python counts characters, not bytes.
func (p *parser) fail(problem string, offset int) *Error {
	before := p.text[:offset]
	line := strings.Count(before, "\n") + 1
	column := utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:]) + 1
	character := utf8.RuneCountInString(before)
	return &Error{problem + ": line " + strconv.Itoa(line) + " column " + strconv.Itoa(column) + " (char " + strconv.Itoa(character) + ")"}
}

// peek returns the byte at p.at, or 0 at the end. No token of JSON begins with a zero byte, so the two need no telling apart.
func (p *parser) peek() byte {
	if p.at < len(p.text) {
		return p.text[p.at]
	}
	return 0
}

func (p *parser) skipSpace() {
	for p.at < len(p.text) && strings.IndexByte(" \t\n\r", p.text[p.at]) >= 0 {
		p.at++
	}
}

// accept moves past literal if it comes next.
func (p *parser) accept(literal string) bool {
	if !strings.HasPrefix(p.text[p.at:], literal) {
		return false
	}
	p.at += len(literal)
	return true
}

// literals are the words of JSON; constants the words Python adds and REST framework refuses.
var (
	literals = [...]struct {
		text  string
		value Value
	}{{"null", Value{Kind: None}}, {"true", Value{Kind: Bool, Text: "True"}}, {"false", Value{Kind: Bool, Text: "False"}}}
	constants = [...]string{"NaN", "Infinity", "-Infinity"}
)

func (p *parser) value(depth int) (Value, *Error) {
	switch p.peek() {
	case '"':
		text, err := p.str()
		return Value{Kind: String, Text: text}, err
	case '{', '[':
		if depth == MaximumDepth {
			return Value{}, p.fail("Nested too deeply", p.at)
		}
		if p.peek() == '{' {
			return p.dict(depth + 1)
		}
		return p.list(depth + 1)
	}
	for _, literal := range literals {
		if p.accept(literal.text) {
			return literal.value, nil
		}
	}
	for _, constant := range constants {
		if p.accept(constant) {
			return Value{}, &Error{"Out of range float values are not JSON compliant: '" + constant + "'"}
		}
	}
	return p.number()
}

func (p *parser) dict(depth int) (Value, *Error) {
	dict := Value{Kind: Dict}
	p.at++
	p.skipSpace()
	if p.accept("}") {
		return dict, nil
	}
	for {
		if p.peek() != '"' {
			return Value{}, p.fail("Expecting property name enclosed in double quotes", p.at)
		}
		name, err := p.str()
		if err != nil {
			return Value{}, err
		}
		p.skipSpace()
		if !p.accept(":") {
			return Value{}, p.fail("Expecting ':' delimiter", p.at)
		}
		p.skipSpace()
		element, err := p.value(depth)
		if err != nil {
			return Value{}, err
		}
		dict.Names, dict.Elements = append(dict.Names, name), append(dict.Elements, element)
		if closed, err := p.delimiter("}"); closed || err != nil {
			return dict, err
		}
	}
}

func (p *parser) list(depth int) (Value, *Error) {
	list := Value{Kind: List}
	p.at++
	p.skipSpace()
	if p.accept("]") {
		return list, nil
	}
	for {
		element, err := p.value(depth)
		if err != nil {
			return Value{}, err
		}
		list.Elements = append(list.Elements, element)
		if closed, err := p.delimiter("]"); closed || err != nil {
			return list, err
		}
	}
}

// delimiter reads what stands behind an element: the end of the container, or a comma and the space behind it.
func (p *parser) delimiter(end string) (closed bool, err *Error) {
	p.skipSpace()
	if p.accept(end) {
		return true, nil
	}
	if !p.accept(",") {
		return false, p.fail("Expecting ',' delimiter", p.at)
	}
	p.skipSpace()
	return false, nil
}
