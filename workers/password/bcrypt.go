package password

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"

	"golang.org/x/crypto/bcrypt"
)

// bcryptHasher makes "bcrypt_sha256$$2b$12$SALTANDKEY", over the hexadecimal SHA-256 of the password, or "bcrypt$$2b$12$SALTANDKEY",
// over the password itself.
type bcryptHasher struct{ prehash bool }

const (
	bcryptRounds   = 12
	bcryptPassword = 72 // bytes of a password that bcrypt takes in
)

var bcryptEncoding = base64.NewEncoding("./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789").WithPadding(base64.NoPadding).Strict()

type bcryptHash struct {
	bcryptHasher
	rounds int
	hash   string // from "$2b$" on
}

func (b bcryptHasher) name() string {
	if b.prehash {
		return "bcrypt_sha256"
	}
	return "bcrypt"
}

// input returns the bytes that bcrypt hashes, and false when they are not all of the password. The library Django uses refuses such a
// password.
func (b bcryptHasher) input(password string) (input []byte, whole bool) {
	if b.prehash {
		sum := sha256.Sum256([]byte(password))
		return hex.AppendEncode(nil, sum[:]), true
	}
	return []byte(password[:min(len(password), bcryptPassword)]), len(password) <= bcryptPassword
}

func (b bcryptHasher) parse(encoded string) storedHash {
	fields, ok := splitFields(encoded, 5)
	if !ok || fields[1] != "" {
		return nil
	}
	// Django's library makes no difference between the versions.
	version, rounds, text := fields[2], fields[3], fields[4]
	if len(version) != 2 || version[0] != '2' || !strings.Contains("abxy", version[1:]) || len(rounds) != 2 || len(text) != 53 {
		return nil
	}
	count, ok := parseNumber(strings.TrimPrefix(rounds, "0"))
	if !ok || count < bcrypt.MinCost || count > bcrypt.MaxCost {
		return nil
	}
	if _, ok := decodeStrictly(bcryptEncoding, text[:22], 16, 16); !ok {
		return nil
	}
	if _, ok := decodeStrictly(bcryptEncoding, text[22:], 23, 23); !ok {
		return nil
	}
	return bcryptHash{b, count, strings.TrimPrefix(encoded, b.name()+"$")}
}

func (b bcryptHasher) encode(_ context.Context, password string, _ Deriver) (string, error) {
	input, whole := b.input(password)
	hash, err := bcrypt.GenerateFromPassword(input, bcryptRounds)
	if err != nil {
		return "", fmt.Errorf("password: bcrypt: %w", err)
	}
	if !whole { // said after the work, so that the time does not tell
		return "", ErrTooLong
	}
	// The library writes 2a, and means what others call 2b.
	return b.name() + "$$2b" + strings.TrimPrefix(string(hash), "$2a"), nil
}

func (bcryptHasher) memory() int64 { return 0 }

func (b bcryptHash) limit(int64) error {
	return overWork("as the power of rounds of bcrypt", uint64(b.rounds), maxBcryptRounds)
}

func (b bcryptHash) verify(ctx context.Context, password string, _ Deriver) (bool, error) {
	if err := ctx.Err(); err != nil {
		return false, err
	}
	input, whole := b.input(password)
	same := bcrypt.CompareHashAndPassword([]byte(b.hash), input) == nil // in constant time
	return same && whole, nil
}

func (b bcryptHash) outdated() bool { return b.rounds != bcryptRounds }

func (b bcryptHash) harden(ctx context.Context, password string, derive Deriver) error {
	if b.rounds >= bcryptRounds {
		return nil
	}
	for range 1<<(bcryptRounds-b.rounds) - 1 { // each one more in the power is twice the work
		if _, err := b.verify(ctx, password, derive); err != nil {
			return err
		}
	}
	return nil
}
