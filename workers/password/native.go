package password

import (
	"context"
	"crypto/pbkdf2"
	"crypto/sha256"
)

// Native returns the Deriver of Go's standard library. It heeds ctx before it starts and not while it computes: [DefaultIterations]
// take a few tenths of a second.
func Native() Deriver { return native{} }

type native struct{}

// PBKDF2SHA256 implements [Deriver].
func (native) PBKDF2SHA256(ctx context.Context, password, salt []byte, iterations, keyLength int) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return pbkdf2.Key(sha256.New, string(password), salt, iterations, keyLength)
}
