package password

import (
	"context"
	"crypto"
	"errors"
)

// ErrBusy says that as many passwords as a [Pool] takes in are being hashed and waited for. Nothing was hashed; the caller may try again
// in some seconds.
var ErrBusy = errors.New("password: too many passwords are waiting to be hashed")

// A Deriver does the slow part of hashing. It is safe for concurrent use if the [Hashers] over it is used so. [Native] is Go's own; a
// host with a faster PBKDF2 embeds it and overrides that; a Pool, in native builds, bounds
// how much another one does at a time.
type Deriver interface {
	// PBKDF2 derives a key of keyLength bytes by RFC 8018 section 5.2 with HMAC over hash, which is crypto.SHA256 or crypto.SHA1. Only
	// work that Run was given calls it.
	PBKDF2(ctx context.Context, hash crypto.Hash, password, salt []byte, iterations, keyLength int) ([]byte, error)
	// Run calls work, which hashes one password, once there is room for it, and returns work's error. It returns an error of its own
	// without calling work when there will be no room, [ErrBusy] for one, or when ctx ends first.
	Run(ctx context.Context, work func() error) error
}
