package password

import (
	"errors"
	"fmt"
)

const saltAlphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

// newSalt returns 22 characters of saltAlphabet, each equally likely: about 131 bits.
func newSalt(random func([]byte) error) (string, error) {
	// A byte at or above the largest multiple of 62 is thrown away, since folding it would favour the alphabet's first characters.
	const fair = 256 - 256%len(saltAlphabet)
	salt := make([]byte, 0, saltLength)
	var block [32]byte
	// A sound source needs one or two blocks. One that never gives a usable byte must not hang the caller.
	for range 64 {
		if err := random(block[:]); err != nil {
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
