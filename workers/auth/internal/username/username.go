// Package username is what Django's user model says of a username: its normal form, and which characters it may have.
//
// It is a package of its own for the sake of golang.org/x/text/unicode/norm, Go's own tables of Unicode's normal forms: 56 kB of a
// compressed Worker. Nothing else in workers/auth imports a library.
package username

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// MaxLength is how many characters a username may have.
const MaxLength = 150

// Normalise returns the form in which a new username is stored: NFKC, so that no two users have names which look the same because one
// is spelt with other code points.
func Normalise(name string) string { return norm.NFKC.String(name) }

// Check returns what is wrong with a username's characters, or "".
func Check(name string) string {
	if name == "" || strings.ContainsFunc(name, func(char rune) bool { return !allowed(char) }) {
		return "Enter a valid username. This value may contain only letters, numbers, and @/./+/-/_ characters."
	}
	return ""
}

// allowed reports whether a username may contain a character: Python's \w and a few more.
func allowed(char rune) bool {
	return unicode.IsLetter(char) || unicode.IsNumber(char) || strings.ContainsRune("_.@+-", char)
}
