package auth

import (
	"context"
	"errors"

	"github.com/jeton-dev/jeton/core"
)

// codec makes and reads the tokens of djangorestframework-simplejwt with the configured keys.
type codec struct {
	tokenSigner // zero where there is no key to sign with
	tokenVerifier
}

func newCodec(config SimpleJWTConfig, site *Config, host Host) (*codec, error) {
	signing, verifying, err := config.keys(site)
	if err != nil {
		return nil, err
	}
	c := &codec{}
	if signing != nil {
		if c.tokenSigner, err = newTokenSigner("SIGNING_KEY", signing, host); err != nil {
			return nil, err
		}
	}
	policy := core.Policy{
		Audiences: config.Audience, Leeway: config.Leeway, AllowMissingExpiration: true, Clock: host.Now,
		Algorithms: []core.Algorithm{config.Algorithm},
	}
	if config.Issuer != "" {
		policy.Issuers = []string{config.Issuer}
	}
	c.tokenVerifier, err = newKeysVerifier("VERIFYING_KEY", verifying, config.Algorithm, policy, host)
	return c, err
}

// canSign reports whether there is a key to sign with.
func (c *codec) canSign() bool { return c.signer != nil }

// decode reads a token, checks its signature and the claims that PyJWT checks, and returns it or what to tell the client is wrong with
// it. An error means that nothing is known about the token: the host failed, or the key set could not be had.
func (c *codec) decode(ctx context.Context, text string) (token *core.Token, problem string, err error) {
	token, err = c.verify(ctx, text)
	if err == nil {
		return token, "", nil
	}
	var refused *core.Error
	var broken hostError
	switch {
	case errors.As(err, &broken):
		return nil, "", broken.cause
	case errors.Is(err, core.KeySetUnavailable):
		return nil, "", err
	case errors.As(err, &refused):
		return nil, describeRefusal(refused), nil
	default:
		return nil, "", err
	}
}

const (
	problemInvalid = "Token is invalid"
	problemExpired = "Token is expired"
)

// describeRefusal returns the text for a token that was refused.
func describeRefusal(refused *core.Error) string {
	if pyjwtErrorOf(refused) == pyjwtExpired {
		return problemExpired
	}
	return problemInvalid
}
