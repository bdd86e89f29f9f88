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
	i := skipSpace(data, 0)
	if i >= len(data) || data[i] != '{' {
		return members, s.notAnObject(i)
	}
	start := len(members)
	i, members, fault := s.object(i, members, 1)
	if fault == None && skipSpace(data, i) != len(data) {
		fault = TrailingData
	}
	if fault != None {
		return members[:start], fault
	}
	return members, None
}

// ScanElements checks that data is exactly one JSON array and appends its elements to elements: members with an empty name.
func ScanElements(data []byte, limits Limits, elements []Member) ([]Member, Fault) {
	s := scanner{data: data, limits: limits}
	i := skipSpace(data, 0)
	if i >= len(data) || data[i] != '[' {
		return elements, Syntax
	}
	start := len(elements)
	i, elements, fault := s.array(i, elements, 1, true)
	if fault == None && skipSpace(data, i) != len(data) {
		fault = TrailingData
	}
	if fault != None {
		return elements[:start], fault
	}
	return elements, None
}

// NextElement returns the element that comes next in an array which this package has accepted, and the position to go on from; the first
// call takes position 0. It reports false behind the last element. An array of strings is walked without allocating anything.
func NextElement(array []byte, i int) (element Member, next int, ok bool) {
	i = skipSpace(array, i+1) // behind the bracket or the comma
	if i >= len(array) || array[i] == ']' {
		return Member{}, i, false
	}
	s := scanner{data: array, limits: Limits{Depth: len(array), Members: len(array)}}
	end, kind, _, fault := s.value(i, nil, 0)
	if fault != None {
		return Member{}, i, false
	}
	return Member{ValueStart: uint32(i), ValueEnd: uint32(end), Kind: kind}, skipSpace(array, end), true
}

// scanner walks data once from left to right. Each of its methods takes the position where something starts and returns the one behind
// it: a position that is handed on stays in a register, one that is kept in the scanner is written to memory for every byte.
type scanner struct {
	data    []byte
	limits  Limits
	counted int
}

// notAnObject tells a document of another kind, which starts at position i, from one that is no JSON at all.
func (s *scanner) notAnObject(i int) Fault {
	if len(s.data) >= 3 && s.data[0] == 0xef && s.data[1] == 0xbb && s.data[2] == 0xbf {
		return ByteOrderMark
	}
	if _, _, _, fault := s.value(i, nil, 0); fault != None {
		return fault
	}
	return NotAnObject
}

// skipSpace returns the first position from i on that holds no white space.
func skipSpace(data []byte, i int) int {
	for i < len(data) && isSpace(data[i]) {
		i++
	}
	return i
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// is reports whether c stands at position i.
func is(data []byte, i int, c byte) bool { return i < len(data) && data[i] == c }

// count charges one member or element against the limit.
func (s *scanner) count() bool {
	s.counted++
	return s.counted <= s.limits.Members
}

// object scans an object whose "{" stands at position i, appending its members. Nested objects append behind them and are cut off
// again by value, so one slice serves the whole document.
//
// Tokens hold no white space as a rule, so each place where it may stand is looked at only when what should follow does not.
func (s *scanner) object(i int, members []Member, depth int) (int, []Member, Fault) {
	if depth > s.limits.Depth {
		return i, members, TooDeep
	}
	data := s.data
	own := len(members)
	if i++; !is(data, i, '"') {
		if i = skipSpace(data, i); is(data, i, '}') {
			return i + 1, members, None
		}
	}
	seen, twice := uint64(0), false
	for {
		if !s.count() {
			return i, members, TooManyMembers
		}
		if !is(data, i, '"') {
			return i, members, Syntax
		}
		var fault Fault
		var mark uint64
		var nameEscaped bool
		nameStart := i + 1
		i, mark, nameEscaped, fault = name(data, nameStart)
		if fault != None {
			return i, members, fault
		}
		nameEnd := i - 1
		twice = twice || seen&mark != 0
		seen |= mark
		if !is(data, i, ':') {
			if i = skipSpace(data, i); !is(data, i, ':') {
				return i, members, Syntax
			}
		}
		if i++; i < len(data) && data[i] <= ' ' {
			i = skipSpace(data, i)
		}
		valueStart, kind := i, String
		if is(data, i, '"') {
			i, _, fault = text(data, i+1)
		} else {
			i, kind, members, fault = s.value(i, members, depth)
		}
		if fault != None {
			return i, members, fault
		}
		// Written field by field in its place: put together elsewhere and copied, it costs a quarter of the scan.
		members = append(members, Member{})
		m := &members[len(members)-1]
		m.NameStart, m.NameEnd, m.NameEscaped = uint32(nameStart), uint32(nameEnd), nameEscaped
		m.ValueStart, m.ValueEnd, m.Kind = uint32(valueStart), uint32(i), kind
		if !is(data, i, ',') {
			if i = skipSpace(data, i); is(data, i, '}') {
				break
			}
			if !is(data, i, ',') {
				return i, members, Syntax
			}
		}
		if i++; !is(data, i, '"') {
			i = skipSpace(data, i)
		}
	}
	if twice && hasDuplicate(data, members[own:]) {
		return i, members, DuplicateMember
	}
	return i + 1, members, None
}

// array scans an array whose "[" stands at position i. It records the elements only when keep is set.
func (s *scanner) array(i int, members []Member, depth int, keep bool) (int, []Member, Fault) {
	if depth > s.limits.Depth {
		return i, members, TooDeep
	}
	data := s.data
	if i = skipSpace(data, i+1); is(data, i, ']') {
		return i + 1, members, None
	}
	for {
		if !s.count() {
			return i, members, TooManyMembers
		}
		var fault Fault
		element := Member{ValueStart: uint32(i)}
		if i, element.Kind, members, fault = s.value(i, members, depth); fault != None {
			return i, members, fault
		}
		if keep {
			element.ValueEnd = uint32(i)
			members = append(members, element)
		}
		i = skipSpace(data, i)
		if is(data, i, ',') {
			i = skipSpace(data, i+1)
			continue
		}
		if !is(data, i, ']') {
			return i, members, Syntax
		}
		return i + 1, members, None
	}
}

// value scans one value inside of depth objects and arrays, and leaves members as long as it found them.
func (s *scanner) value(i int, members []Member, depth int) (int, Kind, []Member, Fault) {
	if i >= len(s.data) {
		return i, Invalid, members, Syntax
	}
	length := len(members)
	switch s.data[i] {
	case '"':
		i, _, fault := text(s.data, i+1)
		return i, String, members, fault
	case '{':
		i, members, fault := s.object(i, members, depth+1)
		return i, Object, members[:length], fault
	case '[':
		i, members, fault := s.array(i, members, depth+1, false)
		return i, Array, members[:length], fault
	case 't':
		i, fault := literal(s.data, i, "true")
		return i, True, members, fault
	case 'f':
		i, fault := literal(s.data, i, "false")
		return i, False, members, fault
	case 'n':
		i, fault := literal(s.data, i, "null")
		return i, Null, members, fault
	default:
		i, fault := number(s.data, i)
		return i, Number, members, fault
	}
}

func literal(data []byte, i int, word string) (int, Fault) {
	if len(data)-i < len(word) || textOf(data[i:i+len(word)]) != word {
		return i, Syntax
	}
	return i + len(word), None
}

// number scans a number by the grammar of RFC 8259 section 6: no leading zero or plus sign, digits on both sides of the point.
func number(data []byte, i int) (int, Fault) {
	if is(data, i, '-') {
		i++
	}
	whole := i
	i = digits(data, i)
	if i == whole || data[whole] == '0' && i > whole+1 {
		return i, Syntax
	}
	if is(data, i, '.') {
		fraction := i + 1
		if i = digits(data, fraction); i == fraction {
			return i, Syntax
		}
	}
	if i < len(data) && data[i]|0x20 == 'e' {
		if i++; is(data, i, '+') || is(data, i, '-') {
			i++
		}
		exponent := i
		if i = digits(data, exponent); i == exponent {
			return i, Syntax
		}
	}
	return i, None
}

// digits returns the first position from i on that holds no digit.
func digits(data []byte, i int) int {
	for i < len(data) && data[i]-'0' <= 9 {
		i++
	}
	return i
}
