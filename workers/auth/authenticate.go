package auth

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/jeton-dev/jeton/core"
	"github.com/jeton-dev/jeton/workers/store"
)

// Identity is who sent a request, by the access token in its header.
type Identity struct {
	// User is the token's user. The password hash is left out.
	User store.User
	// Token is the verified access token.
	Token *core.Token
}

// Authenticate decides who sent a request to a protected route, as JWTAuthentication and IsAuthenticated do. It returns either an
// identity or the refusal to answer with.
func (s *Service) Authenticate(ctx context.Context, request *Request) (identity *Identity, refusal *Response) {
	defer s.recoverInto(ctx, &refusal)
	identity, failed := s.authenticate(ctx, request)
	if failed == nil {
		return identity, nil
	}
	// The route is not one of the service's: whether its own answer suits the Accept header is not for us to say.
	indent, _ := negotiate(request)
	refusal = s.refusal(failed, indent)
	if request.Method == "HEAD" {
		refusal.Body = nil
	}
	return nil, refusal
}

func (s *Service) authenticate(ctx context.Context, request *Request) (*Identity, *failure) {
	text, failed := s.headerToken(request)
	if failed != nil {
		return nil, failed
	}
	token, problem, err := s.readToken(ctx, text, typeAccess)
	switch {
	case err != nil:
		return nil, s.unavailable(ctx, "verify a signature", err)
	case problem != "":
		return nil, refuseAccess(problem)
	}
	claim, found := token.Claim(s.config.UserIDClaim)
	if !found {
		return nil, refuseToken("Token contained no recognizable user identification", codeInvalidToken)
	}
	user, err := s.users.UserByID(ctx, userID(claim))
	switch {
	case errors.Is(err, store.ErrNotFound):
		return nil, refuseToken("User not found", "user_not_found")
	case err != nil:
		return nil, s.unavailable(ctx, "look up a user by ID", err)
	case s.config.CheckUserIsActive && !user.IsActive:
		return nil, refuseToken("User is inactive", "user_inactive")
	}
	user.Password = ""
	return &Identity{User: user, Token: token}, nil
}

// headerToken takes the token out of the request's header. A header of another scheme is none of ours, so the client counts as having
// sent no credentials. Two headers are refused: proxies differ in which of them they look at.
func (s *Service) headerToken(request *Request) (string, *failure) {
	values := request.Header.Values(s.config.AuthHeaderName)
	parts := strings.FieldsFunc(strings.Join(values, ","), isASCIISpace)
	known := len(parts) > 0 && slices.Contains(s.config.AuthHeaderTypes, parts[0])
	switch {
	case len(values) > 1 || known && len(parts) != 2:
		return "", refuseToken("Authorization header must contain two space-delimited values", "bad_authorization_header")
	case !known:
		return "", refuse(401, "Authentication credentials were not provided.")
	}
	return parts[1], nil
}

func isASCIISpace(char rune) bool { return char == ' ' || char >= '\t' && char <= '\r' }

// refuseAccess is the 401 for an access token that is not good.
func refuseAccess(problem string) *failure {
	failed := refuseToken("Given token not valid for any token type", codeInvalidToken)
	failed.body = append(failed.body, member{"messages", []object{
		{{"token_class", "AccessToken"}, {"token_type", typeAccess}, {"message", problem}},
	}})
	return failed
}

// me answers with the user of the access token.
func (s *Service) me(_ context.Context, c *call) (object, *failure) {
	user := c.identity.User
	return object{
		{"id", user.ID}, {"username", user.Username}, {"email", user.Email}, {"first_name", user.FirstName}, {"last_name", user.LastName},
	}, nil
}
