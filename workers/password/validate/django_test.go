package validate

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/jeton-dev/jeton/core"
)

// What testdata/django_validators.py reads and answers.
type (
	djangoRequest struct {
		Settings []json.RawMessage `json:"settings"`
		Cases    []djangoCase      `json:"cases"`
		Lower    []string          `json:"lower"`
	}
	djangoCase   [3]any // the number of a setting, the password, the user
	djangoAnswer struct {
		Failures [][][2]string     `json:"failures"`
		Lowered  []string          `json:"lowered"`
		Classes  string            `json:"classes"`
		LowerMap map[string]string `json:"lower_map"`
		List     string            `json:"list"`
	}
)

// askDjango runs the script. It skips the test unless JETON_DJANGO_PYTHON names a Python that has Django.
func askDjango(t *testing.T, request djangoRequest) djangoAnswer {
	t.Helper()
	python := os.Getenv("JETON_DJANGO_PYTHON")
	if python == "" {
		t.Skip("JETON_DJANGO_PYTHON names no Python with Django")
	}
	request.Settings = append([]json.RawMessage{}, request.Settings...)
	request.Cases = append([]djangoCase{}, request.Cases...)
	request.Lower = append([]string{}, request.Lower...)
	input, err := json.Marshal(request)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), python, "testdata/django_validators.py")
	cmd.Stdin = bytes.NewReader(input)
	cmd.Stderr = os.Stderr
	output, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var answer djangoAnswer
	if err := json.Unmarshal(output, &answer); err != nil || len(answer.Failures) != len(request.Cases) || len(answer.Lowered) != len(request.Lower) {
		t.Fatalf("the script answered %.200q (%v)", output, err)
	}
	return answer
}

func newRandom(t *testing.T) *rand.Rand {
	seed := rand.Uint64()
	t.Logf("the seed is %d", seed)
	return rand.New(rand.NewPCG(seed, 0))
}

// djangoSettings are what the generated passwords are judged by.
var djangoSettings = []json.RawMessage{
	json.RawMessage(`[{"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
		{"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
		{"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator", "OPTIONS": {"password_list_path": "DJANGO_LIST"}},
		{"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"}]`),
	json.RawMessage(`[{"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator", "OPTIONS": {}},
		{"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 1}},
		{"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator", "OPTIONS": {"user_attributes": ["nickname", "email"], "max_similarity": 0.3}}]`),
	json.RawMessage(`[{"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator", "OPTIONS": {"max_similarity": 1}},
		{"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 20}}]`),
	json.RawMessage(`[{"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator", "OPTIONS": {"user_attributes": ["last_name"], "max_similarity": 0.1}}]`),
	json.RawMessage(`[]`),
}

// TestDjangoJudges lets both sides judge some thousand passwords, most of them made of what they must not be made of.
func TestDjangoJudges(t *testing.T) {
	random := newRandom(t)
	list := askDjango(t, djangoRequest{}).List
	file, err := os.ReadFile(list)
	if err != nil {
		t.Fatal(err)
	}
	common, err := ReadList(file)
	if err != nil {
		t.Fatal(err)
	}
	// The whole setting through Parse, with Django's list by path.
	var validators [][]Validator
	for _, setting := range djangoSettings {
		parsed, err := Parse(value(t, string(setting)), Sources{ReadFile: func(path string) ([]byte, error) {
			if path != "DJANGO_LIST" {
				t.Errorf("the path is %q", path)
			}
			return file, nil
		}})
		if err != nil {
			t.Fatal(err)
		}
		validators = append(validators, parsed)
	}

	request := djangoRequest{Settings: djangoSettings}
	words := slices.Sorted(func(yield func(string) bool) {
		for word := range common.passwords {
			if !yield(word) {
				return
			}
		}
	})
	for range 6000 {
		user := randomUser(random)
		request.Cases = append(request.Cases, djangoCase{random.IntN(len(djangoSettings)), randomPassword(random, user, words), user})
	}
	answer := askDjango(t, request)
	counts := map[string]int{}
	for i, want := range answer.Failures {
		number, password, user := request.Cases[i][0].(int), request.Cases[i][1].(string), request.Cases[i][2].(User)
		got := [][2]string{}
		for _, failure := range Check(validators[number], password, user) {
			got = append(got, [2]string{failure.Code, failure.Message})
			counts[failure.Code]++
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q of %q by %s:\ngot  %q\nwant %q", password, user, djangoSettings[number], got, want)
		}
	}
	for _, code := range []string{"password_too_similar", "password_too_short", "password_too_common", "password_entirely_numeric"} {
		if counts[code] < 100 {
			t.Errorf("only %d passwords were refused as %s", counts[code], code)
		}
	}
}

func pick[T any](random *rand.Rand, from []T) T { return from[random.IntN(len(from))] }

func randomUser(random *rand.Rand) User {
	names := []string{
		"alice", "Alice.Liddell", "ÀLICE-liddell", "mary ann", "ΣΊΣΥΦΟΣ", "İSTANBUL", "李小龙", "o'neill", "x", "_", "--", "..dots..", "jean_luc", "ünïcödé words here",
		"averyveryverylongusernameindeed", "e\u0301te\u0301", "²³", "a.b.c.d.e.f",
	}
	user := User{"username": pick(random, names)}
	for _, name := range []string{"first_name", "last_name", "nickname"} {
		if random.IntN(3) > 0 {
			user[name] = pick(random, names)
		}
	}
	if random.IntN(3) > 0 {
		user["email"] = pick(random, names) + "@" + pick(random, []string{"example.com", "mail.example.org", "Example.COM"})
	}
	return user
}

// randomPassword returns one of the user's attributes or a common password, changed, or something of its own.
func randomPassword(random *rand.Rand, user User, words []string) string {
	var text string
	switch random.IntN(8) {
	case 0, 1, 2:
		text = user[pick(random, []string{"username", "first_name", "last_name", "email", "nickname"})]
	case 3, 4:
		text = pick(random, words)
	case 5:
		for range random.IntN(24) {
			text += pick(random, []string{"0", "1", "9", "٣", "²", "①", "५", "½", "Ⅷ"}[:2+random.IntN(8)])
		}
	case 6:
		for range random.IntN(30) {
			text += string(rune(0x20 + random.IntN(0x300)))
		}
	case 7:
		text = strings.Repeat(pick(random, []string{"a", "alice", "Σ", "ab1", "é"}), random.IntN(120))
	}
	for range random.IntN(4) {
		text = change(random, text)
	}
	return text
}

func change(random *rand.Rand, text string) string {
	characters := []rune(text)
	at := random.IntN(len(characters) + 1)
	switch random.IntN(8) {
	case 0:
		return strings.ToUpper(text)
	case 1:
		slices.Reverse(characters)
		return string(characters)
	case 2:
		return text + pick(random, []string{"1", "123", "2024", "!", " ", "\u2003", "\x1f", "Σ", "İ"})
	case 3:
		return pick(random, []string{"x", " ", "\t", "the", "Σ."}) + text
	case 4:
		return string(characters[:at])
	case 5:
		return string(characters[:at]) + pick(random, []string{"-", "_", "x", "\u0301", "Σ"}) + string(characters[at:])
	case 6:
		random.Shuffle(len(characters), func(i, j int) { characters[i], characters[j] = characters[j], characters[i] })
		return string(characters)
	}
	return text + text
}

// TestDjangoCharacters compares the classes of characters and the lower case of each code point that both sides' versions of Unicode have.
func TestDjangoCharacters(t *testing.T) {
	random := newRandom(t)
	var request djangoRequest
	pieces := []string{"Σ", "Σ", "a", "A", "Ω", "文", " ", ".", "'", "’", ":", "·", "-", "_", "1", "^", "İ", "I", "\u0301", "\u00ad", "ʰ", "ª", "ⓐ", "ǅ", "ẞ"}
	for range 5000 {
		var text string
		for range 1 + random.IntN(6) {
			text += pick(random, pieces)
		}
		request.Lower = append(request.Lower, text)
	}
	answer := askDjango(t, request)
	for i, want := range answer.Lowered {
		if got := lower(request.Lower[i]); got != want {
			t.Errorf("lower(%q) = %q, want %q", request.Lower[i], got, want)
		}
	}
	compared := 0
	for code, class := range []byte(answer.Classes) {
		char := rune(code)
		if class == 'x' || !unicode.In(char, unicode.L, unicode.M, unicode.N, unicode.P, unicode.S, unicode.Z, unicode.C) {
			continue
		}
		compared++
		word, digit, space := class&1 != 0, class&2 != 0, class&4 != 0
		if isWord(char) != word || isDigit(char) != digit || (strip(string(char)) == "") != space {
			t.Errorf("U+%04X: Python says word %v, digit %v, space %v", code, word, digit, space)
		}
		want, changes := answer.LowerMap[strconv.Itoa(code)]
		if !changes {
			want = string(char)
		}
		if got := lower(string(char)); got != want {
			t.Errorf("U+%04X: lower is %q, want %q", code, got, want)
		}
	}
	if compared < 100_000 {
		t.Errorf("only %d code points were compared", compared)
	}
}

// value reads JSON as a setting's value.
func value(t testing.TB, json string) core.Value {
	t.Helper()
	object, err := core.ParseObject([]byte(`{"x":`+json+`}`), core.Limits{TokenBytes: 1 << 20, Depth: 8, Members: 1000})
	if err != nil {
		t.Fatal(err)
	}
	found, _ := object.Get("x")
	return found
}
