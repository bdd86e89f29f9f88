package auth

import (
	"context"
	"errors"
	"log/slog"

	"github.com/jeton-dev/jeton/workers/auth/internal/rest"
	"github.com/jeton-dev/jeton/workers/password"
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

// checkPassword compares a password with a stored hash. Where there is none to compare with, because the user does not exist or cannot
// log in by password, it spends the time of a comparison.
func (s *site) checkPassword(ctx context.Context, given, stored string) (bool, error) {
	derive := &countingDeriver{Deriver: s.host}
	good, err := password.Check(ctx, given, stored, derive)
	if err == nil && derive.calls == 0 {
		err = password.Waste(ctx, given, s.config.PasswordIterations, s.host)
	}
	return good, err
}

// countingDeriver counts how often it was used.
type countingDeriver struct {
	password.Deriver
	calls int
}

// PBKDF2SHA256 implements password.Deriver.
func (d *countingDeriver) PBKDF2SHA256(ctx context.Context, password, salt []byte, iterations, keyLength int) ([]byte, error) {
	d.calls++
	return d.Deriver.PBKDF2SHA256(ctx, password, salt, iterations, keyLength)
}
