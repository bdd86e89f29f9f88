package password_test

import "strings"

// Every hasher there is, by its path in Django.
const (
	pathPBKDF2       = "django.contrib.auth.hashers.PBKDF2PasswordHasher"
	pathPBKDF2SHA1   = "django.contrib.auth.hashers.PBKDF2SHA1PasswordHasher"
	pathArgon2       = "django.contrib.auth.hashers.Argon2PasswordHasher"
	pathBCryptSHA256 = "django.contrib.auth.hashers.BCryptSHA256PasswordHasher"
	pathBCrypt       = "django.contrib.auth.hashers.BCryptPasswordHasher"
	pathScrypt       = "django.contrib.auth.hashers.ScryptPasswordHasher"
	pathMD5          = "django.contrib.auth.hashers.MD5PasswordHasher"
	pathSHA1         = "django.contrib.auth.hashers.SHA1PasswordHasher"
	pathUnsaltedMD5  = "django.contrib.auth.hashers.UnsaltedMD5PasswordHasher"
	pathUnsaltedSHA1 = "django.contrib.auth.hashers.UnsaltedSHA1PasswordHasher"
)

var (
	modernPaths = []string{pathPBKDF2, pathPBKDF2SHA1, pathArgon2, pathBCryptSHA256, pathBCrypt, pathScrypt, pathMD5}
	legacyPaths = []string{pathSHA1, pathUnsaltedMD5, pathUnsaltedSHA1}
)

type vector struct{ name, path, password, encoded string }

// costly reports whether checking the vector takes some tenths of a second.
func (v vector) costly() bool { return v.path == pathScrypt || strings.Contains(v.encoded, "m=102400") }

const correct = "correct horse battery"

// Vectors computed with Python: hashlib, argon2-cffi and bcrypt. Those of PBKDF2, scrypt, MD5 and SHA-1 with the salt of 22 characters
// are the wire contract's.
var vectors = []vector{
	{"22 characters of salt", pathPBKDF2, correct, "pbkdf2_sha256$1000$abcdefghijABCDEFGHIJ12$cqGs/a3K3IrRi9sSoKfcUsiRwQyKuCI6PuhOexBs+YI="},
	{"12 characters of salt, as before Django 3.2", pathPBKDF2, correct, "pbkdf2_sha256$2000$abcdefGHIJ12$fVN/k10r/TWaHHXqtUV8mVO9hK37U5nEgs9b5HQNztc="},
	{"one iteration", pathPBKDF2, correct, "pbkdf2_sha256$1$abcdefghijABCDEFGHIJ12$ZKoZp8N9baVfIVBf5wA2gtV9KwTnQWUP3PnX9HAmzyw="},
	{"not ASCII", pathPBKDF2, "pässwörd 🔑", "pbkdf2_sha256$1000$abcdefghijABCDEFGHIJ12$MhkJ/gStMRyQDLGa7Jg2Wprz0IsKWcdX5B52gyhDxwk="},
	{"empty password", pathPBKDF2, "", "pbkdf2_sha256$1000$abcdefghijABCDEFGHIJ12$fDpHpJgK3afumZfvp8d3nR1ULc0STa8WFTNFBMI0Sh8="},
	{"password longer than a block", pathPBKDF2, strings.Repeat("0123456789abcdef", 10), "pbkdf2_sha256$1000$abcdefghijABCDEFGHIJ12$RWdggpt9CtqxSpwnx97uovKkcgroyt5lB1sa6XXTUOc="},
	{"odd characters in the salt", pathPBKDF2, correct, "pbkdf2_sha256$1000$a b!é\\'$ltgV1gmkkD6PI7ARmuhDXQ7YFkYNygGYerkstkTEYFc="},
	{"PBKDF2 with SHA-1", pathPBKDF2SHA1, correct, "pbkdf2_sha1$1000$abcdefghijABCDEFGHIJ12$bm79r8e49CTFwJjlMoQOP9v/yjU="},
	{"scrypt up to Django 5.0", pathScrypt, correct, "scrypt$16384$abcdefghijABCDEFGHIJ12$8$1$EEos/fTVJkVvakRbMb6ZXQpR7jUAsZQ0wpZNcu6+mTbwfjvbW8dqq9jZddXHqhmEqhfHbtIT7k0zOkV9Y8zlQw=="},
	{"scrypt from Django 5.1", pathScrypt, correct, "scrypt$16384$abcdefghijABCDEFGHIJ12$8$5$BbXC+97Dhi1kr18Q4xK4JcHt7VAEpmiutajB8HQMyUQM75oiAnH6QU0iC5j5hw5rItRtEBLn6VEG23ajx1p5BQ=="},
	{"MD5", pathMD5, correct, "md5$abcdefghijABCDEFGHIJ12$7b21f972e4887d949e3aa658282c48da"},
	{"SHA-1", pathSHA1, correct, "sha1$abcdefghijABCDEFGHIJ12$cfdd1b012b26076ed889dae09332017eb8b54ba2"},
	{"Argon2id", pathArgon2, correct, "argon2$argon2id$v=19$m=102400,t=2,p=8$YWJjZGVmZ2hpakFCQ0RFRkdISUoxMg$eXGwrvvyGbPadSEu81r4QC0PHXb1jbGibZxXHSdB45s"},
	{"Argon2id, small", pathArgon2, correct, "argon2$argon2id$v=19$m=8,t=1,p=1$YWJjZGVmZ2hpakFCQ0RFRkdISUoxMg$/XzQlXRAyg9GZruUwdfQf4cxkrN9Dhx9QVHKQj7y5O8"},
	{"Argon2id, memory that is rounded", pathArgon2, correct, "argon2$argon2id$v=19$m=77,t=3,p=2$YWJjZGVmZ2hpakFCQ0RFRkdISUoxMg$8z/3fIRFWWu8tOiqrs+PCH1rXvoCHQ2CPnpWYyXT3Ow"},
	{"Argon2i as before Django 3.2", pathArgon2, correct, "argon2$argon2i$v=19$m=512,t=2,p=2$YWJjZGVmZ2hpakFCQ0RFRkdISUoxMg$AQhllIKhg1F6QwXPRLBx5Q"},
	{"bcrypt over SHA-256, 2a", pathBCryptSHA256, correct, "bcrypt_sha256$$2a$04$abcdefghijABCDEFGHIJ1.vXQXu9RnpO0dWxu31lgXtqf105dQine"},
	{"bcrypt over SHA-256, 2b", pathBCryptSHA256, correct, "bcrypt_sha256$$2b$04$abcdefghijABCDEFGHIJ1.vXQXu9RnpO0dWxu31lgXtqf105dQine"},
	{"bcrypt over SHA-256, 2x", pathBCryptSHA256, correct, "bcrypt_sha256$$2x$04$abcdefghijABCDEFGHIJ1.vXQXu9RnpO0dWxu31lgXtqf105dQine"},
	{"bcrypt over SHA-256, 2y", pathBCryptSHA256, correct, "bcrypt_sha256$$2y$04$abcdefghijABCDEFGHIJ1.vXQXu9RnpO0dWxu31lgXtqf105dQine"},
	{"bcrypt", pathBCrypt, correct, "bcrypt$$2b$05$abcdefghijABCDEFGHIJ1.2ZuZ6cBBoAQi63M5DkMKMxQziyEyax2"},
	{"bcrypt, not ASCII", pathBCrypt, "pässwörd 🔑", "bcrypt$$2b$04$abcdefghijABCDEFGHIJ1.lmKNGY8SxyVPgOmkdTZL1l8rvF946w2"},
	{"bcrypt, 72 bytes", pathBCrypt, strings.Repeat("0123456789abcdef", 4) + "01234567", "bcrypt$$2b$04$abcdefghijABCDEFGHIJ1.2v1amOUvShDT7pgTQboRkgIursGcRCu"},
	{"bcrypt, empty", pathBCrypt, "", "bcrypt$$2b$04$abcdefghijABCDEFGHIJ1.tJhBtBuHLZfMOcYCZmGSor9ZcVRJ4G2"},
	{"MD5 without salt", pathUnsaltedMD5, correct, "88e4ddd2402d92d50e1879d6ecd9ffd4"},
	{"MD5 with an empty salt", pathUnsaltedMD5, correct, "md5$$88e4ddd2402d92d50e1879d6ecd9ffd4"},
	{"SHA-1 without salt", pathUnsaltedSHA1, correct, "sha1$$98decc62ece399a22ed30d490ef333be7fde7385"},
}
