package base64url

import (
	"bytes"
	"encoding/base64"
	"strings"
	"testing"
)

func TestDecodeRefusesEveryOtherSpelling(t *testing.T) {
	for name, text := range map[string]string{
		"padding": "Zg==", "padding inside": "Zg=A", "standard alphabet": "+/+/", "line feed": "Zm9v\n", "carriage return": "Zm\r9v",
		"space": "Zm9v ", "unused bits of two": "Zh", "unused bits of three": "Zm9", "length 1 mod 4": "Zm9vY", "non-ASCII": "Zm9\xc3", "NUL": "Zm9\x00",
	} {
		t.Run(name, func(t *testing.T) {
			if got, ok := AppendDecode([]byte("kept"), text); ok || string(got) != "kept" {
				t.Errorf("decoded to %q, %v", got, ok)
			}
		})
	}
}

// TestEveryLength walks through the loops and their remainders: each length to 100 bytes, and each character of it spoilt in turn.
func TestEveryLength(t *testing.T) {
	data := make([]byte, 100)
	for i := range data {
		data[i] = byte(i*37 + 11)
	}
	for length := range data {
		text := base64.RawURLEncoding.EncodeToString(data[:length])
		if got := AppendEncode(nil, data[:length]); string(got) != text {
			t.Fatalf("%d bytes encode to %q", length, got)
		}
		space := make([]byte, 4, 200)
		if got, ok := AppendDecode(space, text); !ok || !bytes.Equal(got[4:], data[:length]) {
			t.Fatalf("%d bytes decode to %x, %v", length, got, ok)
		}
		for i := range text {
			for _, c := range []byte{'+', '=', '\n', 0, 0x7f, 0x80, 0xff} {
				if _, ok := AppendDecode(space, text[:i]+string([]byte{c})+text[i+1:]); ok {
					t.Fatalf("%#x accepted at %d of %d", c, i, len(text))
				}
			}
		}
	}
}

// FuzzDecode holds the decoder against the standard library's strict one, which differs in one point: it skips line breaks.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{"", "Zg", "Zm8", "Zm9v", "Zm9vYg", "-_-_", "Zh", "Z", "Zm9v\n", "Zg==", "Zm\r\n9v"} {
		f.Add(seed)
	}
	strict := base64.RawURLEncoding.Strict()
	f.Fuzz(func(t *testing.T, text string) {
		got, ok := AppendDecode(nil, text)
		want, err := strict.DecodeString(text)
		wantOK := err == nil && !strings.ContainsAny(text, "\r\n")
		if ok != wantOK {
			t.Fatalf("accepted: %v, the standard library: %v", ok, wantOK)
		}
		if !ok {
			return
		}
		if !bytes.Equal(got, want) {
			t.Fatalf("%x, the standard library %x", got, want)
		}
		if len(got) != DecodedLen(len(text)) || EncodedLen(len(got)) != len(text) {
			t.Fatal("a length was computed wrongly")
		}
		if again := AppendEncode(nil, got); string(again) != text {
			t.Fatal("two spellings of the same bytes")
		}
	})
}

func FuzzEncode(f *testing.F) {
	f.Add([]byte("f"))
	f.Add([]byte("fo"))
	f.Add([]byte("foo"))
	f.Fuzz(func(t *testing.T, data []byte) {
		text := AppendEncode([]byte("kept"), data)
		if string(text) != "kept"+base64.RawURLEncoding.EncodeToString(data) {
			t.Fatalf("%q", text)
		}
		if back, ok := AppendDecode(nil, string(text[4:])); !ok || !bytes.Equal(back, data) {
			t.Fatalf("%x, %v", back, ok)
		}
	})
}

func TestSpellingWithoutTable(t *testing.T) {
	// Each value at each place, beside neighbours that differ.
	for value := range uint64(len(alphabet)) {
		for _, rest := range []uint64{0, 0x5555_5555_5555_0000, 0xaaaa_aaaa_aaaa_0000, 0xffff_ffff_ffff_0000} {
			for place := range 8 {
				shift := 58 - 6*place
				bits := rest&^(0x3f<<shift) | value<<shift
				if got, want := spellWithoutTable(bits), spell(bits); got != want {
					t.Fatalf("%016x is spelled %016x, want %016x", bits, got, want)
				}
				if got := byte(spellWithoutTable(bits) >> (56 - 8*place)); got != alphabet[value] {
					t.Fatalf("value %d at place %d is spelled %q", value, place, got)
				}
			}
		}
	}
}
