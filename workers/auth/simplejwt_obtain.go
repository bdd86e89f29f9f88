package auth

import (
	"context"

	"github.com/jeton-dev/jeton/workers/auth/internal/rest"
)

// obtainPair answers a login with a refresh token and an access token of one time.
func (d *simplejwt) obtainPair(ctx context.Context, c *call) (answer, *rest.Failure) {
	user, good, failed := d.login(ctx, c)
	if failed != nil {
		return answer{}, failed
	}
	if !good {
		return answer{}, rest.Refuse(401, "No active account found with the given credentials")
	}
	now := d.host.Now()
	refresh, err := d.newToken(ctx, typeRefresh, user.ID, now, d.settings.RefreshTokenLifetime)
	if err != nil {
		return answer{}, d.unavailable(ctx, "make a refresh token", err)
	}
	access, err := d.newToken(ctx, typeAccess, user.ID, now, d.settings.AccessTokenLifetime)
	if err != nil {
		return answer{}, d.unavailable(ctx, "make an access token", err)
	}
	if d.settings.UpdateLastLogin {
		if err := d.users.SetLastLogin(ctx, user.ID, now); err != nil {
			return answer{}, d.unavailable(ctx, "record a login", err)
		}
	}
	c.user = withoutPassword(user)
	d.loginSucceeded(ctx, c, c.values["username"], user)
	return ok(rest.NewObject("refresh", refresh, "access", access)), nil
}
