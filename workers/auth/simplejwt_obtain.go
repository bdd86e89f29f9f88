package auth

import (
	"context"
	"slices"
	"time"

	"github.com/jeton-dev/jeton/core"
	"github.com/jeton-dev/jeton/workers/auth/internal/rest"
	"github.com/jeton-dev/jeton/workers/store"
)

// obtainPair answers a login with a refresh token and an access token.
func (d *simplejwt) obtainPair(ctx context.Context, c *call) (answer, *rest.Failure) {
	return d.obtain(ctx, c, d.answerPair)
}

// obtainSliding answers a login with a sliding token.
func (d *simplejwt) obtainSliding(ctx context.Context, c *call) (answer, *rest.Failure) {
	return d.obtain(ctx, c, d.answerSliding)
}

// issue answers with new tokens of a user, all of one time.
type issue func(ctx context.Context, user *store.User, now time.Time) (answer, *rest.Failure)

func (d *simplejwt) obtain(ctx context.Context, c *call, issue issue) (answer, *rest.Failure) {
	user, failed := d.loginUser(ctx, c)
	if failed != nil {
		return answer{}, failed
	}
	now := d.host.Now()
	answered, failed := issue(ctx, user, now)
	if failed != nil {
		return answer{}, failed
	}
	return answered, d.recordLogin(ctx, c, now)
}

// grant implements dialect.
func (d *simplejwt) grant(ctx context.Context, c *call, user *store.User) (answer, *rest.Failure) {
	if slices.Contains(d.settings.AuthTokenClasses, SlidingToken) && d.problemOf(c.identity.Token, SlidingToken) == "" {
		return d.answerSliding(ctx, user, d.host.Now())
	}
	return d.answerPair(ctx, user, d.host.Now())
}

func (d *simplejwt) answerPair(ctx context.Context, user *store.User, now time.Time) (answer, *rest.Failure) {
	refresh, access, err := d.pairFor(ctx, user, now)
	if err != nil {
		return answer{}, d.unavailable(ctx, "make a pair of tokens", err)
	}
	return ok(rest.NewObject("refresh", refresh, "access", access)), nil
}

func (d *simplejwt) answerSliding(ctx context.Context, user *store.User, now time.Time) (answer, *rest.Failure) {
	_, token, err := d.tokenFor(ctx, SlidingToken, user, now)
	if err != nil {
		return answer{}, d.unavailable(ctx, "make a sliding token", err)
	}
	return ok(rest.NewObject("token", token)), nil
}

// canIssue implements dialect.
func (d *simplejwt) canIssue() bool { return d.codec.canSign() }

// loginUser returns the user who logs in.
func (d *simplejwt) loginUser(ctx context.Context, c *call) (*store.User, *rest.Failure) {
	user, good, failed := d.login(ctx, c, d.mayHaveTokens)
	if failed != nil {
		return nil, failed
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
	d.loginSucceeded(ctx, c, *c.user)
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
