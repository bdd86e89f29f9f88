package auth

import (
	"context"
	"slices"
	"strings"

	"github.com/jeton-dev/jeton/core"
	"github.com/jeton-dev/jeton/workers/auth/internal/rest"
	"github.com/jeton-dev/jeton/workers/store"
)

// authenticate implements dialect, as JWTAuthentication does.
func (d *simplejwt) authenticate(ctx context.Context, request *Request) (*Identity, *rest.Failure) {
	token, claim, failed := d.validatedToken(ctx, request)
	if failed != nil {
		return nil, failed
	}
	user, err := d.findOwner(ctx, claim)
	switch {
	case err != nil:
		return nil, d.unavailable(ctx, "look up a user by ID", err)
	case user == nil:
		return nil, refuseToken("User not found", "user_not_found")
	case d.settings.CheckUserIsActive && !user.IsActive:
		return nil, refuseToken("User is inactive", "user_inactive")
	case d.passwordChanged(token, user):
		return nil, refuseToken("The user's password has been changed.", "password_changed")
	}
	user.Password = ""
	return &Identity{User: *user, Token: token}, nil
}

// authenticateStateless implements statelessDialect, as JWTStatelessUserAuthentication does: the token alone says who the user is.
func (d *simplejwt) authenticateStateless(ctx context.Context, request *Request) (*Identity, *rest.Failure) {
	token, claim, failed := d.validatedToken(ctx, request)
	if failed != nil {
		return nil, failed
	}
	user := store.User{ID: identifier(claim), IsActive: true}
	if user.ID == "" {
		return nil, refuseUnidentified()
	}
	username, _ := token.Claim("username")
	user.Username, _ = username.Text()
	isStaff, _ := token.Claim("is_staff")
	user.IsStaff, _ = isStaff.Bool()
	isSuperuser, _ := token.Claim("is_superuser")
	user.IsSuperuser, _ = isSuperuser.Bool()
	identity := &Identity{User: user, Token: token}
	if makeUser := d.config.Hooks.TokenUser; makeUser != nil {
		var err error
		if identity.TokenUser, err = makeUser(ctx, token); err != nil {
			return nil, d.unavailable(ctx, "make a token's user", err)
		}
	}
	return identity, nil
}

// validatedToken returns the token of a request's header, if it is good for one of AUTH_TOKEN_CLASSES, and the claim that says whose it is.
func (d *simplejwt) validatedToken(ctx context.Context, request *Request) (*core.Token, core.Value, *rest.Failure) {
	text, failed := d.headerToken(request)
	if failed != nil {
		return nil, core.Value{}, failed
	}
	token, problem, err := d.codec.decode(ctx, text)
	switch {
	case err != nil:
		return nil, core.Value{}, d.unavailable(ctx, "verify a signature", err)
	case token == nil:
		return nil, core.Value{}, refuseClasses(d.settings.AuthTokenClasses, func(TokenClass) string { return problem })
	}
	if failed := d.checkClasses(ctx, token); failed != nil {
		return nil, core.Value{}, failed
	}
	claim, found := token.Claim(d.settings.UserIDClaim)
	if !found {
		return nil, core.Value{}, refuseUnidentified()
	}
	return token, claim, nil
}

// checkClasses refuses a token that is of none of AUTH_TOKEN_CLASSES. Whether it is blacklisted is looked up once, and only where it
// decides: for the first class that would take the token, or, when there is none, for what the client is told.
func (d *simplejwt) checkClasses(ctx context.Context, token *core.Token) *rest.Failure {
	classes := d.settings.AuthTokenClasses
	fits := func(class TokenClass) bool { return d.problemOf(token, class) == "" }
	first := slices.IndexFunc(classes, fits)
	if first >= 0 && !classes[first].recorded() {
		return nil
	}
	blacklisted := false
	if slices.ContainsFunc(classes, TokenClass.recorded) {
		var err error
		if blacklisted, err = d.isBlacklisted(ctx, token, RefreshToken); err != nil {
			return d.unavailable(ctx, "look up a token", err)
		}
	}
	if slices.ContainsFunc(classes, func(class TokenClass) bool { return fits(class) && !(blacklisted && class.recorded()) }) {
		return nil
	}
	return refuseClasses(classes, func(class TokenClass) string {
		if blacklisted && class.recorded() {
			return problemBlacklisted
		}
		return d.problemOf(token, class)
	})
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
		return "", noCredentials
	}
	return parts[1], nil
}

func isASCIISpace(char rune) bool { return char == ' ' || char >= '\t' && char <= '\r' }

// refuseClasses is the 401 for a token that is of none of the classes, with what each has against it.
func refuseClasses(classes []TokenClass, problem func(TokenClass) string) *rest.Failure {
	messages := make([]rest.Object, len(classes))
	for i, class := range classes {
		messages[i] = rest.NewObject("token_class", string(class), "token_type", class.tokenType(), "message", problem(class))
	}
	body := rest.NewObject("detail", "Given token not valid for any token type", "code", codeInvalidToken, "messages", messages)
	return &rest.Failure{Status: 401, Body: body}
}

// refuseUnidentified is the 401 for a token that names no user.
func refuseUnidentified() *rest.Failure {
	return refuseToken("Token contained no recognizable user identification", codeInvalidToken)
}
