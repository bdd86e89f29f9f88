package auth

import (
	"context"
	"errors"
	"log/slog"

	"github.com/jeton-dev/jeton/workers/auth/internal/rest"
	"github.com/jeton-dev/jeton/workers/password"
	"github.com/jeton-dev/jeton/workers/store"
)

// login returns the active user with that name and password whom the dialect's rule lets in, and whether there is one. It takes the same
// time whatever was wrong. A failure says nothing about the user: it is what to answer when the login could not be tried.
func (s *site) login(ctx context.Context, c *call, rule func(store.User) bool) (user store.User, good bool, failed *rest.Failure) {
	now, throttled := s.host.Now(), s.loginEvents(c)
	for _, e := range throttled {
		// Not all at once: what one scope refuses must not use up another, and so close an account, without the work of a login.
		if failed := s.throttle(ctx, c.request, now, e); failed != nil {
			return store.User{}, false, failed
		}
	}
	user, good, failed = s.tryLogin(ctx, c)
	if good = good && rule(user); !good && failed == nil {
		s.logger.InfoContext(ctx, "a login was refused", slog.String("remote", c.request.RemoteAddress))
		s.loginFailed(ctx, c)
		return store.User{}, false, nil
	}
	if unforgiven := s.forgive(ctx, now, throttled[len(throttled)-1]); failed == nil {
		failed = unforgiven
	}
	return user, good && failed == nil, failed
}

// loginFields are the fields of a login: that which the site's users log in by, and the password.
func (s *site) loginFields() []rest.Field {
	return []rest.Field{{Name: s.config.UsernameField}, {Name: "password"}}
}

// loginName is what the login field holds.
func (s *site) loginName(c *call) string { return c.values[s.config.UsernameField] }

// loginEvents returns what a login counts as. The last event stays counted only when the login fails.
func (s *site) loginEvents(c *call) []event {
	username, address := "username "+s.loginName(c), c.request.clientNetwork()
	return []event{{ThrottleLogin, address}, {ThrottleLoginUsername, username}, {ThrottleLoginFailed, address + " " + username}}
}

// tryLogin compares the password, whoever the user is, and hashes it anew where the stored hash is out of date.
func (s *site) tryLogin(ctx context.Context, c *call) (user store.User, good bool, failed *rest.Failure) {
	user, err := s.findUser(ctx, s.loginName(c))
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return store.User{}, false, s.unavailable(ctx, "look up a user by name", err)
	}
	given := c.values["password"]
	good, err = s.checkPassword(ctx, given, user.Password)
	if err != nil {
		return store.User{}, false, s.unavailable(ctx, "check a password", err)
	}
	if good {
		user, good, failed = s.upgradePassword(ctx, given, user)
	}
	if !good || !user.IsActive || failed != nil {
		return store.User{}, false, failed
	}
	return user, true, nil
}

// upgradePassword puts a hash of the present kind and cost in the place of an older one, as Django does when a password has just matched:
// before tokens are made, and of inactive users too. It returns the user as stored then, and whether the password still is theirs: another
// may have been set while this one was hashed.
func (s *site) upgradePassword(ctx context.Context, given string, user store.User) (upgraded store.User, good bool, failed *rest.Failure) {
	for range attemptsAtPassword {
		if !s.hashers.MustUpdate(user.Password) {
			return user, true, nil
		}
		hash, err := s.hashers.Make(ctx, given)
		if errors.Is(err, password.ErrTooLong) { // the new hasher does not take it in, the old one did
			return user, true, nil
		}
		if err != nil {
			return user, false, s.unavailable(ctx, "hash a password", err)
		}
		changed, err := s.users.SetPassword(ctx, user.ID, user.Password, hash)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return user, false, s.unavailable(ctx, "upgrade a password's hash", err)
		}
		if changed {
			user.Password = hash
			return user, true, nil
		}
		if user, good, failed = s.recheckPassword(ctx, given, user.ID); !good {
			return user, false, failed
		}
	}
	return user, false, s.unavailable(ctx, "upgrade a password's hash", errHashKeepsChanging)
}

// recheckPassword compares a password with the hash that a user has by now.
func (s *site) recheckPassword(ctx context.Context, given, id string) (user store.User, good bool, failed *rest.Failure) {
	user, err := s.users.UserByID(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return user, false, nil
	}
	if err != nil {
		return user, false, s.unavailable(ctx, "look up a user by ID", err)
	}
	good, err = s.checkPassword(ctx, given, user.Password)
	if err != nil {
		return user, false, s.unavailable(ctx, "check a password", err)
	}
	return user, good, nil
}

// attemptsAtPassword is how often a hash is looked at anew that has changed while it was worked on.
const attemptsAtPassword = 3

var errHashKeepsChanging = errors.New("auth: the stored hash changes each time it is looked at")
