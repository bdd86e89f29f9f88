package auth

import (
	"context"
	"crypto"
	"crypto/rand"
	"time"

	"github.com/jeton-dev/jeton/core"
	"github.com/jeton-dev/jeton/workers/password"
)

// Host is what the service cannot do by itself. Its methods block until they are done, and are safe for concurrent use if the service
// is used so. An error of any of them ends the request with 503.
type Host interface {
	// Now returns the present time.
	Now() time.Time
	// Random fills p with random bytes fit for secrets.
	Random(p []byte) error
	// Deriver does the slow part of hashing passwords.
	password.Deriver
	// Sign returns the signature of signingInput under an asymmetric key, in the form of RFC 7518 (r‖s for ECDSA).
	Sign(ctx context.Context, key *core.Key, signingInput []byte) ([]byte, error)
	// VerifySignature reports whether signature is one of signingInput under an asymmetric key.
	VerifySignature(ctx context.Context, key *core.Key, signingInput, signature []byte) (bool, error)
}

// NativeHost returns the [Host] of an ordinary process: the system's clock and random source and Go's own cryptography.
func NativeHost() Host { return nativeHost{password.Native()} }

// WithDeriver returns a host that hashes passwords by derive, a [password.Pool] for one, and does everything else as host does.
func WithDeriver(host Host, derive password.Deriver) Host { return derivingHost{host, derive} }

type nativeHost struct{ password.Deriver }

type derivingHost struct {
	Host
	derive password.Deriver
}

// PBKDF2 implements password.Deriver.
func (h derivingHost) PBKDF2(ctx context.Context, hash crypto.Hash, password, salt []byte, iterations, keyLength int) ([]byte, error) {
	return h.derive.PBKDF2(ctx, hash, password, salt, iterations, keyLength)
}

// Run implements password.Deriver.
func (h derivingHost) Run(ctx context.Context, work func() error) error {
	return h.derive.Run(ctx, work)
}

// Now implements [Host].
func (nativeHost) Now() time.Time { return time.Now() }

// Random implements [Host].
func (nativeHost) Random(p []byte) error {
	_, err := rand.Read(p)
	return err
}

// Sign implements [Host].
func (nativeHost) Sign(_ context.Context, key *core.Key, signingInput []byte) ([]byte, error) {
	return key.Sign(signingInput)
}

// VerifySignature implements [Host].
func (nativeHost) VerifySignature(_ context.Context, key *core.Key, signingInput, signature []byte) (bool, error) {
	return key.Verify(signingInput, signature), nil
}
