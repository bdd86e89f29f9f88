package password

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

const (
	// DefaultIterations is the count that Django 6.0 uses for new PBKDF2 hashes.
	DefaultIterations = 1_200_000
	// DefaultMemoryLimit is how many bytes one hash may take where [Options] do not say: 256 MiB.
	DefaultMemoryLimit = 256 << 20
)

// Options say which hashes are made and read. The zero Options are Django's defaults.
type Options struct {
	// Hashers (PASSWORD_HASHERS) lists hashers by their dotted paths, "django.contrib.auth.hashers.PBKDF2PasswordHasher" for one. The
	// first makes new hashes and only those listed are read. Nil is [DefaultHashers].
	Hashers []string
	// Iterations (PASSWORD_ITERATIONS, no setting of Django's) is the count of both PBKDF2 hashers: 1 to [MaxIterations]. 0 is
	// [DefaultIterations].
	Iterations int
	// Legacy (PASSWORD_LEGACY_HASHERS, no setting of Django's) allows the hashers that Django 5.1 has dropped, SHA1PasswordHasher,
	// UnsaltedMD5PasswordHasher and UnsaltedSHA1PasswordHasher, behind the first place of the list.
	Legacy bool
	// MemoryLimit (PASSWORD_MEMORY_LIMIT, no setting of Django's) is how many bytes one hash may take: a stored one that orders more
	// does not match, see [ErrLimit]. 0 is [DefaultMemoryLimit].
	MemoryLimit int64
}

// OptionError says which of the [Options] is wrong, by its name as a setting, and how.
type OptionError struct {
	Name    string
	Problem string
}

// Error returns the name and the problem.
func (e *OptionError) Error() string { return e.Name + ": " + e.Problem }

func optionError(name, format string, args ...any) error {
	return &OptionError{Name: name, Problem: fmt.Sprintf(format, args...)}
}

// djangoHashers is where Django has its hashers.
const djangoHashers = "django.contrib.auth.hashers."

// DefaultHashers returns Django's default for PASSWORD_HASHERS: PBKDF2 with SHA-256, PBKDF2 with SHA-1, Argon2, bcrypt over SHA-256,
// scrypt.
func DefaultHashers() []string {
	return []string{
		djangoHashers + "PBKDF2PasswordHasher",
		djangoHashers + "PBKDF2SHA1PasswordHasher",
		djangoHashers + "Argon2PasswordHasher",
		djangoHashers + "BCryptSHA256PasswordHasher",
		djangoHashers + "ScryptPasswordHasher",
	}
}

// New returns the Hashers for options over a Deriver, which may be [Native]. It hashes nothing and draws no random bytes. Options that
// cannot work are refused with an [*OptionError].
func New(options Options, derive Deriver) (*Hashers, error) {
	if options.Hashers == nil {
		options.Hashers = DefaultHashers()
	}
	if options.Iterations == 0 {
		options.Iterations = DefaultIterations
	}
	if options.MemoryLimit == 0 {
		options.MemoryLimit = DefaultMemoryLimit
	}
	switch {
	case len(options.Hashers) == 0:
		return nil, optionError("PASSWORD_HASHERS", "must list at least one hasher")
	case options.Iterations < 1 || options.Iterations > MaxIterations:
		return nil, optionError("PASSWORD_ITERATIONS", "must be 1 to %d", MaxIterations)
	case options.MemoryLimit < 1:
		return nil, optionError("PASSWORD_MEMORY_LIMIT", "must be a number of bytes above 0")
	case derive == nil:
		return nil, optionError("Deriver", "is missing")
	}
	h := &Hashers{listed: make(map[string]hasher, len(options.Hashers)), memory: options.MemoryLimit, derive: derive}
	for i, path := range options.Hashers {
		algorithm, hasher, err := options.hasher(path, i == 0)
		if err != nil {
			return nil, err
		}
		if i == 0 {
			h.first = algorithm
		}
		h.listed[algorithm] = hasher
	}
	if needed := h.listed[h.first].memory(); needed > options.MemoryLimit {
		return nil, optionError("PASSWORD_MEMORY_LIMIT", "is %s, and the first of PASSWORD_HASHERS takes %s", size(options.MemoryLimit), size(needed))
	}
	return h, nil
}

// legacyHashers are those that Options.Legacy allows.
var legacyHashers = []string{"SHA1PasswordHasher", "UnsaltedMD5PasswordHasher", "UnsaltedSHA1PasswordHasher"}

// hasher returns the hasher at a dotted path and the name of its algorithm.
func (o *Options) hasher(path string, first bool) (string, hasher, error) {
	class, ofDjango := strings.CutPrefix(path, djangoHashers)
	if ofDjango && slices.Contains(legacyHashers, class) {
		switch {
		case !o.Legacy:
			return "", nil, optionError("PASSWORD_HASHERS", "%s is read only with PASSWORD_LEGACY_HASHERS", class)
		case first:
			return "", nil, optionError("PASSWORD_HASHERS", "%s makes no new hashes, so it must not be the first", class)
		}
	}
	if ofDjango {
		switch class {
		case "PBKDF2PasswordHasher":
			return "pbkdf2_sha256", pbkdf2SHA256(o.Iterations), nil
		case "PBKDF2SHA1PasswordHasher":
			return "pbkdf2_sha1", pbkdf2SHA1(o.Iterations), nil
		case "Argon2PasswordHasher":
			return "argon2", argon2Hasher{}, nil
		case "BCryptSHA256PasswordHasher":
			return "bcrypt_sha256", bcryptHasher{prehash: true}, nil
		case "BCryptPasswordHasher":
			return "bcrypt", bcryptHasher{}, nil
		case "ScryptPasswordHasher":
			return "scrypt", scryptHasher{}, nil
		case "MD5PasswordHasher":
			return "md5", md5Hasher, nil
		case "SHA1PasswordHasher":
			return "sha1", sha1Hasher, nil
		case "UnsaltedMD5PasswordHasher":
			return unsaltedMD5, unsaltedMD5Hasher, nil
		case "UnsaltedSHA1PasswordHasher":
			return unsaltedSHA1, unsaltedSHA1Hasher, nil
		}
	}
	return "", nil, optionError("PASSWORD_HASHERS", "%.100q is not a hasher that is known here", path)
}

// size words a number of bytes.
func size(bytes int64) string {
	return fmt.Sprintf("%.0f MiB", math.Ceil(float64(bytes)/(1<<20)))
}
