package rest

import "strings"

// Latin1 returns bytes as text, each one a character, as Python reads header fields. Text in ASCII stays as it is.
func Latin1(bytes string) string {
	var text strings.Builder
	for i := range len(bytes) {
		text.WriteRune(rune(bytes[i]))
	}
	return text.String()
}

// IsPrintable reports whether text is ASCII that may stand in a header field.
func IsPrintable(text string) bool {
	for i := range len(text) {
		if text[i] < ' ' || text[i] > '~' {
			return false
		}
	}
	return true
}
