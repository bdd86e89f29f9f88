package core_test

import (
	"slices"
	"testing"
	"time"

	"github.com/jeton-dev/jeton/core"
)

// value returns the claim "x" of a verified token that has this JSON for it.
func value(t *testing.T, json string) core.Value {
	t.Helper()
	key := newKey(t, core.HS256)
	verified, err := core.Verify(sign(t, key, hs256Header, `{"exp":1790000060,"x":`+json+`}`), key, policy())
	if err != nil {
		t.Fatal(err)
	}
	found, ok := verified.Claim("x")
	if !ok {
		t.Fatal("no claim")
	}
	return found
}

func TestValueNumbers(t *testing.T) {
	for _, test := range []struct {
		json     string
		whole    int64
		isInt    bool
		unsigned uint64
		isUint   bool
	}{
		{"0", 0, true, 0, true},
		{"-0", 0, true, 0, false},
		{"-1", -1, true, 0, false},
		{"9007199254740993", 9007199254740993, true, 9007199254740993, true},
		{"9223372036854775807", 9223372036854775807, true, 9223372036854775807, true},
		{"9223372036854775808", 0, false, 9223372036854775808, true},
		{"18446744073709551615", 0, false, 18446744073709551615, true},
		{"18446744073709551616", 0, false, 0, false},
		{"1.0", 0, false, 0, false},
		{"1e3", 0, false, 0, false},
		{`"1"`, 0, false, 0, false},
		{"true", 0, false, 0, false},
		{"null", 0, false, 0, false},
	} {
		v := value(t, test.json)
		if n, ok := v.Int(); ok != test.isInt || ok && n != test.whole {
			t.Errorf("%s: Int %d, %v", test.json, n, ok)
		}
		if n, ok := v.Uint(); ok != test.isUint || ok && n != test.unsigned {
			t.Errorf("%s: Uint %d, %v", test.json, n, ok)
		}
	}
}

func TestValueTime(t *testing.T) {
	for _, test := range []struct {
		json string
		want time.Time // the zero Time: none
	}{
		{"0", time.Unix(0, 0)},
		{"1790000000", testTime},
		{"1790000000.25", testTime.Add(250 * time.Millisecond)},
		{"1.79e9", testTime},
		{"253402300799", time.Unix(253402300799, 0)},
		{"253402300800", time.Time{}},
		{"1790000000000", time.Time{}},
		{"-1", time.Time{}},
		{`"1790000000"`, time.Time{}},
		{"null", time.Time{}},
		{"[1]", time.Time{}},
	} {
		at, ok := value(t, test.json).Time()
		if ok == test.want.IsZero() || !at.Equal(test.want) {
			t.Errorf("%s: %v, %v", test.json, at, ok)
		}
		if ok && at.Location() != time.UTC {
			t.Errorf("%s: in %v", test.json, at.Location())
		}
	}
}

func TestValueTexts(t *testing.T) {
	for _, test := range []struct {
		json string
		want []string // nil: none
	}{
		{`[]`, []string{}},
		{`["a"]`, []string{"a"}},
		{`[ "a" , "b\u00e9", "" ]`, []string{"a", "bé", ""}},
		{`["a",1]`, nil},
		{`["a",null]`, nil},
		{`[["a"]]`, nil},
		{`"a"`, nil},
		{`{"0":"a"}`, nil},
		{`null`, nil},
	} {
		texts, ok := value(t, test.json).Texts()
		if ok != (test.want != nil) || !slices.Equal(texts, test.want) {
			t.Errorf("%s: %q, %v", test.json, texts, ok)
		}
	}
}

func TestScope(t *testing.T) {
	key := newKey(t, core.HS256)
	for _, test := range []struct {
		member string
		want   []string
	}{
		{``, nil},
		{`,"scope":"read"`, []string{"read"}},
		{`,"scope":"read write"`, []string{"read", "write"}},
		{`,"scope":" read  write "`, []string{"read", "write"}},
		{`,"scope":"read\twrite"`, []string{"read\twrite"}},
		{`,"scope":""`, nil},
		{`,"scope":["read","write all"]`, []string{"read", "write all"}},
		{`,"scope":["read",1]`, nil},
		{`,"scope":{"read":true}`, nil},
		{`,"scope":null`, nil},
		{`,"SCOPE":"read"`, nil},
	} {
		verified, err := core.Verify(sign(t, key, hs256Header, `{"exp":1790000060`+test.member+`}`), key, policy())
		if err != nil {
			t.Fatal(err)
		}
		if got := verified.Scope(); !slices.Equal(got, test.want) {
			t.Errorf("%s: %q, want %q", test.member, got, test.want)
		}
	}
}
