package jsontext

import (
	"bytes"
	"encoding/json"
	"io"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzScanObject holds the scanner against encoding/json. What it accepts, encoding/json accepts too, as the same tree: members in the
// same order, texts and numbers to the letter. What it refuses, it refuses for a fault that the document really has.
func FuzzScanObject(f *testing.F) {
	for _, seed := range []string{
		`{}`, `{"a":1}`, `{"a":[1,2.5e3,"x",null,true,{"b":"\u00e9"}]}`, `{"a":"\ud83d\ude00"}`, `{"a":1,"a":2}`, `[1]`, `{"a":01}`, "\ufeff{}", `{"\u0061":1,"b":"\n"}`,
		"{\"a\":\"\xff\"}", `{"a":"\ud800"}`, ` { "exp" : 1790000000 } `, `{"a":{"a":{"a":[[[]]]}}}`, `{"a":"\\ud800"}`, `{"a":"\u0000"}`, `{"a":"\ufeff"}`, "{\"a\":\"\x01\"}",
		`{}{}`, `"x"`, `nul`, `{"a":{"b":1,"\u0062":2}}`, `{"z":[{"a":false},[],{},-0,0.10E-01]}`, strings.Repeat(`[`, 33), `{"a":[` + strings.Repeat("0,", 256) + `0]}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		members, fault := ScanObject(data, testLimits, nil)
		if fault != None {
			if len(members) != 0 {
				t.Fatal("members of a document that was refused")
			}
			checkFault(t, data, fault)
			return
		}
		if !utf8.Valid(data) || !json.Valid(data) {
			t.Fatal("accepted what encoding/json refuses, or what is not UTF-8")
		}
		decoder := json.NewDecoder(bytes.NewReader(data))
		decoder.UseNumber()
		compareObject(t, data, decoder)
		if _, err := decoder.Token(); err != io.EOF {
			t.Fatalf("encoding/json found more: %v", err)
		}
	})
}

// compareObject walks one object, here and there.
func compareObject(t *testing.T, data []byte, decoder *json.Decoder) {
	members, fault := ScanObject(data, testLimits, nil)
	if fault != None {
		t.Fatalf("refused as a value: %s", fault)
	}
	expectToken(t, decoder, json.Delim('{'))
	for _, m := range members {
		content := data[m.NameStart:m.NameEnd]
		name := string(AppendText(nil, content))
		expectToken(t, decoder, name)
		if !EqualText(content, name) || EqualText(content, name+"x") || name != "" && EqualText(content, name[1:]) {
			t.Fatal("EqualText disagrees with AppendText")
		}
		if m.NameEscaped != bytes.ContainsRune(content, '\\') {
			t.Fatal("NameEscaped is wrong")
		}
		compareValue(t, data[m.ValueStart:m.ValueEnd], m.Kind, decoder)
	}
	expectToken(t, decoder, json.Delim('}'))
}

func compareValue(t *testing.T, data []byte, kind Kind, decoder *json.Decoder) {
	switch kind {
	case Object:
		compareObject(t, data, decoder)
	case Array:
		elements, fault := ScanElements(data, testLimits, nil)
		if fault != None {
			t.Fatalf("refused as a value: %s", fault)
		}
		expectToken(t, decoder, json.Delim('['))
		for _, element := range elements {
			compareValue(t, data[element.ValueStart:element.ValueEnd], element.Kind, decoder)
		}
		expectToken(t, decoder, json.Delim(']'))
	case String:
		expectToken(t, decoder, string(AppendText(nil, data[1:len(data)-1])))
	case Number:
		expectToken(t, decoder, json.Number(data))
	case True, False:
		expectToken(t, decoder, kind == True)
	case Null:
		expectToken(t, decoder, nil)
	default:
		t.Fatalf("a value of kind %d", kind)
	}
}

func expectToken(t *testing.T, decoder *json.Decoder, want json.Token) {
	t.Helper()
	if got, err := decoder.Token(); err != nil || got != want {
		t.Fatalf("%#v, encoding/json has %#v, %v", want, got, err)
	}
}

var (
	otherEscapes   = regexp.MustCompile(`\\[^u]`)
	surrogatePairs = regexp.MustCompile(`(?i)\\ud[89ab][0-9a-f]{2}\\ud[c-f][0-9a-f]{2}`)
	surrogates     = regexp.MustCompile(`(?i)\\ud[89a-f][0-9a-f]{2}`)
	escapedNUL     = regexp.MustCompile(`\\u0000`)
	escapedMark    = regexp.MustCompile(`(?i)\\ufeff`)
)

// checkFault asks for evidence of the fault in the document, found by other means than the scanner's.
func checkFault(t *testing.T, data []byte, fault Fault) {
	escapes := otherEscapes.ReplaceAll(data, nil) // so that \\ud800 is not taken for an escape
	var holds bool
	switch fault {
	case Syntax:
		holds = !json.Valid(data)
	case NotAnObject:
		first, _, ok := firstValue(data)
		holds = ok && first[0] != '{'
	case TrailingData:
		first, rest, ok := firstValue(data)
		holds = ok && first[0] == '{' && len(bytes.Trim(rest, " \t\r\n")) > 0
	case DuplicateMember:
		holds = namesTwice(data)
	case InvalidUnicode:
		holds = !utf8.Valid(data)
	case LoneSurrogate:
		holds = surrogates.Match(surrogatePairs.ReplaceAll(escapes, nil))
	case ControlCharacter:
		holds = !json.Valid(data) && bytes.ContainsFunc(data, func(r rune) bool { return r > 0 && r < ' ' })
	case NullCharacter:
		holds = bytes.IndexByte(data, 0) >= 0 || escapedNUL.Match(escapes)
	case ByteOrderMark:
		holds = bytes.ContainsRune(data, byteOrderMark) || escapedMark.Match(escapes)
	case TooDeep:
		holds = bytes.Count(data, []byte("{"))+bytes.Count(data, []byte("[")) > testLimits.Depth
	case TooManyMembers:
		holds = bytes.Count(data, []byte(","))+bytes.Count(data, []byte("{"))+bytes.Count(data, []byte("[")) > testLimits.Members
	}
	if !holds {
		t.Fatalf("refused for %q, of which there is no trace", fault)
	}
}

// firstValue returns the first JSON value of data, and what stands behind it.
func firstValue(data []byte) (first json.RawMessage, rest []byte, ok bool) {
	decoder := json.NewDecoder(bytes.NewReader(data))
	if decoder.Decode(&first) != nil {
		return nil, nil, false
	}
	return first, data[decoder.InputOffset():], true
}

// namesTwice reports whether an object names a member twice, as far as encoding/json can read the document.
func namesTwice(data []byte) bool {
	type level struct {
		names map[string]bool // nil for an array
		value bool            // the next token is a value
	}
	var open []level
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	for {
		found, err := decoder.Token()
		if err != nil {
			return false
		}
		inner := len(open) - 1
		if name, isText := found.(string); isText && inner >= 0 && open[inner].names != nil && !open[inner].value {
			if open[inner].names[name] {
				return true
			}
			open[inner].names[name], open[inner].value = true, true
			continue
		}
		if inner >= 0 {
			open[inner].value = false
		}
		switch found {
		case json.Delim('{'):
			open = append(open, level{names: make(map[string]bool)})
		case json.Delim('['):
			open = append(open, level{})
		case json.Delim('}'), json.Delim(']'):
			open = open[:inner]
		}
	}
}
