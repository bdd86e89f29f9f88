package auth

import (
	"context"
	"errors"
	"log/slog"

	"github.com/jeton-dev/jeton/workers/auth/internal/rest"
	"github.com/jeton-dev/jeton/workers/store"
)

// login returns the active user with that name and password, and whether there is one. It takes the same time whatever was wrong. A
// failure says nothing about the user: it is what to answer when the login could not be tried.
func (s *site) login(ctx context.Context, c *call) (user store.User, good bool, failed *rest.Failure) {
	user, err := s.findUser(ctx, c.values["username"])
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return store.User{}, false, s.unavailable(ctx, "look up a user by name", err)
	}
	good, err = s.checkPassword(ctx, c.values["password"], user.Password)
	if err != nil {
		return store.User{}, false, s.unavailable(ctx, "check a password", err)
	}
	if !good || !user.IsActive {
		s.logger.InfoContext(ctx, "a login was refused", slog.String("remote", c.request.RemoteAddress))
		s.loginFailed(ctx, c, c.values["username"])
		return store.User{}, false, nil
	}
	return user, true, nil
}
