package auth

import (
	"context"

	"github.com/jeton-dev/jeton/core"
	"github.com/jeton-dev/jeton/workers/auth/internal/rest"
	"github.com/jeton-dev/jeton/workers/store"
)

// Identity is who sent a request, by the access token in its header.
type Identity struct {
	// User is the token's user, as the store has it. The password hash is left out. After [Service.AuthenticateStateless] it is what the
	// token alone says: ID, Username, IsStaff and IsSuperuser, the latter two only where the claim is true, and IsActive.
	User store.User
	// Token is the verified access token.
	Token *core.Token
	// TokenUser is what [Hooks].TokenUser made of the token, after [Service.AuthenticateStateless] alone.
	TokenUser any
}

// meView answers with the user of the token that a request carries. It is not Django's.
func (s *site) meView() view {
	return view{
		route: "me", path: "/api/me/", name: "Me", method: "GET", protected: true,
		description: "Answers with the user of the access token.",
		answer:      s.me,
	}
}

func (s *site) me(_ context.Context, c *call) (answer, *rest.Failure) {
	user := c.identity.User
	c.user = &user
	return ok(rest.NewObject("id", user.ID, "username", user.Username, "email", user.Email,
		"first_name", user.FirstName, "last_name", user.LastName)), nil
}
