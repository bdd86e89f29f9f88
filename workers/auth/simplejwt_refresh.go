package auth

import (
	"context"
	"errors"
	"time"

	"github.com/jeton-dev/jeton/core"
	"github.com/jeton-dev/jeton/workers/auth/internal/rest"
	"github.com/jeton-dev/jeton/workers/store"
)

// refresh answers a refresh token with a new access token, and with a new refresh token where they rotate.
func (d *simplejwt) refresh(ctx context.Context, c *call) (answer, *rest.Failure) {
	now := d.host.Now()
	shown, failed := d.submittedToken(ctx, c.values["refresh"], RefreshToken)
	if failed != nil {
		return answer{}, failed
	}
	if c.user, failed = d.admit(ctx, shown, now); failed != nil {
		return answer{}, failed
	}
	access, err := d.accessFrom(ctx, shown.Claims(), c.user, true, now)
	if err != nil {
		return answer{}, d.unavailable(ctx, "make an access token", err)
	}
	if !d.settings.RotateRefreshTokens {
		return ok(rest.NewObject("access", access)), nil
	}
	next, failed := d.rotate(ctx, shown, c.user, now)
	if failed != nil {
		return answer{}, failed
	}
	return ok(rest.NewObject("access", access, "refresh", next)), nil
}

// admit returns the user whose token is refreshed, or refuses the token: it is blacklisted, its user is gone or may have none any more,
// or the password has been changed, which blacklists it. A token of nobody passes: other issuers with the same key may make such
// tokens.
func (d *simplejwt) admit(ctx context.Context, shown presented, now time.Time) (*store.User, *rest.Failure) {
	claim, found := shown.Claim(d.settings.UserIDClaim)
	nobodys := !found || isFalsy(claim)
	user, blacklisted, err := d.lookUp(ctx, shown, claim, nobodys)
	switch {
	case err != nil:
		return nil, d.unavailable(ctx, "look up a token and its user", err)
	case blacklisted:
		return nil, refuseToken(problemBlacklisted, codeInvalidToken)
	case nobodys:
		return nil, nil
	case user == nil || !d.mayHaveTokens(*user):
		return nil, rest.Refuse(401, "No active account found for the given token.")
	case d.passwordChanged(shown.Token, user):
		if _, failed := d.withdraw(ctx, shown, user.ID, now); failed != nil {
			return nil, failed
		}
		return nil, rest.Refuse(401, "The user's password has been changed.")
	}
	return user, nil
}

// lookUp returns what the store knows of a token: its user, nil when there is none, and whether it is blacklisted. It is one question
// where it can be.
func (d *simplejwt) lookUp(ctx context.Context, shown presented, owner core.Value, nobodys bool) (*store.User, bool, error) {
	if d.blacklist && !nobodys && d.ownedByKey() {
		user, blacklisted, err := d.users.TokenOwner(ctx, identifier(owner), d.tokenID(shown.Token))
		if errors.Is(err, store.ErrNotFound) {
			return nil, blacklisted, nil
		}
		return &user, blacklisted, err
	}
	blacklisted, err := d.isBlacklisted(ctx, shown.Token, shown.class)
	if err != nil || blacklisted || nobodys {
		return nil, blacklisted, err
	}
	user, err := d.findOwner(ctx, owner)
	return user, false, err
}

// rotate returns the refresh token that follows a presented one, with its claims. Of any number of requests with one token at once, one
// gets its successor where it is blacklisted by that.
func (d *simplejwt) rotate(ctx context.Context, shown presented, user *store.User, now time.Time) (string, *rest.Failure) {
	claims, err := core.ParseClaims(shown.Payload())
	if err == nil {
		err = d.setTokenID(claims)
	}
	if err != nil {
		return "", d.unavailable(ctx, "make a refresh token", err)
	}
	claims.SetExpiration(now.Add(d.settings.RefreshTokenLifetime)).SetIssuedAt(now)
	object, text, err := d.finish(ctx, claims, RefreshToken, user, true)
	if err != nil {
		return "", d.unavailable(ctx, "make a refresh token", err)
	}
	if !d.blacklist {
		return text, nil
	}
	owner := ""
	if user != nil {
		owner = user.ID
	}
	next, problem := d.outstanding(object, text, RefreshToken, owner, now)
	if problem != "" {
		return "", d.unavailable(ctx, "record a token", store.ErrInvalidToken)
	}
	if !d.settings.BlacklistAfterRotation {
		if err := d.users.RecordToken(ctx, next); err != nil {
			return "", d.unavailable(ctx, "record a token", err)
		}
		return text, nil
	}
	old, problem := d.outstanding(shown.Claims(), shown.text, RefreshToken, owner, now)
	if problem != "" {
		return "", refuseToken(problem, codeInvalidToken)
	}
	rotated, err := d.users.RotateToken(ctx, old, next, now)
	switch {
	case err != nil:
		return "", d.storeFailure(ctx, "rotate a token", err)
	case !rotated:
		return "", refuseToken(problemBlacklisted, codeInvalidToken)
	}
	return text, nil
}

// refreshSliding answers a sliding token with the same one for a new while, as long as it can be refreshed at all.
func (d *simplejwt) refreshSliding(ctx context.Context, c *call) (answer, *rest.Failure) {
	now := d.host.Now()
	shown, failed := d.submittedToken(ctx, c.values["token"], SlidingToken)
	if failed != nil {
		return answer{}, failed
	}
	if c.user, failed = d.admit(ctx, shown, now); failed != nil {
		return answer{}, failed
	}
	if problem := d.problemOfRefresh(shown.Token, now); problem != "" {
		return answer{}, refuseToken(problem, codeInvalidToken)
	}
	claims, err := core.ParseClaims(shown.Payload())
	if err != nil {
		return answer{}, d.unavailable(ctx, "make a sliding token", err)
	}
	claims.SetExpiration(now.Add(d.settings.SlidingTokenLifetime)).SetIssuedAt(now)
	_, text, err := d.finish(ctx, claims, SlidingToken, c.user, true)
	if err != nil {
		return answer{}, d.unavailable(ctx, "make a sliding token", err)
	}
	return ok(rest.NewObject("token", text)), nil
}

// problemOfRefresh returns what keeps a sliding token from being refreshed, or "".
func (d *simplejwt) problemOfRefresh(token *core.Token, now time.Time) string {
	name := d.settings.SlidingTokenRefreshExpClaim
	claim, found := token.Claim(name)
	if !found {
		return "Token has no '" + name + "' claim"
	}
	last, ok := claim.Time()
	switch {
	case !ok:
		return problemInvalid
	case !last.After(now.Add(-d.settings.Leeway)):
		return "Token '" + name + "' claim has expired"
	}
	return ""
}

// verify answers that a token is good, whatever its type and whoever its user. Blacklisted ones are refused where rotation makes them.
func (d *simplejwt) verify(ctx context.Context, c *call) (answer, *rest.Failure) {
	shown, failed := d.submittedToken(ctx, c.values["token"], UntypedToken)
	if failed != nil || !d.settings.BlacklistAfterRotation {
		return ok(rest.Object{}), failed
	}
	blacklisted, err := d.isBlacklisted(ctx, shown.Token, RefreshToken) // as one of those that can be
	switch {
	case err != nil:
		return answer{}, d.unavailable(ctx, "look up a token", err)
	case blacklisted:
		return answer{}, rest.RefuseData(problemBlacklisted)
	}
	return ok(rest.Object{}), nil
}
