package password

import (
	"context"
	"crypto"
	_ "crypto/md5" // registers crypto.MD5
	"crypto/subtle"
	"encoding/hex"
	"strings"
	"unicode/utf8"
)

// digestHasher makes "md5$SALT$HEX" of one round over salt and password, fit for test suites alone, and reads the same with SHA-1 and
// what Django before 1.0 made without a salt.
type digestHasher struct {
	digest crypto.Hash
	salted bool
	prefix string // before the salt, or before the digest when there is none
}

const (
	unsaltedMD5  = "unsalted_md5"
	unsaltedSHA1 = "unsalted_sha1"
)

var (
	md5Hasher          = digestHasher{crypto.MD5, true, "md5$"}
	sha1Hasher         = digestHasher{crypto.SHA1, true, "sha1$"}
	unsaltedMD5Hasher  = digestHasher{crypto.MD5, false, "md5$$"} // or without it
	unsaltedSHA1Hasher = digestHasher{crypto.SHA1, false, "sha1$$"}
)

type digestHash struct {
	digestHasher
	salt string
	want []byte
}

func (d digestHasher) parse(encoded string) storedHash {
	hash := digestHash{digestHasher: d}
	text := strings.TrimPrefix(encoded, d.prefix)
	if d.salted {
		var found bool
		if hash.salt, text, found = strings.Cut(text, "$"); !found || hash.salt == "" {
			return nil
		}
	}
	var err error
	if hash.want, err = hex.DecodeString(text); err != nil || len(hash.want) != d.digest.Size() || strings.ToLower(text) != text {
		return nil
	}
	return hash
}

func (d digestHasher) encode(_ context.Context, password string, _ Deriver) (string, error) {
	salt, err := newSalt()
	if err != nil {
		return "", err
	}
	return d.prefix + salt + "$" + hex.EncodeToString(d.sum(salt+password)), nil
}

func (digestHasher) memory() int64 { return 0 }

func (d digestHasher) sum(text string) []byte {
	digest := d.digest.New()
	digest.Write([]byte(text))
	return digest.Sum(nil)
}

func (digestHash) limit(int64) error { return nil }

func (d digestHash) verify(_ context.Context, password string, _ Deriver) (bool, error) {
	return subtle.ConstantTimeCompare(d.sum(d.salt+password), d.want) == 1, nil
}

func (d digestHash) outdated() bool { return shortSalt(utf8.RuneCountInString(d.salt)) }

// harden does nothing: there is no cost that could be lower.
func (digestHash) harden(context.Context, string, Deriver) error { return nil }
