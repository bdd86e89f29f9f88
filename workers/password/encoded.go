package password

import (
	"encoding/base64"
	"strconv"
	"strings"
)

// maxEncoded bounds what is parsed, in bytes. Django's column holds 128.
const maxEncoded = 512

// encodedHash is the content of a well-formed "pbkdf2_sha256$…" text.
type encodedHash struct {
	iterations int
	salt       string
	key        [keyLength]byte
}

// parse reads an encoded hash and reports whether it is one that a password can match.
func parse(encoded string) (encodedHash, bool) {
	var hash encodedHash
	if len(encoded) > maxEncoded {
		return hash, false
	}
	name, rest, _ := strings.Cut(encoded, "$")
	count, rest, _ := strings.Cut(rest, "$")
	salt, key, found := strings.Cut(rest, "$")
	if !found || name != algorithm || salt == "" {
		return hash, false
	}
	iterations, err := strconv.ParseUint(count, 10, 32)
	if err != nil || iterations == 0 || iterations > MaxIterations || count[0] == '0' {
		return hash, false
	}
	if len(key) != base64.StdEncoding.EncodedLen(keyLength) || strings.ContainsAny(key, "\r\n") {
		return hash, false
	}
	decoded, err := base64.StdEncoding.Strict().DecodeString(key)
	if err != nil || len(decoded) != keyLength {
		return hash, false
	}
	hash.iterations, hash.salt, hash.key = int(iterations), salt, [keyLength]byte(decoded)
	return hash, true
}
