package password

import (
	"context"
	"crypto"
	"crypto/pbkdf2"
	"hash"
)

// Native returns the Deriver of Go's standard library, which runs all it is asked at once. It heeds ctx before it starts and not while
// it computes: [DefaultIterations] take a few tenths of a second.
func Native() Deriver { return native{} }

type native struct{}

// PBKDF2 implements [Deriver].
func (native) PBKDF2(ctx context.Context, digest crypto.Hash, password, salt []byte, iterations, keyLength int) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return pbkdf2.Key(func() hash.Hash { return digest.New() }, string(password), salt, iterations, keyLength)
}

// Run implements [Deriver].
func (native) Run(ctx context.Context, work func() error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return work()
}
