package auth

import (
	"context"
	"errors"
	"log/slog"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/jeton-dev/jeton/workers/auth/internal/rest"
	"github.com/jeton-dev/jeton/workers/auth/internal/username"
	"github.com/jeton-dev/jeton/workers/password"
	"github.com/jeton-dev/jeton/workers/password/validate"
	"github.com/jeton-dev/jeton/workers/store"
)

// usernameTaken is Django's, and the only thing that registration tells about users there are. E-mail addresses need not be unique.
const usernameTaken = "A user with that username already exists."

// registerView makes accounts. Its rules and words are those of a serializer of Django's user model.
func (s *site) registerView() view {
	return view{
		route: "register", path: "/api/register/", name: "Register", method: "POST",
		description: "Takes a username, an e-mail address and a password and makes an account.",
		counts:      func(c *call) event { return event{ThrottleRegister, c.request.clientNetwork()} },
		fields: []rest.Field{
			{Name: "id", Kind: rest.Integer, ReadOnly: true, Label: "ID"},
			{
				Name: "username", MaxLength: username.MaxLength, HelpText: "Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.",
				Normalise: username.Normalise, Checks: []rest.Check{checkUsername, s.checkUsernameFree},
			},
			{
				Name: "email", Kind: rest.Email, Label: "Email address", MaxLength: longestEmail,
				Optional: !s.config.Registration.EmailRequired, AllowBlank: !s.config.Registration.EmailRequired,
			},
			{Name: "password", MaxLength: longestPassword},
		},
		answer: s.register,
	}
}

func checkUsername(_ context.Context, name string) (string, *rest.Failure) {
	return username.Check(name), nil
}

// checkUsernameFree tells of a username that is taken before the work of hashing is done. Two who ask at once are told apart by AddUser.
func (s *site) checkUsernameFree(ctx context.Context, name string) (string, *rest.Failure) {
	if !utf8.ValidString(name) || strings.Contains(name, "\x00") { // nobody's, and not every database can be asked
		return "", nil
	}
	_, err := s.users.UserByUsername(ctx, name)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return "", nil
	case err != nil:
		return "", s.unavailable(ctx, "look up a user by name", err)
	}
	return usernameTaken, nil
}

func (s *site) register(ctx context.Context, c *call) (answer, *rest.Failure) {
	user := store.User{
		Username: c.values["username"], Email: normaliseEmail(c.values["email"]), IsActive: true, DateJoined: s.host.Now(),
	}
	given := c.values["password"]
	if messages := s.judgePassword(given, validate.User{"username": user.Username, "email": user.Email}); messages != nil {
		return answer{}, rest.RefuseFields(rest.NewObject("password", messages))
	}
	hash, err := s.hashers.Make(ctx, given)
	switch {
	case errors.Is(err, password.ErrTooLong):
		return answer{}, rest.RefuseField("password", passwordTooLong)
	case err != nil:
		return answer{}, s.unavailable(ctx, "hash a password", err)
	}
	user.Password = hash
	user, err = s.users.AddUser(ctx, user)
	switch {
	case errors.Is(err, store.ErrExists):
		return answer{}, rest.RefuseField("username", usernameTaken)
	case err != nil:
		return answer{}, s.unavailable(ctx, "add a user", err)
	}
	s.logger.InfoContext(ctx, "a user registered", slog.String("id", user.ID), slog.String("remote", c.request.RemoteAddress))
	c.user = withoutPassword(user)
	return answer{status: 201, body: rest.NewObject("id", idValue(user.ID), "username", user.Username, "email", user.Email)}, nil
}

// idValue returns a primary key as Django writes it: a number where it is one.
func idValue(id string) any {
	if number, err := strconv.ParseInt(id, 10, 64); err == nil {
		return number
	}
	return id
}

// normaliseEmail returns an address as Django stores it: what stands behind the last @ in lower case.
func normaliseEmail(email string) string {
	at := strings.LastIndexByte(email, '@')
	return email[:at+1] + strings.ToLower(email[at+1:])
}
