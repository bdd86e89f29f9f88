package auth

import (
	"errors"
	"strings"

	"github.com/jeton-dev/jeton/core"
)

// secretBytes is how long an HMAC secret must be: as long as the hash (RFC 7518 section 3.2).
var secretBytes = map[core.Algorithm]int{core.HS256: 32, core.HS384: 48, core.HS512: 64}

// keys returns the key that signs and the one that verifies. For HMAC they are one.
func (c *SimpleJWTConfig) keys(parse PEMParser) (signing, verifying *core.Key, err error) {
	if _, err := core.ParseAlgorithm(string(c.Algorithm)); err != nil {
		return nil, nil, settingError("ALGORITHM", "is not a supported algorithm")
	}
	if c.SigningKey == "" {
		return nil, nil, settingError("SIGNING_KEY", "is missing, and so is SECRET_KEY, which it defaults to")
	}
	if c.Algorithm.Symmetric() {
		signing, err = c.secretKey()
		return signing, signing, err
	}
	return c.keyPair(parse)
}

func (c *SimpleJWTConfig) secretKey() (*core.Key, error) {
	if strings.Contains(string(c.SigningKey), "-----BEGIN ") || strings.HasPrefix(string(c.SigningKey), "ssh-") {
		return nil, settingError("SIGNING_KEY", "is an asymmetric key, which %s must not use as its secret", c.Algorithm)
	}
	key, err := core.NewHMACKey(c.Algorithm, []byte(c.SigningKey))
	switch {
	case errors.Is(err, core.KeyTooWeak):
		return nil, settingError("SIGNING_KEY", "%s needs a secret of at least %d bytes; this one (SECRET_KEY unless set) has %d",
			c.Algorithm, secretBytes[c.Algorithm], len(c.SigningKey))
	case err != nil:
		return nil, settingError("SIGNING_KEY", "%v", err)
	}
	return key, nil
}

// keyPair returns the private and the public key of an asymmetric algorithm, and refuses two that do not belong together: no token
// signed with the one would ever be accepted by the other.
func (c *SimpleJWTConfig) keyPair(parse PEMParser) (signing, verifying *core.Key, err error) {
	if signing, err = c.asymmetricKey("SIGNING_KEY", c.SigningKey, parse); err != nil {
		return nil, nil, err
	}
	if !signing.CanSign() {
		return nil, nil, settingError("SIGNING_KEY", "is a public key, which cannot sign")
	}
	public, err := signing.Public()
	if err != nil {
		return nil, nil, settingError("SIGNING_KEY", "%v", err)
	}
	if c.VerifyingKey == "" {
		return signing, public, nil
	}
	if verifying, err = c.asymmetricKey("VERIFYING_KEY", c.VerifyingKey, parse); err != nil {
		return nil, nil, err
	}
	if verifying.CanSign() {
		if verifying, err = verifying.Public(); err != nil {
			return nil, nil, settingError("VERIFYING_KEY", "%v", err)
		}
	}
	if !samePublicKey(public, verifying) {
		return nil, nil, settingError("VERIFYING_KEY", "is not the public half of SIGNING_KEY")
	}
	return signing, verifying, nil
}

func (c *SimpleJWTConfig) asymmetricKey(setting string, text Secret, parse PEMParser) (*core.Key, error) {
	trimmed := strings.TrimSpace(string(text))
	switch {
	case strings.HasPrefix(trimmed, "{"):
		parse = func(jwk []byte, algorithm core.Algorithm) (*core.Key, error) { return core.ParseJWK(jwk, algorithm) }
	case !strings.HasPrefix(trimmed, "-----BEGIN "):
		return nil, settingError(setting, "%s needs a key in PEM or as a JWK", c.Algorithm)
	case parse == nil:
		return nil, settingError(setting, "PEM cannot be read here: give the key as a JWK")
	}
	key, err := parse([]byte(trimmed), c.Algorithm)
	if err != nil {
		return nil, settingError(setting, "%v", err)
	}
	return key, nil
}

func samePublicKey(a, b *core.Key) bool {
	first, err := a.Thumbprint()
	if err != nil {
		return false
	}
	second, err := b.Thumbprint()
	return err == nil && first == second
}
