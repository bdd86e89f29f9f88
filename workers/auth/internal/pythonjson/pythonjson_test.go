package pythonjson_test

import (
	"encoding/json"
	"fmt"
	"sort"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/jeton-dev/jeton/workers/auth/internal/pythonjson"
)

// corpus returns documents of every kind, good and bad.
func corpus() []string {
	documents := []string{
		``, ` `, `{}`, `[]`, ` [ ] `, `{ }`, `null`, `true`, `false`, `nul`, `tru`, `nullx`, `"text"`, `"é"`, `{"a":1}`, `{"a":1,"a":2}`,
		`{"a" : [1, 2.5, "x", null, true, {"b": []}] , "c": {}}`, `{"username":"alice","password":"pw"}`, `[1,]`, `[,1]`, `[1 2]`, `[1}`, `[`,
		`{`, `{"a"`, `{"a":`, `{"a":}`, `{"a":1,}`, `{"a":1 "b":2}`, `{a:1}`, `{'a':1}`, `{,}`, `{"a" 1}`, `{}x`, `{} {}`, `1 2`, `]`, `}`, `:`, `,`,
		"{\n\"a\":\n x}", "\n\n  x", "{\"é\": x}", "[\"𝄞\", x]", "\ufeff{}", " \ufeff{}", "\v1", "\u00a01", "\x00", "\x7f",
		`NaN`, `Infinity`, `-Infinity`, `[NaN]`, `{"a":Infinity}`, `-Inf`, `NaNa`, `nan`,
		`0`, `-0`, `00`, `01`, `-`, `-a`, `+1`, `.5`, `1.`, `1.e3`, `1e`, `1e+`, `1E5`, `1e-7`, `-1.5e+3`, `1.0`, `-0.0`, `0.1`, `100.0`, `1e15`, `1e16`,
		`123456789012345678901234567890`, `0.0001`, `0.00001`, `1.5e-5`, `1e22`, `1e400`, `-1e400`, `1e-400`, `5e-324`, `1.7976931348623157e308`,
		`9007199254740993.0`, `123456789.123456789`, `1e0`, `2.50`, `0e10`, `12345678901234567.0`, `0.1e1`, `1_0`, `0x1`,
		`"\"\\\/\b\f\n\r\t"`, `"\u00e9"`, `"\uD834\uDD1E"`, `"\ud800"`, `"\udc00"`, `"\ud800x"`, `"\ud800\ud800"`, `"\ud800\n"`, `"\ud800\u0041"`,
		`"\udc00\ud800"`, `"\ud800\udc00\udc00"`, `"\ud800\ud834\udd1e"`, `"\u12"`, `"\u12é"`, `"\u12g4"`, `"\u+123"`, `"\u 123"`, `"\u1_23"`, `"\u1234`, `"\ud800\u12"`,
		`"\ud800\u12g4"`, `"\ud800\ux"`, `"\ud800\`, `"\x"`, `"\`, `"\"`, `"abc`, "\"a\x01\"", "\"a\nb\"", "\"a\tb\"", "\"\x7f\"", `"\u0000"`, `"\u2028"`, "\"\u2028\"",
		`{"\ud800":1}`, `{"a\u0062":1}`, `"\U0041"`, `{"a":"b"`, `{"a":"b`, `["a"`, `["a",`, `[[[[1]]]`, `{"a":{"b":{"c":[{}]}}}`,
		"\xff", "\"\x80\"", "\"\xc3\"", "\"\xc3", "\"\xe2\x82\"", "\"\xed\xa0\x80\"", "\"\xf0\x9f\x98\"", "\"\xf5\"", "\"\xc0\x80\"", "\"\xe0\x80\x80\"", "\"\xf4\x90\x80\x80\"", "é\xff",
	}
	for _, digits := range []int{4300, 4301, 5000} {
		documents = append(documents, strings.Repeat("7", digits), "-"+strings.Repeat("7", digits), strings.Repeat("7", digits)+".5")
	}
	return documents
}

func characters(text string) string {
	var codes []string
	for len(text) > 0 {
		if char, ok := pythonjson.Surrogate(text[:min(3, len(text))]); ok {
			codes, text = append(codes, fmt.Sprintf("%x", char)), text[3:]
			continue
		}
		char, size := utf8.DecodeRuneInString(text)
		codes, text = append(codes, fmt.Sprintf("%x", char)), text[size:]
	}
	return strings.Join(codes, " ")
}

// describeMembers writes out the members of a Dict as Get finds them, sorted by name.
func describeMembers(v pythonjson.Value) []string {
	seen := make(map[string]bool)
	var names []string
	for _, name := range v.Names {
		if !seen[name] {
			names = append(names, name)
		}
		seen[name] = true
	}
	sort.Strings(names)
	for i, name := range names {
		element, _ := v.Get(name)
		names[i] = characters(name) + ":" + describe(element)
	}
	return names
}

func TestParse(t *testing.T) {
	for _, test := range []struct{ document, value, err string }{
		{document: ``, err: "Expecting value: line 1 column 1 (char 0)"},
		{document: `{`, err: "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"},
		{document: `{"a":1,}`, err: "Expecting property name enclosed in double quotes: line 1 column 8 (char 7)"},
		{document: `{"a" 1}`, err: "Expecting ':' delimiter: line 1 column 6 (char 5)"},
		{document: `[1 2]`, err: "Expecting ',' delimiter: line 1 column 4 (char 3)"},
		{document: `{} x`, err: "Extra data: line 1 column 4 (char 3)"},
		{document: "[\n\"é\", x]", err: "Expecting value: line 2 column 6 (char 7)"},
		{document: `"abc`, err: "Unterminated string starting at: line 1 column 1 (char 0)"},
		{document: `"a\x"`, err: `Invalid \escape: line 1 column 3 (char 2)`},
		{document: `"\u12g4"`, err: `Invalid \uXXXX escape: line 1 column 3 (char 2)`},
		{document: "\"\x01\"", err: "Invalid control character at: line 1 column 2 (char 1)"},
		{document: "\ufeff{}", err: "Unexpected UTF-8 BOM (decode using utf-8-sig): line 1 column 1 (char 0)"},
		{document: `[-Infinity]`, err: "Out of range float values are not JSON compliant: '-Infinity'"},
		{document: "\"\xff\"", err: "'utf-8' codec can't decode byte 0xff in position 1: invalid start byte"},
		{document: "\"\xe2\x82\"", err: "'utf-8' codec can't decode bytes in position 1-2: invalid continuation byte"},
		{document: `{"a":1,"a":2}`, value: "dict{61:int(32)}"},
		{document: `1.0`, value: "float(31 2e 30)"},
		{document: `1e16`, value: "float(31 65 2b 31 36)"},
		{document: `-0`, value: "int(30)"},
		{document: `"\ud800\ud834\udd1e"`, value: "str(d800 1d11e)"},
	} {
		if got, want := read(test.document), (answer{test.value, test.err}); got != want {
			t.Errorf("%q: got %v, want %v", test.document, got, want)
		}
	}
}

func TestDepth(t *testing.T) {
	nested := func(depth int) string {
		return strings.Repeat(`[{"a":`, depth/2) + "1" + strings.Repeat(`}]`, depth/2)
	}
	if _, err := pythonjson.Parse(nested(pythonjson.MaximumDepth)); err != nil {
		t.Error(err)
	}
	for _, document := range []string{nested(pythonjson.MaximumDepth + 2), strings.Repeat("[", 1<<20)} {
		if _, err := pythonjson.Parse(document); err == nil || !strings.HasPrefix(err.Error(), "Nested too deeply: line 1 column ") {
			t.Errorf("got %v", err)
		}
	}
}

func TestSurrogate(t *testing.T) {
	for text, want := range map[string]rune{"": 0, "é퟿": 0, "a\xed\xa0\x80": 0xD800, "\xed\xbf\xbf": 0xDFFF} {
		if got, ok := pythonjson.Surrogate(text); got != want || ok != (want != 0) {
			t.Errorf("%q: got %U, %v", text, got, ok)
		}
	}
}

// FuzzParse holds the parser against encoding/json: what one accepts the other accepts, but for this package's limits.
func FuzzParse(f *testing.F) {
	for _, document := range corpus() {
		f.Add([]byte(document))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		text := string(data)
		err := pythonjson.CheckUTF8(text)
		if (err == nil) != utf8.Valid(data) {
			t.Fatalf("CheckUTF8: %v", err)
		}
		if err != nil {
			return
		}
		_, err = pythonjson.Parse(text)
		valid := json.Valid(data)
		if err == nil && !valid {
			t.Fatal("accepted what encoding/json refuses")
		}
		if err != nil && valid && !strings.HasPrefix(err.Error(), "Nested too deeply") && !strings.HasPrefix(err.Error(), "Exceeds the limit") {
			t.Fatalf("refused what encoding/json accepts: %v", err)
		}
	})
}

func TestCharacters(t *testing.T) {
	for text, want := range map[string]int{"": 0, "aé𝄞": 3, "\xed\xa0\x80": 1, "a\xed\xbf\xbf\xed\xa0\x80b": 4, "\xed\x9f\xbf": 1, "\ufffd": 1} {
		if got := pythonjson.Characters(text); len(got) != want {
			t.Errorf("%q has characters %x", text, got)
		}
	}
}
