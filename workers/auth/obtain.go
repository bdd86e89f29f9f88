package auth

import (
	"context"
	"errors"
	"log/slog"

	"github.com/jeton-dev/jeton/workers/password"
	"github.com/jeton-dev/jeton/workers/store"
)

// obtainPair answers a login with a refresh token and an access token of one time.
func (s *Service) obtainPair(ctx context.Context, c *call) (object, *failure) {
	user, failed := s.login(ctx, c.values["username"], c.values["password"])
	if failed != nil {
		if failed.status == 401 {
			s.logger.InfoContext(ctx, "a login was refused", slog.String("remote", c.request.RemoteAddress))
		}
		return nil, failed
	}
	now := s.host.Now()
	refresh, err := s.newToken(ctx, typeRefresh, user.ID, now, s.config.RefreshTokenLifetime)
	if err != nil {
		return nil, s.unavailable(ctx, "make a refresh token", err)
	}
	access, err := s.newToken(ctx, typeAccess, user.ID, now, s.config.AccessTokenLifetime)
	if err != nil {
		return nil, s.unavailable(ctx, "make an access token", err)
	}
	if s.config.UpdateLastLogin {
		if err := s.users.SetLastLogin(ctx, user.ID, now); err != nil {
			return nil, s.unavailable(ctx, "record a login", err)
		}
	}
	return object{{"refresh", refresh}, {"access", access}}, nil
}

// login returns the active user with that name and password. The refusal is the same whatever was wrong, and takes the same time.
func (s *Service) login(ctx context.Context, username, given string) (store.User, *failure) {
	user, err := s.users.UserByUsername(ctx, username)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return store.User{}, s.unavailable(ctx, "look up a user by username", err)
	}
	good, err := s.checkPassword(ctx, given, user.Password)
	switch {
	case err != nil:
		return store.User{}, s.unavailable(ctx, "check a password", err)
	case !good || !user.IsActive:
		return store.User{}, refuse(401, "No active account found with the given credentials")
	}
	return user, nil
}

// checkPassword compares a password with a stored hash. Where there is none to compare with, because the user does not exist or cannot
// log in by password, it spends the time of a comparison.
func (s *Service) checkPassword(ctx context.Context, given, stored string) (bool, error) {
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
