package pythonjson

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

var escapes = map[byte]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// str reads a string whose opening quote is next.
func (p *parser) str() (string, *Error) {
	opening := p.at
	p.at++
	if end := p.plainEnd(); end > 0 {
		text := p.text[p.at:end]
		p.at = end + 1
		return text, nil
	}
	var content strings.Builder
	for {
		start := p.at
		for p.at < len(p.text) && p.text[p.at] != '"' && p.text[p.at] != '\\' {
			if p.text[p.at] < 0x20 {
				return "", p.fail("Invalid control character at", p.at)
			}
			p.at++
		}
		content.WriteString(p.text[start:p.at])
		if p.accept(`"`) {
			return content.String(), nil
		}
		if p.at+1 >= len(p.text) {
			return "", p.fail("Unterminated string starting at", opening)
		}
		if err := p.escape(&content); err != nil {
			return "", err
		}
	}
}

// plainEnd returns where the string ends whose content is next, or 0 when there is more to it than to take it as it stands.
func (p *parser) plainEnd() int {
	for at := p.at; at < len(p.text); at++ {
		switch char := p.text[at]; {
		case char == '"':
			return at
		case char == '\\' || char < 0x20:
			return 0
		}
	}
	return 0
}

// escape reads one escape, or two that make a surrogate pair, of which the backslash is next and not the last byte of the text.
func (p *parser) escape(content *strings.Builder) *Error {
	if p.text[p.at+1] != 'u' {
		char, known := escapes[p.text[p.at+1]]
		if !known {
			return p.fail(`Invalid \escape`, p.at)
		}
		content.WriteByte(char)
		p.at += 2
		return nil
	}
	char, ok := p.unit(p.at)
	if !ok {
		return p.fail(`Invalid \uXXXX escape`, p.at+1)
	}
	p.at += 6
	if low, ok := p.unit(p.at); ok {
		if pair := utf16.DecodeRune(char, low); pair != utf8.RuneError {
			char = pair
			p.at += 6
		}
	}
	writeRune(content, char)
	return nil
}

// unit returns the UTF-16 code unit of the escape \uXXXX at an offset. Python wants something to follow it, as in any string that ends.
func (p *parser) unit(at int) (rune, bool) {
	if at+6 >= len(p.text) || p.text[at:at+2] != `\u` {
		return 0, false
	}
	code, err := strconv.ParseUint(p.text[at+2:at+6], 16, 16)
	return rune(code), err == nil
}

// writeRune writes char, a surrogate as the three bytes its number has in UTF-8.
func writeRune(content *strings.Builder, char rune) {
	if utf16.IsSurrogate(char) {
		content.Write([]byte{0xED, 0x80 | byte(char>>6)&0x3F, 0x80 | byte(char)&0x3F})
		return
	}
	content.WriteRune(char)
}
