package pythonjson

import (
	"fmt"
	"unicode/utf8"
)

// CheckUTF8 returns Python's error for the first place where a text is not UTF-8, or nil.
func CheckUTF8(text string) error {
	if utf8.ValidString(text) {
		return nil
	}
	at := 0
	for {
		char, size := utf8.DecodeRuneInString(text[at:])
		if char == utf8.RuneError && size == 1 {
			return decodeError([]byte(text), at)
		}
		at += size
	}
}

// decodeError says what is wrong with the character that starts at an offset.
func decodeError(data []byte, at int) *Error {
	length, reason := badSequence(data[at:])
	if length == 1 {
		return &Error{fmt.Sprintf("'utf-8' codec can't decode byte 0x%02x in position %d: %s", data[at], at, reason)}
	}
	return &Error{fmt.Sprintf("'utf-8' codec can't decode bytes in position %d-%d: %s", at, at+length-1, reason)}
}

// badSequence returns how many bytes of an invalid sequence could have begun a character, and what follows them instead.
func badSequence(data []byte) (length int, reason string) {
	if data[0] < 0xC2 || data[0] > 0xF4 {
		return 1, "invalid start byte"
	}
	// The second byte is narrower after some first bytes, which keeps out overlong forms, surrogates and what is beyond U+10FFFF.
	low, high := byte(0x80), byte(0xBF)
	switch data[0] {
	case 0xE0:
		low = 0xA0
	case 0xED:
		high = 0x9F
	case 0xF0:
		low = 0x90
	case 0xF4:
		high = 0x8F
	}
	for i := 1; i < len(data); i++ {
		if data[i] < low || data[i] > high {
			return i, "invalid continuation byte"
		}
		low, high = 0x80, 0xBF
	}
	return len(data), "unexpected end of data"
}
