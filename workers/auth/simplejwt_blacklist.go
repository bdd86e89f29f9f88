package auth

import (
	"context"
	"errors"
	"time"

	"github.com/jeton-dev/jeton/core"
	"github.com/jeton-dev/jeton/workers/auth/internal/rest"
	"github.com/jeton-dev/jeton/workers/store"
)

// simplejwtBlacklistApp is the app of the tables of outstanding and blacklisted tokens.
const simplejwtBlacklistApp = "rest_framework_simplejwt.token_blacklist"

// presented is a token that a client showed, and what it was shown as.
type presented struct {
	*core.Token
	text  string
	class TokenClass
}

// isBlacklisted reports whether a token of one of the recorded classes is blacklisted. Where the blacklist is off none is.
func (d *simplejwt) isBlacklisted(ctx context.Context, token *core.Token, class TokenClass) (bool, error) {
	if !d.blacklist || !class.recorded() {
		return false, nil
	}
	jti := d.tokenID(token)
	if jti == "" {
		return false, nil
	}
	return d.users.TokenBlacklisted(ctx, jti)
}

// tokenID returns the ID of a token, or "" when it has none that a row could have.
func (d *simplejwt) tokenID(token *core.Token) string {
	claim, _ := token.Claim(d.settings.JTIClaim)
	return identifier(claim)
}

// blacklistToken answers a logout: the refresh token is good for nothing any more.
func (d *simplejwt) blacklistToken(ctx context.Context, c *call) (answer, *rest.Failure) {
	now := d.host.Now()
	shown, failed := d.submittedToken(ctx, c.values["refresh"], RefreshToken)
	if failed != nil || !d.blacklist {
		return ok(rest.Object{}), failed
	}
	claim, _ := shown.Claim(d.settings.UserIDClaim)
	owner, err := d.ownerID(ctx, claim)
	if err != nil {
		return answer{}, d.unavailable(ctx, "look up a user", err)
	}
	added, failed := d.withdraw(ctx, shown, owner, now)
	if failed == nil && !added {
		failed = refuseToken(problemBlacklisted, codeInvalidToken)
	}
	return ok(rest.Object{}), failed
}

// withdraw blacklists a token and reports whether it was not blacklisted before. Where the blacklist is off it does nothing.
func (d *simplejwt) withdraw(ctx context.Context, shown presented, owner string, now time.Time) (bool, *rest.Failure) {
	if !d.blacklist {
		return true, nil
	}
	row, problem := d.outstanding(shown.Claims(), shown.text, shown.class, owner, now)
	if problem != "" {
		return false, refuseToken(problem, codeInvalidToken)
	}
	added, err := d.users.BlacklistToken(ctx, row, now)
	if err != nil {
		return false, d.storeFailure(ctx, "blacklist a token", err)
	}
	return added, nil
}

// storeFailure returns the answer to a store that did not take a token: the token's own fault or the store's.
func (d *simplejwt) storeFailure(ctx context.Context, operation string, err error) *rest.Failure {
	if errors.Is(err, store.ErrInvalidToken) {
		return refuseToken(problemInvalid, codeInvalidToken)
	}
	return d.unavailable(ctx, operation, err)
}

// outstanding returns the row of a token that was handed out, or what keeps the token from having one.
func (d *simplejwt) outstanding(claims *core.Object, text string, class TokenClass, owner string, now time.Time) (store.OutstandingToken, string) {
	id, _ := claims.Get(d.settings.JTIClaim)
	expiration, _ := claims.Get("exp")
	expires, dated := expiration.Time()
	row := store.OutstandingToken{JTI: identifier(id), Token: text, UserID: owner, CreatedAt: now, ExpiresAt: expires}
	if row.JTI == "" || !dated {
		return row, problemInvalid
	}
	// A sliding token goes on under its ID with every refresh: were its row gone earlier, it would be good again although withdrawn.
	if refreshable, _ := claims.Get(d.settings.SlidingTokenRefreshExpClaim); class == SlidingToken {
		if last, ok := refreshable.Time(); ok && last.Add(d.settings.SlidingTokenLifetime).After(expires) {
			row.ExpiresAt = earlier(last.Add(d.settings.SlidingTokenLifetime), lastColumnTime)
		}
	}
	return row, ""
}

// lastColumnTime is the last moment that every database can store.
var lastColumnTime = time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// ownerID returns the primary key of the user that a claim names, or one that there is no user of.
func (d *simplejwt) ownerID(ctx context.Context, claim core.Value) (string, error) {
	if d.ownedByKey() {
		return identifier(claim), nil
	}
	owner, err := d.findOwner(ctx, claim)
	if owner == nil {
		return "", err
	}
	return owner.ID, nil
}
