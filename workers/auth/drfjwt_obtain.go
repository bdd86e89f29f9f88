package auth

import (
	"context"
	"slices"
	"time"

	"github.com/jeton-dev/jeton/core"
	"github.com/jeton-dev/jeton/workers/auth/internal/pythonjson"
	"github.com/jeton-dev/jeton/workers/auth/internal/rest"
	"github.com/jeton-dev/jeton/workers/store"
)

// obtainFields are the fields of a login.
func (d *drfjwt) obtainFields() []rest.Field {
	fields := slices.Clone(d.variant.loginFields)
	for i := range fields {
		if fields[i].Name == defaultUsernameField {
			fields[i].Name = d.config.UsernameField
		}
	}
	return fields
}

// obtain answers a login with a token.
func (d *drfjwt) obtain(ctx context.Context, c *call) (answer, *rest.Failure) {
	user, good, failed := d.login(ctx, c, d.mayHaveTokens)
	if failed != nil {
		return answer{}, failed
	}
	if !good {
		return answer{}, rest.RefuseData("Unable to log in with provided credentials.")
	}
	now := d.host.Now()
	made, err := d.makeToken(ctx, &user, now, nil)
	if err != nil {
		return answer{}, d.unavailable(ctx, "make a token", err)
	}
	c.user = withoutPassword(user)
	d.loginSucceeded(ctx, c, user)
	return d.answerToken(made, now), nil
}

// grant implements dialect.
func (d *drfjwt) grant(ctx context.Context, _ *call, user *store.User) (answer, *rest.Failure) {
	now := d.host.Now()
	made, err := d.makeToken(ctx, user, now, nil)
	if err != nil {
		return answer{}, d.unavailable(ctx, "make a token", err)
	}
	answered := d.answerToken(made, now)
	answered.status = 200
	return answered, nil
}

// canIssue implements dialect.
func (d *drfjwt) canIssue() bool { return true }

// answerToken is the answer that hands out a token, in the body and in a cookie where there is to be one.
func (d *drfjwt) answerToken(made madeToken, now time.Time) answer {
	body := rest.NewObject("token", made.text)
	if d.variant.issuedAtInBody {
		body = rest.NewObject("pk", bodyNumber(made.issuedAt), "token", made.text)
	}
	return answer{status: d.variant.status, body: body, header: d.setCookie(d.settings.AuthCookie, made.text, now)}
}

// bodyNumber returns a claim that holds a number for a body, as Python would write it there, or nil.
func bodyNumber(claim core.Value) any {
	number, err := pythonjson.Parse(string(claim.Raw()))
	if err != nil || number.Kind != pythonjson.Int && number.Kind != pythonjson.Float {
		return nil
	}
	return rest.Number(number.Text)
}
