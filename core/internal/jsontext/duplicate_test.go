package jsontext

import (
	"math/bits"
	"strconv"
	"strings"
	"testing"
)

// TestUsualNamesHaveMarksOfTheirOwn keeps the factor in markOfWord: with it, the names that stand together in ordinary claims, headers
// and keys need not be compared with each other.
func TestUsualNamesHaveMarksOfTheirOwn(t *testing.T) {
	for _, names := range [][]string{
		{
			"iss", "sub", "aud", "exp", "nbf", "iat", "jti", "scope", "client_id", "azp", "sid", "nonce", "auth_time", "acr", "amr", "email", "email_verified", "name",
			"given_name", "family_name", "preferred_username", "roles", "groups", "token_type", "user_id", "username", "orig_iat", "tid", "scp", "cnf",
		},
		{"alg", "typ", "kid", "cty", "x5t", "jku", "jwk", "x5c", "x5u", "crit", "b64", "enc", "zip"},
		{"kty", "kid", "alg", "use", "key_ops", "crv", "x", "y", "d", "n", "e", "p", "q", "dp", "dq", "qi", "k", "x5c", "x5t"},
	} {
		marks := map[uint64]string{}
		for _, text := range names {
			mark := markOf([]byte(text), &Member{NameEnd: uint32(len(text))})
			if other, taken := marks[mark]; taken {
				t.Errorf("%s and %s share a mark", text, other)
			}
			marks[mark] = text
		}
	}
}

// TestNameAndMarkOfAgree checks the mark that name takes from the word it has at hand against the one made of the name alone: equal
// names must have equal marks wherever they stand, or one could stand twice.
func TestNameAndMarkOfAgree(t *testing.T) {
	for length := range 20 {
		text := "abcdefghijklmnopqrst"[:length]
		want := markOf([]byte(text), &Member{NameEnd: uint32(length)})
		for _, behind := range []string{`"`, `":1}`, `":1234567890}`} {
			end, mark, escaped, fault := name([]byte(text+behind), 0)
			if end != length+1 || mark != want || escaped || fault != None {
				t.Errorf("%q: end %d, mark %x, want %x, escaped %v, %v", text+behind, end, mark, want, escaped, fault)
			}
		}
	}
}

// TestManyNames looks for one repeated name among many, by hashing and, where names have escapes or all collide, by sorting.
func TestManyNames(t *testing.T) {
	for _, count := range []int{25, 255, 257, 5000} {
		for kind, nameOf := range map[string]func(int) string{
			"plain":   func(i int) string { return "m" + strconv.Itoa(i) },
			"long":    func(i int) string { return strings.Repeat("m", 40) + strconv.Itoa(i) },
			"escaped": func(i int) string { return `\u006d` + strconv.Itoa(i) },
		} {
			for _, repeated := range []int{-1, 0, count / 2, count - 1} {
				var text strings.Builder
				text.WriteByte('{')
				for i := range count {
					text.WriteString(`"` + nameOf(i) + `":0,`)
				}
				last := nameOf(count)
				if repeated >= 0 {
					last = nameOf(repeated)
				}
				text.WriteString(`"` + last + `":0}`)
				want := None
				if repeated >= 0 {
					want = DuplicateMember
				}
				if _, fault := ScanObject([]byte(text.String()), Limits{Depth: 1, Members: count + 1}, nil); fault != want {
					t.Errorf("%d %s names, %d repeated: %q", count, kind, repeated, fault)
				}
			}
		}
	}
}

// TestCollidingNames gives the table names that all want one place, which are sorted instead.
func TestCollidingNames(t *testing.T) {
	var names []string
	for i := 0; len(names) < 200; i++ {
		if name := strconv.Itoa(i); hash([]byte(name))>>(64-9) == 0 {
			names = append(names, name)
		}
	}
	data := []byte(`{"` + strings.Join(names, `":0,"`) + `":0}`)
	members, fault := ScanObject(data, testLimits, nil)
	if fault != None {
		t.Fatal(fault)
	}
	if _, decided := hasDuplicateHashed(data, members); decided {
		t.Error("the names do not collide: the test tests nothing")
	}
	again := []byte(`{"` + strings.Join(append(names, names[7]), `":0,"`) + `":0}`)
	if _, fault := ScanObject(again, testLimits, nil); fault != DuplicateMember {
		t.Errorf("fault %q", fault)
	}
}

// FuzzNotPlain holds the word at a time against the table.
func FuzzNotPlain(f *testing.F) {
	f.Add([]byte(`plain te`))
	f.Add([]byte("000\x800000"))
	f.Add([]byte("\x9f\xc3\xa9 \x7f~\x20\x1f"))
	f.Add([]byte("\x1f\x20\x7f\x80\x22\x5c\xa0\xff"))
	f.Add([]byte("aaa\x00\x01\"\\\x80"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) < 8 {
			return
		}
		want := 8
		for i, c := range data[:8] {
			if !plain[c] {
				want = i
				break
			}
		}
		special := notPlain(word(data, 0))
		got := 8
		if special != 0 {
			got = bits.TrailingZeros64(special) / 8
		}
		if got != want {
			t.Fatalf("%x: the first that is not plain at %d, want %d", data[:8], got, want)
		}
	})
}
