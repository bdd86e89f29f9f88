package corpus

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"errors"
)

// encrypt makes a compact JWE (RFC 7516 section 7.1) that anyone can make who has the public key: RSA-OAEP and A256GCM.
func (r *keyring) encrypt(name string, payload []byte) (string, error) {
	key, err := r.key(name)
	if err != nil {
		return "", err
	}
	if key.rsa == nil {
		return "", errors.New("only RSA keys encrypt")
	}
	contentKey, nonce := make([]byte, 32), make([]byte, 12)
	rand.Read(contentKey)
	rand.Read(nonce)
	encryptedKey, err := rsa.EncryptOAEP(sha1.New(), rand.Reader, &key.rsa.PublicKey, contentKey, nil)
	if err != nil {
		return "", err
	}
	block, err := aes.NewCipher(contentKey)
	if err != nil {
		return "", err
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return "", err
	}
	header := encode([]byte(`{"alg":"RSA-OAEP","enc":"A256GCM","cty":"JWT"}`))
	sealed := aead.Seal(nil, nonce, payload, header)
	tag := len(sealed) - aead.Overhead()
	parts := [][]byte{header, encode(encryptedKey), encode(nonce), encode(sealed[:tag]), encode(sealed[tag:])}
	return string(bytes.Join(parts, []byte("."))), nil
}
