package store

import (
	"strings"
	"testing"
	"time"
)

func TestCanonicalUUID(t *testing.T) {
	const want = "0d3f5c6a-7b18-4c29-9d3a-4e5b6c7d8e9f"
	for _, text := range []string{want, strings.ToUpper(want), strings.ReplaceAll(want, "-", ""), strings.ToUpper(strings.ReplaceAll(want, "-", ""))} {
		if got, ok := canonicalUUID(text); !ok || got != want {
			t.Errorf("canonicalUUID(%q) = %q, %v", text, got, ok)
		}
	}
	for _, text := range []string{"", "x", want + "0", want[1:], strings.Replace(want, "-", "", 1), strings.Replace(want, "0", "g", 1), "{" + want[1:35] + "}", strings.Repeat("-", 36)} {
		if got, ok := canonicalUUID(text); ok {
			t.Errorf("canonicalUUID(%q) = %q", text, got)
		}
	}
	if a, b := newUUID(), newUUID(); a == b || len(a) != 36 || a[14] != '4' {
		t.Errorf("newUUID gives %s and %s", a, b)
	}
}

// FuzzCanonicalUUID checks that one form stands for each UUID.
func FuzzCanonicalUUID(f *testing.F) {
	f.Add("0d3f5c6a-7b18-4c29-9d3a-4e5b6c7d8e9f")
	f.Add("0D3F5C6A7B184C299D3A4E5B6C7D8E9F")
	f.Fuzz(func(t *testing.T, text string) {
		uuid, ok := canonicalUUID(text)
		if !ok {
			return
		}
		if again, ok := canonicalUUID(uuid); !ok || again != uuid || len(uuid) != 36 {
			t.Errorf("%q is %q, and that %q", text, uuid, again)
		}
		if digits := strings.ToLower(strings.ReplaceAll(text, "-", "")); digits != strings.ReplaceAll(uuid, "-", "") {
			t.Errorf("%q became %q", text, uuid)
		}
	})
}

// FuzzDatetime checks that a time that can be read is written as the same time.
func FuzzDatetime(f *testing.F) {
	for _, text := range []string{"2026-11-24 10:00:00", "2026-11-24 10:00:00.123456", "2026-11-24T10:00:00+05:30", "0001-01-01 00:00:00", "9999-12-31 23:59:59.999999"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		read, err := parseDatetime(text)
		if err != nil {
			if text != "" && strings.Contains(err.Error(), text) && len(text) > 8 {
				t.Errorf("the error quotes the text: %v", err)
			}
			return
		}
		again, err := parseDatetime(formatDatetime(read))
		if year := read.Year(); year < 1 || year > 9999 { // a zone may lead out of what a column holds
			return
		}
		if err != nil || !again.Equal(read) || read.Location() != time.UTC {
			t.Errorf("%q is %v, and that %v, %v", text, read, again, err)
		}
	})
}
