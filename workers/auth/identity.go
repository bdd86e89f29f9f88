package auth

import (
	"context"

	"github.com/jeton-dev/jeton/core"
	"github.com/jeton-dev/jeton/workers/auth/internal/rest"
	"github.com/jeton-dev/jeton/workers/store"
)

// Identity is who sent a request, by the access token in its header.
type Identity struct {
	// User is the token's user. The password hash is left out.
	User store.User
	// Token is the verified access token.
	Token *core.Token
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
