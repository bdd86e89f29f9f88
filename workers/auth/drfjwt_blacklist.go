package auth

import (
	"context"
	"errors"
	"time"

	"github.com/jeton-dev/jeton/core"
	"github.com/jeton-dev/jeton/workers/auth/internal/rest"
	"github.com/jeton-dev/jeton/workers/store"
)

// blockedQuery says by what a token may have been withdrawn: its own text, or the ID of the token that its line began with.
func (d *drfjwt) blockedQuery(token *core.Token, text string) store.BlockedQuery {
	var query store.BlockedQuery
	if d.settings.TokenID != TokenIDRequire {
		query.Token = text
	}
	if id, _ := lineID(token); d.settings.TokenID != TokenIDOff {
		if text, isText := id.Text(); isText {
			query.TokenIDs = []string{text}
		}
	}
	return query
}

// withdraw blacklists the token in the request's data, whoever's it is, or else the one that the request carries. With it goes the
// whole line of tokens that were refreshed from one login.
func (d *drfjwt) withdraw(ctx context.Context, c *call) (answer, *rest.Failure) {
	text := c.values["token"]
	if text == "" {
		text = d.requestToken(c.request).text
	}
	token, problem, err := d.readToken(ctx, text)
	switch {
	case err != nil:
		return answer{}, d.unavailable(ctx, "check a token", err)
	case problem != noProblem:
		return answer{}, d.refuseData(problem)
	}
	user, problem, err := d.endpointOwner(ctx, token)
	switch {
	case err != nil:
		return answer{}, d.unavailable(ctx, "look up a user by name", err)
	case problem != noProblem:
		return answer{}, &rest.Failure{Status: 400, Body: []string{d.variant.atEndpoints[problem]}} // a bare list, as Django has it
	}
	now := d.host.Now()
	if failed := d.block(ctx, token, text, user.ID, now); failed != nil {
		return answer{}, failed
	}
	c.user = withoutPassword(user)
	var body rest.Object
	if d.settings.TokenID == TokenIDRequire {
		body = rest.NewObject("token", nil)
	} else {
		body = rest.NewObject("token", text)
	}
	return answer{status: 201, body: body}, nil
}

// block stores that a token was withdrawn. What it stores of the token is of no use once a token made at the same time has expired.
func (d *drfjwt) block(ctx context.Context, token *core.Token, text, owner string, now time.Time) *rest.Failure {
	issuedAt := now
	if claim, found := token.Claim("iat"); found {
		issuedAt, _ = claim.Time()
	}
	row := store.BlockedToken{UserID: owner, ExpiresAt: issuedAt.Add(d.settings.ExpirationDelta), BlacklistedAt: now}
	if d.settings.TokenID != TokenIDRequire {
		row.Token = text
	}
	id, _ := lineID(token)
	row.TokenID, _ = id.Text()
	added, err := d.users.BlockToken(ctx, row)
	if errors.Is(err, store.ErrInvalidToken) && row.Token != "" {
		row.TokenID = "" // it is no UUID, and has no place in the table
		added, err = d.users.BlockToken(ctx, row)
	}
	switch {
	case errors.Is(err, store.ErrInvalidToken):
		return d.refuseData(refusedToken)
	case errors.Is(err, store.ErrNotFound):
		return d.refuseData(tokenOfNobody)
	case err != nil:
		return d.unavailable(ctx, "blacklist a token", err)
	}
	if added && d.settings.DeleteStaleBlacklistedTokens {
		if _, err := d.users.DeleteStaleBlockedTokens(ctx, now); err != nil {
			return d.unavailable(ctx, "delete stale blacklisted tokens", err)
		}
	}
	return nil
}
