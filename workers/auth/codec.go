package auth

import (
	"context"

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

// tokenVerifier checks tokens against keys of one family and a policy, with the same division of labour.
type tokenVerifier struct {
	verifier  *core.Verifier
	symmetric bool
	host      Host
}

// newTokenVerifier returns the verifier for the key that a setting holds.
func newTokenVerifier(setting string, key *core.Key, policy core.Policy, host Host) (tokenVerifier, error) {
	return newKeysVerifier(setting, key, key.Algorithm(), policy, host)
}

// newKeysVerifier returns the verifier for keys that all are for one algorithm.
func newKeysVerifier(setting string, keys core.Keys, algorithm core.Algorithm, policy core.Policy, host Host) (tokenVerifier, error) {
	verifier, err := core.NewVerifier(keys, policy)
	if err != nil {
		return tokenVerifier{}, settingError(setting, "%v", err)
	}
	return tokenVerifier{verifier, algorithm.Symmetric(), host}, nil
}

// verify returns the token if it is good. An error that is a hostError says nothing about the token.
func (v tokenVerifier) verify(ctx context.Context, text string) (*core.Token, error) {
	if v.symmetric {
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

// setParties writes who a token is meant for, and who made it.
func setParties(claims *core.Claims, audience []string, list bool, issuer string) {
	switch {
	case len(audience) == 1 && !list:
		claims.Set("aud", audience[0])
	case len(audience) > 0:
		claims.Set("aud", audience)
	}
	if issuer != "" {
		claims.SetIssuer(issuer)
	}
}

// hostError keeps a failure of the host apart from what is wrong with a token, even if the host's error is one of core's.
type hostError struct{ cause error }

// Error returns the host's own text.
func (e hostError) Error() string { return e.cause.Error() }
