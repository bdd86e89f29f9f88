// Package jsontext reads JSON the way a token must be read: one object, every member named once, every string valid Unicode, and
// nothing a second parser could understand differently. It finds and checks; it builds no tree and allocates nothing for an object of
// ordinary size.
//
// It accepts a subset of RFC 8259. What only this package refuses, it refuses for a named Fault.
package jsontext

// Kind is the kind of a JSON value.
type Kind uint8

// The kinds of JSON value (RFC 8259 section 3). Invalid is the zero value and names no value at all.
const (
	Invalid Kind = iota
	Object
	Array
	String
	Number
	True
	False
	Null
)

// Limits bounds what one document may hold. Depth counts nested objects and arrays, the outermost included; Members counts the
// members and elements of all of them together, so it bounds the work as well as the memory.
type Limits struct {
	Depth   int
	Members int
}

// Member is one member of an object, located in the scanned bytes. The name stands without its quotes; when NameEscaped is set it
// holds escape sequences.
type Member struct {
	NameStart, NameEnd   uint32
	ValueStart, ValueEnd uint32
	Kind                 Kind
	NameEscaped          bool
}

// ScanObject checks that data is exactly one JSON object, white space around it allowed, and appends its own members (not those of
// nested objects) to members, in order. On a fault it returns members as they were.
func ScanObject(data []byte, limits Limits, members []Member) ([]Member, Fault) {
	if uint64(len(data)) > 1<<31 {
		return members, TooManyMembers
	}
	s := scanner{data: data, limits: limits}
	s.skipSpace()
	if s.position >= len(data) || data[s.position] != '{' {
		return members, s.notAnObject()
	}
	start := len(members)
	members, fault := s.object(members, 1)
	if fault == None {
		s.skipSpace()
		if s.position != len(data) {
			fault = TrailingData
		}
	}
	if fault != None {
		return members[:start], fault
	}
	return members, None
}

// ScanElements checks that data is exactly one JSON array and appends its elements to elements: members with an empty name.
func ScanElements(data []byte, limits Limits, elements []Member) ([]Member, Fault) {
	s := scanner{data: data, limits: limits}
	s.skipSpace()
	if s.position >= len(data) || data[s.position] != '[' {
		return elements, Syntax
	}
	start := len(elements)
	elements, fault := s.array(elements, 1, true)
	if fault == None {
		s.skipSpace()
		if s.position != len(data) {
			fault = TrailingData
		}
	}
	if fault != None {
		return elements[:start], fault
	}
	return elements, None
}

// scanner walks data once from left to right.
type scanner struct {
	data     []byte
	limits   Limits
	position int
	counted  int
}

// notAnObject tells a document of another kind from one that is no JSON at all.
func (s *scanner) notAnObject() Fault {
	if len(s.data) >= 3 && s.data[0] == 0xef && s.data[1] == 0xbb && s.data[2] == 0xbf {
		return ByteOrderMark
	}
	if _, _, fault := s.value(1); fault != None {
		return fault
	}
	return NotAnObject
}

func (s *scanner) skipSpace() {
	for s.position < len(s.data) {
		switch s.data[s.position] {
		case ' ', '\t', '\n', '\r':
			s.position++
		default:
			return
		}
	}
}

// count charges one member or element against the limit.
func (s *scanner) count() bool {
	s.counted++
	return s.counted <= s.limits.Members
}

// object scans an object whose "{" stands at the position, appending its members. Nested objects append behind them and are cut off
// again by value, so one slice serves the whole document.
func (s *scanner) object(members []Member, depth int) ([]Member, Fault) {
	if depth > s.limits.Depth {
		return members, TooDeep
	}
	own := len(members)
	s.position++
	s.skipSpace()
	if s.take('}') {
		return members, None
	}
	for {
		if !s.count() {
			return members, TooManyMembers
		}
		var m Member
		var fault Fault
		if s.position >= len(s.data) || s.data[s.position] != '"' {
			return members, Syntax
		}
		m.NameStart = uint32(s.position + 1)
		if m.NameEscaped, fault = s.text(); fault != None {
			return members, fault
		}
		m.NameEnd = uint32(s.position - 1)
		s.skipSpace()
		if !s.take(':') {
			return members, Syntax
		}
		s.skipSpace()
		m.ValueStart = uint32(s.position)
		if m.Kind, members, fault = s.nestedValue(members, depth); fault != None {
			return members, fault
		}
		m.ValueEnd = uint32(s.position)
		members = append(members, m)
		s.skipSpace()
		if s.take(',') {
			s.skipSpace()
			continue
		}
		if !s.take('}') {
			return members, Syntax
		}
		if hasDuplicate(s.data, members[own:]) {
			return members, DuplicateMember
		}
		return members, None
	}
}

// array scans an array whose "[" stands at the position. It records the elements only when keep is set.
func (s *scanner) array(members []Member, depth int, keep bool) ([]Member, Fault) {
	if depth > s.limits.Depth {
		return members, TooDeep
	}
	s.position++
	s.skipSpace()
	if s.take(']') {
		return members, None
	}
	for {
		if !s.count() {
			return members, TooManyMembers
		}
		var fault Fault
		element := Member{ValueStart: uint32(s.position)}
		if element.Kind, members, fault = s.nestedValue(members, depth); fault != None {
			return members, fault
		}
		if keep {
			element.ValueEnd = uint32(s.position)
			members = append(members, element)
		}
		s.skipSpace()
		if s.take(',') {
			s.skipSpace()
			continue
		}
		if !s.take(']') {
			return members, Syntax
		}
		return members, None
	}
}

// value scans one value outside any object, for a document that is not one.
func (s *scanner) value(depth int) (Kind, []Member, Fault) {
	return s.nestedValue(nil, depth-1)
}

// nestedValue scans one value and leaves members as long as it found them.
func (s *scanner) nestedValue(members []Member, depth int) (Kind, []Member, Fault) {
	if s.position >= len(s.data) {
		return Invalid, members, Syntax
	}
	length := len(members)
	switch c := s.data[s.position]; c {
	case '"':
		_, fault := s.text()
		return String, members, fault
	case '{':
		members, fault := s.object(members, depth+1)
		return Object, members[:length], fault
	case '[':
		members, fault := s.array(members, depth+1, false)
		return Array, members[:length], fault
	case 't':
		return True, members, s.literal("true")
	case 'f':
		return False, members, s.literal("false")
	case 'n':
		return Null, members, s.literal("null")
	default:
		return Number, members, s.number()
	}
}

func (s *scanner) take(c byte) bool {
	if s.position < len(s.data) && s.data[s.position] == c {
		s.position++
		return true
	}
	return false
}

func (s *scanner) literal(word string) Fault {
	if len(s.data)-s.position < len(word) || string(s.data[s.position:s.position+len(word)]) != word {
		return Syntax
	}
	s.position += len(word)
	return None
}

// number scans a number by the grammar of RFC 8259 section 6: no leading zero or plus sign, digits on both sides of the point.
func (s *scanner) number() Fault {
	s.take('-')
	if !s.take('0') && s.digits() == 0 {
		return Syntax
	}
	if s.take('.') && s.digits() == 0 {
		return Syntax
	}
	if s.position < len(s.data) && s.data[s.position]|0x20 == 'e' {
		s.position++
		if !s.take('+') {
			s.take('-')
		}
		if s.digits() == 0 {
			return Syntax
		}
	}
	return None
}

func (s *scanner) digits() (count int) {
	for s.position < len(s.data) && s.data[s.position]-'0' <= 9 {
		s.position++
		count++
	}
	return count
}
