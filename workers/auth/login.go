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
	now, throttled := s.host.Now(), loginEvents(c)
	for _, e := range throttled {
		// Not all at once: what one scope refuses must not use up another, and so close an account, without the work of a login.
		if failed := s.throttle(ctx, c.request, now, e); failed != nil {
			return store.User{}, false, failed
		}
	}
	user, good, failed = s.tryLogin(ctx, c)
	if !good && failed == nil {
		s.logger.InfoContext(ctx, "a login was refused", slog.String("remote", c.request.RemoteAddress))
		s.loginFailed(ctx, c, c.values["username"])
		return user, good, failed
	}
	if unforgiven := s.forgive(ctx, now, throttled[len(throttled)-1]); failed == nil {
		failed = unforgiven
	}
	return user, good && failed == nil, failed
}

// loginEvents returns what a login counts as. The last event stays counted only when the login fails.
func loginEvents(c *call) []event {
	username, address := "username "+c.values["username"], c.request.clientNetwork()
	return []event{{ThrottleLogin, address}, {ThrottleLoginUsername, username}, {ThrottleLoginFailed, address + " " + username}}
}

func (s *site) tryLogin(ctx context.Context, c *call) (user store.User, good bool, failed *rest.Failure) {
	user, err := s.findUser(ctx, c.values["username"])
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return store.User{}, false, s.unavailable(ctx, "look up a user by name", err)
	}
	good, err = s.checkPassword(ctx, c.values["password"], user.Password)
	if err != nil {
		return store.User{}, false, s.unavailable(ctx, "check a password", err)
	}
	if !good || !user.IsActive {
		return store.User{}, false, nil
	}
	return user, true, nil
}
