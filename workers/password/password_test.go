package password_test

import (
	"context"
	"crypto/rand"
	"errors"
	"strings"
	"testing"

	"github.com/jeton-dev/jeton/workers/password"
)

// Vectors computed with Python's hashlib.pbkdf2_hmac. The first is the one of the wire contract.
var vectors = []struct{ name, password, encoded string }{
	{"22 characters of salt", "correct horse battery", "pbkdf2_sha256$1000$abcdefghijABCDEFGHIJ12$cqGs/a3K3IrRi9sSoKfcUsiRwQyKuCI6PuhOexBs+YI="},
	{"12 characters of salt, as before Django 3.2", "correct horse battery", "pbkdf2_sha256$2000$abcdefGHIJ12$fVN/k10r/TWaHHXqtUV8mVO9hK37U5nEgs9b5HQNztc="},
	{"one iteration", "correct horse battery", "pbkdf2_sha256$1$abcdefghijABCDEFGHIJ12$ZKoZp8N9baVfIVBf5wA2gtV9KwTnQWUP3PnX9HAmzyw="},
	{"not ASCII", "pässwörd 🔑", "pbkdf2_sha256$1000$abcdefghijABCDEFGHIJ12$MhkJ/gStMRyQDLGa7Jg2Wprz0IsKWcdX5B52gyhDxwk="},
	{"empty password", "", "pbkdf2_sha256$1000$abcdefghijABCDEFGHIJ12$fDpHpJgK3afumZfvp8d3nR1ULc0STa8WFTNFBMI0Sh8="},
	{"password longer than a block", strings.Repeat("0123456789abcdef", 10), "pbkdf2_sha256$1000$abcdefghijABCDEFGHIJ12$RWdggpt9CtqxSpwnx97uovKkcgroyt5lB1sa6XXTUOc="},
	{"odd characters in the salt", "correct horse battery", "pbkdf2_sha256$1000$a b!é\\'$ltgV1gmkkD6PI7ARmuhDXQ7YFkYNygGYerkstkTEYFc="},
}

func TestCheckVectors(t *testing.T) {
	for _, v := range vectors {
		t.Run(v.name, func(t *testing.T) {
			if !check(t, v.password, v.encoded) {
				t.Error("the password does not match")
			}
			for _, other := range []string{v.password + "x", " " + v.password, strings.ToUpper(v.password) + "!"} {
				if check(t, other, v.encoded) {
					t.Errorf("%q matches too", other)
				}
			}
		})
	}
}

func TestCheckRefuses(t *testing.T) {
	const good = "pbkdf2_sha256$1000$abcdefghijABCDEFGHIJ12$cqGs/a3K3IrRi9sSoKfcUsiRwQyKuCI6PuhOexBs+YI="
	const key = "cqGs/a3K3IrRi9sSoKfcUsiRwQyKuCI6PuhOexBs+YI="
	if !check(t, "correct horse battery", good) {
		t.Fatal("the hash all cases are made from does not match")
	}
	for name, encoded := range map[string]string{
		"empty":                     "",
		"unusable":                  "!",
		"unusable, marked":          "!" + good,
		"the password itself":       "correct horse battery",
		"no salt and hash":          "pbkdf2_sha256$1000",
		"no hash":                   "pbkdf2_sha256$1000$abcdefghijABCDEFGHIJ12",
		"empty hash":                "pbkdf2_sha256$1000$abcdefghijABCDEFGHIJ12$",
		"empty salt":                "pbkdf2_sha256$1000$$" + key,
		"another algorithm":         strings.Replace(good, "sha256", "sha1", 1),
		"a known name in capitals":  strings.Replace(good, "pbkdf2", "PBKDF2", 1),
		"legacy md5":                "md5$abcdefghijABCDEFGHIJ12$7b21f972e4887d949e3aa658282c48da",
		"white space before":        " " + good,
		"line feed after":           good + "\n",
		"line feed in the hash":     good[:60] + "\n" + good[60:],
		"a field too many":          good + "$",
		"iterations negative":       strings.Replace(good, "1000", "-1000", 1),
		"iterations signed":         strings.Replace(good, "1000", "+1000", 1),
		"iterations zero":           strings.Replace(good, "1000", "0", 1),
		"iterations with zero":      strings.Replace(good, "1000", "01000", 1),
		"iterations with _":         strings.Replace(good, "1000", "1_000", 1),
		"iterations hexadecimal":    strings.Replace(good, "1000", "0x3e8", 1),
		"iterations missing":        strings.Replace(good, "1000", "", 1),
		"iterations over the limit": strings.Replace(good, "1000", "10000001", 1),
		"iterations beyond 32 bits": strings.Replace(good, "1000", "4294968296", 1),
		"iterations beyond 64 bits": strings.Replace(good, "1000", "18446744073709552616", 1),
		"hash without padding":      strings.TrimSuffix(good, "="),
		"hash of base64url":         strings.Replace(good, "/", "_", 1),
		"hash not canonical":        strings.TrimSuffix(good, "I=") + "J=",
		"hash too short":            "pbkdf2_sha256$1000$abcdefghijABCDEFGHIJ12$cqGs/a3K3IrRi9sSoKfcUsiRwQyKuCI6PuhOexBs+Q==",
		"very long":                 "pbkdf2_sha256$1000$" + strings.Repeat("a", 1<<20) + "$" + key,
	} {
		t.Run(name, func(t *testing.T) {
			derive := &countingDeriver{Deriver: password.Native()}
			ok, err := password.Check(t.Context(), "correct horse battery", encoded, derive)
			if ok || err != nil {
				t.Errorf("Check = %v, %v; want false, nil", ok, err)
			}
			if derive.calls != 0 {
				t.Error("a key was derived for a hash that cannot match")
			}
		})
	}
}

func TestMake(t *testing.T) {
	const plain = "pässwörd 🔑 with spaces "
	salts := map[string]bool{}
	for range 50 {
		encoded := makeHash(t, plain, 3)
		fields := strings.Split(encoded, "$")
		if len(fields) != 4 || fields[0] != "pbkdf2_sha256" || fields[1] != "3" || len(fields[2]) != 22 || len(fields[3]) != 44 {
			t.Fatalf("the form is %q", encoded)
		}
		if strings.Trim(fields[2], "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") != "" {
			t.Fatalf("the salt is %q", fields[2])
		}
		salts[fields[2]] = true
		if !check(t, plain, encoded) || check(t, strings.TrimSpace(plain), encoded) {
			t.Fatal("the hash matches other passwords than its own")
		}
	}
	if len(salts) != 50 {
		t.Errorf("50 hashes have %d salts", len(salts))
	}
}

func TestMakeIterations(t *testing.T) {
	for _, iterations := range []int{0, -1, password.MaxIterations + 1} {
		if encoded, err := password.Make(t.Context(), "x", iterations, readRandom, password.Native()); err == nil {
			t.Errorf("Make with %d iterations = %q, want an error", iterations, encoded)
		}
	}
}

func TestSaltHasNoBias(t *testing.T) {
	// Every byte value once: each character of the alphabet must come out equally often, four times, and eight bytes be thrown away.
	counts := map[rune]int{}
	next := 0
	all := func(p []byte) error {
		for i := range p {
			p[i] = byte(next)
			next++
		}
		return nil
	}
	for range 31 { // 31 salts of 22 characters are 11 rounds of 62
		encoded, err := password.Make(t.Context(), "x", 1, singleBytes(all), password.Native())
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range strings.Split(encoded, "$")[2] {
			counts[c]++
		}
	}
	if len(counts) != 62 {
		t.Errorf("%d different characters, want 62", len(counts))
	}
	for c, n := range counts {
		if n != 11 {
			t.Errorf("%q occurs %d times, want 11", c, n)
		}
	}
}

func TestRandomFailures(t *testing.T) {
	broken := errors.New("broken source")
	_, err := password.Make(t.Context(), "x", 1, func([]byte) error { return broken }, password.Native())
	if !errors.Is(err, broken) {
		t.Errorf("Make with a broken source: %v", err)
	}
	stuck := func(p []byte) error {
		for i := range p {
			p[i] = 0xff
		}
		return nil
	}
	if encoded, err := password.Make(t.Context(), "x", 1, stuck, password.Native()); err == nil {
		t.Errorf("Make with a stuck source = %q, want an error", encoded)
	}
}

func TestDeriverFailures(t *testing.T) {
	broken := errors.New("broken deriver")
	for name, derive := range map[string]password.Deriver{
		"error":     fixedDeriver{err: broken},
		"short key": fixedDeriver{key: make([]byte, 31)},
		"long key":  fixedDeriver{key: make([]byte, 33)},
		"no key":    fixedDeriver{},
	} {
		t.Run(name, func(t *testing.T) {
			if ok, err := password.Check(t.Context(), "x", vectors[0].encoded, derive); ok || err == nil {
				t.Errorf("Check = %v, %v; want an error", ok, err)
			}
			if _, err := password.Make(t.Context(), "x", 1, readRandom, derive); err == nil {
				t.Error("Make gives no error")
			}
			if err := password.Waste(t.Context(), "x", 1, derive); err == nil {
				t.Error("Waste gives no error")
			}
		})
	}
}

func TestNativeHeedsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if ok, err := password.Check(ctx, "correct horse battery", vectors[0].encoded, password.Native()); ok || !errors.Is(err, context.Canceled) {
		t.Errorf("Check = %v, %v; want context.Canceled", ok, err)
	}
}

func TestWasteCostsACheck(t *testing.T) {
	derive := &countingDeriver{Deriver: password.Native()}
	if err := password.Waste(t.Context(), "correct horse battery", 1000, derive); err != nil {
		t.Fatal(err)
	}
	wasted := *derive
	*derive = countingDeriver{Deriver: password.Native()}
	check, err := password.Check(t.Context(), "correct horse battery", vectors[0].encoded, derive)
	if err != nil || !check {
		t.Fatal(check, err)
	}
	if wasted.calls != 1 || wasted.iterations != derive.iterations || wasted.saltLength != derive.saltLength || wasted.keyLength != derive.keyLength {
		t.Errorf("Waste derives as %+v, Check as %+v", wasted, *derive)
	}
	for given, used := range map[int]int{0: 1, -5: 1, password.MaxIterations + 1: password.MaxIterations} {
		counted := &countingDeriver{Deriver: fixedDeriver{key: make([]byte, 32)}}
		if err := password.Waste(t.Context(), "x", given, counted); err != nil || counted.iterations != used {
			t.Errorf("Waste of %d iterations used %d (%v), want %d", given, counted.iterations, err, used)
		}
	}
}

// FuzzCheck feeds stored hashes: none may panic or be accepted unless it is exactly what Make could have written.
func FuzzCheck(f *testing.F) {
	for _, v := range vectors {
		f.Add(v.encoded)
	}
	f.Add("")
	f.Add("!abc")
	f.Add("pbkdf2_sha256$$$")
	f.Add("pbkdf2_sha256$0010$s$" + strings.Repeat("A", 43) + "=")
	f.Fuzz(func(t *testing.T, encoded string) {
		derive := &countingDeriver{Deriver: fixedDeriver{key: make([]byte, 32)}}
		ok, err := password.Check(t.Context(), "x", encoded, derive)
		if err != nil {
			t.Fatalf("Check: %v", err)
		}
		if derive.iterations > password.MaxIterations || derive.calls > 1 {
			t.Fatalf("derived %d times with %d iterations", derive.calls, derive.iterations)
		}
		zeroHash := strings.HasSuffix(encoded, "$"+strings.Repeat("A", 43)+"=")
		if ok != (derive.calls == 1 && zeroHash) {
			t.Fatalf("Check = %v for %q", ok, encoded)
		}
	})
}

func check(t *testing.T, plain, encoded string) bool {
	t.Helper()
	ok, err := password.Check(t.Context(), plain, encoded, password.Native())
	if err != nil {
		t.Fatal(err)
	}
	return ok
}

func makeHash(t *testing.T, plain string, iterations int) string {
	t.Helper()
	encoded, err := password.Make(t.Context(), plain, iterations, readRandom, password.Native())
	if err != nil {
		t.Fatal(err)
	}
	return encoded
}

func readRandom(p []byte) error {
	_, err := rand.Read(p)
	return err
}

// singleBytes gives one byte of source per block and fills up with bytes that are thrown away, so that no byte of source is lost when a
// salt is complete.
func singleBytes(source func([]byte) error) func([]byte) error {
	return func(p []byte) error {
		for i := range p {
			p[i] = 0xff
		}
		return source(p[:1])
	}
}

// countingDeriver remembers what was asked of it.
type countingDeriver struct {
	password.Deriver
	calls, iterations, saltLength, keyLength int
}

func (d *countingDeriver) PBKDF2SHA256(ctx context.Context, plain, salt []byte, iterations, keyLength int) ([]byte, error) {
	d.calls++
	d.iterations, d.saltLength, d.keyLength = iterations, len(salt), keyLength
	return d.Deriver.PBKDF2SHA256(ctx, plain, salt, iterations, keyLength)
}

// fixedDeriver answers always the same.
type fixedDeriver struct {
	key []byte
	err error
}

func (d fixedDeriver) PBKDF2SHA256(context.Context, []byte, []byte, int, int) ([]byte, error) {
	return d.key, d.err
}
