package auth

import (
	"context"
	"strconv"
	"time"

	"github.com/jeton-dev/jeton/core"
	"github.com/jeton-dev/jeton/workers/store"
)

// claimWriter writes one claim of a new token, where the settings want it.
type claimWriter func(d *drfjwt, claims *core.Claims, user *store.User, now time.Time) error

func writeUsername(_ *drfjwt, claims *core.Claims, user *store.User, _ time.Time) error {
	claims.Set("username", user.Username)
	return nil
}

// writeUserID writes the primary key: a number where keys are numbers.
func writeUserID(d *drfjwt, claims *core.Claims, user *store.User, _ time.Time) error {
	if !d.settings.PayloadIncludeUserID {
		return nil
	}
	if number, isNumber := integerKey(user.ID); isNumber {
		claims.Set("user_id", number)
	} else {
		claims.Set("user_id", user.ID)
	}
	return nil
}

// integerKey returns the number that a primary key is the usual text of.
func integerKey(id string) (int64, bool) {
	number, err := strconv.ParseInt(id, 10, 64)
	return number, err == nil && strconv.FormatInt(number, 10) == id
}

func writeEmail(_ *drfjwt, claims *core.Claims, user *store.User, _ time.Time) error {
	claims.Set("email", user.Email)
	return nil
}

func writeIssuedAt(_ *drfjwt, claims *core.Claims, _ *store.User, now time.Time) error {
	claims.SetIssuedAt(now)
	return nil
}

func writeExpiration(d *drfjwt, claims *core.Claims, _ *store.User, now time.Time) error {
	claims.SetExpiration(now.Add(d.settings.ExpirationDelta))
	return nil
}

// writeTokenID writes a random UUID with its dashes.
func writeTokenID(d *drfjwt, claims *core.Claims, _ *store.User, _ time.Time) error {
	if d.settings.TokenID == TokenIDOff {
		return nil
	}
	digits, err := d.newUUID()
	if err != nil {
		return err
	}
	claims.SetID(digits[:8] + "-" + digits[8:12] + "-" + digits[12:16] + "-" + digits[16:20] + "-" + digits[20:])
	return nil
}

func writeOriginallyIssuedAt(d *drfjwt, claims *core.Claims, _ *store.User, now time.Time) error {
	if d.settings.AllowRefresh {
		claims.Set("orig_iat", now)
	}
	return nil
}

// madeToken is a new token, and what it says about when it was made.
type madeToken struct {
	text     string
	issuedAt core.Value
}

// makeToken returns a token for a user. A refreshed one takes over from the old token when its line began, and which token that was.
func (d *drfjwt) makeToken(ctx context.Context, user *store.User, now time.Time, old *core.Token) (madeToken, error) {
	claims := core.NewClaims()
	for _, write := range d.variant.claims {
		if err := write(d, claims, user, now); err != nil {
			return madeToken{}, err
		}
	}
	setParties(claims, d.settings.Audience, d.settings.AudienceList, d.settings.Issuer)
	if err := d.addClaims(ctx, ClaimsRequest{User: withoutPassword(*user), Refresh: old != nil}, claims); err != nil {
		return madeToken{}, err
	}
	if old != nil {
		d.continueLine(claims, old)
	}
	payload, err := claims.AppendJSON(nil)
	if err != nil {
		return madeToken{}, err
	}
	object, err := core.ParseObject(payload, core.Limits{})
	if err != nil {
		return madeToken{}, err
	}
	signer, err := d.signerFor(ctx, user)
	if err != nil {
		return madeToken{}, err
	}
	text, err := signer.sign(ctx, claims)
	issuedAt, _ := object.Get("iat")
	return madeToken{text, issuedAt}, err
}

// continueLine writes what a refreshed token takes over from the old one.
func (d *drfjwt) continueLine(claims *core.Claims, old *core.Token) {
	began, _ := old.Claim("orig_iat")
	claims.Set("orig_iat", core.RawJSON(began.Raw()))
	if !d.variant.tokenIDs {
		return
	}
	if id, found := lineID(old); found {
		claims.Set("orig_jti", core.RawJSON(id.Raw()))
	}
}

// lineID returns the claim with the ID of the token that a line of refreshed ones began with.
func lineID(token *core.Token) (id core.Value, found bool) {
	for _, name := range [...]string{"orig_jti", "jti"} {
		if id, found := token.Claim(name); found && !isFalsy(id) {
			return id, true
		}
	}
	return core.Value{}, false
}
