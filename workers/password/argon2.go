package password

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
)

// argon2Hasher makes "argon2$argon2id$v=19$m=102400,t=2,p=8$SALT$KEY" with Django's parameters. Also "argon2i" is read, which Django
// made before 3.2. Version 16 of the algorithm, and Argon2d, are not: no library here has them.
type argon2Hasher struct{}

// argon2Costs are the parameters that an encoded hash names.
type argon2Costs struct {
	memory  uint32 // KiB
	time    uint32 // passes
	threads uint8
}

var argon2Current = argon2Costs{memory: 102400, time: 2, threads: 8}

const argon2KeyLength = 32

type argon2Hash struct {
	variety string // argon2id or argon2i
	argon2Costs
	salt, key []byte
}

func (argon2Hasher) parse(encoded string) storedHash {
	fields, ok := splitFields(encoded, 6)
	if !ok || fields[1] != "argon2id" && fields[1] != "argon2i" || fields[2] != "v=19" {
		return nil
	}
	hash := argon2Hash{variety: fields[1]}
	if hash.argon2Costs, ok = parseArgon2Costs(fields[3]); !ok {
		return nil
	}
	// The shortest are those of the reference implementation, which Django uses.
	encoding := base64.RawStdEncoding.Strict()
	if hash.salt, ok = decodeStrictly(encoding, fields[4], 8, maxEncoded); !ok {
		return nil
	}
	if hash.key, ok = decodeStrictly(encoding, fields[5], 4, maxEncoded); !ok {
		return nil
	}
	return hash
}

// parseArgon2Costs reads "m=102400,t=2,p=8".
func parseArgon2Costs(text string) (costs argon2Costs, ok bool) {
	parts := strings.Split(text, ",")
	if len(parts) != 3 {
		return costs, false
	}
	var numbers [3]int
	for i, name := range [3]string{"m=", "t=", "p="} {
		digits, named := strings.CutPrefix(parts[i], name)
		if numbers[i], ok = parseNumber(digits); !named || !ok {
			return costs, false
		}
	}
	if numbers[2] > 255 || numbers[0] < 8*numbers[2] {
		return costs, false
	}
	return argon2Costs{uint32(numbers[0]), uint32(numbers[1]), uint8(numbers[2])}, true
}

func (a argon2Hasher) encode(_ context.Context, password string, _ Deriver) (string, error) {
	salt, err := newSalt()
	if err != nil {
		return "", err
	}
	hash := argon2Hash{"argon2id", argon2Current, []byte(salt), make([]byte, argon2KeyLength)}
	encode := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("argon2$%s$v=%d$m=%d,t=%d,p=%d$%s$%s", hash.variety, argon2.Version, hash.argon2Costs.memory, hash.time, hash.threads,
		encode(hash.salt), encode(hash.derive(password))), nil
}

func (argon2Hasher) memory() int64 { return argon2Current.bytes() }

func (c argon2Costs) bytes() int64 { return int64(c.memory) << 10 }

// derive returns the key of a password under the salt and costs of a hash, as long as the hash's own.
func (a argon2Hash) derive(password string) []byte {
	collectBefore(a.bytes())
	key := argon2.IDKey
	if a.variety == "argon2i" {
		key = argon2.Key
	}
	return key([]byte(password), a.salt, a.time, a.argon2Costs.memory, a.threads, uint32(len(a.key)))
}

func (a argon2Hash) limit(memory int64) error {
	if err := overWork("KiB times passes of Argon2", uint64(a.argon2Costs.memory)*uint64(a.time), maxArgon2Work); err != nil {
		return err
	}
	return overMemory("Argon2", a.bytes(), memory)
}

func (a argon2Hash) verify(ctx context.Context, password string, _ Deriver) (bool, error) {
	if err := ctx.Err(); err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(a.derive(password), a.key) == 1, nil
}

func (a argon2Hash) outdated() bool {
	return a.variety != "argon2id" || a.argon2Costs != argon2Current || len(a.key) != argon2KeyLength || shortSalt(len(a.salt))
}

// harden does nothing, as in Django: what is missing to other parameters' time cannot be told.
func (argon2Hash) harden(context.Context, string, Deriver) error { return nil }
