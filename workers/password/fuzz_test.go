package password

import (
	"context"
	"crypto"
	"strings"
	"testing"
)

// FuzzParse reads stored hashes: none may panic, and what orders little work is done, which must not fail either.
func FuzzParse(f *testing.F) {
	for _, encoded := range []string{
		"", "!abc", "$", "pbkdf2_sha256$$$", "argon2$$$$$", "bcrypt$$$$", "scrypt$$$$$", "md5$$", "sha1$$",
		"pbkdf2_sha256$10$s$" + strings.Repeat("A", 43) + "=",
		"pbkdf2_sha1$2147483647$s$" + strings.Repeat("A", 27) + "=",
		"argon2$argon2id$v=19$m=8,t=1,p=1$YWJjZGVmZ2hpag$AAAAAA",
		"argon2$argon2i$v=19$m=512,t=2,p=2$YWJjZGVmZ2hpakFCQ0RFRkdISUoxMg$AQhllIKhg1F6QwXPRLBx5Q",
		"bcrypt$$2b$04$abcdefghijABCDEFGHIJ1.2v1amOUvShDT7pgTQboRkgIursGcRCu",
		"bcrypt_sha256$$2y$31$abcdefghijABCDEFGHIJ1.2v1amOUvShDT7pgTQboRkgIursGcRCu",
		"scrypt$2$s$1$1$" + strings.Repeat("A", 86) + "==",
		"scrypt$1073741824$s$2147483647$2147483647$" + strings.Repeat("A", 86) + "==",
		"md5$abcdefghijABCDEFGHIJ12$7b21f972e4887d949e3aa658282c48da",
		"sha1$abcdefghijABCDEFGHIJ12$cfdd1b012b26076ed889dae09332017eb8b54ba2",
		"88e4ddd2402d92d50e1879d6ecd9ffd4", "md5$$88e4ddd2402d92d50e1879d6ecd9ffd4", "sha1$$98decc62ece399a22ed30d490ef333be7fde7385",
	} {
		f.Add(encoded)
	}
	paths := append(DefaultHashers(), djangoHashers+"BCryptPasswordHasher", djangoHashers+"MD5PasswordHasher")
	for _, class := range legacyHashers {
		paths = append(paths, djangoHashers+class)
	}
	hashers, err := New(Options{Hashers: paths, Legacy: true, Iterations: 10}, instant{})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, encoded string) {
		algorithm, stored := hashers.parse(encoded)
		if stored == nil {
			if hashers.MustUpdate(encoded) {
				t.Fatal("what is not read must be updated")
			}
			return
		}
		if hashers.listed[algorithm] == nil {
			t.Fatalf("%q was read, which is not listed", algorithm)
		}
		overLimit := stored.limit(DefaultMemoryLimit) != nil
		stored.outdated()
		if !overLimit && isQuick(stored) {
			if _, err := hashers.Check(t.Context(), "x", encoded); err != nil {
				t.Fatalf("Check: %v", err)
			}
		}
	})
}

// isQuick reports whether a fuzzer has the time to verify a hash.
func isQuick(stored storedHash) bool {
	switch hash := stored.(type) {
	case argon2Hash:
		return hash.argon2Costs.memory <= 1024 && hash.time <= 2
	case bcryptHash:
		return hash.rounds == 4
	case scryptHash:
		return hash.work() < 1<<12
	}
	return true // PBKDF2 is not computed, and the others have no cost
}

// instant derives keys of zeros.
type instant struct{ native }

func (instant) PBKDF2(_ context.Context, _ crypto.Hash, _, _ []byte, _, keyLength int) ([]byte, error) {
	return make([]byte, keyLength), nil
}
