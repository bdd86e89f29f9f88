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
	claims, refresh, err := d.loginToken(ctx, RefreshToken, user, now)
	if err != nil {
		return answer{}, d.unavailable(ctx, "make a refresh token", err)
	}
	access, err := d.accessFrom(ctx, claims, user, false, now)
	if err != nil {
		return answer{}, d.unavailable(ctx, "make an access token", err)
	}
	if failed := d.record(ctx, c, claims, refresh, RefreshToken, now); failed != nil {
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
	claims, token, err := d.loginToken(ctx, SlidingToken, user, now)
	if err != nil {
		return answer{}, d.unavailable(ctx, "make a sliding token", err)
	}
	if failed := d.record(ctx, c, claims, token, SlidingToken, now); failed != nil {
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

// record keeps what a login leaves behind: the token as outstanding, and when it was.
func (d *simplejwt) record(ctx context.Context, c *call, claims *core.Object, text string, class TokenClass, now time.Time) *rest.Failure {
	if d.blacklist {
		row, problem := d.outstanding(claims, text, class, c.user.ID, now)
		err := store.ErrInvalidToken
		if problem == "" {
			err = d.users.RecordToken(ctx, row)
		}
		if err != nil {
			return d.unavailable(ctx, "record a token", err)
		}
	}
	if d.settings.UpdateLastLogin {
		if err := d.users.SetLastLogin(ctx, c.user.ID, now); err != nil {
			return d.unavailable(ctx, "record a login", err)
		}
	}
	d.loginSucceeded(ctx, c, c.values["username"], *c.user)
	return nil
}
