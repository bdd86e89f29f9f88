package auth

import (
	"context"
	"encoding/hex"
	"time"

	"github.com/jeton-dev/jeton/core"
	"github.com/jeton-dev/jeton/workers/auth/internal/rest"
)

// The values of the claim TOKEN_TYPE_CLAIM. Untyped is what a token is read as when its type does not matter.
const (
	typeAccess  = "access"
	typeRefresh = "refresh"
	untyped     = ""
)

// readToken decodes a token and makes the checks that djangorestframework-simplejwt adds: exp, then the token's ID, then its type. The
// results are those of codec.decode.
func (d *simplejwt) readToken(ctx context.Context, text, wantedType string) (token *core.Token, problem string, err error) {
	token, problem, err = d.codec.decode(ctx, text)
	if token == nil {
		return nil, problem, err
	}
	if _, found := token.Expiration(); !found {
		return nil, "Token has no 'exp' claim", nil
	}
	if name := d.settings.JTIClaim; name != "" {
		if _, found := token.Claim(name); !found {
			return nil, "Token has no id", nil
		}
	}
	if name := d.settings.TokenTypeClaim; name != "" && wantedType != untyped {
		claim, found := token.Claim(name)
		if !found {
			return nil, "Token has no type", nil
		}
		if text, _ := claim.Text(); text != wantedType {
			return nil, "Token has wrong type", nil
		}
	}
	return token, "", nil
}

// submittedToken is readToken for a token that stands in a request's data.
func (d *simplejwt) submittedToken(ctx context.Context, text, wantedType string) (*core.Token, *rest.Failure) {
	token, problem, err := d.readToken(ctx, text, wantedType)
	switch {
	case err != nil:
		return nil, d.unavailable(ctx, "verify a signature", err)
	case problem != "":
		return nil, refuseToken(problem, codeInvalidToken)
	}
	return token, nil
}

// newClaims returns the claims every token begins with, in their order.
func (d *simplejwt) newClaims(tokenType string, now time.Time, lifetime time.Duration) (*core.Claims, error) {
	claims := core.NewClaims()
	if name := d.settings.TokenTypeClaim; name != "" {
		claims.Set(name, tokenType)
	}
	claims.SetExpiration(now.Add(lifetime)).SetIssuedAt(now)
	if name := d.settings.JTIClaim; name != "" {
		id, err := d.newTokenID()
		if err != nil {
			return nil, err
		}
		claims.Set(name, id)
	}
	return claims, nil
}

// newTokenID returns the hex digits of a random UUID (RFC 9562 section 5.4).
func (d *simplejwt) newTokenID() (string, error) {
	var id [16]byte
	if err := d.host.Random(id[:]); err != nil {
		return "", err
	}
	id[6] = id[6]&0x0F | 0x40
	id[8] = id[8]&0x3F | 0x80
	return hex.EncodeToString(id[:]), nil
}

// seal adds the claims that stand in every token and signs them.
func (d *simplejwt) seal(ctx context.Context, claims *core.Claims) (string, error) {
	switch audience := d.settings.Audience; {
	case len(audience) == 1 && !d.settings.AudienceList:
		claims.Set("aud", audience[0])
	case len(audience) > 0:
		claims.Set("aud", audience)
	}
	if d.settings.Issuer != "" {
		claims.SetIssuer(d.settings.Issuer)
	}
	return d.codec.sign(ctx, claims)
}

// newToken returns a signed token of a type for the user with that ID.
func (d *simplejwt) newToken(ctx context.Context, tokenType, userID string, now time.Time, lifetime time.Duration) (string, error) {
	claims, err := d.newClaims(tokenType, now, lifetime)
	if err != nil {
		return "", err
	}
	return d.seal(ctx, claims.Set(d.settings.UserIDClaim, userID))
}

// accessFrom returns a signed access token with the claims of a refresh token. What belongs to the one token is not copied.
func (d *simplejwt) accessFrom(ctx context.Context, refresh *core.Token, now time.Time) (string, error) {
	claims, err := d.newClaims(typeAccess, now, d.settings.AccessTokenLifetime)
	if err != nil {
		return "", err
	}
	copied := refresh.Claims()
	for i := range copied.Len() {
		switch name, value := copied.Member(i); name {
		case d.settings.TokenTypeClaim, d.settings.JTIClaim, "exp", "iat", "jti":
		default:
			claims.Set(name, core.RawJSON(value.Raw()))
		}
	}
	return d.seal(ctx, claims)
}
