package auth

import (
	"context"
	"errors"
	"strings"

	"github.com/jeton-dev/jeton/workers/auth/internal/rest"
	"github.com/jeton-dev/jeton/workers/store"
)

// impersonate answers a superuser with a token of another user.
func (d *drfjwt) impersonate(ctx context.Context, c *call) (answer, *rest.Failure) {
	key := c.values["user"]
	user, err := d.users.UserByID(ctx, key)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return answer{}, rest.RefuseField("user", d.unknownKey(c, key))
	case err != nil:
		return answer{}, d.unavailable(ctx, "look up a user by ID", err)
	case !user.IsActive || !d.mayHaveTokens(user):
		return answer{}, d.refuseData(tokenOfInactive)
	}
	now := d.host.Now()
	made, err := d.makeToken(ctx, &user, now, nil)
	if err != nil {
		return answer{}, d.unavailable(ctx, "make a token", err)
	}
	c.user = withoutPassword(user)
	body := rest.NewObject("token", made.text)
	return answer{status: 201, body: body, header: d.setCookie(d.settings.ImpersonationCookie, made.text, now)}, nil
}

// unknownKey says what is wrong with a primary key that no user has. Whether keys are numbers can be told by the caller's own.
func (d *drfjwt) unknownKey(c *call, key string) string {
	if _, numbers := integerKey(c.identity.User.ID); numbers && !isPythonInteger(key) {
		return "Incorrect type. Expected pk value, received str."
	}
	return `Invalid pk "` + key + `" - object does not exist.`
}

// isPythonInteger reports whether Python's int() would take the text.
func isPythonInteger(text string) bool {
	digits := strings.TrimSpace(text)
	if digits != "" && (digits[0] == '-' || digits[0] == '+') {
		digits = digits[1:]
	}
	return strings.Trim(digits, "0123456789_") == "" && strings.Trim(digits, "_") == digits && digits != ""
}
