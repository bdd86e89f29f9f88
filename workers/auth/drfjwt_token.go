package auth

import (
	"context"
	"errors"
	"fmt"

	"github.com/jeton-dev/jeton/core"
	"github.com/jeton-dev/jeton/workers/auth/internal/rest"
	"github.com/jeton-dev/jeton/workers/store"
)

// readToken checks a token's signature and what PyJWT looks at, and returns it or what is wrong with it. An error means that nothing is
// known about the token.
func (d *drfjwt) readToken(ctx context.Context, text string) (*core.Token, tokenProblem, error) {
	unverified, err := core.Decode(text)
	if err != nil {
		return nil, problemOf(err), nil
	}
	verifiers, err := d.verifiersFor(ctx, unverified)
	if err != nil {
		return nil, noProblem, err
	}
	problem := refusedToken // when there is no key
	for _, verifier := range verifiers {
		token, err := verifier.verify(ctx, text)
		var broken hostError
		switch {
		case err == nil:
			return d.checkAudience(token)
		case errors.As(err, &broken):
			return nil, noProblem, broken.cause
		case !errors.Is(err, core.SignatureInvalid):
			return nil, problemOf(err), nil
		}
		problem = undecodableToken
	}
	return nil, problem, nil
}

// problemOf returns the problem that core found.
func problemOf(err error) tokenProblem {
	var refused *core.Error
	if errors.As(err, &refused) {
		return tokenProblem(pyjwtErrorOf(refused))
	}
	return refusedToken
}

// checkAudience refuses a token that is meant for somebody, where nobody is configured.
func (d *drfjwt) checkAudience(token *core.Token) (*core.Token, tokenProblem, error) {
	audience, found := token.Claim("aud")
	if len(d.settings.Audience) == 0 && found && !(d.variant.emptyAudience && isFalsy(audience)) {
		return nil, refusedToken, nil
	}
	return token, noProblem, nil
}

// verifiersFor returns the keys that may have signed a token, by what nobody has verified of it: its algorithm, its key ID, and where
// each user has a secret whose it claims to be. Whoever wrote that knows no more about a secret than before, and the token is good only
// under the very key that was found.
func (d *drfjwt) verifiersFor(ctx context.Context, unverified *core.Unverified) ([]tokenVerifier, error) {
	algorithm := core.Algorithm(unverified.UnverifiedAlgorithm())
	ring := d.rings[algorithm]
	if ring == nil {
		return nil, nil
	}
	if !d.hasUserSecret(algorithm) {
		return ring.verifiersFor(unverified.UnverifiedKeyID()), nil
	}
	claims, err := core.ParseObject(unverified.UnverifiedPayload(), core.Limits{})
	if err != nil {
		return nil, err
	}
	user, err := d.variant.secretOwner(ctx, d, claims)
	switch {
	case errors.Is(err, store.ErrNotFound):
		// A secret that nobody has refuses the token like any other: who exists is not for the writer of an unsigned text to know.
		return d.verifierWith(algorithm, d.randomSecret)
	case err != nil:
		return nil, err
	}
	return d.verifierWith(algorithm, func() (Secret, error) { return d.config.Hooks.UserSecretKey(ctx, &user) })
}

// hasUserSecret reports whether tokens of an algorithm are made with a secret of their user's.
func (d *drfjwt) hasUserSecret(algorithm core.Algorithm) bool {
	return d.config.Hooks.UserSecretKey != nil && algorithm.Symmetric()
}

func (d *drfjwt) randomSecret() (Secret, error) {
	var secret [64]byte
	err := d.host.Random(secret[:])
	return Secret(secret[:]), err
}

// verifierWith returns the verifier for one secret.
func (d *drfjwt) verifierWith(algorithm core.Algorithm, secret func() (Secret, error)) ([]tokenVerifier, error) {
	key, err := userKey(algorithm, secret)
	if err != nil {
		return nil, err
	}
	verifier, err := newTokenVerifier("JWT_GET_USER_SECRET_KEY", key, d.policy, d.host)
	return []tokenVerifier{verifier}, err
}

// signerFor returns the signer for tokens of a user.
func (d *drfjwt) signerFor(ctx context.Context, user *store.User) (tokenSigner, error) {
	algorithm := d.settings.Algorithms[0]
	if !d.hasUserSecret(algorithm) {
		return d.signer, nil
	}
	key, err := userKey(algorithm, func() (Secret, error) { return d.config.Hooks.UserSecretKey(ctx, user) })
	if err != nil {
		return tokenSigner{}, err
	}
	return newTokenSigner("JWT_GET_USER_SECRET_KEY", key, d.host)
}

// userKey returns the key of a user's secret. One that is too short is refused, as any other.
func userKey(algorithm core.Algorithm, secret func() (Secret, error)) (*core.Key, error) {
	text, err := secret()
	if err != nil {
		return nil, fmt.Errorf("the hook UserSecretKey: %w", err)
	}
	key, err := core.NewHMACKey(algorithm, []byte(text))
	if err != nil {
		return nil, fmt.Errorf("the hook UserSecretKey: %w", err)
	}
	return key, nil
}

// acceptToken is readToken, and refuses tokens that were withdrawn.
func (d *drfjwt) acceptToken(ctx context.Context, text string) (*core.Token, tokenProblem, error) {
	token, problem, err := d.readToken(ctx, text)
	if token == nil || !d.blacklist {
		return token, problem, err
	}
	blocked, err := d.users.TokenBlocked(ctx, d.blockedQuery(token, text))
	if err != nil {
		return nil, noProblem, err
	}
	if blocked {
		return nil, blacklistedToken, nil
	}
	return token, noProblem, nil
}

// ownerOf returns the active user that a token names.
func (d *drfjwt) ownerOf(ctx context.Context, token *core.Token) (store.User, tokenProblem, error) {
	username := d.usernameOf(token.Claims())
	if username == "" {
		return store.User{}, namelessToken, nil
	}
	user, err := d.users.UserByUsername(ctx, username)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return store.User{}, tokenOfNobody, nil
	case err != nil:
		return store.User{}, noProblem, err
	case !user.IsActive:
		return store.User{}, tokenOfInactive, nil
	}
	return user, noProblem, nil
}

// usernameOf returns the username in a token's claims, or "".
func (d *drfjwt) usernameOf(claims *core.Object) string {
	if find := d.config.Hooks.UsernameFromPayload; find != nil {
		return find(claims)
	}
	claim, found := claims.Get("username")
	if !found || isFalsy(claim) {
		return ""
	}
	return identifier(claim)
}

// endpointOwner is ownerOf with the rules that endpoints add: about token IDs, and the program's own about who may have tokens.
func (d *drfjwt) endpointOwner(ctx context.Context, token *core.Token) (store.User, tokenProblem, error) {
	if id, found := token.Claim("jti"); d.settings.TokenID == TokenIDRequire && (!found || isFalsy(id)) {
		return store.User{}, tokenWithoutID, nil
	}
	user, problem, err := d.ownerOf(ctx, token)
	if problem == noProblem && err == nil && !d.mayHaveTokens(user) {
		problem = tokenOfInactive
	}
	return user, problem, err
}

// mayHaveTokens asks the program's rule.
func (d *drfjwt) mayHaveTokens(user store.User) bool {
	rule := d.config.Hooks.AuthenticationRule
	return rule == nil || rule(withoutPassword(user))
}

// submitted is a good token that stands in a request's data, and its user.
type submitted struct {
	token *core.Token
	user  store.User
}

func (d *drfjwt) submittedToken(ctx context.Context, c *call) (s submitted, failed *rest.Failure) {
	token, problem, err := d.acceptToken(ctx, c.values["token"])
	if token != nil {
		s.token = token
		s.user, problem, err = d.endpointOwner(ctx, token)
	}
	switch {
	case err != nil:
		return submitted{}, d.unavailable(ctx, "check a token", err)
	case problem != noProblem:
		return submitted{}, d.refuseData(problem)
	}
	c.user = withoutPassword(s.user)
	return s, nil
}
