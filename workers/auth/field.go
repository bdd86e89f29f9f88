package auth

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/jeton-dev/jeton/workers/auth/internal/pythonjson"
)

// field is one field of a view's data: text that must be given, or, when readOnly, one that only the answer has.
type field struct {
	name     string
	readOnly bool
}

// label is what a form would call the field.
func (f field) label() string { return strings.ToUpper(f.name[:1]) + f.name[1:] }

// readFields takes the texts of the fields out of the data. All that is wrong with any of them is told at once.
func readFields(values data, fields []field) (map[string]string, *failure) {
	switch values.Kind {
	case pythonjson.Dict:
	case pythonjson.None:
		return nil, refuseData("No data provided")
	default:
		return nil, refuseData("Invalid data. Expected a dictionary, but got " + values.Kind.String() + ".")
	}
	texts := make(map[string]string, len(fields))
	var problems object
	for _, f := range fields {
		if f.readOnly {
			continue
		}
		value, present := values.Get(f.name)
		text, wrong := readText(value, present)
		if wrong != nil {
			problems = append(problems, member{f.name, wrong})
		}
		texts[f.name] = text
	}
	if problems != nil {
		return nil, &failure{status: 400, body: problems}
	}
	return texts, nil
}

// readText returns the text of a required field, without the white space around it, or what is wrong with it. Numbers count as text.
func readText(value data, present bool) (text string, problems []string) {
	if !present {
		return "", []string{"This field is required."}
	}
	switch value.Kind {
	case pythonjson.None:
		return "", []string{"This field may not be null."}
	case pythonjson.Bool, pythonjson.List, pythonjson.Dict:
		return "", []string{"Not a valid string."}
	}
	text = strings.TrimFunc(value.Text, isPythonSpace)
	if text == "" {
		return "", []string{"This field may not be blank."}
	}
	if strings.Contains(text, "\x00") {
		problems = append(problems, "Null characters are not allowed.")
	}
	if surrogate, found := pythonjson.Surrogate(text); found {
		problems = append(problems, fmt.Sprintf("Surrogate characters are not allowed: U+%X.", surrogate))
	}
	return text, problems
}

// isPythonSpace reports whether Python's str.strip() removes a character: Unicode's white space and the four ASCII separators.
func isPythonSpace(char rune) bool { return unicode.IsSpace(char) || char >= 0x1C && char <= 0x1F }
