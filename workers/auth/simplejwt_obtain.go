package auth

import (
	"context"
	"time"

	"github.com/jeton-dev/jeton/core"
	"github.com/jeton-dev/jeton/workers/auth/internal/rest"
	"github.com/jeton-dev/jeton/workers/store"
)

// obtainPair answers a login with a refresh token and an access token of one time.
func (d *simplejwt) obtainPair(ctx context.Context, c *call) (answer, *rest.Failure) {
	user, failed := d.loginUser(ctx, c)
	if failed != nil {
		return answer{}, failed
	}
	now := d.host.Now()
	refresh, access, err := d.pairFor(ctx, user, now)
	if err != nil {
		return answer{}, d.unavailable(ctx, "make a pair of tokens", err)
	}
	if failed := d.recordLogin(ctx, c, now); failed != nil {
		return answer{}, failed
	}
	return ok(rest.NewObject("refresh", refresh, "access", access)), nil
}

// obtainSliding answers a login with a sliding token.
func (d *simplejwt) obtainSliding(ctx context.Context, c *call) (answer, *rest.Failure) {
	user, failed := d.loginUser(ctx, c)
	if failed != nil {
		return answer{}, failed
	}
	now := d.host.Now()
	_, token, err := d.tokenFor(ctx, SlidingToken, user, now)
	if err != nil {
		return answer{}, d.unavailable(ctx, "make a sliding token", err)
	}
	if failed := d.recordLogin(ctx, c, now); failed != nil {
		return answer{}, failed
	}
	return ok(rest.NewObject("token", token)), nil
}

// loginUser returns the user who logs in.
func (d *simplejwt) loginUser(ctx context.Context, c *call) (*store.User, *rest.Failure) {
	user, good, failed := d.login(ctx, c)
	if failed != nil {
		return nil, failed
	}
	if good && !d.mayHaveTokens(user) {
		good = false
		d.loginFailed(ctx, c, c.values["username"])
	}
	if !good {
		return nil, rest.Refuse(401, "No active account found with the given credentials")
	}
	c.user = &user
	return &user, nil
}

// recordLogin keeps what a login leaves behind beside its tokens.
func (d *simplejwt) recordLogin(ctx context.Context, c *call, now time.Time) *rest.Failure {
	if d.settings.UpdateLastLogin {
		if err := d.users.SetLastLogin(ctx, c.user.ID, now); err != nil {
			return d.unavailable(ctx, "record a login", err)
		}
	}
	d.loginSucceeded(ctx, c, c.values["username"], *c.user)
	return nil
}

// pairFor returns a new refresh token of a user, recorded as outstanding, and an access token that has its claims.
func (d *simplejwt) pairFor(ctx context.Context, user *store.User, now time.Time) (refresh, access string, err error) {
	claims, refresh, err := d.tokenFor(ctx, RefreshToken, user, now)
	if err != nil {
		return "", "", err
	}
	access, err = d.accessFrom(ctx, claims, user, false, now)
	return refresh, access, err
}

// tokenFor returns a new token of a user, recorded as outstanding, and its claims as accessFrom takes them.
func (d *simplejwt) tokenFor(ctx context.Context, class TokenClass, user *store.User, now time.Time) (*core.Object, string, error) {
	claims, err := d.newClaims(class, now)
	if err != nil {
		return nil, "", err
	}
	d.setOwner(claims, user)
	object, text, err := d.finish(ctx, claims, class, user, false)
	if err != nil || !d.blacklist {
		return object, text, err
	}
	row, problem := d.outstanding(object, text, class, user.ID, now)
	if problem != "" {
		return nil, "", store.ErrInvalidToken
	}
	return object, text, d.users.RecordToken(ctx, row)
}

// issuePair implements pairDialect.
func (d *simplejwt) issuePair(ctx context.Context, user store.User) (refresh, access string, err error) {
	if !d.codec.canSign() {
		return "", "", settingError("SIGNING_KEY", "is missing, and so is SECRET_KEY, which it defaults to")
	}
	return d.pairFor(ctx, &user, d.host.Now())
}
