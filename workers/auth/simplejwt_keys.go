package auth

import (
	"cmp"

	"github.com/jeton-dev/jeton/core"
)

// keys returns the key that signs, nil where there is none, and what verifies. For HMAC they are one.
func (c *SimpleJWTConfig) keys(site *Config) (signing *core.Key, verifying core.Keys, err error) {
	if _, err := core.ParseAlgorithm(string(c.Algorithm)); err != nil {
		return nil, nil, settingError("ALGORITHM", "is not a supported algorithm")
	}
	text := Secret(cmp.Or(c.SigningKey, site.SecretKey))
	switch {
	case c.verifiesOnly(site.SecretKey):
		verifying, err = c.verifyingKeys(nil, site)
		return nil, verifying, err
	case text == "":
		return nil, nil, settingError("SIGNING_KEY", "is missing, and so is SECRET_KEY, which it defaults to")
	case c.Algorithm.Symmetric():
		signing, err = secretKey("SIGNING_KEY", text, c.Algorithm)
		return signing, signing, err
	}
	if signing, err = asymmetricKey("SIGNING_KEY", text, c.Algorithm, site.PEMParser); err != nil {
		return nil, nil, err
	}
	if !signing.CanSign() {
		return nil, nil, settingError("SIGNING_KEY", "is a public key, which cannot sign")
	}
	verifying, err = c.verifyingKeys(signing, site)
	return signing, verifying, err
}

// verifiesOnly reports whether the settings say what to verify with and not what to sign with. Django's secret is no key of an
// asymmetric algorithm, unless it is written as one.
func (c *SimpleJWTConfig) verifiesOnly(djangoSecret Secret) bool {
	return !c.Algorithm.Symmetric() && c.SigningKey == "" && (c.VerifyingKey != "" || c.JWKURL != "") && !looksAsymmetric(djangoSecret)
}

// verifyingKeys returns what tokens of an asymmetric algorithm are verified with: the key set of JWK_URL, VERIFYING_KEY, or the public
// half of the key that signs. A VERIFYING_KEY that is not that half is refused: no token signed with the one would ever be accepted by
// the other.
func (c *SimpleJWTConfig) verifyingKeys(signing *core.Key, site *Config) (core.Keys, error) {
	if c.JWKURL != "" {
		return remoteKeys(c.JWKURL, c.Algorithm, site.RemoteKeys)
	}
	var verifying *core.Key
	if c.VerifyingKey != "" {
		var err error
		if verifying, err = publicKey("VERIFYING_KEY", c.VerifyingKey, c.Algorithm, site.PEMParser); err != nil {
			return nil, err
		}
	}
	if signing == nil {
		return verifying, nil
	}
	public, err := signing.Public()
	if err != nil {
		return nil, settingError("SIGNING_KEY", "%v", err)
	}
	if verifying != nil && !samePublicKey(public, verifying) {
		return nil, settingError("VERIFYING_KEY", "is not the public half of SIGNING_KEY")
	}
	return public, nil
}

// RemoteKeys returns the keys that are published at a URL as a JWK Set, for one algorithm, as a function that never fails for long and
// keeps the set for a while. It refuses a URL that it will not ask.
type RemoteKeys func(location string, algorithm core.Algorithm) (core.KeySetFunc, error)

// remoteKeys returns the keys of JWK_URL. A token must name its key: PyJWT takes none for it otherwise.
func remoteKeys(location string, algorithm core.Algorithm, open RemoteKeys) (core.Keys, error) {
	if open == nil {
		return nil, settingError("JWK_URL", "key sets cannot be fetched here: give the public key as VERIFYING_KEY")
	}
	keySet, err := open(location, algorithm)
	if err != nil {
		return nil, settingError("JWK_URL", "%v", err)
	}
	return core.KeyFunc(func(header core.Header) (*core.Key, error) {
		if header.KeyID == "" {
			return nil, nil
		}
		set, err := keySet(header)
		if err != nil {
			return nil, err
		}
		for _, key := range set.Keys() {
			if key.ID() == header.KeyID {
				return key, nil
			}
		}
		return nil, nil
	}), nil
}
