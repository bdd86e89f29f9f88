package auth

import "github.com/jeton-dev/jeton/core"

// keys returns the key that signs and the one that verifies. For HMAC they are one.
func (c *SimpleJWTConfig) keys(parse PEMParser) (signing, verifying *core.Key, err error) {
	if _, err := core.ParseAlgorithm(string(c.Algorithm)); err != nil {
		return nil, nil, settingError("ALGORITHM", "is not a supported algorithm")
	}
	if c.SigningKey == "" {
		return nil, nil, settingError("SIGNING_KEY", "is missing, and so is SECRET_KEY, which it defaults to")
	}
	if c.Algorithm.Symmetric() {
		signing, err = secretKey("SIGNING_KEY", c.SigningKey, c.Algorithm)
		return signing, signing, err
	}
	return c.keyPair(parse)
}

// keyPair returns the private and the public key of an asymmetric algorithm, and refuses two that do not belong together: no token
// signed with the one would ever be accepted by the other.
func (c *SimpleJWTConfig) keyPair(parse PEMParser) (signing, verifying *core.Key, err error) {
	if signing, err = asymmetricKey("SIGNING_KEY", c.SigningKey, c.Algorithm, parse); err != nil {
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
	if verifying, err = asymmetricKey("VERIFYING_KEY", c.VerifyingKey, c.Algorithm, parse); err != nil {
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
