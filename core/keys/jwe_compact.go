package keys

import (
	"strings"

	"github.com/jeton-dev/jeton/core"
	"github.com/jeton-dev/jeton/core/internal/base64url"
)

// sealed is an encrypted token in the compact serialization (RFC 7516 section 7.1), taken apart and decoded.
type sealed struct {
	header       []byte
	encryptedKey []byte
	iv           []byte
	ciphertext   []byte
	tag          []byte
}

// splitSealed takes a token apart: its size first, then its five segments, then their encoding. It knows no other serialization, so
// there is one recipient.
func splitSealed(token string, limit int) (*sealed, *core.Error) {
	if len(token) > limit {
		return nil, refuse(core.TokenTooLarge, "", "")
	}
	if strings.Count(token, ".") != 4 || token[0] == '.' {
		return nil, refuse(core.TokenMalformed, "", "an encrypted token has five segments")
	}
	s := new(sealed)
	buffer := make([]byte, 0, base64url.DecodedLen(len(token)))
	rest := token
	for _, part := range []*[]byte{&s.header, &s.encryptedKey, &s.iv, &s.ciphertext, &s.tag} {
		var segment string
		segment, rest, _ = strings.Cut(rest, ".")
		start := len(buffer)
		decoded, ok := base64url.AppendDecode(buffer, segment)
		if !ok {
			return nil, refuse(core.EncodingInvalid, "", "")
		}
		buffer = decoded
		*part = decoded[start:len(decoded):len(decoded)]
	}
	return s, nil
}

// plausible reports whether every part has the length that the key's algorithms give it. A part of another length is refused like one
// that does not decrypt, and before any cryptography: a tag cut short is not compared as far as it goes.
func (s *sealed) plausible(key *EncryptionKey) bool {
	return len(s.encryptedKey) == key.encryptedKeySize() && len(s.iv) == key.content.ivSize() && len(s.tag) == tagSize && len(s.ciphertext) > 0 &&
		(key.content != A128CBCHS256 || len(s.ciphertext)%blockSize == 0)
}
