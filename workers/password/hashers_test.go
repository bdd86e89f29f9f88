package password_test

import (
	"context"
	"crypto"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/jeton-dev/jeton/workers/password"
)

// everything reads all there is, with few iterations for new hashes.
var everything = password.Options{Hashers: slices.Concat(modernPaths, legacyPaths), Iterations: 1000, Legacy: true}

func TestCheckVectors(t *testing.T) {
	hashers := newHashers(t, everything, password.Native())
	for _, v := range vectors {
		t.Run(v.name, func(t *testing.T) {
			if !check(t, hashers, v.password, v.encoded) {
				t.Error("the password does not match")
			}
			others := []string{v.password + "x", " " + v.password, strings.ToUpper(v.password) + "!"}
			if v.costly() {
				others = others[:1]
			}
			for _, other := range others {
				if check(t, hashers, other, v.encoded) {
					t.Errorf("%q matches too", other)
				}
			}
		})
	}
}

// TestOnlyListedAreRead checks each vector with hashers that list all algorithms but its own.
func TestOnlyListedAreRead(t *testing.T) {
	for _, v := range vectors {
		others := slices.DeleteFunc(slices.Clone(everything.Hashers), func(path string) bool { return path == v.path })
		hashers := newHashers(t, password.Options{Hashers: others, Iterations: 1, Legacy: true}, password.Native())
		if check(t, hashers, v.password, v.encoded) || hashers.MustUpdate(v.encoded) {
			t.Errorf("%s: it is read although its hasher is not listed", v.name)
		}
	}
}

func TestDefaults(t *testing.T) {
	hashers := newHashers(t, password.Options{Iterations: 1000}, password.Native())
	for _, v := range vectors {
		if v.costly() && v.path != pathScrypt {
			continue
		}
		if check(t, hashers, v.password, v.encoded) != slices.Contains(password.DefaultHashers(), v.path) {
			t.Errorf("%s is read: %v", v.name, !slices.Contains(password.DefaultHashers(), v.path))
		}
	}
}

func TestMake(t *testing.T) {
	const plain = "pässwörd 🔑 with spaces "
	for path, form := range map[string]struct{ before, after string }{
		pathPBKDF2:       {"pbkdf2_sha256$1000$", "$" + strings.Repeat("b", 43) + "="},
		pathPBKDF2SHA1:   {"pbkdf2_sha1$1000$", "$" + strings.Repeat("b", 27) + "="},
		pathArgon2:       {"argon2$argon2id$v=19$m=102400,t=2,p=8$", "$" + strings.Repeat("b", 43)},
		pathBCryptSHA256: {"bcrypt_sha256$$2b$12$", strings.Repeat("b", 31)},
		pathBCrypt:       {"bcrypt$$2b$12$", strings.Repeat("b", 31)},
		pathScrypt:       {"scrypt$16384$", "$8$5$" + strings.Repeat("b", 86) + "=="},
		pathMD5:          {"md5$", "$" + strings.Repeat("b", 32)},
	} {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			hashers := newHashers(t, password.Options{Hashers: []string{path}, Iterations: 1000}, password.Native())
			encoded := makeHash(t, hashers, plain)
			if path == pathPBKDF2 && encoded == makeHash(t, hashers, plain) {
				t.Error("two hashes of one password are the same")
			}
			rest, ok := strings.CutPrefix(encoded, form.before)
			saltLength := map[string]int{pathArgon2: 30}[path] // 22 characters in base64
			if saltLength == 0 {
				saltLength = 22
			}
			if !ok || len(rest) != saltLength+len(form.after) || len(encoded) > 128 {
				t.Fatalf("the form is %q", encoded)
			}
			for i, c := range []byte(form.after) {
				if got := rest[saltLength+i]; c != 'b' && got != c {
					t.Fatalf("the form is %q", encoded)
				}
			}
			if !check(t, hashers, plain, encoded) {
				t.Error("the hash does not match")
			}
			if (path == pathPBKDF2 || path == pathMD5) && check(t, hashers, strings.TrimSpace(plain), encoded) { // the others take long
				t.Error("the hash matches other passwords than its own")
			}
			if hashers.MustUpdate(encoded) {
				t.Error("a new hash must be updated")
			}
		})
	}
}

func TestBCryptTakes72Bytes(t *testing.T) {
	hashers := newHashers(t, password.Options{Hashers: []string{pathMD5, pathBCrypt}}, password.Native())
	const encoded = "bcrypt$$2b$04$abcdefghijABCDEFGHIJ1.2v1amOUvShDT7pgTQboRkgIursGcRCu"
	whole := strings.Repeat("0123456789abcdef", 4) + "01234567"
	if !check(t, hashers, whole, encoded) || check(t, hashers, whole+"8", encoded) {
		t.Error("what is beyond 72 bytes does not count")
	}
	hashers = newHashers(t, password.Options{Hashers: []string{pathBCrypt}}, password.Native())
	if got, err := hashers.Make(t.Context(), whole+"8"); !errors.Is(err, password.ErrTooLong) || got != "" {
		t.Errorf("Make = %q, %v; want ErrTooLong", got, err)
	}
	if err := hashers.Waste(t.Context(), whole+"8"); err != nil {
		t.Errorf("Waste: %v", err)
	}
}

// TestWork checks what is derived for each kind of stored hash, over a first hasher of 3000 iterations.
func TestWork(t *testing.T) {
	for name, test := range map[string]struct {
		encoded string
		right   []int // iterations derived for the right password
		wrong   []int // and for a wrong one
	}{
		"no such user":       {"", []int{3000}, []int{3000}},
		"unusable":           {"!abcdefghij", []int{3000}, []int{3000}},
		"unknown algorithm":  {"crypt$ab$cd", []int{3000}, []int{3000}},
		"malformed":          {"pbkdf2_sha256$1000$$", []int{3000}, []int{3000}},
		"over the limit":     {"pbkdf2_sha256$10000001$abcdefghijABCDEFGHIJ12$cqGs/a3K3IrRi9sSoKfcUsiRwQyKuCI6PuhOexBs+YI=", []int{3000}, []int{3000}},
		"fewer iterations":   {vectors[0].encoded, []int{1000}, []int{1000, 2000}},
		"as many iterations": {sameCost, []int{3000}, []int{3000}},
		"more iterations":    {moreCost, []int{4000}, []int{4000}},
		"another algorithm":  {"pbkdf2_sha1$1000$abcdefghijABCDEFGHIJ12$bm79r8e49CTFwJjlMoQOP9v/yjU=", []int{1000}, []int{1000}},
		"MD5":                {"md5$abcdefghijABCDEFGHIJ12$7b21f972e4887d949e3aa658282c48da", nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			var derived []int
			hashers := newHashers(t, password.Options{Hashers: everything.Hashers, Iterations: 3000, Legacy: true}, countingDeriver(&derived))
			for plain, want := range map[string][]int{correct: test.right, "wrong": test.wrong} {
				derived = nil
				if _, err := hashers.Check(t.Context(), plain, test.encoded); err != nil && !errors.Is(err, password.ErrLimit) {
					t.Error(err)
				}
				if !slices.Equal(derived, want) {
					t.Errorf("%q: derived %v, want %v", plain, derived, want)
				}
			}
		})
	}
}

const (
	sameCost = "pbkdf2_sha256$3000$abcdefghijABCDEFGHIJ12$GE+RrJunOcMcShyj+WrGBj7SQkos+r0sYSA3rbjitqY="
	moreCost = "pbkdf2_sha256$4000$abcdefghijABCDEFGHIJ12$9aQBhszwyiTfBUny6W9AmhFR7qEDAwTtpdlHYK9d4dk="
)

func TestWasteCostsANewHash(t *testing.T) {
	var derived []int
	hashers := newHashers(t, password.Options{Iterations: 77}, countingDeriver(&derived))
	if err := hashers.Waste(t.Context(), correct); err != nil || !slices.Equal(derived, []int{77}) {
		t.Errorf("Waste derived %v, %v", derived, err)
	}
}

func TestMustUpdate(t *testing.T) {
	with := func(first string) *password.Hashers {
		return newHashers(t, password.Options{Hashers: append([]string{first}, everything.Hashers...), Iterations: 1000, Legacy: true}, password.Native())
	}
	const b64salt = "YWJjZGVmZ2hpakFCQ0RFRkdISUoxMg"
	key := strings.Repeat("A", 43)
	for name, test := range map[string]struct {
		first, encoded string
		want           bool
	}{
		"PBKDF2":                    {pathPBKDF2, vectors[0].encoded, false},
		"PBKDF2, short salt":        {pathPBKDF2, "pbkdf2_sha256$1000$abcdefghijABCDEFGHIJ1$" + key + "=", true},
		"PBKDF2, long salt":         {pathPBKDF2, "pbkdf2_sha256$1000$abcdefghijABCDEFGHIJ123$" + key + "=", false},
		"PBKDF2, characters":        {pathPBKDF2, "pbkdf2_sha256$1000$äbcdefghijABCDEFGHIJ1$" + key + "=", true},
		"PBKDF2, fewer iterations":  {pathPBKDF2, strings.Replace(vectors[0].encoded, "1000", "999", 1), true},
		"PBKDF2, more iterations":   {pathPBKDF2, strings.Replace(vectors[0].encoded, "1000", "1001", 1), true},
		"PBKDF2, other hash":        {pathPBKDF2, vectors[7].encoded, true},
		"PBKDF2 with SHA-1":         {pathPBKDF2SHA1, vectors[7].encoded, false},
		"Argon2":                    {pathArgon2, "argon2$argon2id$v=19$m=102400,t=2,p=8$" + b64salt + "$" + key, false},
		"Argon2, variety":           {pathArgon2, "argon2$argon2i$v=19$m=102400,t=2,p=8$" + b64salt + "$" + key, true},
		"Argon2, memory":            {pathArgon2, "argon2$argon2id$v=19$m=102401,t=2,p=8$" + b64salt + "$" + key, true},
		"Argon2, time":              {pathArgon2, "argon2$argon2id$v=19$m=102400,t=3,p=8$" + b64salt + "$" + key, true},
		"Argon2, lanes":             {pathArgon2, "argon2$argon2id$v=19$m=102400,t=2,p=4$" + b64salt + "$" + key, true},
		"Argon2, short key":         {pathArgon2, "argon2$argon2id$v=19$m=102400,t=2,p=8$" + b64salt + "$" + key[:22], true},
		"Argon2, short salt":        {pathArgon2, "argon2$argon2id$v=19$m=102400,t=2,p=8$" + b64salt[:24] + "$" + key, true},
		"bcrypt over SHA-256":       {pathBCryptSHA256, "bcrypt_sha256$$2b$12$abcdefghijABCDEFGHIJ1.vXQXu9RnpO0dWxu31lgXtqf105dQine", false},
		"bcrypt, another version":   {pathBCryptSHA256, "bcrypt_sha256$$2a$12$abcdefghijABCDEFGHIJ1.vXQXu9RnpO0dWxu31lgXtqf105dQine", false},
		"bcrypt, fewer rounds":      {pathBCryptSHA256, "bcrypt_sha256$$2b$11$abcdefghijABCDEFGHIJ1.vXQXu9RnpO0dWxu31lgXtqf105dQine", true},
		"bcrypt, more rounds":       {pathBCryptSHA256, "bcrypt_sha256$$2b$13$abcdefghijABCDEFGHIJ1.vXQXu9RnpO0dWxu31lgXtqf105dQine", true},
		"bcrypt, without SHA-256":   {pathBCryptSHA256, "bcrypt$$2b$12$abcdefghijABCDEFGHIJ1.vXQXu9RnpO0dWxu31lgXtqf105dQine", true},
		"scrypt":                    {pathScrypt, vectors[9].encoded, false},
		"scrypt, one lane":          {pathScrypt, vectors[8].encoded, true},
		"scrypt, short salt":        {pathScrypt, strings.Replace(vectors[9].encoded, "abcdefghijABCDEFGHIJ12", "a", 1), false},
		"MD5":                       {pathMD5, vectors[10].encoded, false},
		"MD5, short salt":           {pathMD5, "md5$abcdefghijABCDEFGHIJ1$7b21f972e4887d949e3aa658282c48da", true},
		"MD5 without salt":          {pathMD5, "88e4ddd2402d92d50e1879d6ecd9ffd4", true},
		"SHA-1":                     {pathMD5, vectors[11].encoded, true},
		"unknown":                   {pathPBKDF2, "crypt$ab$cd", false},
		"unusable":                  {pathPBKDF2, "!" + vectors[7].encoded, false},
		"malformed, other hasher's": {pathPBKDF2, "scrypt$16384$salt$8$5$", false},
		"empty":                     {pathPBKDF2, "", false},
	} {
		if got := with(test.first).MustUpdate(test.encoded); got != test.want {
			t.Errorf("%s: MustUpdate(%q) = %v", name, test.encoded, got)
		}
	}
}

func TestOptions(t *testing.T) {
	for name, test := range map[string]struct {
		options password.Options
		setting string // that is at fault, or none
	}{
		"defaults":           {password.Options{}, ""},
		"all":                {everything, ""},
		"twice the same":     {password.Options{Hashers: []string{pathPBKDF2, pathPBKDF2}}, ""},
		"no hasher":          {password.Options{Hashers: []string{}}, "PASSWORD_HASHERS"},
		"unknown hasher":     {password.Options{Hashers: []string{pathPBKDF2, "site.hashers.Own"}}, "PASSWORD_HASHERS"},
		"crypt":              {password.Options{Hashers: []string{pathPBKDF2, "django.contrib.auth.hashers.CryptPasswordHasher"}, Legacy: true}, "PASSWORD_HASHERS"},
		"a class alone":      {password.Options{Hashers: []string{"PBKDF2PasswordHasher"}}, "PASSWORD_HASHERS"},
		"legacy, not wanted": {password.Options{Hashers: []string{pathPBKDF2, pathSHA1}}, "PASSWORD_HASHERS"},
		"legacy first":       {password.Options{Hashers: []string{pathSHA1, pathPBKDF2}, Legacy: true}, "PASSWORD_HASHERS"},
		"iterations":         {password.Options{Iterations: -1}, "PASSWORD_ITERATIONS"},
		"most iterations":    {password.Options{Iterations: password.MaxIterations}, ""},
		"more iterations":    {password.Options{Iterations: password.MaxIterations + 1}, "PASSWORD_ITERATIONS"},
		"memory":             {password.Options{MemoryLimit: -1}, "PASSWORD_MEMORY_LIMIT"},
		"memory for Argon2":  {password.Options{Hashers: []string{pathArgon2}, MemoryLimit: 100<<20 - 1}, "PASSWORD_MEMORY_LIMIT"},
		"and just enough":    {password.Options{Hashers: []string{pathArgon2}, MemoryLimit: 100 << 20}, ""},
		"memory for scrypt":  {password.Options{Hashers: []string{pathScrypt}, MemoryLimit: 16 << 20}, "PASSWORD_MEMORY_LIMIT"},
		"Argon2 not first":   {password.Options{Hashers: []string{pathPBKDF2, pathArgon2}, MemoryLimit: 1}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			hashers, err := password.New(test.options, password.Native())
			var option *password.OptionError
			switch {
			case test.setting == "" && err != nil:
				t.Error(err)
			case test.setting != "" && (hashers != nil || !errors.As(err, &option) || option.Name != test.setting):
				t.Errorf("got %v, want an error in %s", err, test.setting)
			}
		})
	}
	if _, err := password.New(password.Options{}, nil); err == nil {
		t.Error("no Deriver is needed")
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
			hashers := newHashers(t, password.Options{Iterations: 1}, derive)
			for _, encoded := range []string{"", vectors[0].encoded} {
				if ok, err := hashers.Check(t.Context(), "x", encoded); ok || err == nil {
					t.Errorf("Check = %v, %v; want an error", ok, err)
				}
			}
			if encoded, err := hashers.Make(t.Context(), "x"); err == nil || encoded != "" {
				t.Errorf("Make = %q, %v; want an error", encoded, err)
			}
			if err := hashers.Waste(t.Context(), "x"); err == nil {
				t.Error("Waste gives no error")
			}
		})
	}
}

func TestNativeHeedsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	hashers := newHashers(t, everything, password.Native())
	for _, v := range vectors {
		if ok, err := hashers.Check(ctx, v.password, v.encoded); ok || !errors.Is(err, context.Canceled) {
			t.Errorf("%s: Check = %v, %v; want context.Canceled", v.name, ok, err)
		}
	}
}

func newHashers(t testing.TB, options password.Options, derive password.Deriver) *password.Hashers {
	t.Helper()
	hashers, err := password.New(options, derive)
	if err != nil {
		t.Fatal(err)
	}
	return hashers
}

func check(t testing.TB, hashers *password.Hashers, plain, encoded string) bool {
	t.Helper()
	ok, err := hashers.Check(t.Context(), plain, encoded)
	if err != nil {
		t.Fatal(err)
	}
	return ok
}

func makeHash(t testing.TB, hashers *password.Hashers, plain string) string {
	t.Helper()
	encoded, err := hashers.Make(t.Context(), plain)
	if err != nil {
		t.Fatal(err)
	}
	return encoded
}

// countingDeriver returns Go's own Deriver, which notes the iterations of each derivation.
func countingDeriver(derived *[]int) password.Deriver {
	return counter{password.Native(), derived}
}

type counter struct {
	password.Deriver
	derived *[]int
}

func (c counter) PBKDF2(ctx context.Context, hash crypto.Hash, plain, salt []byte, iterations, keyLength int) ([]byte, error) {
	if c.derived != nil {
		*c.derived = append(*c.derived, iterations)
	}
	return c.Deriver.PBKDF2(ctx, hash, plain, salt, iterations, keyLength)
}

// fixedDeriver answers always the same.
type fixedDeriver struct {
	key []byte
	err error
}

func (d fixedDeriver) PBKDF2(context.Context, crypto.Hash, []byte, []byte, int, int) ([]byte, error) {
	return d.key, d.err
}

func (fixedDeriver) Run(_ context.Context, work func() error) error { return work() }
