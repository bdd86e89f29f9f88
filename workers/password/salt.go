package password

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"math"
)

const (
	saltAlphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
	saltLength   = 22
	saltBits     = 128
)

// shortSalt reports whether a salt of that many characters of saltAlphabet carries less than saltBits.
func shortSalt(length int) bool {
	return float64(length)*math.Log2(float64(len(saltAlphabet))) < saltBits
}

// newSalt returns 22 characters of saltAlphabet, each equally likely: about 131 bits.
func newSalt() (string, error) { return saltFrom(rand.Reader) }

func saltFrom(random io.Reader) (string, error) {
	// A byte at or above the largest multiple of 62 is thrown away, since folding it would favour the alphabet's first characters.
	const fair = 256 - 256%len(saltAlphabet)
	salt := make([]byte, 0, saltLength)
	var block [32]byte
	// A sound source needs one or two blocks. One that never gives a usable byte must not hang the caller.
	for range 64 {
		if _, err := io.ReadFull(random, block[:]); err != nil {
			return "", fmt.Errorf("password: random: %w", err)
		}
		for _, b := range block {
			if int(b) >= fair {
				continue
			}
			salt = append(salt, saltAlphabet[int(b)%len(saltAlphabet)])
			if len(salt) == saltLength {
				return string(salt), nil
			}
		}
	}
	return "", errors.New("password: random: the source gives no usable bytes")
}
