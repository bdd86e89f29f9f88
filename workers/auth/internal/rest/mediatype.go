package rest

import "strings"

// mediaType is a media type or range from a header field, read as leniently as Django reads it.
type mediaType struct {
	text      string // as it stood
	main, sub string // in lower case
	params    []param
}

// param is one parameter, its name in lower case.
type param struct{ name, value string }

func parseMediaType(text string) mediaType {
	parts := splitParameters(text)
	m := mediaType{text: text}
	m.main, m.sub, _ = strings.Cut(strings.ToLower(strings.TrimSpace(parts[0])), "/")
	for _, part := range parts[1:] {
		if name, value, found := strings.Cut(part, "="); found {
			m.params = append(m.params, param{strings.ToLower(strings.TrimSpace(name)), unquote(strings.TrimSpace(value))})
		}
	}
	return m
}

// splitParameters cuts at each semicolon that is not between double quotes.
func splitParameters(text string) []string {
	var parts []string
	start, quoted := 0, false
	for i := range len(text) {
		switch {
		case text[i] == '"' && (i == 0 || text[i-1] != '\\'):
			quoted = !quoted
		case text[i] == ';' && !quoted:
			parts, start = append(parts, text[start:i]), i+1
		}
	}
	return append(parts, text[start:])
}

func unquote(value string) string {
	if len(value) < 2 || value[0] != '"' || value[len(value)-1] != '"' {
		return value
	}
	return strings.NewReplacer(`\\`, `\`, `\"`, `"`).Replace(value[1 : len(value)-1])
}

// param returns the value of a parameter, the last of its name, and whether it is there.
func (m mediaType) param(name string) (string, bool) {
	for i := len(m.params) - 1; i >= 0; i-- {
		if m.params[i].name == name {
			return m.params[i].value, true
		}
	}
	return "", false
}

// matches reports whether two types or ranges have a type in common. Both wildcards count, and parameters do not.
func (m mediaType) matches(other mediaType) bool {
	overlap := func(a, b string) bool { return a == "*" || b == "*" || a == b }
	return overlap(m.sub, other.sub) && overlap(m.main, other.main)
}

// precedence returns how specific a range is: 0 for */*, 1 for type/*, 2 for a type, 3 for a type with parameters.
func (m mediaType) precedence() int {
	switch {
	case m.main == "*":
		return 0
	case m.sub == "*":
		return 1
	case len(m.params) == 0 || len(m.params) == 1 && m.params[0].name == "q":
		return 2
	}
	return 3
}
