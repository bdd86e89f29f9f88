package password

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"fmt"

	"golang.org/x/crypto/scrypt"
)

// scryptHasher makes "scrypt$16384$SALT$8$5$KEY": N, the salt, r, p, the key.
type scryptHasher struct{}

// scryptCosts are the parameters that an encoded hash names.
type scryptCosts struct{ n, r, p int }

var scryptCurrent = scryptCosts{n: 1 << 14, r: 8, p: 5}

const scryptKeyLength = 64

type scryptHash struct {
	scryptCosts
	salt string
	key  []byte
}

func (scryptHasher) parse(encoded string) storedHash {
	fields, ok := splitFields(encoded, 6)
	if !ok || fields[2] == "" {
		return nil
	}
	hash := scryptHash{salt: fields[2]}
	for i, target := range map[int]*int{1: &hash.n, 3: &hash.r, 4: &hash.p} {
		if *target, ok = parseNumber(fields[i]); !ok {
			return nil
		}
	}
	if hash.n < 2 || hash.n&(hash.n-1) != 0 {
		return nil
	}
	if hash.key, ok = decodeKey(fields[5], scryptKeyLength); !ok {
		return nil
	}
	return hash
}

func (scryptHasher) encode(_ context.Context, password string, _ Deriver) (string, error) {
	salt, err := newSalt()
	if err != nil {
		return "", err
	}
	costs := scryptCurrent
	key, err := costs.derive(password, salt)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("scrypt$%d$%s$%d$%d$%s", costs.n, salt, costs.r, costs.p, base64.StdEncoding.EncodeToString(key)), nil
}

func (scryptHasher) memory() int64 { return scryptCurrent.bytes() }

// work returns (N+8)·r·p, the 8 for the PBKDF2 at both ends, or more than is allowed when that does not fit.
func (c scryptCosts) work() uint64 {
	blocks := uint64(c.r) * uint64(c.p) // 62 bits at most
	if blocks > maxScryptWork {
		return blocks
	}
	return (uint64(c.n) + 8) * blocks
}

// bytes returns the memory taken. It does not overflow when work is within its limit.
func (c scryptCosts) bytes() int64 {
	return 128 * int64(c.r) * (int64(c.n) + int64(c.p) + 2)
}

func (c scryptCosts) derive(password, salt string) ([]byte, error) {
	collectBefore(c.bytes())
	key, err := scrypt.Key([]byte(password), []byte(salt), c.n, c.r, c.p, scryptKeyLength)
	if err != nil {
		return nil, fmt.Errorf("password: scrypt: %w", err)
	}
	return key, nil
}

func (s scryptHash) limit(memory int64) error {
	if err := overWork("as (N+8)·r·p of scrypt", s.work(), maxScryptWork); err != nil {
		return err
	}
	return overMemory("scrypt", s.bytes(), memory)
}

func (s scryptHash) verify(ctx context.Context, password string, _ Deriver) (bool, error) {
	if err := ctx.Err(); err != nil {
		return false, err
	}
	key, err := s.derive(password, s.salt)
	return err == nil && subtle.ConstantTimeCompare(key, s.key) == 1, err
}

func (s scryptHash) outdated() bool { return s.scryptCosts != scryptCurrent }

// harden does nothing, as in Django: what is missing to other parameters' time cannot be told.
func (scryptHash) harden(context.Context, string, Deriver) error { return nil }
