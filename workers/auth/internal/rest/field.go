package rest

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/jeton-dev/jeton/workers/auth/internal/pythonjson"
)

// Field is one field of a view's data: text that must be given, or, when ReadOnly, one that only the answer has.
type Field struct {
	Name     string
	ReadOnly bool
	// Optional fields may be missing: their text is then empty, which it never is otherwise.
	Optional bool
	// Key fields hold the primary key of something: an integer or text, as it was sent.
	Key bool
}

// Type is what a view's description calls the kind of field.
func (f Field) Type() string {
	if f.Key {
		return "field"
	}
	return "string"
}

// Label is what a form would call the field.
func (f Field) Label() string { return strings.ToUpper(f.Name[:1]) + f.Name[1:] }

// ReadFields takes the texts of the fields out of the data. All that is wrong with any of them is told at once.
func ReadFields(values Data, fields []Field) (map[string]string, *Failure) {
	switch values.Kind {
	case pythonjson.Dict:
	case pythonjson.None:
		return nil, RefuseData("No data provided")
	default:
		return nil, RefuseData("Invalid data. Expected a dictionary, but got " + values.Kind.String() + ".")
	}
	texts := make(map[string]string, len(fields))
	var problems Object
	for _, f := range fields {
		if f.ReadOnly {
			continue
		}
		value, present := values.Get(f.Name)
		if f.Optional && !present {
			continue
		}
		read := readText
		if f.Key {
			read = readKey
		}
		text, wrong := read(value, present)
		if wrong != nil {
			problems = append(problems, Member{f.Name, wrong})
		}
		texts[f.Name] = text
	}
	if problems != nil {
		return nil, &Failure{Status: 400, Body: problems}
	}
	return texts, nil
}

// RefuseField returns the 400 of a field that is wrong.
func RefuseField(name, problem string) *Failure {
	return &Failure{Status: 400, Body: NewObject(name, []string{problem})}
}

// readKey returns a primary key, or what is wrong with it.
func readKey(value Data, present bool) (key string, problems []string) {
	switch {
	case !present:
		return "", []string{"This field is required."}
	case value.Kind == pythonjson.None, value.Kind == pythonjson.String && value.Text == "":
		return "", []string{"This field may not be null."}
	case value.Kind != pythonjson.Int && value.Kind != pythonjson.String:
		return "", []string{"Incorrect type. Expected pk value, received " + value.Kind.String() + "."}
	}
	return value.Text, nil
}

// readText returns the text of a required field, without the white space around it, or what is wrong with it. Numbers count as text.
func readText(value Data, present bool) (text string, problems []string) {
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
