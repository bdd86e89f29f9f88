// Package password makes and checks password hashes in Django's encoded form, so that a table of users works in both places.
//
// The form is "pbkdf2_sha256$ITERATIONS$SALT$HASH": PBKDF2 with HMAC-SHA-256 (RFC 8018) over the password's UTF-8 bytes, 32 bytes
// long, in padded standard base64. The derivation itself is asked of a [Deriver], because some hosts have a faster one than Go.
package password

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
)

const (
	// DefaultIterations is the count that Django 6.0 uses for new hashes.
	DefaultIterations = 1_200_000
	// MaxIterations is the largest count that is computed. A larger one in a stored hash never matches: whoever can write a hash must
	// not be able to order minutes of work.
	MaxIterations = 10_000_000

	algorithm  = "pbkdf2_sha256"
	keyLength  = 32
	saltLength = 22
)

// A Deriver computes PBKDF2 with HMAC-SHA-256 (RFC 8018 section 5.2). It is safe for concurrent use.
type Deriver interface {
	PBKDF2SHA256(ctx context.Context, password, salt []byte, iterations, keyLength int) ([]byte, error)
}

// Check reports whether password is the one that encoded was made from. A hash that cannot match anything is false without an error:
// one of another algorithm, one that is malformed, an unusable one ("!…"), one over [MaxIterations]. An error means that derive
// failed. The comparison takes the same time wherever two hashes differ.
func Check(ctx context.Context, password, encoded string, derive Deriver) (ok bool, err error) {
	stored, ok := parse(encoded)
	if !ok {
		return false, nil
	}
	key, err := deriveKey(ctx, password, stored.salt, stored.iterations, derive)
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(key, stored.key[:]) == 1, nil
}

// Make returns the encoded hash of password with a new salt of 22 characters. Iterations may be 1 to [MaxIterations]; random fills
// its argument with random bytes, as crypto/rand.Read does.
func Make(ctx context.Context, password string, iterations int, random func([]byte) error, derive Deriver) (string, error) {
	if iterations < 1 || iterations > MaxIterations {
		return "", fmt.Errorf("password: iterations must be 1 to %d", MaxIterations)
	}
	salt, err := newSalt(random)
	if err != nil {
		return "", err
	}
	key, err := deriveKey(ctx, password, salt, iterations, derive)
	if err != nil {
		return "", err
	}
	hash := encodedHash{iterations: iterations, salt: salt, key: [keyLength]byte(key)}
	return hash.String(), nil
}

// Waste takes as long as a Check of a hash with that many iterations, and gives nothing. A login for a user who does not exist calls
// it, so that the time taken does not tell which users do. An error means that derive failed.
func Waste(ctx context.Context, password string, iterations int, derive Deriver) error {
	iterations = max(1, min(iterations, MaxIterations))
	_, err := deriveKey(ctx, password, "0000000000000000000000", iterations, derive)
	return err
}

func deriveKey(ctx context.Context, password, salt string, iterations int, derive Deriver) ([]byte, error) {
	key, err := derive.PBKDF2SHA256(ctx, []byte(password), []byte(salt), iterations, keyLength)
	if err != nil {
		return nil, fmt.Errorf("password: derive key: %w", err)
	}
	if len(key) != keyLength {
		return nil, errors.New("password: derive key: the key has the wrong length")
	}
	return key, nil
}

// String returns the encoded form.
func (h encodedHash) String() string {
	return fmt.Sprintf("%s$%d$%s$%s", algorithm, h.iterations, h.salt, base64.StdEncoding.EncodeToString(h.key[:]))
}
