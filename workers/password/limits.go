package password

import (
	"errors"
	"fmt"
)

// Whoever can write a stored hash must not be able to order minutes of work with it. Each limit is about ten times what Django orders.
const (
	// MaxIterations is the largest count of PBKDF2 iterations that is computed.
	MaxIterations = 10_000_000

	maxArgon2Work   = 2 << 20 // KiB of memory times passes over it
	maxBcryptRounds = 15      // as a power of two
	maxScryptWork   = 8 << 20 // (N+8)·r·p
)

var (
	// ErrLimit says that a stored hash orders more work or memory than may be spent on it, so that no password can match it here. The
	// error that wraps it says how much. Whoever keeps the users should hear of it: that user cannot log in.
	ErrLimit = errors.New("password: a stored hash is over the limit")
	// ErrTooLong says that plain bcrypt was to hash a password of over 72 bytes, of which it would take in no more than these.
	ErrTooLong = errors.New("password: bcrypt takes passwords of at most 72 bytes")
)

// overWork returns the error for a hash that orders too much work.
func overWork(what string, ordered, limit uint64) error {
	if ordered <= limit {
		return nil
	}
	return fmt.Errorf("%w: %d %s, and at most %d are computed", ErrLimit, ordered, what, limit)
}

// overMemory returns the error for a hash that orders too much memory.
func overMemory(algorithm string, ordered, limit int64) error {
	if ordered <= limit {
		return nil
	}
	return fmt.Errorf("%w: %s takes %s of memory, and PASSWORD_MEMORY_LIMIT is %s", ErrLimit, algorithm, size(ordered), size(limit))
}
