package jsontext

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

var testLimits = Limits{Depth: 32, Members: 256}

func TestScanObject(t *testing.T) {
	for _, test := range []struct {
		name string
		text string
		want Fault
	}{
		{"empty object", `{}`, None},
		{"white space everywhere", " {\t\"a\" :\r\n [ 1 , 2 ] , \"b\" : { } } ", None},
		{"all kinds", `{"a":null,"b":true,"c":false,"d":-0.5e+3,"e":"x","f":[],"g":{}}`, None},
		{"escapes", `{"a":"\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00"}`, None},
		{"same name on two levels", `{"a":{"a":1}}`, None},
		{"names that differ in case", `{"a":1,"A":2}`, None},
		{"empty name", `{"":1}`, None},
		{"nothing", ``, Syntax},
		{"open", `{`, Syntax},
		{"open after a name", `{"a"`, Syntax},
		{"open after a colon", `{"a":`, Syntax},
		{"open after a value", `{"a":1`, Syntax},
		{"open after a comma", `{"a":1,`, Syntax},
		{"open string", `{"a":"b`, Syntax},
		{"open escape", `{"a":"\`, Syntax},
		{"open unicode escape", `{"a":"\u12`, Syntax},
		{"comma before the brace", `{"a":1,}`, Syntax},
		{"comma before the bracket", `{"a":[1,]}`, Syntax},
		{"name without quotes", `{a:1}`, Syntax},
		{"single quotes", `{'a':1}`, Syntax},
		{"comment", `{/**/}`, Syntax},
		{"unknown escape", `{"a":"\x41"}`, Syntax},
		{"hexadecimal number", `{"a":0x1}`, Syntax},
		{"plus sign", `{"a":+1}`, Syntax},
		{"bare minus", `{"a":-}`, Syntax},
		{"point without digits", `{"a":1.}`, Syntax},
		{"digits without number", `{"a":.5}`, Syntax},
		{"exponent without digits", `{"a":1e}`, Syntax},
		{"leading zero", `{"a":01}`, Syntax},
		{"True", `{"a":True}`, Syntax},
		{"truncated literal", `{"a":nul}`, Syntax},
		{"array", `[]`, NotAnObject},
		{"string", `"a"`, NotAnObject},
		{"broken array", `[`, Syntax},
		{"two objects", `{}{}`, TrailingData},
		{"NUL behind", "{}\x00", TrailingData},
		{"line feed in a string", "{\"a\":\"\n\"}", ControlCharacter},
		{"NUL in a string", "{\"a\":\"\x00\"}", NullCharacter},
		{"escaped NUL", `{"a":"\u0000"}`, NullCharacter},
		{"escaped byte order mark", `{"a":"\ufeff"}`, ByteOrderMark},
		{"byte order mark in front", "\ufeff{}", ByteOrderMark},
		{"high surrogate alone", `{"a":"\ud83d"}`, LoneSurrogate},
		{"high surrogate and text", `{"a":"\ud83dxxxxxx"}`, LoneSurrogate},
		{"high surrogate twice", `{"a":"\ud83d\ud83d"}`, LoneSurrogate},
		{"low surrogate alone", `{"a":"\ude00"}`, LoneSurrogate},
		{"lone surrogate in a name", `{"\ud83d":1}`, LoneSurrogate},
		{"truncated UTF-8", "{\"a\":\"\xe2\x82\"}", InvalidUnicode},
		{"UTF-8 beyond Unicode", "{\"a\":\"\xf4\x90\x80\x80\"}", InvalidUnicode},
		{"twice", `{"a":1,"a":1}`, DuplicateMember},
		{"twice with an escape", `{"a\/b":1,"a/b":1}`, DuplicateMember},
		{"twice with surrogates", `{"😀":1,"\ud83d\ude00":1}`, DuplicateMember},
		{"twice in a nested object", `{"a":[{"b":1,"b":1}]}`, DuplicateMember},
		{"twice among many", `{` + manyMembers(60) + `,"m7":0}`, DuplicateMember},
		{"many", `{` + manyMembers(256) + `}`, None},
		{"too many", `{` + manyMembers(257) + `}`, TooManyMembers},
		{"deep", strings.Repeat(`{"a":`, 31) + `{}` + strings.Repeat(`}`, 31), None},
		{"too deep", strings.Repeat(`{"a":`, 32) + `{}` + strings.Repeat(`}`, 32), TooDeep},
		{"much too deep", `{"a":` + strings.Repeat(`[`, 1<<20), TooDeep},
		{"an array much too deep", strings.Repeat(`[`, 1<<20), TooDeep},
	} {
		t.Run(test.name, func(t *testing.T) {
			kept := []Member{{NameStart: 7}}
			got, fault := ScanObject([]byte(test.text), testLimits, kept)
			if fault != test.want {
				t.Fatalf("fault %q, want %q", fault, test.want)
			}
			if fault != None && len(got) != 1 {
				t.Errorf("%d members left after a fault", len(got)-1)
			}
		})
	}
}

func TestNextElement(t *testing.T) {
	for _, text := range []string{`[]`, `[ ]`, `["a"]`, ` ["a"]`[1:], `[ "a" , 1,null , {"b":[1,2]},[[]], true ]`, `["\"]","]"]`} {
		want, fault := ScanElements([]byte(text), testLimits, nil)
		if fault != None {
			t.Fatal(fault)
		}
		var got []Member
		for element, i, ok := NextElement([]byte(text), 0); ok; element, i, ok = NextElement([]byte(text), i) {
			got = append(got, element)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", text, got, want)
		}
	}
}

func manyMembers(n int) string {
	var text strings.Builder
	for i := range n {
		if i > 0 {
			text.WriteByte(',')
		}
		text.WriteString(`"m`)
		text.WriteString(string(json.RawMessage(mustMarshal(i))))
		text.WriteString(`":0`)
	}
	return text.String()
}

func mustMarshal(v any) []byte {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return text
}

// FuzzQuote checks that what is quoted reads back as itself, here and in encoding/json.
func FuzzQuote(f *testing.F) {
	f.Add("plain")
	f.Add("\"\\\n\x7f é 😀")
	f.Add("\xff")
	f.Add("\x00")
	f.Fuzz(func(t *testing.T, text string) {
		quoted, ok := AppendQuoted(nil, text)
		if !ok {
			if utf8.ValidString(text) && !strings.ContainsAny(text, "\x00\ufeff") {
				t.Fatal("refused text that can stand in a token")
			}
			return
		}
		var back string
		if err := json.Unmarshal(quoted, &back); err != nil || back != text {
			t.Fatalf("%q, %v", back, err)
		}
		if _, fault := ScanObject(append(append([]byte(`{"a":`), quoted...), '}'), testLimits, nil); fault != None {
			t.Fatal(fault)
		}
	})
}
