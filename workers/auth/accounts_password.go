package auth

import (
	"context"
	"errors"
	"log/slog"

	"github.com/jeton-dev/jeton/workers/auth/internal/rest"
	"github.com/jeton-dev/jeton/workers/password"
	"github.com/jeton-dev/jeton/workers/password/validate"
	"github.com/jeton-dev/jeton/workers/store"
)

// wrongOldPassword is what Django's form says.
const wrongOldPassword = "Your old password was entered incorrectly. Please enter it again."

// passwordChangeView gives the user of the access token another password, and new tokens: where tokens are bound to the password
// (CHECK_REVOKE_TOKEN) every older one ends with it, in whatever session.
func (s *site) passwordChangeView(d dialect) view {
	return view{
		route: "password_change", path: "/api/password/change/", name: "Password Change", method: "POST", protected: true,
		description: "Takes the old and a new password of the user of the access token and answers with new tokens.",
		counts:      func(c *call) event { return event{ThrottlePasswordChange, "user " + c.identity.User.ID} },
		fields:      []rest.Field{{Name: "old_password"}, {Name: "new_password", MaxLength: longestPassword}},
		answer: func(ctx context.Context, c *call) (answer, *rest.Failure) {
			user, failed := s.changePassword(ctx, c)
			if failed != nil {
				return answer{}, failed
			}
			s.logger.InfoContext(ctx, "a password was changed", slog.String("id", user.ID), slog.String("remote", c.request.RemoteAddress))
			c.user = user
			return d.grant(ctx, c, user)
		},
	}
}

// changePassword returns the user with the new password's hash. That takes the place of the hash which the old password was compared with,
// and of no other: when two change it at once, the second one's old password is none any more.
func (s *site) changePassword(ctx context.Context, c *call) (*store.User, *rest.Failure) {
	var hash string
	for range attemptsAtPassword {
		user, err := s.users.UserByID(ctx, c.identity.User.ID)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return nil, s.unavailable(ctx, "look up a user by ID", err)
		}
		if failed := s.checkPasswordChange(ctx, c, user); failed != nil {
			return nil, failed
		}
		if hash == "" {
			if hash, err = s.hashers.Make(ctx, c.values["new_password"]); errors.Is(err, password.ErrTooLong) {
				return nil, rest.RefuseField("new_password", passwordTooLong)
			} else if err != nil {
				return nil, s.unavailable(ctx, "hash a password", err)
			}
		}
		changed, err := s.users.SetPassword(ctx, user.ID, user.Password, hash)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return nil, s.unavailable(ctx, "change a password", err)
		}
		if changed {
			user.Password = hash
			return &user, nil
		}
	}
	return nil, s.unavailable(ctx, "change a password", errHashKeepsChanging)
}

// checkPasswordChange refuses a wrong old password, which of a user who is gone is any, and a new one that is not good enough.
func (s *site) checkPasswordChange(ctx context.Context, c *call, user store.User) *rest.Failure {
	good, err := s.checkPassword(ctx, c.values["old_password"], user.Password)
	if err != nil {
		return s.unavailable(ctx, "check a password", err)
	}
	var problems rest.Object
	if !good {
		problems = append(problems, rest.Member{Name: "old_password", Value: []string{wrongOldPassword}})
	}
	of := validate.User{"username": user.Username, "email": user.Email, "first_name": user.FirstName, "last_name": user.LastName}
	if messages := s.judgePassword(c.values["new_password"], of); messages != nil {
		problems = append(problems, rest.Member{Name: "new_password", Value: messages})
	}
	if problems != nil {
		return rest.RefuseFields(problems)
	}
	return nil
}
