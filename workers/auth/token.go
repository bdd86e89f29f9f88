package auth

import (
	"context"
	"encoding/hex"
	"time"

	"github.com/jeton-dev/jeton/core"
)

// The values of the claim TOKEN_TYPE_CLAIM. Untyped is what a token is read as when its type does not matter.
const (
	typeAccess  = "access"
	typeRefresh = "refresh"
	untyped     = ""
)

// readToken decodes a token and makes the checks that djangorestframework-simplejwt adds: exp, then the token's ID, then its type. The
// results are those of codec.decode.
func (s *Service) readToken(ctx context.Context, text, wantedType string) (token *core.Token, problem string, err error) {
	token, problem, err = s.codec.decode(ctx, text)
	if token == nil {
		return nil, problem, err
	}
	if _, found := token.Expiration(); !found {
		return nil, "Token has no 'exp' claim", nil
	}
	if name := s.config.JTIClaim; name != "" {
		if _, found := token.Claim(name); !found {
			return nil, "Token has no id", nil
		}
	}
	if name := s.config.TokenTypeClaim; name != "" && wantedType != untyped {
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
func (s *Service) submittedToken(ctx context.Context, text, wantedType string) (*core.Token, *failure) {
	token, problem, err := s.readToken(ctx, text, wantedType)
	switch {
	case err != nil:
		return nil, s.unavailable(ctx, "verify a signature", err)
	case problem != "":
		return nil, refuseToken(problem, codeInvalidToken)
	}
	return token, nil
}

// newClaims returns the claims every token begins with, in their order.
func (s *Service) newClaims(tokenType string, now time.Time, lifetime time.Duration) (*core.Claims, error) {
	claims := core.NewClaims()
	if name := s.config.TokenTypeClaim; name != "" {
		claims.Set(name, tokenType)
	}
	claims.SetExpiration(now.Add(lifetime)).SetIssuedAt(now)
	if name := s.config.JTIClaim; name != "" {
		id, err := s.newTokenID()
		if err != nil {
			return nil, err
		}
		claims.Set(name, id)
	}
	return claims, nil
}

// newTokenID returns the hex digits of a random UUID (RFC 9562 section 5.4).
func (s *Service) newTokenID() (string, error) {
	var id [16]byte
	if err := s.host.Random(id[:]); err != nil {
		return "", err
	}
	id[6] = id[6]&0x0F | 0x40
	id[8] = id[8]&0x3F | 0x80
	return hex.EncodeToString(id[:]), nil
}

// seal adds the claims that stand in every token and signs them.
func (s *Service) seal(ctx context.Context, claims *core.Claims) (string, error) {
	switch audience := s.config.Audience; {
	case len(audience) == 1 && !s.config.AudienceList:
		claims.Set("aud", audience[0])
	case len(audience) > 0:
		claims.Set("aud", audience)
	}
	if s.config.Issuer != "" {
		claims.SetIssuer(s.config.Issuer)
	}
	return s.codec.sign(ctx, claims)
}

// newToken returns a signed token of a type for the user with that ID.
func (s *Service) newToken(ctx context.Context, tokenType, userID string, now time.Time, lifetime time.Duration) (string, error) {
	claims, err := s.newClaims(tokenType, now, lifetime)
	if err != nil {
		return "", err
	}
	return s.seal(ctx, claims.Set(s.config.UserIDClaim, userID))
}

// accessFrom returns a signed access token with the claims of a refresh token. What belongs to the one token is not copied.
func (s *Service) accessFrom(ctx context.Context, refresh *core.Token, now time.Time) (string, error) {
	claims, err := s.newClaims(typeAccess, now, s.config.AccessTokenLifetime)
	if err != nil {
		return "", err
	}
	copied := refresh.Claims()
	for i := range copied.Len() {
		switch name, value := copied.Member(i); name {
		case s.config.TokenTypeClaim, s.config.JTIClaim, "exp", "iat", "jti":
		default:
			claims.Set(name, core.RawJSON(value.Raw()))
		}
	}
	return s.seal(ctx, claims)
}
