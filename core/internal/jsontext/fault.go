package jsontext

// Fault says why a document was refused. None means that it was not.
type Fault uint8

// The faults, in no order of weight: the scanner stops at the first it meets. Syntax is the only one that encoding/json would always
// report too; each of the others names a rule of this package.
const (
	None Fault = iota
	Syntax
	NotAnObject
	TrailingData
	DuplicateMember
	InvalidUnicode
	LoneSurrogate
	ControlCharacter
	NullCharacter
	ByteOrderMark
	TooDeep
	TooManyMembers
)

var faultTexts = [...]string{
	None:             "",
	Syntax:           "not valid JSON",
	NotAnObject:      "not a JSON object",
	TrailingData:     "data after the JSON object",
	DuplicateMember:  "a member name occurs twice",
	InvalidUnicode:   "not valid UTF-8",
	LoneSurrogate:    "a lone surrogate in a string",
	ControlCharacter: "a control character in a string",
	NullCharacter:    "a NUL character in a string",
	ByteOrderMark:    "a byte order mark",
	TooDeep:          "nested too deeply",
	TooManyMembers:   "too many members",
}

// String returns the fault in words.
func (f Fault) String() string { return faultTexts[f] }

// ExceedsLimit reports whether the document was refused for its size alone.
func (f Fault) ExceedsLimit() bool { return f == TooDeep || f == TooManyMembers }
