package auth

import (
	"context"
	"crypto/md5"
	"encoding/hex"
	"errors"
	"strconv"
	"strings"

	"github.com/jeton-dev/jeton/core"
	"github.com/jeton-dev/jeton/workers/store"
)

// userFields are the fields that USER_ID_FIELD may name.
var userFields = map[string]func(*store.User) string{
	"id":       func(u *store.User) string { return u.ID },
	"pk":       func(u *store.User) string { return u.ID },
	"username": func(u *store.User) string { return u.Username },
	"email":    func(u *store.User) string { return u.Email },
}

// setOwner writes whose a token is, and the fingerprint of the password when that is asked for.
func (d *simplejwt) setOwner(claims *core.Claims, user *store.User) {
	id := userFields[d.settings.UserIDField](user)
	if number, err := strconv.ParseInt(id, 10, 64); d.settings.UserIDAsNumber && err == nil && strconv.FormatInt(number, 10) == id {
		claims.Set(d.settings.UserIDClaim, number)
	} else {
		claims.Set(d.settings.UserIDClaim, id)
	}
	if d.settings.CheckRevokeToken {
		claims.Set(d.settings.RevokeTokenClaim, fingerprint(user))
	}
}

// fingerprint is the MD5 of the stored password hash, as the package has it. It is no secret's guard: it tells that the hash changed.
func fingerprint(user *store.User) string {
	sum := md5.Sum([]byte(user.Password))
	return strings.ToUpper(hex.EncodeToString(sum[:]))
}

// passwordChanged reports whether the user's password is no longer the one that a token was made under.
func (d *simplejwt) passwordChanged(token *core.Token, user *store.User) bool {
	if !d.settings.CheckRevokeToken {
		return false
	}
	claim, _ := token.Claim(d.settings.RevokeTokenClaim)
	text, _ := claim.Text()
	return text != fingerprint(user)
}

// mayHaveTokens is the USER_AUTHENTICATION_RULE.
func (d *simplejwt) mayHaveTokens(user store.User) bool {
	if rule := d.config.Hooks.AuthenticationRule; rule != nil {
		return rule(withoutPassword(user))
	}
	return user.IsActive || !d.settings.CheckUserIsActive
}

// findOwner returns the user that a claim names, or nil when there is none, or more than one.
func (d *simplejwt) findOwner(ctx context.Context, claim core.Value) (*store.User, error) {
	var user store.User
	var err error
	if value := identifier(claim); d.ownedByKey() {
		user, err = d.users.UserByID(ctx, value)
	} else if value != "" {
		user, err = d.users.UserBy(ctx, d.settings.UserIDField, value)
	} else {
		return nil, nil
	}
	switch {
	case errors.Is(err, store.ErrNotFound), errors.Is(err, store.ErrAmbiguous):
		return nil, nil
	case err != nil:
		return nil, err
	}
	return &user, nil
}

// ownedByKey reports whether tokens name their user by the primary key.
func (d *simplejwt) ownedByKey() bool {
	return d.settings.UserIDField == "id" || d.settings.UserIDField == "pk"
}

// identifier returns what a claim names, as text or as an integer, or "" when it is neither.
func identifier(claim core.Value) string {
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
