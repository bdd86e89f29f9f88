package auth

import (
	"context"
	"errors"
	"strconv"

	"github.com/jeton-dev/jeton/core"
	"github.com/jeton-dev/jeton/workers/auth/internal/rest"
	"github.com/jeton-dev/jeton/workers/store"
)

// refresh answers a refresh token with a new access token.
func (d *simplejwt) refresh(ctx context.Context, c *call) (answer, *rest.Failure) {
	now := d.host.Now()
	token, failed := d.submittedToken(ctx, c.values["refresh"], typeRefresh)
	if failed != nil {
		return answer{}, failed
	}
	if failed := d.checkOwner(ctx, token); failed != nil {
		return answer{}, failed
	}
	access, err := d.accessFrom(ctx, token, now)
	if err != nil {
		return answer{}, d.unavailable(ctx, "make an access token", err)
	}
	return ok(rest.NewObject("access", access)), nil
}

// checkOwner refuses a refresh token whose user is gone or may not log in any more. A token of nobody passes: other issuers with the
// same key may make such tokens.
func (d *simplejwt) checkOwner(ctx context.Context, token *core.Token) *rest.Failure {
	claim, found := token.Claim(d.settings.UserIDClaim)
	if !found || isFalsy(claim) {
		return nil
	}
	user, err := d.users.UserByID(ctx, userID(claim))
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return d.unavailable(ctx, "look up a user by ID", err)
	}
	if err != nil || d.settings.CheckUserIsActive && !user.IsActive {
		return rest.Refuse(401, "No active account found for the given token.")
	}
	return nil
}

// verify answers that a token is good, whatever its type and whoever its user.
func (d *simplejwt) verify(ctx context.Context, c *call) (answer, *rest.Failure) {
	_, failed := d.submittedToken(ctx, c.values["token"], untyped)
	return ok(rest.Object{}), failed
}

// userID returns the primary key that a claim names, as text or as an integer, or "" when it names none.
func userID(claim core.Value) string {
	if id, ok := claim.Int(); ok {
		return strconv.FormatInt(id, 10)
	}
	id, _ := claim.Text()
	return id
}

// isFalsy reports whether Python takes a claim for false: null, false, zero, and whatever is empty.
func isFalsy(claim core.Value) bool {
	if truth, ok := claim.Bool(); ok {
		return !truth
	}
	if number, ok := claim.Float(); ok {
		return number == 0
	}
	if text, ok := claim.Text(); ok {
		return text == ""
	}
	if elements, ok := claim.Elements(); ok {
		return len(elements) == 0
	}
	if members, ok := claim.Object(); ok {
		return members.Len() == 0
	}
	return claim.IsNull()
}
