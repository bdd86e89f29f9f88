package password_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/jeton-dev/jeton/workers/password"
)

// TestMalformed changes good hashes a little: no password may match them, there is no error, and what a login costs is still spent.
func TestMalformed(t *testing.T) {
	const (
		pbkdf2 = "pbkdf2_sha256$1000$abcdefghijABCDEFGHIJ12$cqGs/a3K3IrRi9sSoKfcUsiRwQyKuCI6PuhOexBs+YI="
		argon2 = "argon2$argon2id$v=19$m=8,t=1,p=1$YWJjZGVmZ2hpakFCQ0RFRkdISUoxMg$/XzQlXRAyg9GZruUwdfQf4cxkrN9Dhx9QVHKQj7y5O8"
		bcrypt = "bcrypt_sha256$$2b$04$abcdefghijABCDEFGHIJ1.vXQXu9RnpO0dWxu31lgXtqf105dQine"
		scrypt = "scrypt$16384$abcdefghijABCDEFGHIJ12$8$1$EEos/fTVJkVvakRbMb6ZXQpR7jUAsZQ0wpZNcu6+mTbwfjvbW8dqq9jZddXHqhmEqhfHbtIT7k0zOkV9Y8zlQw=="
		md5    = "md5$abcdefghijABCDEFGHIJ12$7b21f972e4887d949e3aa658282c48da"
		sha1   = "sha1$abcdefghijABCDEFGHIJ12$cfdd1b012b26076ed889dae09332017eb8b54ba2"
	)
	for name, encoded := range map[string]string{
		"empty":                    "",
		"unusable":                 "!",
		"unusable, marked":         "!" + pbkdf2,
		"unusable, like MD5":       "!8e4ddd2402d92d50e1879d6ecd9ffd4",
		"the password itself":      correct,
		"a name alone":             "pbkdf2_sha256",
		"no salt and hash":         "pbkdf2_sha256$1000",
		"no hash":                  "pbkdf2_sha256$1000$abcdefghijABCDEFGHIJ12",
		"empty hash":               "pbkdf2_sha256$1000$abcdefghijABCDEFGHIJ12$",
		"empty salt":               strings.Replace(pbkdf2, "abcdefghijABCDEFGHIJ12", "", 1),
		"another algorithm":        strings.Replace(pbkdf2, "sha256", "sha1", 1),
		"a name in capitals":       strings.Replace(pbkdf2, "pbkdf2", "PBKDF2", 1),
		"white space before":       " " + pbkdf2,
		"line feed after":          pbkdf2 + "\n",
		"line feed in the hash":    pbkdf2[:60] + "\n" + pbkdf2[60:],
		"a field too many":         pbkdf2 + "$",
		"iterations negative":      strings.Replace(pbkdf2, "1000", "-1000", 1),
		"iterations signed":        strings.Replace(pbkdf2, "1000", "+1000", 1),
		"iterations zero":          strings.Replace(pbkdf2, "1000", "0", 1),
		"iterations with zero":     strings.Replace(pbkdf2, "1000", "01000", 1),
		"iterations with _":        strings.Replace(pbkdf2, "1000", "1_000", 1),
		"iterations hexadecimal":   strings.Replace(pbkdf2, "1000", "0x3e8", 1),
		"iterations missing":       strings.Replace(pbkdf2, "1000", "", 1),
		"iterations of 32 bits":    strings.Replace(pbkdf2, "1000", "4294968296", 1),
		"iterations of 64 bits":    strings.Replace(pbkdf2, "1000", "18446744073709552616", 1),
		"hash without padding":     strings.TrimSuffix(pbkdf2, "="),
		"hash of base64url":        strings.Replace(pbkdf2, "/", "_", 1),
		"hash not canonical":       strings.TrimSuffix(pbkdf2, "I=") + "J=",
		"hash too short":           "pbkdf2_sha256$1000$abcdefghijABCDEFGHIJ12$cqGs/a3K3IrRi9sSoKfcUsiRwQyKuCI6PuhOexBs+Q==",
		"very long":                "pbkdf2_sha256$1000$" + strings.Repeat("a", 1<<20) + pbkdf2[len("pbkdf2_sha256$1000$"):],
		"Argon2d":                  strings.Replace(argon2, "argon2id", "argon2d", 1),
		"Argon2 of old":            strings.Replace(argon2, "v=19", "v=16", 1),
		"Argon2 without version":   strings.Replace(argon2, "v=19$", "", 1),
		"Argon2 without costs":     strings.Replace(argon2, "m=8,t=1,p=1", "", 1),
		"Argon2, little memory":    strings.Replace(argon2, "m=8", "m=7", 1),
		"Argon2, too many lanes":   strings.Replace(argon2, "m=8,t=1,p=1", "m=4096,t=1,p=256", 1),
		"Argon2, no pass":          strings.Replace(argon2, "t=1", "t=0", 1),
		"Argon2, other order":      strings.Replace(argon2, "m=8,t=1", "t=1,m=8", 1),
		"Argon2, more costs":       strings.Replace(argon2, "p=1", "p=1,x=1", 1),
		"Argon2, zero before":      strings.Replace(argon2, "t=1", "t=01", 1),
		"Argon2, memory overflows": strings.Replace(argon2, "m=8", "m=4294967304", 1),
		"Argon2, short salt":       strings.Replace(argon2, "YWJjZGVmZ2hpakFCQ0RFRkdISUoxMg", "YWJjZGVmZw", 1),
		"Argon2, padded salt":      strings.Replace(argon2, "UoxMg", "UoxMg==", 1),
		"Argon2, slack in salt":    strings.Replace(argon2, "UoxMg", "UoxMh", 1),
		"Argon2, no key":           strings.TrimSuffix(argon2, "/XzQlXRAyg9GZruUwdfQf4cxkrN9Dhx9QVHKQj7y5O8"),
		"Argon2, line feed":        argon2 + "\n",
		"bcrypt without $":         strings.Replace(bcrypt, "$$", "$", 1),
		"bcrypt, something in $":   strings.Replace(bcrypt, "$$", "$x$", 1),
		"bcrypt, version 2":        strings.Replace(bcrypt, "2b", "2", 1),
		"bcrypt, version 2c":       strings.Replace(bcrypt, "2b", "2c", 1),
		"bcrypt, version 3b":       strings.Replace(bcrypt, "2b", "3b", 1),
		"bcrypt, one digit":        strings.Replace(bcrypt, "$04$", "$4$", 1),
		"bcrypt, sign":             strings.Replace(bcrypt, "$04$", "$+4$", 1),
		"bcrypt, few rounds":       strings.Replace(bcrypt, "$04$", "$03$", 1),
		"bcrypt, many rounds":      strings.Replace(bcrypt, "$04$", "$32$", 1),
		"bcrypt, cut short":        bcrypt[:len(bcrypt)-1],
		"bcrypt, more behind":      bcrypt + "A",
		"bcrypt, a field more":     bcrypt + "$",
		"bcrypt, slack in salt":    strings.Replace(bcrypt, "1.vXQ", "1/vXQ", 1),
		"bcrypt, slack in key":     strings.TrimSuffix(bcrypt, "e") + "f",
		"bcrypt, other character":  strings.Replace(bcrypt, "vXQX", "vX-X", 1),
		"bcrypt without SHA-256":   strings.Replace(bcrypt, "bcrypt_sha256", "bcrypt", 1),
		"scrypt, N not a power":    strings.Replace(scrypt, "16384", "16383", 1),
		"scrypt, N of 1":           strings.Replace(scrypt, "16384", "1", 1),
		"scrypt, N of 0":           strings.Replace(scrypt, "16384", "0", 1),
		"scrypt, r of 0":           strings.Replace(scrypt, "$8$1$", "$0$1$", 1),
		"scrypt, p of 0":           strings.Replace(scrypt, "$8$1$", "$8$0$", 1),
		"scrypt, empty salt":       strings.Replace(scrypt, "abcdefghijABCDEFGHIJ12", "", 1),
		"scrypt, other order":      strings.Replace(scrypt, "$8$1$", "$1$8$", 1),
		"scrypt, short key":        "scrypt$16384$abcdefghijABCDEFGHIJ12$8$1$EEos/fTVJkVvakRbMb6ZXQ==",
		"MD5, capitals":            strings.Replace(md5, "7b21f", "7B21F", 1),
		"MD5, empty salt":          strings.Replace(md5, "abcdefghijABCDEFGHIJ12", "", 1),
		"MD5, short":               md5[:len(md5)-2],
		"MD5, a field more":        md5 + "$",
		"MD5 with SHA-1":           strings.Replace(sha1, "sha1", "md5", 1),
		"SHA-1, short":             sha1[:len(sha1)-2],
		"unsalted MD5, marked":     "unsalted_md5$88e4ddd2402d92d50e1879d6ecd9ffd4",
		"unsalted MD5, capitals":   "88E4ddd2402d92d50e1879d6ecd9ffd4",
		"unsalted SHA-1, bare":     "98decc62ece399a22ed30d490ef333be7fde7385",
		"unsalted SHA-1, marked":   "unsalted_sha1$$98decc62ece399a22ed30d490ef333be7fde7385",
	} {
		t.Run(name, func(t *testing.T) {
			var derived []int
			hashers := newHashers(t, password.Options{Hashers: everything.Hashers, Iterations: 3, Legacy: true}, countingDeriver(&derived))
			ok, err := hashers.Check(t.Context(), correct, encoded)
			if ok || err != nil {
				t.Errorf("Check = %v, %v; want false, nil", ok, err)
			}
			if len(derived) > 1 || len(derived) == 1 && derived[0] != 3 {
				t.Errorf("derived %v iterations for a hash that cannot match", derived)
			}
		})
	}
}

// TestLimits has hashes that are good and order too much: none of it may be done, and the error says so.
func TestLimits(t *testing.T) {
	const (
		b64salt   = "YWJjZGVmZ2hpakFCQ0RFRkdISUoxMg"
		scryptKey = "EEos/fTVJkVvakRbMb6ZXQpR7jUAsZQ0wpZNcu6+mTbwfjvbW8dqq9jZddXHqhmEqhfHbtIT7k0zOkV9Y8zlQw=="
	)
	for name, encoded := range map[string]string{
		"PBKDF2":                 "pbkdf2_sha256$10000001$salt$cqGs/a3K3IrRi9sSoKfcUsiRwQyKuCI6PuhOexBs+YI=",
		"PBKDF2 with SHA-1":      "pbkdf2_sha1$2147483647$salt$bm79r8e49CTFwJjlMoQOP9v/yjU=",
		"bcrypt":                 "bcrypt_sha256$$2b$16$abcdefghijABCDEFGHIJ1.vXQXu9RnpO0dWxu31lgXtqf105dQine",
		"bcrypt without SHA-256": "bcrypt$$2b$31$abcdefghijABCDEFGHIJ1.vXQXu9RnpO0dWxu31lgXtqf105dQine",
		"Argon2, memory":         "argon2$argon2id$v=19$m=262145,t=1,p=1$" + b64salt + "$" + b64salt,
		"Argon2, all memory":     "argon2$argon2id$v=19$m=2147483647,t=2147483647,p=255$" + b64salt + "$" + b64salt,
		"Argon2, passes":         "argon2$argon2id$v=19$m=8,t=262145,p=1$" + b64salt + "$" + b64salt,
		"Argon2, both":           "argon2$argon2i$v=19$m=209716,t=10,p=1$" + b64salt + "$" + b64salt,
		"scrypt, N":              "scrypt$1073741824$salt$1$1$" + scryptKey,
		"scrypt, r":              "scrypt$2$salt$2147483647$1$" + scryptKey,
		"scrypt, p":              "scrypt$2$salt$1$2147483647$" + scryptKey,
		"scrypt, r and p":        "scrypt$1073741824$salt$2147483647$2147483647$" + scryptKey,
		"scrypt, wraps around":   "scrypt$1073741824$salt$65536$262144$" + scryptKey,
		"scrypt, memory":         "scrypt$262144$salt$8$1$" + scryptKey,
	} {
		t.Run(name, func(t *testing.T) {
			var derived []int
			hashers := newHashers(t, password.Options{Hashers: modernPaths, Iterations: 3}, countingDeriver(&derived))
			ok, err := hashers.Check(t.Context(), correct, encoded)
			if ok || !errors.Is(err, password.ErrLimit) {
				t.Errorf("Check = %v, %v; want false, ErrLimit", ok, err)
			}
			if len(derived) != 1 || derived[0] != 3 {
				t.Errorf("derived %v iterations, want those of the first hasher", derived)
			}
			if err != nil && strings.Contains(err.Error(), "salt") {
				t.Errorf("the error holds the salt: %v", err)
			}
			if !hashers.MustUpdate(encoded) {
				t.Error("it need not be updated")
			}
		})
	}
}

// TestMemoryLimit checks a limit such as Workers have: Django's scrypt is within it, and its Argon2 is not.
func TestMemoryLimit(t *testing.T) {
	hashers := newHashers(t, password.Options{MemoryLimit: 64 << 20, Iterations: 1}, password.Native())
	for _, v := range vectors {
		ok, err := hashers.Check(t.Context(), v.password, v.encoded)
		switch {
		case v.name == "Argon2id":
			if ok || !errors.Is(err, password.ErrLimit) || !strings.Contains(err.Error(), "100 MiB") || !strings.Contains(err.Error(), "64 MiB") {
				t.Errorf("%s: %v, %v; want ErrLimit with both sizes", v.name, ok, err)
			}
		case err != nil:
			t.Errorf("%s: %v", v.name, err)
		case v.path == pathScrypt && !ok:
			t.Errorf("%s does not match", v.name)
		}
	}
}
