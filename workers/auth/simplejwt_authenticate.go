package auth

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/jeton-dev/jeton/workers/auth/internal/rest"
	"github.com/jeton-dev/jeton/workers/store"
)

// authenticate implements dialect, as JWTAuthentication does.
func (d *simplejwt) authenticate(ctx context.Context, request *Request) (*Identity, *rest.Failure) {
	text, failed := d.headerToken(request)
	if failed != nil {
		return nil, failed
	}
	token, problem, err := d.readToken(ctx, text, typeAccess)
	switch {
	case err != nil:
		return nil, d.unavailable(ctx, "verify a signature", err)
	case problem != "":
		return nil, refuseAccess(problem)
	}
	claim, found := token.Claim(d.settings.UserIDClaim)
	if !found {
		return nil, refuseToken("Token contained no recognizable user identification", codeInvalidToken)
	}
	user, err := d.users.UserByID(ctx, userID(claim))
	switch {
	case errors.Is(err, store.ErrNotFound):
		return nil, refuseToken("User not found", "user_not_found")
	case err != nil:
		return nil, d.unavailable(ctx, "look up a user by ID", err)
	case d.settings.CheckUserIsActive && !user.IsActive:
		return nil, refuseToken("User is inactive", "user_inactive")
	}
	user.Password = ""
	return &Identity{User: user, Token: token}, nil
}

// headerToken takes the token out of the request's header. A header of another scheme is none of ours, so the client counts as having
// sent no credentials. Two headers are refused: proxies differ in which of them they look at.
func (d *simplejwt) headerToken(request *Request) (string, *rest.Failure) {
	values := request.Header.Values(d.settings.AuthHeaderName)
	parts := strings.FieldsFunc(strings.Join(values, ","), isASCIISpace)
	known := len(parts) > 0 && slices.Contains(d.settings.AuthHeaderTypes, parts[0])
	switch {
	case len(values) > 1 || known && len(parts) != 2:
		return "", refuseToken("Authorization header must contain two space-delimited values", "bad_authorization_header")
	case !known:
		return "", rest.Refuse(401, "Authentication credentials were not provided.")
	}
	return parts[1], nil
}

func isASCIISpace(char rune) bool { return char == ' ' || char >= '\t' && char <= '\r' }

// refuseAccess is the 401 for an access token that is not good.
func refuseAccess(problem string) *rest.Failure {
	messages := []rest.Object{rest.NewObject("token_class", "AccessToken", "token_type", typeAccess, "message", problem)}
	body := rest.NewObject("detail", "Given token not valid for any token type", "code", codeInvalidToken, "messages", messages)
	return &rest.Failure{Status: 401, Body: body}
}
