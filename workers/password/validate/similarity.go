package validate

import (
	"strings"
)

// UserAttributeSimilarity is Django's UserAttributeSimilarityValidator: it refuses passwords that have most of their characters in common
// with an attribute of the user or with a word of it.
type UserAttributeSimilarity struct {
	// Attributes are the names of the attributes to compare with.
	Attributes []string
	// MaxSimilarity is the ratio from which on a password is refused: 0.1 to 1, where 1 is only the same characters in whatever order.
	MaxSimilarity float64
}

// Validate implements [Validator].
func (u UserAttributeSimilarity) Validate(password string, user User) *Failure {
	given := []rune(lower(password))
	for _, name := range u.Attributes {
		value := lower(user[name])
		if value == "" {
			continue
		}
		for _, part := range append(splitWords(value), value) {
			if quickRatio(given, []rune(part)) >= u.MaxSimilarity {
				return &Failure{"password_too_similar", "The password is too similar to the " + verboseName(name) + "."}
			}
		}
	}
	return nil
}

// quickRatio is that of Python's difflib.SequenceMatcher: twice the number of characters in common, wherever they stand, over the number of
// all characters. Two empty texts are the same. Django does not ask for it where the lengths alone make it too low, since Python is slow.
func quickRatio(a, b []rune) float64 {
	if len(a)+len(b) == 0 {
		return 1
	}
	left := make(map[rune]int, len(b))
	for _, char := range b {
		left[char]++
	}
	common := 0
	for _, char := range a {
		if left[char] > 0 {
			left[char]--
			common++
		}
	}
	return 2 * float64(common) / float64(len(a)+len(b))
}

// splitWords cuts a text at each run of characters that belong to no word. A text that begins or ends with such has an empty part there.
func splitWords(text string) []string {
	var parts []string
	for text != "" {
		end := strings.IndexFunc(text, func(char rune) bool { return !isWord(char) })
		if end < 0 {
			return append(parts, text)
		}
		parts = append(parts, text[:end])
		text = strings.TrimLeftFunc(text[end:], func(char rune) bool { return !isWord(char) })
	}
	return append(parts, "")
}

// verboseName returns what Django calls an attribute in a message: the verbose_name of its user model's field, which by default is the
// field's name without underscores.
func verboseName(name string) string {
	if name == "email" {
		return "email address"
	}
	return strings.ReplaceAll(name, "_", " ")
}
