package auth

import (
	"errors"
	"strings"

	"github.com/jeton-dev/jeton/core"
)

// secretBytes is how long an HMAC secret must be: as long as the hash (RFC 7518 section 3.2).
var secretBytes = map[core.Algorithm]int{core.HS256: 32, core.HS384: 48, core.HS512: 64}

// secretKey returns the HMAC key that a setting holds, which defaults to SECRET_KEY.
func secretKey(setting string, text Secret, algorithm core.Algorithm) (*core.Key, error) {
	if strings.Contains(string(text), "-----BEGIN ") || strings.HasPrefix(string(text), "ssh-") {
		return nil, settingError(setting, "is an asymmetric key, which %s must not use as its secret", algorithm)
	}
	key, err := core.NewHMACKey(algorithm, []byte(text))
	switch {
	case errors.Is(err, core.KeyTooWeak):
		return nil, settingError(setting, "%s needs a secret of at least %d bytes; this one (SECRET_KEY unless set) has %d",
			algorithm, secretBytes[algorithm], len(text))
	case err != nil:
		return nil, settingError(setting, "%v", err)
	}
	return key, nil
}

// asymmetricKey returns the key that a setting holds as PEM or as a JWK.
func asymmetricKey(setting string, text Secret, algorithm core.Algorithm, parse PEMParser) (*core.Key, error) {
	trimmed := strings.TrimSpace(string(text))
	switch {
	case strings.HasPrefix(trimmed, "{"):
		parse = func(jwk []byte, algorithm core.Algorithm) (*core.Key, error) { return core.ParseJWK(jwk, algorithm) }
	case !strings.HasPrefix(trimmed, "-----BEGIN "):
		return nil, settingError(setting, "%s needs a key in PEM or as a JWK", algorithm)
	case parse == nil:
		return nil, settingError(setting, "PEM cannot be read here: give the key as a JWK")
	}
	key, err := parse([]byte(trimmed), algorithm)
	if err != nil {
		return nil, settingError(setting, "%v", err)
	}
	return key, nil
}

// looksAsymmetric reports whether a text is a key of an asymmetric algorithm, in PEM or as a JWK.
func looksAsymmetric(text Secret) bool {
	trimmed := strings.TrimSpace(string(text))
	return strings.HasPrefix(trimmed, "{") || strings.HasPrefix(trimmed, "-----BEGIN ")
}

// publicKey returns the public half of the key that a setting holds, in the same forms.
func publicKey(setting string, text Secret, algorithm core.Algorithm, parse PEMParser) (*core.Key, error) {
	key, err := asymmetricKey(setting, text, algorithm, parse)
	if err != nil || !key.CanSign() {
		return key, err
	}
	if key, err = key.Public(); err != nil {
		return nil, settingError(setting, "%v", err)
	}
	return key, nil
}

// samePublicKey reports whether two keys have one public half.
func samePublicKey(a, b *core.Key) bool {
	first, err := a.Thumbprint()
	if err != nil {
		return false
	}
	second, err := b.Thumbprint()
	return err == nil && first == second
}
