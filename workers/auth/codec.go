package auth

import (
	"context"
	"errors"

	"github.com/jeton-dev/jeton/core"
)

// codec makes and reads tokens with the configured keys. Asymmetric signatures are the host's work; HMAC is done in place.
type codec struct {
	signer    *core.Signer
	verifier  *core.Verifier
	signing   *core.Key
	host      Host
	symmetric bool
}

func newCodec(config SimpleJWTConfig, parse PEMParser, host Host) (*codec, error) {
	signing, verifying, err := config.keys(parse)
	if err != nil {
		return nil, err
	}
	signer, err := core.NewSigner(signing, core.SignerOptions{})
	if err != nil {
		return nil, settingError("SIGNING_KEY", "%v", err)
	}
	policy := core.Policy{Audiences: config.Audience, Leeway: config.Leeway, AllowMissingExpiration: true, Clock: host.Now}
	if config.Issuer != "" {
		policy.Issuers = []string{config.Issuer}
	}
	verifier, err := core.NewVerifier(verifying, policy)
	if err != nil {
		return nil, settingError("VERIFYING_KEY", "%v", err)
	}
	return &codec{signer: signer, verifier: verifier, signing: signing, host: host, symmetric: config.Algorithm.Symmetric()}, nil
}

// sign returns the token with those claims.
func (c *codec) sign(ctx context.Context, claims *core.Claims) (string, error) {
	if c.symmetric {
		return c.signer.Encode(claims)
	}
	payload, err := claims.AppendJSON(nil)
	if err != nil {
		return "", err
	}
	pending, err := c.signer.Begin(payload)
	if err != nil {
		return "", err
	}
	signature, err := c.host.Sign(ctx, c.signing, pending.SigningInput())
	if err != nil {
		return "", err
	}
	return pending.Finish(signature)
}

// decode reads a token, checks its signature and the claims that PyJWT checks, and returns it or what to tell the client is wrong with
// it. An error means that the host failed and nothing is known about the token.
func (c *codec) decode(ctx context.Context, text string) (token *core.Token, problem string, err error) {
	token, err = c.verifySignature(ctx, text)
	var refused *core.Error
	var broken hostError
	switch {
	case err == nil:
		return token, "", nil
	case errors.As(err, &broken):
		return nil, "", broken.cause
	case errors.As(err, &refused):
		return nil, describeRefusal(refused), nil
	default:
		return nil, "", err
	}
}

func (c *codec) verifySignature(ctx context.Context, text string) (*core.Token, error) {
	if c.symmetric {
		return c.verifier.Verify(text)
	}
	pending, err := c.verifier.Begin(text)
	if err != nil {
		return nil, err
	}
	good, err := c.host.VerifySignature(ctx, pending.Key(), pending.SigningInput(), pending.Signature())
	if err != nil {
		return nil, hostError{err}
	}
	return pending.Finish(good)
}

// hostError keeps a failure of the host apart from what is wrong with a token, even if the host's error is one of core's.
type hostError struct{ cause error }

// Error returns the host's own text.
func (e hostError) Error() string { return e.cause.Error() }

const (
	problemInvalid = "Token is invalid"
	problemExpired = "Token is expired"
)

// describeRefusal returns the text for a token that was refused. PyJWT stops at the first claim that is wrong, in the order iat, nbf,
// exp, iss, aud, sub, jti: a token has expired for it only if neither iat nor nbf is wrong.
func describeRefusal(refused *core.Error) string {
	problem := problemInvalid
	for _, failure := range refused.Failures() {
		switch {
		case failure.Claim == "iat" || failure.Claim == "nbf":
			return problemInvalid
		case failure.Code == core.TokenExpired:
			problem = problemExpired
		}
	}
	return problem
}
