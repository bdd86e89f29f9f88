package auth

import (
	"context"
	"errors"

	"github.com/jeton-dev/jeton/core"
	"github.com/jeton-dev/jeton/workers/auth/internal/rest"
	"github.com/jeton-dev/jeton/workers/store"
)

// Hooks are where a Go program takes part, as a Django site does with serializers of its own and settings that name Python functions.
// A nil hook does what the package does by default. Hooks are called on the goroutine of the request, must be safe for concurrent use
// if the service is used so, and must not keep what they are given. An error of one ends the request with 503 and is logged, unless its
// comment says otherwise; it must carry no secret.
type Hooks struct {
	// FindUser finds the user who logs in, by whatever the login field holds; it returns [store.ErrNotFound] when there is none. By
	// default it looks in the column of the field's name, USERNAME_FIELD.
	FindUser func(ctx context.Context, login string) (store.User, error)
	// AuthenticationRule decides whether a user whom the password or a refresh token has proved may have a token
	// (USER_AUTHENTICATION_RULE). By default every active user may, and inactive ones where CHECK_USER_IS_ACTIVE is off. Logging in by
	// password stays closed to inactive users whatever the rule says.
	AuthenticationRule func(user *store.User) bool
	// Claims adds to the claims of a token that is about to be signed, or changes them: of each token made at a login and at a refresh.
	// What a refresh token holds is copied into its access tokens by itself.
	Claims func(ctx context.Context, request ClaimsRequest, claims *core.Claims) error
	// UsernameFromPayload finds the username in a token's claims, or returns "" (JWT_PAYLOAD_GET_USERNAME_HANDLER, of drf-jwt alone). By
	// default it is the claim "username". Where users have secrets it is also asked about claims that nobody has verified.
	UsernameFromPayload func(claims *core.Object) string
	// UserSecretKey returns the HMAC secret of one user's tokens (JWT_GET_USER_SECRET_KEY, of drf-jwt alone): once it is another, all of
	// that user's tokens are void. It may be made from the user's password hash, which no other hook sees, and is as long as any secret.
	UserSecretKey func(ctx context.Context, user *store.User) (Secret, error)
	// ResponsePayload adds to the body of an endpoint's answer, or changes it. It is asked about answers that tell of success alone.
	ResponsePayload func(ctx context.Context, request PayloadRequest, payload *Payload) error
	// OnLoginSuccess and OnLoginFailed are told of each login, for an audit log. They never see the password.
	OnLoginSuccess, OnLoginFailed func(ctx context.Context, event LoginEvent)
	// OnUnavailable is told when a request ends with 503, for metrics: what was tried, in one of a few dozen fixed wordings such as "look
	// up a user by name", and the error of the store, the host or a hook. The error is logged already.
	OnUnavailable func(ctx context.Context, operation string, err error)
	// TokenUser makes what [Identity].TokenUser holds after [Service.AuthenticateStateless], out of a verified token (TOKEN_USER_CLASS).
	TokenUser func(ctx context.Context, token *core.Token) (any, error)
}

// ClaimsRequest says what a token is made for.
type ClaimsRequest struct {
	// User is the user the token is for: nil when a refresh token that names no user is refreshed.
	User *store.User
	// TokenType is the kind of token, such as "access", "refresh" or "sliding", or "" in drf-jwt, which knows one kind.
	TokenType string
	// Refresh tells a refresh from a login.
	Refresh bool
}

// PayloadRequest says what an answer is for.
type PayloadRequest struct {
	// View is the name of the view, as in URLS.
	View string
	// User is the user the answer is about, or nil when the view looked none up.
	User *store.User
	// Request is the request without its body.
	Request *Request
}

// LoginEvent is one login, refused or not.
type LoginEvent struct {
	// Username is what the login field held.
	Username string
	// User is the user, nil when the login was refused.
	User *store.User
	// Request is the request without its body.
	Request *Request
}

// Payload is the body of an answer: a JSON object whose members keep their order. A value is nil, a string, a bool, an int, an int64, a
// Payload, a []Payload, a []string or a []any of these.
type Payload = rest.Object

// Member is one member of a [Payload].
type Member = rest.Member

// findUser returns the user whom the login field names.
func (s *site) findUser(ctx context.Context, login string) (store.User, error) {
	if find := s.config.Hooks.FindUser; find != nil {
		return find(ctx, login)
	}
	if s.config.UsernameField == defaultUsernameField {
		return s.users.UserByUsername(ctx, login)
	}
	user, err := s.users.UserBy(ctx, s.config.UsernameField, login)
	if errors.Is(err, store.ErrAmbiguous) { // who of them it is cannot be told
		return store.User{}, store.ErrNotFound
	}
	return user, err
}

// loginSucceeded and loginFailed tell the hooks of a login.
func (s *site) loginSucceeded(ctx context.Context, c *call, user store.User) {
	if tell := s.config.Hooks.OnLoginSuccess; tell != nil {
		tell(ctx, LoginEvent{Username: s.loginName(c), User: withoutPassword(user), Request: c.withoutBody()})
	}
}

func (s *site) loginFailed(ctx context.Context, c *call) {
	if tell := s.config.Hooks.OnLoginFailed; tell != nil {
		tell(ctx, LoginEvent{Username: s.loginName(c), Request: c.withoutBody()})
	}
}

// addClaims lets the hook add to a token's claims.
func (s *site) addClaims(ctx context.Context, request ClaimsRequest, claims *core.Claims) error {
	add := s.config.Hooks.Claims
	if add == nil {
		return nil
	}
	if request.User != nil {
		request.User = withoutPassword(*request.User)
	}
	return add(ctx, request, claims)
}

// extend lets the hook add to an answer.
func (s *site) extend(ctx context.Context, v *view, c *call, answered answer) (answer, *rest.Failure) {
	payload, isObject := answered.body.(rest.Object)
	if s.config.Hooks.ResponsePayload == nil || !isObject {
		return answered, nil
	}
	request := PayloadRequest{View: v.route, Request: c.withoutBody()}
	if c.user != nil {
		request.User = withoutPassword(*c.user)
	}
	err := s.config.Hooks.ResponsePayload(ctx, request, &payload)
	if err == nil && !rest.CanRender(payload) {
		err = errors.New("auth: the hook ResponsePayload gave a value of a type that has no form in JSON here")
	}
	if err != nil {
		return answer{}, s.unavailable(ctx, "extend an answer", err)
	}
	answered.body = payload
	return answered, nil
}

// withoutPassword returns a copy of the user that hooks may see.
func withoutPassword(user store.User) *store.User {
	user.Password = ""
	return &user
}

// withoutBody returns a copy of the request that hooks may see: its body may hold a password.
func (c *call) withoutBody() *Request {
	request := *c.request
	request.Body = nil
	return &request
}
