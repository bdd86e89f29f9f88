package auth

import (
	"context"
	"time"

	"github.com/jeton-dev/jeton/core"
	"github.com/jeton-dev/jeton/workers/auth/internal/rest"
	"github.com/jeton-dev/jeton/workers/store"
)

// submittedToken reads a token that stands in a request's data and holds it to a class. Of a good one it is left to be seen whether it
// is blacklisted; a bad one that is blacklisted is told so before anything else.
func (d *simplejwt) submittedToken(ctx context.Context, text string, class TokenClass) (presented, *rest.Failure) {
	token, problem, err := d.codec.decode(ctx, text)
	if err != nil {
		return presented{}, d.unavailable(ctx, "verify a signature", err)
	}
	if token == nil {
		return presented{}, refuseToken(problem, codeInvalidToken)
	}
	if problem = d.problemOf(token, class); problem == "" {
		return presented{token, text, class}, nil
	}
	blacklisted, err := d.isBlacklisted(ctx, token, class)
	if err != nil {
		return presented{}, d.unavailable(ctx, "look up a token", err)
	}
	if blacklisted {
		problem = problemBlacklisted
	}
	return presented{}, refuseToken(problem, codeInvalidToken)
}

// newClaims returns the claims every token begins with, in their order.
func (d *simplejwt) newClaims(class TokenClass, now time.Time) (*core.Claims, error) {
	claims := core.NewClaims()
	if name := d.settings.TokenTypeClaim; name != "" {
		claims.Set(name, class.tokenType())
	}
	claims.SetExpiration(now.Add(d.lifetime(class))).SetIssuedAt(now)
	if err := d.setTokenID(claims); err != nil {
		return nil, err
	}
	if class == SlidingToken {
		claims.Set(d.settings.SlidingTokenRefreshExpClaim, now.Add(d.settings.SlidingTokenRefreshLifetime))
	}
	return claims, nil
}

// lifetime is how long a token of a class is good.
func (d *simplejwt) lifetime(class TokenClass) time.Duration {
	switch class {
	case RefreshToken:
		return d.settings.RefreshTokenLifetime
	case SlidingToken:
		return d.settings.SlidingTokenLifetime
	}
	return d.settings.AccessTokenLifetime
}

// setTokenID gives a token a new ID: the hex digits of a random UUID.
func (d *simplejwt) setTokenID(claims *core.Claims) error {
	if d.settings.JTIClaim == "" {
		return nil
	}
	id, err := d.newUUID()
	claims.Set(d.settings.JTIClaim, id)
	return err
}

// seal adds the claims that stand in every token and signs them.
func (d *simplejwt) seal(ctx context.Context, claims *core.Claims) (string, error) {
	setParties(claims, d.settings.Audience, d.settings.AudienceList, d.settings.Issuer)
	return d.codec.sign(ctx, claims)
}

// finish lets the hook add to the claims of a token to be recorded, and signs them. It returns them as they were before seal.
func (d *simplejwt) finish(ctx context.Context, claims *core.Claims, class TokenClass, user *store.User, refresh bool) (*core.Object, string, error) {
	if err := d.addClaims(ctx, ClaimsRequest{User: user, TokenType: class.tokenType(), Refresh: refresh}, claims); err != nil {
		return nil, "", err
	}
	payload, err := claims.AppendJSON(nil)
	if err != nil {
		return nil, "", err
	}
	object, err := core.ParseObject(payload, core.Limits{})
	if err != nil {
		return nil, "", err
	}
	text, err := d.seal(ctx, claims)
	return object, text, err
}

// accessFrom returns an access token with the claims of a refresh token. What belongs to the one token is not copied.
func (d *simplejwt) accessFrom(ctx context.Context, refreshClaims *core.Object, user *store.User, refresh bool, now time.Time) (string, error) {
	claims, err := d.newClaims(AccessToken, now)
	if err != nil {
		return "", err
	}
	for i := range refreshClaims.Len() {
		switch name, value := refreshClaims.Member(i); name {
		case d.settings.TokenTypeClaim, d.settings.JTIClaim, "exp", "iat", "jti":
		default:
			claims.Set(name, core.RawJSON(value.Raw()))
		}
	}
	if err := d.addClaims(ctx, ClaimsRequest{User: user, TokenType: AccessToken.tokenType(), Refresh: refresh}, claims); err != nil {
		return "", err
	}
	return d.seal(ctx, claims)
}
