package auth

import (
	"context"
	"errors"

	"github.com/jeton-dev/jeton/core"
)

// tokenSigner makes tokens with one key. Asymmetric signatures are the host's work; HMAC is done in place.
type tokenSigner struct {
	signer *core.Signer
	key    *core.Key
	host   Host
}

// newTokenSigner returns the signer for the key that a setting holds.
func newTokenSigner(setting string, key *core.Key, host Host) (tokenSigner, error) {
	signer, err := core.NewSigner(key, core.SignerOptions{})
	if err != nil {
		return tokenSigner{}, settingError(setting, "%v", err)
	}
	return tokenSigner{signer, key, host}, nil
}

// sign returns the token with those claims.
func (s tokenSigner) sign(ctx context.Context, claims *core.Claims) (string, error) {
	if s.key.Algorithm().Symmetric() {
		return s.signer.Encode(claims)
	}
	payload, err := claims.AppendJSON(nil)
	if err != nil {
		return "", err
	}
	pending, err := s.signer.Begin(payload)
	if err != nil {
		return "", err
	}
	signature, err := s.host.Sign(ctx, s.key, pending.SigningInput())
	if err != nil {
		return "", err
	}
	return pending.Finish(signature)
}

// tokenVerifier checks tokens against one key and a policy, with the same division of labour.
type tokenVerifier struct {
	verifier *core.Verifier
	key      *core.Key
	host     Host
}

// newTokenVerifier returns the verifier for the key that a setting holds.
func newTokenVerifier(setting string, key *core.Key, policy core.Policy, host Host) (tokenVerifier, error) {
	verifier, err := core.NewVerifier(key, policy)
	if err != nil {
		return tokenVerifier{}, settingError(setting, "%v", err)
	}
	return tokenVerifier{verifier, key, host}, nil
}

// verify returns the token if it is good. An error that is a hostError says nothing about the token.
func (v tokenVerifier) verify(ctx context.Context, text string) (*core.Token, error) {
	if v.key.Algorithm().Symmetric() {
		return v.verifier.Verify(text)
	}
	pending, err := v.verifier.Begin(text)
	if err != nil {
		return nil, err
	}
	good, err := v.host.VerifySignature(ctx, pending.Key(), pending.SigningInput(), pending.Signature())
	if err != nil {
		return nil, hostError{err}
	}
	return pending.Finish(good)
}

// codec makes and reads the tokens of djangorestframework-simplejwt with the configured keys.
type codec struct {
	tokenSigner
	tokenVerifier
}

func newCodec(config SimpleJWTConfig, parse PEMParser, host Host) (*codec, error) {
	signing, verifying, err := config.keys(parse)
	if err != nil {
		return nil, err
	}
	signer, err := newTokenSigner("SIGNING_KEY", signing, host)
	if err != nil {
		return nil, err
	}
	policy := core.Policy{Audiences: config.Audience, Leeway: config.Leeway, AllowMissingExpiration: true, Clock: host.Now}
	if config.Issuer != "" {
		policy.Issuers = []string{config.Issuer}
	}
	verifier, err := newTokenVerifier("VERIFYING_KEY", verifying, policy, host)
	if err != nil {
		return nil, err
	}
	return &codec{signer, verifier}, nil
}

// decode reads a token, checks its signature and the claims that PyJWT checks, and returns it or what to tell the client is wrong with
// it. An error means that the host failed and nothing is known about the token.
func (c *codec) decode(ctx context.Context, text string) (token *core.Token, problem string, err error) {
	token, err = c.verify(ctx, text)
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

// hostError keeps a failure of the host apart from what is wrong with a token, even if the host's error is one of core's.
type hostError struct{ cause error }

// Error returns the host's own text.
func (e hostError) Error() string { return e.cause.Error() }

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
