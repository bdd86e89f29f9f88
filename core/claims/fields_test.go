package claims

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"testing"

	"github.com/jeton-dev/jeton/core"
)

type (
	shallow struct {
		Name  int `json:"name"`
		Inner int
	}
	tagged struct {
		Other int `json:"Clash"`
	}
	untagged struct{ Clash int }
	Left     struct{ Both, OnlyLeft int }
	Right    struct{ Both, OnlyRight int }
	Twice    struct {
		Deep
		Direct int
	}
	Deep      struct{ Bottom int }
	ViaOne    struct{ Twice }
	ViaOther  struct{ Twice }
	Number    int
	recursive struct {
		Next *recursive `json:"next"`
		Here int        `json:"here"`
	}
)

// shapes are structs whose names follow from the rules for embedded fields, conflicts and tags.
var shapes = []any{
	new(struct {
		shallow
		Name int `json:"NAME"`
	}),
	new(struct {
		shallow
		Inner int `json:"name"`
	}),
	new(struct {
		tagged
		untagged
	}),
	new(struct {
		Left
		Right
	}),
	new(struct {
		Left
		Right
		Both int
	}),
	new(struct {
		*Left
		Right `json:"right"`
	}),
	new(struct {
		ViaOne
		ViaOther
	}),
	new(struct {
		Number
		A int `json:"a,omitempty"`
		B int `json:",omitempty"`
		C int `json:"-"`
		D int `json:"-,"`
		E int `json:"bad\"tag"`
		F int `json:"with space and é"`
		g int
		H int `json:"h" json2:"x"`
		I int `other:"i"`
	}),
	new(recursive),
}

// TestFieldsAreThoseOfEncodingJSON asks encoding/json which of many names it reads into each shape, and compares. A name counts when
// the field that it fills is written back under that very name.
func TestFieldsAreThoseOfEncodingJSON(t *testing.T) {
	names := []string{"name", "NAME", "Name", "Inner", "inner", "Clash", "clash", "Other", "Both", "OnlyLeft", "OnlyRight", "right", "Right", "Left", "Direct",
		"Bottom", "Deep", "Twice", "ViaOne", "Number", "a", "A", "B", "b", "C", "-", "D", "E", "bad\"tag", "with space and é", "F", "g", "h", "H", "I", "i", "here", "next"}
	filled := 0
	for _, shape := range shapes {
		shapeType := reflect.TypeOf(shape).Elem()
		known := fieldsOf(shapeType)
		for _, name := range names {
			quoted, err := json.Marshal(name)
			if err != nil {
				t.Fatal(err)
			}
			into := reflect.New(shapeType)
			member := string(quoted) + ":7"
			if json.Unmarshal([]byte("{"+member+"}"), into.Interface()) != nil {
				// The field is an object, which a number does not fit: it is there.
				member = string(quoted)
				into = reflect.New(shapeType)
				if err := json.Unmarshal([]byte("{"+member+":{}}"), into.Interface()); err != nil {
					t.Fatal(err)
				}
			}
			written, err := json.Marshal(into.Interface())
			if err != nil {
				t.Fatal(err)
			}
			_, have := known[name]
			if want := bytes.Contains(written, []byte(member)); have != want {
				t.Errorf("%v: %q known %v, want %v (%s)", shapeType, name, have, want, written)
			} else if have {
				filled++
			}
		}
	}
	if filled < 20 {
		t.Errorf("only %d names were known", filled)
	}
}

// TestDominantField holds which of several fields a name belongs to, in whatever order they are found.
func TestDominantField(t *testing.T) {
	number, text, list := reflect.TypeFor[int](), reflect.TypeFor[string](), reflect.TypeFor[[]int]()
	for name, test := range map[string]struct {
		candidates []candidate
		want       reflect.Type // nil: none
	}{
		"one":                         {[]candidate{{3, false, number}}, number},
		"the less deep":               {[]candidate{{1, true, number}, {0, false, text}}, text},
		"the tagged":                  {[]candidate{{1, false, number}, {1, true, text}}, text},
		"two untagged":                {[]candidate{{1, false, number}, {1, false, text}}, nil},
		"two tagged":                  {[]candidate{{1, true, number}, {1, true, text}}, nil},
		"two tagged and one untagged": {[]candidate{{1, true, number}, {1, false, list}, {1, true, text}}, nil},
		"two untagged and one tagged": {[]candidate{{1, false, number}, {1, true, list}, {1, false, text}}, list},
		"two, deeper than one":        {[]candidate{{1, true, number}, {1, true, text}, {0, false, list}}, list},
	} {
		for range 2 {
			if got, ok := dominant(test.candidates); ok != (test.want != nil) || ok && got != test.want {
				t.Errorf("%s: %v, %v", name, got, ok)
			}
			slices.Reverse(test.candidates)
		}
	}
}

// FuzzDecode holds that no payload panics, that every failure has a code, and that members whose names differ from a field's in case
// alone change nothing.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		`{}`, `{"sub":"alice"}`, `{"aud":["a"],"seen":1.5,"home":{"city":"x"}}`, `{"others":[{"zip":1},null],"by_name":{"a":{}},"fixed":[{},{}]}`,
		`{"user_id":18446744073709551615,"anyone":{"a":[1e400]},"raw":[{"b":2}]}`, `{"Registered":{"sub":"x"},"\u0073ub":"y"}`,
	} {
		f.Add(seed)
	}
	key := newKey(f)
	signer, err := core.NewSigner(key, core.SignerOptions{})
	if err != nil {
		f.Fatal(err)
	}
	decode := func(t *testing.T, payload string) (decoded session, err error, ok bool) {
		text, err := signer.AppendEncode(nil, []byte(payload))
		if err != nil {
			return decoded, err, false
		}
		token, err := core.Verify(string(text), key, testPolicy())
		if err != nil {
			return decoded, err, false
		}
		decoded, err = Decode[session](token)
		if err != nil && !errors.Is(err, core.ClaimMalformed) {
			t.Fatalf("no code: %v", err)
		}
		return decoded, err, true
	}
	f.Fuzz(func(t *testing.T, payload string) {
		want, wantErr, ok := decode(t, payload)
		if !ok {
			return
		}
		end := bytes.LastIndexByte([]byte(payload), '}')
		comma := ","
		if object, err := core.ParseObject([]byte(payload), core.Limits{}); err != nil || object.Len() == 0 {
			comma = ""
		}
		got, gotErr, ok := decode(t, payload[:end]+comma+`"SUB":"x","uSER_ID":5,"ADMIN":true,"HOME":{"city":"x"}`+payload[end:])
		if ok && ((gotErr == nil) != (wantErr == nil) || !reflect.DeepEqual(got, want)) {
			t.Errorf("%q: %+v, %v with twins, %+v, %v without", payload, got, gotErr, want, wantErr)
		}
	})
}
