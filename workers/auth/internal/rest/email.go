package rest

import (
	"net/netip"
	"strings"

	"github.com/jeton-dev/jeton/workers/auth/internal/pythonjson"
)

// Longest parts of an e-mail address, in characters.
const (
	longestEmail = 320
	longestLabel = 63
	longestIPv6  = 39
)

// isEmail reports whether Django's EmailValidator takes a text for an e-mail address.
func isEmail(text string) bool {
	at := strings.LastIndexByte(text, '@')
	if at < 0 || len(pythonjson.Characters(text)) > longestEmail {
		return false
	}
	user, domain := text[:at], text[at+1:]
	return (isDotAtom(user) || isQuotedString(user)) && (domain == "localhost" || isDomain(domain) || isAddressLiteral(domain))
}

// isDotAtom reports whether text is words with dots between them.
func isDotAtom(text string) bool {
	for word := range strings.SplitSeq(text, ".") {
		if word == "" || strings.ContainsFunc(word, func(char rune) bool {
			return !isLetter(char) && !isASCIIDigit(char) && !strings.ContainsRune("-!#$%&'*+/=?^_`{}|~", char)
		}) {
			return false
		}
	}
	return true
}

// isQuotedString reports whether text stands in quotes, with a backslash before quotes and backslashes within.
func isQuotedString(text string) bool {
	if len(text) < 2 || text[0] != '"' || text[len(text)-1] != '"' {
		return false
	}
	escaped := false
	for _, char := range text[1 : len(text)-1] {
		switch {
		case char == '\n' || char == '\r' || char == 0 || char > 0x7F && !isLetter(char):
			return false
		case escaped:
			escaped = false
		case char == '\\':
			escaped = true
		case char == '\t' || char == ' ' || char == '"':
			return false
		}
	}
	return !escaped
}

// isDomain reports whether text is at least two labels with dots between them, the last without digits or in punycode.
func isDomain(text string) bool {
	labels := strings.Split(text, ".")
	for i, label := range labels {
		if !isLabel(pythonjson.Characters(label), i > 0 && i == len(labels)-1) {
			return false
		}
	}
	return len(labels) > 1
}

func isLabel(label []rune, isLast bool) bool {
	if len(label) == 0 || len(label) > longestLabel || label[0] == '-' || label[len(label)-1] == '-' {
		return false
	}
	inPunycode, digits := len(label) > 4 && isPunycode(label), false
	for _, char := range label {
		if isASCIIDigit(char) {
			digits = true
		} else if char != '-' && !isLetter(char) && (char < 0xA1 || char > 0xFFFF) {
			return false
		}
	}
	return !isLast || inPunycode || len(label) > 1 && !digits
}

// isPunycode reports whether a label is letters and digits behind "xn--".
func isPunycode(label []rune) bool {
	for _, char := range label[4:] {
		if !isLetter(char) && !isASCIIDigit(char) {
			return false
		}
	}
	return strings.EqualFold(string(label[:4]), "xn--")
}

// isAddressLiteral reports whether text is an IP address in brackets.
func isAddressLiteral(text string) bool {
	if len(text) < 2 || text[0] != '[' || text[len(text)-1] != ']' {
		return false
	}
	text = text[1 : len(text)-1]
	address, err := netip.ParseAddr(text)
	return err == nil && address.Zone() == "" && (address.Is4() || len(text) <= longestIPv6)
}

// isLetter reports whether Python's [a-z] matches a character when case does not count: four beyond ASCII are other cases of s, k and i.
func isLetter(char rune) bool {
	return char >= 'a' && char <= 'z' || char >= 'A' && char <= 'Z' || char == 'ſ' || char == '\u212A' || char == 'İ' || char == 'ı'
}

func isASCIIDigit(char rune) bool { return char >= '0' && char <= '9' }
