package keys

import (
	"io"
	"io/fs"
	"os"

	"github.com/jeton-dev/jeton/core"
)

// maximumSet is the largest JWK Set that is read, in bytes. core.ParseJWKSet has the same bound.
const maximumSet = 1 << 20

// ReadKeySetFile reads a JWK Set from the file at path, by the rules of [ReadKeySet].
func ReadKeySetFile(path string, accepted ...core.Algorithm) (*core.KeySet, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, unreadable(err)
	}
	return readKeySet(file, accepted)
}

// ReadKeySet reads a JWK Set from a file of files, such as an embed.FS. What the set may hold is for core.ParseJWKSet to decide: at most
// 1 MiB and 1,000 keys, no key ID twice, and no mixture of secret, private and public keys. Accepted names the algorithms of keys that
// have no "alg", and leaves out keys for others. No more than 1 MiB is read of a file that is larger.
//
// A file that cannot be read is refused with core.KeySetUnavailable, in which errors.Is finds fs.ErrNotExist and its like; a set that
// is not acceptable with the codes of core.ParseJWKSet. A set in memory goes to core.ParseJWKSet itself. Errors are of type *core.Error.
// ReadKeySet is safe for concurrent use if files is.
func ReadKeySet(files fs.FS, name string, accepted ...core.Algorithm) (*core.KeySet, error) {
	file, err := files.Open(name)
	if err != nil {
		return nil, unreadable(err)
	}
	return readKeySet(file, accepted)
}

func readKeySet(file fs.File, accepted []core.Algorithm) (*core.KeySet, error) {
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, maximumSet+1))
	defer clear(text) // it may hold private keys, of which core made its own copies
	if err != nil {
		return nil, unreadable(err)
	}
	return core.ParseJWKSet(text, accepted...)
}

func unreadable(cause error) *core.Error {
	return core.NewError(core.Failure{Code: core.KeySetUnavailable, Reason: "the file cannot be read"}, cause)
}
