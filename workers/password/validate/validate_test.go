package validate

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
)

func TestRules(t *testing.T) {
	const (
		short   = "This password is too short. It must contain at least "
		similar = "The password is too similar to the "
		common  = "This password is too common."
		numeric = "This password is entirely numeric."
	)
	standard := UserAttributeSimilarity{Attributes: []string{"username", "first_name", "last_name", "email"}, MaxSimilarity: 0.7}
	list := CommonPassword{NewList(slices.Values([]string{"password", "iloveyou", "straße"}))}
	alice := User{"username": "alice", "first_name": "Alice", "last_name": "Liddell-Hargreaves", "email": "a.liddell@wonderland.example"}
	for name, test := range map[string]struct {
		validator Validator
		password  string
		user      User
		want      string // the message, or nothing
	}{
		"long enough":                   {MinimumLength{8}, "12345678", nil, ""},
		"too short":                     {MinimumLength{8}, "1234567", nil, short + "8 characters."},
		"characters, not bytes":         {MinimumLength{8}, "äöüäöüä", nil, short + "8 characters."},
		"one character":                 {MinimumLength{1}, "", nil, short + "1 character."},
		"no character":                  {MinimumLength{0}, "", nil, ""},
		"common":                        {list, "password", nil, common},
		"common, in capitals":           {list, "PassWord", nil, common},
		"common, in white space":        {list, "\t iloveyou\u00a0\n", nil, common},
		"common, not ASCII":             {list, "STRAẞE", nil, common},
		"not common":                    {list, "password1", nil, ""},
		"digits":                        {NumericPassword{}, "0123456789", nil, numeric},
		"digits of other scripts":       {NumericPassword{}, "٣५²①", nil, numeric},
		"no digits alone":               {NumericPassword{}, "123456789x", nil, ""},
		"a fraction is no digit":        {NumericPassword{}, "12½", nil, ""},
		"nothing":                       {NumericPassword{}, "", nil, ""},
		"no user":                       {standard, "alice", nil, ""},
		"the username":                  {standard, "alice", alice, similar + "username."},
		"the username in capitals":      {standard, "ALICE", alice, similar + "username."},
		"the username backwards":        {standard, "ecila", alice, similar + "username."},
		"the username and a little":     {standard, "alice123", alice, similar + "username."},
		"the username and more":         {standard, "alice12345", alice, ""},
		"a word of the last name":       {standard, "hargreaves!", alice, similar + "last name."},
		"a word of the address":         {standard, "wonderland1", alice, similar + "email address."},
		"the address":                   {standard, "a.liddell@wonderland.example", alice, similar + "email address."},
		"nobody's":                      {standard, "correct horse battery", alice, ""},
		"an attribute of the site":      {UserAttributeSimilarity{[]string{"nick_name"}, 0.7}, "rabbit", User{"nick_name": "rabbit"}, similar + "nick name."},
		"an attribute that is not":      {UserAttributeSimilarity{[]string{"nick_name"}, 0.7}, "alice", alice, ""},
		"an attribute without words":    {UserAttributeSimilarity{[]string{"username"}, 0.7}, "x", User{"username": "--"}, ""},
		"no password":                   {UserAttributeSimilarity{[]string{"username"}, 0.7}, "", User{"username": "-"}, similar + "username."},
		"all characters, whatever ways": {UserAttributeSimilarity{[]string{"username"}, 1}, "cabba", User{"username": "abbac"}, similar + "username."},
		"all characters but one":        {UserAttributeSimilarity{[]string{"username"}, 1}, "cabbb", User{"username": "abbac"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			got := ""
			if failure := test.validator.Validate(test.password, test.user); failure != nil {
				got = failure.Message
			}
			if got != test.want {
				t.Errorf("%q gave %q, want %q", test.password, got, test.want)
			}
		})
	}
}

func TestCheckCollects(t *testing.T) {
	validators := []Validator{MinimumLength{8}, NumericPassword{}, CommonPassword{NewList(slices.Values([]string{"1234"}))}}
	var codes []string
	for _, failure := range Check(validators, "1234", nil) {
		codes = append(codes, failure.Code)
	}
	if !slices.Equal(codes, []string{"password_too_short", "password_entirely_numeric", "password_too_common"}) {
		t.Errorf("got %q", codes)
	}
	if failures := Check(validators, "correct horse battery", nil); failures != nil {
		t.Errorf("a good password gave %v", failures)
	}
}

func TestReadList(t *testing.T) {
	const text = "one\r\n two \rthree\n\nfour"
	var compressed bytes.Buffer
	writer := gzip.NewWriter(&compressed)
	writer.Write([]byte(text))
	writer.Close()
	for name, file := range map[string][]byte{"plain": []byte(text), "compressed": compressed.Bytes()} {
		list, err := ReadList(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, password := range []string{"one", "two", "three", "four", ""} { // Python reads an empty line as a password too
			if !list.contains(password) {
				t.Errorf("%s: %q is missing", name, password)
			}
		}
		if list.Len() != 5 {
			t.Errorf("%s: %d passwords", name, list.Len())
		}
	}
	var bomb bytes.Buffer
	writer = gzip.NewWriter(&bomb)
	for range maxList>>20 + 1 {
		writer.Write(make([]byte, 1<<20))
	}
	writer.Close()
	for name, file := range map[string][]byte{
		"not UTF-8":      {'a', 0xff},
		"cut short":      compressed.Bytes()[:compressed.Len()-9],
		"a header alone": {0x1f, 0x8b},
		"a bomb":         bomb.Bytes(),
	} {
		if list, err := ReadList(file); err == nil || list != nil {
			t.Errorf("%s: got %v, %v; want an error", name, list, err)
		}
	}
	if list, err := ReadList(nil); err != nil || list.Len() != 0 {
		t.Errorf("an empty file: %v", err)
	}
}

const django = "django.contrib.auth.password_validation."

func TestParse(t *testing.T) {
	list := NewList(slices.Values([]string{"password"}))
	read := func(path string) ([]byte, error) {
		if path != "list.txt" {
			return nil, fs.ErrNotExist
		}
		return []byte("password\n"), nil
	}
	got, err := Parse(value(t, `[
		{"NAME": "`+django+`UserAttributeSimilarityValidator"},
		{"NAME": "`+django+`UserAttributeSimilarityValidator", "OPTIONS": {"user_attributes": ["a"], "max_similarity": 1}},
		{"NAME": "`+django+`MinimumLengthValidator"},
		{"OPTIONS": {"min_length": -3}, "NAME": "`+django+`MinimumLengthValidator"},
		{"NAME": "`+django+`CommonPasswordValidator"},
		{"NAME": "`+django+`CommonPasswordValidator", "OPTIONS": {"password_list_path": "list.txt"}},
		{"NAME": "`+django+`NumericPasswordValidator", "OPTIONS": {}}]`), Sources{func() *List { return list }, read})
	if err != nil {
		t.Fatal(err)
	}
	want := "[{[username first_name last_name email] 0.7} {[a] 1} {8} {-3} {} {} {}]"
	printed := make([]string, len(got))
	for i, validator := range got {
		printed[i] = fmt.Sprint(validator)
		if common, ok := validator.(CommonPassword); ok {
			printed[i] = "{}"
			if common.Validate("PASSWORD", nil) == nil {
				t.Errorf("%d: the list is empty", i)
			}
		}
	}
	if got := "[" + strings.Join(printed, " ") + "]"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got[4].(CommonPassword).List != list {
		t.Error("the list is not the default one")
	}
	if got, err := Parse(value(t, `[]`), Sources{}); err != nil || len(got) != 0 {
		t.Errorf("an empty list: %v, %v", got, err)
	}
}

func TestParseRefuses(t *testing.T) {
	read := func(string) ([]byte, error) { return nil, fs.ErrNotExist }
	length := `"NAME": "` + django + `MinimumLengthValidator"`
	similarity := `"NAME": "` + django + `UserAttributeSimilarityValidator"`
	common := `"NAME": "` + django + `CommonPasswordValidator"`
	for name, test := range map[string]struct {
		setting string
		sources Sources
		place   string
		problem string
	}{
		"no list":                {`{}`, Sources{}, "", "list of objects"},
		"no object":              {`[1]`, Sources{}, "[0]", "must be an object"},
		"no name":                {`[{}]`, Sources{}, "[0]", "NAME"},
		"another member":         {`[{` + length + `}, {` + length + `, "x": 1}]`, Sources{}, "[1]", `"x"`},
		"another class":          {`[{"NAME": "site.Own"}]`, Sources{}, "[0]", `"site.Own"`},
		"a class alone":          {`[{"NAME": "MinimumLengthValidator"}]`, Sources{}, "[0]", "NAME"},
		"options of no object":   {`[{` + length + `, "OPTIONS": []}]`, Sources{}, "[0]", "OPTIONS"},
		"another option":         {`[{` + length + `, "OPTIONS": {"max": 1}}]`, Sources{}, "[0]", `"max"`},
		"another's option":       {`[{` + similarity + `, "OPTIONS": {"min_length": 1}}]`, Sources{}, "[0]", `"min_length"`},
		"length of text":         {`[{` + length + `, "OPTIONS": {"min_length": "8"}}]`, Sources{}, "[0]", "min_length"},
		"length with a fraction": {`[{` + length + `, "OPTIONS": {"min_length": 8.5}}]`, Sources{}, "[0]", "min_length"},
		"similarity too low":     {`[{` + similarity + `, "OPTIONS": {"max_similarity": 0.09}}]`, Sources{}, "[0]", "at least 0.1"},
		"similarity of text":     {`[{` + similarity + `, "OPTIONS": {"max_similarity": "1"}}]`, Sources{}, "[0]", "max_similarity"},
		"attributes of text":     {`[{` + similarity + `, "OPTIONS": {"user_attributes": "email"}}]`, Sources{}, "[0]", "user_attributes"},
		"no common list":         {`[{` + common + `}]`, Sources{ReadFile: read}, "[0]", "no list in this build"},
		"no files":               {`[{` + common + `, "OPTIONS": {"password_list_path": "x"}}]`, Sources{}, "[0]", "reads no files"},
		"no such file":           {`[{` + common + `, "OPTIONS": {"password_list_path": "x"}}]`, Sources{ReadFile: read}, "[0]", "not exist"},
		"no path":                {`[{` + common + `, "OPTIONS": {"password_list_path": 1}}]`, Sources{ReadFile: read}, "[0]", "must be text"},
		"no good file": {`[{` + common + `, "OPTIONS": {"password_list_path": "x"}}]`, Sources{ReadFile: func(string) ([]byte, error) { return []byte{0xff}, nil }},
			"[0]", "UTF-8"},
	} {
		t.Run(name, func(t *testing.T) {
			validators, err := Parse(value(t, test.setting), test.sources)
			var setting *SettingError
			if !errors.As(err, &setting) || validators != nil {
				t.Fatalf("got %v, %v; want a SettingError", validators, err)
			}
			if setting.Name != "AUTH_PASSWORD_VALIDATORS"+test.place || !strings.Contains(setting.Problem, test.problem) {
				t.Errorf("the error is %q", setting)
			}
		})
	}
}

// FuzzValidate checks that no password and no attribute make a validator panic, and that what Python promises of lower holds.
func FuzzValidate(f *testing.F) {
	for _, seed := range [][2]string{{"alice", "alice"}, {"", ""}, {"Σ", "σίσυφος"}, {"İ.Σ\xff", "\xff\xfe"}, {"²③", "--"}} {
		f.Add(seed[0], seed[1])
	}
	validators := []Validator{
		MinimumLength{8}, NumericPassword{}, CommonPassword{NewList(slices.Values([]string{"password"}))},
		UserAttributeSimilarity{[]string{"username", "email"}, 0.7},
	}
	f.Fuzz(func(t *testing.T, password, attribute string) {
		Check(validators, password, User{"username": attribute, "email": password})
		if twice := lower(lower(password)); twice != lower(password) {
			t.Errorf("lower(%q) is %q, and again %q", password, lower(password), twice)
		}
		if strings.Join(splitWords(attribute), "") != strings.Map(func(char rune) rune {
			if isWord(char) {
				return char
			}
			return -1
		}, attribute) {
			t.Errorf("splitWords(%q) loses characters", attribute)
		}
	})
}
