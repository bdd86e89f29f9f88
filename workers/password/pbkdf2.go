package password

import (
	"context"
	"crypto"
	_ "crypto/sha1"   // registers crypto.SHA1
	_ "crypto/sha256" // crypto.SHA256
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"unicode/utf8"
)

// pbkdf2Hasher makes "pbkdf2_sha256$ITERATIONS$SALT$KEY" and the same with SHA-1. The key is as long as the hash.
type pbkdf2Hasher struct {
	name       string
	digest     crypto.Hash
	iterations int
}

func pbkdf2SHA256(iterations int) pbkdf2Hasher {
	return pbkdf2Hasher{"pbkdf2_sha256", crypto.SHA256, iterations}
}

func pbkdf2SHA1(iterations int) pbkdf2Hasher {
	return pbkdf2Hasher{"pbkdf2_sha1", crypto.SHA1, iterations}
}

type pbkdf2Hash struct {
	hasher     pbkdf2Hasher
	iterations int
	salt       string
	key        []byte
}

func (p pbkdf2Hasher) parse(encoded string) storedHash {
	fields, ok := splitFields(encoded, 4)
	if !ok || fields[2] == "" {
		return nil
	}
	iterations, ok := parseNumber(fields[1])
	if !ok {
		return nil
	}
	key, ok := decodeKey(fields[3], p.digest.Size())
	if !ok {
		return nil
	}
	return pbkdf2Hash{p, iterations, fields[2], key}
}

func (p pbkdf2Hasher) encode(ctx context.Context, password string, derive Deriver) (string, error) {
	salt, err := newSalt()
	if err != nil {
		return "", err
	}
	key, err := p.derive(ctx, password, salt, p.iterations, derive)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%s$%d$%s$%s", p.name, p.iterations, salt, base64.StdEncoding.EncodeToString(key)), nil
}

func (pbkdf2Hasher) memory() int64 { return 0 }

func (p pbkdf2Hasher) derive(ctx context.Context, password, salt string, iterations int, derive Deriver) ([]byte, error) {
	key, err := derive.PBKDF2(ctx, p.digest, []byte(password), []byte(salt), iterations, p.digest.Size())
	if err != nil {
		return nil, fmt.Errorf("password: derive key: %w", err)
	}
	if len(key) != p.digest.Size() {
		return nil, errors.New("password: derive key: the key has the wrong length")
	}
	return key, nil
}

func (p pbkdf2Hash) limit(int64) error {
	return overWork("iterations of PBKDF2", uint64(p.iterations), MaxIterations)
}

func (p pbkdf2Hash) verify(ctx context.Context, password string, derive Deriver) (bool, error) {
	key, err := p.hasher.derive(ctx, password, p.salt, p.iterations, derive)
	return err == nil && subtle.ConstantTimeCompare(key, p.key) == 1, err
}

func (p pbkdf2Hash) outdated() bool {
	return p.iterations != p.hasher.iterations || shortSalt(utf8.RuneCountInString(p.salt))
}

func (p pbkdf2Hash) harden(ctx context.Context, password string, derive Deriver) error {
	missing := p.hasher.iterations - p.iterations // which is within MaxIterations
	if missing <= 0 {
		return nil
	}
	_, err := p.hasher.derive(ctx, password, p.salt, missing, derive)
	return err
}
