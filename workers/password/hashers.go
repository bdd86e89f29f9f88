package password

import (
	"context"
	"errors"
	"strings"
)

// Hashers makes and checks password hashes as a Django site with a given PASSWORD_HASHERS does. It never changes, and is safe for
// concurrent use if its [Deriver] is.
type Hashers struct {
	first  string            // the algorithm of new hashes
	listed map[string]hasher // by algorithm
	memory int64             // bytes that one hash may take
	derive Deriver
}

// hasher is one algorithm at the cost that new hashes have.
type hasher interface {
	// parse returns what an encoded hash of the algorithm says, or nil when no password can match it.
	parse(encoded string) storedHash
	// encode returns the encoded hash of a password under a new salt.
	encode(ctx context.Context, password string, derive Deriver) (string, error)
	// memory returns how many bytes encode takes, beyond a few thousand.
	memory() int64
}

// storedHash is a well-formed hash that a password may match.
type storedHash interface {
	// limit returns an error that wraps [ErrLimit] when the hash orders more work, or more bytes of memory, than may be spent on it.
	limit(memory int64) error
	// verify reports whether the hash is password's. The comparison takes the same time wherever two hashes differ.
	verify(ctx context.Context, password string, derive Deriver) (bool, error)
	// outdated reports whether Django's hasher of the algorithm would say that a password must be hashed anew.
	outdated() bool
	// harden spends the work that a new hash of the algorithm takes beyond this one, where that can be told.
	harden(ctx context.Context, password string, derive Deriver) error
}

// Check reports whether password is the one that encoded was made from. What cannot match anything is false without an error: an
// algorithm that is unknown or not listed, a malformed hash, an unusable one ("!…"), the empty text, a password of over 72 bytes under
// plain bcrypt.
//
// Every refusal takes the time that hashing with the first hasher takes, as in Django: where there is nothing to compare with, that
// much is spent for nothing, and where the hash is the first hasher's with fewer iterations or rounds, the missing ones are. So a login for
// a user who does not exist calls Check with the empty text or [Hashers.Waste].
//
// An error that wraps [ErrLimit] says that encoded orders more than may be spent: it is to be logged, and otherwise means that the
// password does not match. Any other is the Deriver's, [ErrBusy] for one, and says nothing about the password.
func (h *Hashers) Check(ctx context.Context, password, encoded string) (ok bool, err error) {
	err = h.derive.Run(ctx, func() error {
		ok, err = h.check(ctx, password, encoded)
		return err
	})
	return ok && err == nil, err
}

func (h *Hashers) check(ctx context.Context, password, encoded string) (bool, error) {
	algorithm, stored := h.parse(encoded)
	if stored == nil {
		return false, h.waste(ctx, password)
	}
	if err := stored.limit(h.memory); err != nil {
		return false, errors.Join(err, h.waste(ctx, password))
	}
	ok, err := stored.verify(ctx, password, h.derive)
	if ok || err != nil {
		return ok, err
	}
	if algorithm == h.first && stored.outdated() {
		err = stored.harden(ctx, password, h.derive)
	}
	return false, err
}

// Make returns a new encoded hash of password by the first hasher, with a new salt. It is at most 128 characters long, as Django's
// column is. An error is the Deriver's, or [ErrTooLong].
func (h *Hashers) Make(ctx context.Context, password string) (encoded string, err error) {
	err = h.derive.Run(ctx, func() error {
		encoded, err = h.listed[h.first].encode(ctx, password, h.derive)
		return err
	})
	if err != nil {
		return "", err
	}
	return encoded, nil
}

// MustUpdate reports whether a password that has just matched encoded must be hashed anew, by Django's rule: the algorithm is not the
// first hasher's, or the cost is not exactly its cost, be it higher or lower, or the salt is shorter than 128 bits (bcrypt and scrypt
// do not ask for that). It is false for what no password can match.
func (h *Hashers) MustUpdate(encoded string) bool {
	algorithm, stored := h.parse(encoded)
	return stored != nil && (algorithm != h.first || stored.outdated())
}

// Waste takes as long as making a hash with the first hasher, and gives nothing. A login for a user who does not exist calls it, so
// that the time taken does not tell which users do. An error is the Deriver's.
func (h *Hashers) Waste(ctx context.Context, password string) error {
	return h.derive.Run(ctx, func() error { return h.waste(ctx, password) })
}

func (h *Hashers) waste(ctx context.Context, password string) error {
	_, err := h.listed[h.first].encode(ctx, password, h.derive)
	if errors.Is(err, ErrTooLong) { // which took its time too
		return nil
	}
	return err
}

// maxEncoded bounds what is parsed, in bytes. Django's column holds 128.
const maxEncoded = 512

// parse finds the hasher of an encoded hash and returns what it reads, or nil when there is none or no password can match.
func (h *Hashers) parse(encoded string) (algorithm string, stored storedHash) {
	if len(encoded) > maxEncoded {
		return "", nil
	}
	algorithm = identify(encoded)
	if hasher := h.listed[algorithm]; hasher != nil {
		stored = hasher.parse(encoded)
	}
	return algorithm, stored
}

// identify returns the name of the algorithm that an encoded hash claims to be of, known or not.
func identify(encoded string) string {
	switch {
	case len(encoded) == 32 && !strings.Contains(encoded, "$"), len(encoded) == 37 && strings.HasPrefix(encoded, "md5$$"):
		return unsaltedMD5
	case len(encoded) == 46 && strings.HasPrefix(encoded, "sha1$$"):
		return unsaltedSHA1
	}
	algorithm, _, _ := strings.Cut(encoded, "$")
	return algorithm
}
