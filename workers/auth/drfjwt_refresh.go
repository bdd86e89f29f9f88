package auth

import (
	"context"

	"github.com/jeton-dev/jeton/core"
	"github.com/jeton-dev/jeton/workers/auth/internal/rest"
)

// refresh answers a good token with a new one of the same line, which goes on until JWT_REFRESH_EXPIRATION_DELTA has passed since the
// login. The old token stays good until it expires.
func (d *drfjwt) refresh(ctx context.Context, c *call) (answer, *rest.Failure) {
	old, failed := d.submittedToken(ctx, c)
	if failed != nil {
		return answer{}, failed
	}
	now := d.host.Now()
	if problem := d.checkLine(old.token, now.Unix()); problem != noProblem {
		return answer{}, d.refuseData(problem)
	}
	made, err := d.makeToken(ctx, &old.user, now, old.token)
	if err != nil {
		return answer{}, d.unavailable(ctx, "make a token", err)
	}
	return d.answerToken(made, now), nil
}

// checkLine refuses a token that cannot be refreshed, or not any more. The last second counts in.
func (d *drfjwt) checkLine(token *core.Token, now int64) tokenProblem {
	claim, _ := token.Claim("orig_iat")
	began, isNumber := claim.Float()
	switch {
	case !isNumber, began == 0 && !d.variant.zeroOrigIat:
		return notRefreshable
	case float64(now) > began+d.settings.RefreshExpirationDelta.Seconds():
		return refreshTooLate
	}
	return noProblem
}

// verify answers a good token with itself.
func (d *drfjwt) verify(ctx context.Context, c *call) (answer, *rest.Failure) {
	sent, failed := d.submittedToken(ctx, c)
	if failed != nil {
		return answer{}, failed
	}
	issuedAt, _ := sent.token.Claim("iat")
	return d.answerToken(madeToken{c.values["token"], issuedAt}, d.host.Now()), nil
}
