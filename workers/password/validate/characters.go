package validate

import (
	"strings"
	"unicode"
)

// The classes of characters are Python's, which are wider than Go's.

// isWord reports whether a character matches \w of Python's re.
func isWord(char rune) bool {
	return char == '_' || unicode.IsLetter(char) || unicode.IsNumber(char)
}

// isDigit reports whether str.isdigit holds for a character: decimal digits, and what Unicode gives Numeric_Type=Digit.
func isDigit(char rune) bool { return unicode.IsDigit(char) || unicode.Is(otherDigits, char) }

// otherDigits have Numeric_Type=Digit in Unicode: superscripts, subscripts, digits in circles and the like.
var otherDigits = &unicode.RangeTable{
	R16: []unicode.Range16{
		{Lo: 0x00b2, Hi: 0x00b3, Stride: 1}, {Lo: 0x00b9, Hi: 0x00b9, Stride: 1}, {Lo: 0x1369, Hi: 0x1371, Stride: 1},
		{Lo: 0x19da, Hi: 0x19da, Stride: 1}, {Lo: 0x2070, Hi: 0x2070, Stride: 1}, {Lo: 0x2074, Hi: 0x2079, Stride: 1},
		{Lo: 0x2080, Hi: 0x2089, Stride: 1}, {Lo: 0x2460, Hi: 0x2468, Stride: 1}, {Lo: 0x2474, Hi: 0x247c, Stride: 1},
		{Lo: 0x2488, Hi: 0x2490, Stride: 1}, {Lo: 0x24ea, Hi: 0x24ea, Stride: 1}, {Lo: 0x24f5, Hi: 0x24fd, Stride: 1},
		{Lo: 0x24ff, Hi: 0x24ff, Stride: 1}, {Lo: 0x2776, Hi: 0x277e, Stride: 1}, {Lo: 0x2780, Hi: 0x2788, Stride: 1},
		{Lo: 0x278a, Hi: 0x2792, Stride: 1},
	},
	R32: []unicode.Range32{
		{Lo: 0x10a40, Hi: 0x10a43, Stride: 1}, {Lo: 0x10e60, Hi: 0x10e68, Stride: 1}, {Lo: 0x11052, Hi: 0x1105a, Stride: 1},
		{Lo: 0x1f100, Hi: 0x1f10a, Stride: 1},
	},
	LatinOffset: 2,
}

// strip removes white space at both ends as str.strip does.
func strip(text string) string {
	return strings.TrimFunc(text, func(char rune) bool { return unicode.IsSpace(char) || char >= 0x1c && char <= 0x1f })
}

const (
	capitalSigma   = 'Σ'
	capitalDottedI = 'İ'
)

// lower returns text in lower case as str.lower does: character by character, but for two that Unicode has rules of their own for. A sigma
// at the end of a word has a form of its own, and the dotted capital I becomes an i and a combining dot.
func lower(text string) string {
	if !strings.ContainsAny(text, string(capitalSigma)+string(capitalDottedI)) {
		return strings.ToLower(text)
	}
	characters := []rune(text)
	var lowered strings.Builder
	for i, char := range characters {
		switch {
		case char == capitalSigma && endsWord(characters, i):
			lowered.WriteRune('ς')
		case char == capitalDottedI:
			lowered.WriteString("i\u0307")
		default:
			lowered.WriteRune(unicode.ToLower(char))
		}
	}
	return lowered.String()
}

// endsWord is Unicode's condition Final_Sigma: before the character at i, but for ignorable ones, stands a cased one, and none stands
// behind it.
func endsWord(characters []rune, i int) bool {
	before := i - 1
	for before >= 0 && isCaseIgnorable(characters[before]) {
		before--
	}
	if before < 0 || !isCased(characters[before]) {
		return false
	}
	behind := i + 1
	for behind < len(characters) && isCaseIgnorable(characters[behind]) {
		behind++
	}
	return behind == len(characters) || !isCased(characters[behind])
}

// isCased is Unicode's property Cased.
func isCased(char rune) bool {
	return unicode.In(char, unicode.Lu, unicode.Ll, unicode.Lt, unicode.Other_Uppercase, unicode.Other_Lowercase)
}

// isCaseIgnorable is Unicode's property Case_Ignorable: marks, modifiers, formats, and the punctuation that may stand within a word.
func isCaseIgnorable(char rune) bool {
	return unicode.In(char, unicode.Mn, unicode.Me, unicode.Cf, unicode.Lm, unicode.Sk) || strings.ContainsRune(withinWords, char)
}

// withinWords are the characters whose Word_Break is MidLetter, MidNumLet or Single_Quote.
const withinWords = ":\u00b7\u0387\u055f\u05f4\u2027\ufe13\ufe55\uff1a" + ".\u2018\u2019\u2024\ufe52\uff07\uff0e" + "'"
