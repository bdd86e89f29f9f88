package rest

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"github.com/jeton-dev/jeton/workers/auth/internal/pythonjson"
)

// Field is one field of a view's data: one that must be given, or, when ReadOnly, one that only the answer has.
type Field struct {
	Name     string
	Kind     Kind
	ReadOnly bool
	// Optional fields may be missing: their text is then empty.
	Optional bool
	// AllowBlank fields may be empty, which is then not looked at any further.
	AllowBlank bool
	// MaxLength is how many characters the text may have; 0 allows any number.
	MaxLength int
	// Label is what a form would call the field: its name, unless there is one here. HelpText is what it would say about it.
	Label, HelpText string
	// Normalise changes the text before anything looks at it.
	Normalise func(text string) string
	// Checks are asked before the rules that every text has. All that is wrong is told.
	Checks []Check
}

// Kind is what a field holds.
type Kind uint8

// The kinds. The data of integers is never read: they are fields of answers alone.
const (
	Text Kind = iota
	Email
	// Key is the primary key of something: an integer or text, as it was sent.
	Key
	Integer
)

// Check returns what is wrong with a text, or "". A failure ends the request.
type Check func(ctx context.Context, text string) (problem string, failed *Failure)

// Describe returns what a view's description says of the field.
func (f Field) Describe() Object {
	types := [...]string{Text: "string", Email: "email", Key: "field", Integer: "integer"}
	label := f.Label
	if label == "" {
		label = strings.ReplaceAll(strings.ToUpper(f.Name[:1])+f.Name[1:], "_", " ")
	}
	described := NewObject("type", types[f.Kind], "required", !f.ReadOnly && !f.Optional, "read_only", f.ReadOnly, "label", label)
	if f.HelpText != "" {
		described = append(described, Member{"help_text", f.HelpText})
	}
	if f.MaxLength > 0 {
		described = append(described, Member{"max_length", int64(f.MaxLength)})
	}
	return described
}

// ReadFields takes the texts of the fields out of the data. All that is wrong with any of them is told at once.
func ReadFields(ctx context.Context, values Data, fields []Field) (map[string]string, *Failure) {
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
		text, wrong, failed := f.read(ctx, value, present)
		if failed != nil {
			return nil, failed
		}
		if wrong != nil {
			problems = append(problems, Member{f.Name, wrong})
		}
		texts[f.Name] = text
	}
	if problems != nil {
		return nil, RefuseFields(problems)
	}
	return texts, nil
}

func (f Field) read(ctx context.Context, value Data, present bool) (text string, problems []string, failed *Failure) {
	if !present {
		return "", []string{"This field is required."}, nil
	}
	if f.Kind == Key {
		text, problems = readKey(value)
		return text, problems, nil
	}
	return f.readText(ctx, value)
}

// RefuseFields returns the 400 of fields that are wrong: a list of problems under the name of each.
func RefuseFields(problems Object) *Failure { return &Failure{Status: 400, Body: problems} }

// RefuseField returns the 400 of a field that is wrong.
func RefuseField(name, problem string) *Failure {
	return &Failure{Status: 400, Body: NewObject(name, []string{problem})}
}

// readKey returns a primary key, or what is wrong with it.
func readKey(value Data) (key string, problems []string) {
	switch {
	case value.Kind == pythonjson.None, value.Kind == pythonjson.String && value.Text == "":
		return "", []string{"This field may not be null."}
	case value.Kind != pythonjson.Int && value.Kind != pythonjson.String:
		return "", []string{"Incorrect type. Expected pk value, received " + value.Kind.String() + "."}
	}
	return value.Text, nil
}

const notAnEmail = "Enter a valid email address."

// readText returns the text of a field, without the white space around it, or what is wrong with it. Numbers count as text.
func (f Field) readText(ctx context.Context, value Data) (text string, problems []string, failed *Failure) {
	switch value.Kind {
	case pythonjson.None:
		return "", []string{"This field may not be null."}, nil
	case pythonjson.Bool, pythonjson.List, pythonjson.Dict:
		if f.Kind == Email {
			return "", []string{notAnEmail}, nil
		}
		return "", []string{"Not a valid string."}, nil
	}
	text = strings.TrimFunc(value.Text, isPythonSpace)
	if f.Normalise != nil {
		text = f.Normalise(text)
	}
	if text == "" {
		if !f.AllowBlank {
			problems = []string{"This field may not be blank."}
		}
		return "", problems, nil
	}
	for _, check := range f.Checks {
		problem, failed := check(ctx, text)
		if failed != nil {
			return "", nil, failed
		}
		if problem != "" {
			problems = append(problems, problem)
		}
	}
	return text, append(problems, f.checkText(text)...), nil
}

// checkText returns what is wrong with a text by the rules that every text has.
func (f Field) checkText(text string) (problems []string) {
	if f.MaxLength > 0 && len(pythonjson.Characters(text)) > f.MaxLength {
		problems = append(problems, "Ensure this field has no more than "+strconv.Itoa(f.MaxLength)+" characters.")
	}
	if strings.Contains(text, "\x00") {
		problems = append(problems, "Null characters are not allowed.")
	}
	if surrogate, found := pythonjson.Surrogate(text); found {
		problems = append(problems, fmt.Sprintf("Surrogate characters are not allowed: U+%X.", surrogate))
	}
	if f.Kind == Email && !isEmail(text) {
		problems = append(problems, notAnEmail)
	}
	return problems
}

// isPythonSpace reports whether Python's str.strip() removes a character: Unicode's white space and the four ASCII separators.
func isPythonSpace(char rune) bool { return unicode.IsSpace(char) || char >= 0x1C && char <= 0x1F }
