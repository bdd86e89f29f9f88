package jsontext

import (
	"math/bits"
	"unicode/utf8"
)

// plain marks the bytes that stand for themselves in a string: ASCII without controls, quote and backslash.
var plain = func() (table [256]bool) {
	for c := 0x20; c < 0x80; c++ {
		table[c] = c != '"' && c != '\\'
	}
	return table
}()

// text scans a string whose content starts at position i, behind the opening quote, and returns the position behind the closing one. It
// leaps over eight plain characters at a time.
func text(data []byte, i int) (end int, escaped bool, fault Fault) {
	for len(data)-i >= 8 {
		special := notPlain(word(data, i))
		if special == 0 {
			i += 8
			continue
		}
		i += bits.TrailingZeros64(special) / 8
		if data[i] == '"' {
			return i + 1, false, None
		}
		break
	}
	return slowText(data, i)
}

// slowText is text a character at a time.
func slowText(data []byte, i int) (end int, escaped bool, fault Fault) {
	for i < len(data) {
		c := data[i]
		switch {
		case plain[c]:
			i++
		case c == '"':
			return i + 1, escaped, None
		case c == '\\':
			escaped = true
			_, size, fault := escape(data[i:])
			if fault != None {
				return i, escaped, fault
			}
			i += size
		case c < 0x20:
			if c == 0 {
				return i, escaped, NullCharacter
			}
			return i, escaped, ControlCharacter
		default:
			r, size := utf8.DecodeRune(data[i:])
			if r == utf8.RuneError && size <= 1 {
				return i, escaped, InvalidUnicode
			}
			if r == byteOrderMark {
				return i, escaped, ByteOrderMark
			}
			i += size
		}
	}
	return i, escaped, Syntax
}

const byteOrderMark = '\ufeff'

// escape reads the escape sequence at the start of data and returns the character it stands for and its length in bytes. A high
// surrogate must be followed at once by the escape of its low one.
func escape(data []byte) (r rune, size int, fault Fault) {
	if len(data) < 2 {
		return 0, 0, Syntax
	}
	switch data[1] {
	case '"', '\\', '/':
		return rune(data[1]), 2, None
	case 'b':
		return '\b', 2, None
	case 'f':
		return '\f', 2, None
	case 'n':
		return '\n', 2, None
	case 'r':
		return '\r', 2, None
	case 't':
		return '\t', 2, None
	case 'u':
		return unicodeEscape(data)
	}
	return 0, 0, Syntax
}

func unicodeEscape(data []byte) (r rune, size int, fault Fault) {
	unit, ok := hexUnit(data)
	switch {
	case !ok:
		return 0, 0, Syntax
	case unit == 0:
		return 0, 0, NullCharacter
	case unit == byteOrderMark:
		return 0, 0, ByteOrderMark
	case unit < 0xd800 || unit > 0xdfff:
		return unit, 6, None
	case unit >= 0xdc00:
		return 0, 0, LoneSurrogate
	}
	if len(data) < 12 || data[6] != '\\' || data[7] != 'u' {
		return 0, 0, LoneSurrogate
	}
	low, ok := hexUnit(data[6:])
	if !ok {
		return 0, 0, Syntax
	}
	if low < 0xdc00 || low > 0xdfff {
		return 0, 0, LoneSurrogate
	}
	return (unit-0xd800)<<10 | (low - 0xdc00) + 0x10000, 12, None
}

// hexUnit reads the UTF-16 code unit of the \uXXXX at the start of data.
func hexUnit(data []byte) (unit rune, ok bool) {
	if len(data) < 6 {
		return 0, false
	}
	for _, c := range data[2:6] {
		unit <<= 4
		switch {
		case c-'0' <= 9:
			unit |= rune(c - '0')
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			unit |= rune(c|0x20-'a') + 10
		default:
			return 0, false
		}
	}
	return unit, true
}

// AppendText appends the text that the content of a scanned string stands for. The content must come from this package's scanner.
func AppendText(dst, content []byte) []byte {
	for i := 0; i < len(content); {
		if content[i] != '\\' {
			dst = append(dst, content[i])
			i++
			continue
		}
		r, size, fault := escape(content[i:])
		if fault != None {
			return dst
		}
		dst = utf8.AppendRune(dst, r)
		i += size
	}
	return dst
}

// EqualText reports whether the content of a scanned string stands for text, without building it.
func EqualText(content []byte, text string) bool {
	if textOf(content) == text {
		return true
	}
	for len(content) > 0 {
		if content[0] != '\\' {
			if text == "" || text[0] != content[0] {
				return false
			}
			content, text = content[1:], text[1:]
			continue
		}
		r, size, fault := escape(content)
		if fault != None {
			return false
		}
		var encoded [utf8.UTFMax]byte
		length := utf8.EncodeRune(encoded[:], r)
		if len(text) < length || text[:length] != string(encoded[:length]) {
			return false
		}
		content, text = content[size:], text[length:]
	}
	return text == ""
}

const hexDigits = "0123456789abcdef"

// AppendQuoted appends text as a JSON string. It reports false, and appends nothing, for text that the scanner would refuse.
func AppendQuoted(dst []byte, text string) ([]byte, bool) {
	start := len(dst)
	dst = append(dst, '"')
	for i := 0; i < len(text); {
		run := i
		for i < len(text) && plain[text[i]] {
			i++
		}
		if dst = append(dst, text[run:i]...); i == len(text) {
			break
		}
		c := text[i]
		switch {
		case c == '"' || c == '\\':
			dst = append(dst, '\\', c)
			i++
		case c == 0:
			return dst[:start], false
		case c < 0x20:
			dst = append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&0xf])
			i++
		default:
			r, size := utf8.DecodeRuneInString(text[i:])
			if r == utf8.RuneError && size <= 1 || r == byteOrderMark {
				return dst[:start], false
			}
			dst = append(dst, text[i:i+size]...)
			i += size
		}
	}
	return append(dst, '"'), true
}
