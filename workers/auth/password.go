package auth

import (
	"context"
	"errors"
	"log/slog"

	"github.com/jeton-dev/jeton/core"
	"github.com/jeton-dev/jeton/workers/password"
)

// newHashers returns the password hashers of a configuration, or says which setting of them is wrong.
func newHashers(config *Config, derive password.Deriver) (*password.Hashers, error) {
	hashers, err := password.New(password.Options{
		Hashers:     config.PasswordHashers,
		Iterations:  config.PasswordIterations,
		Legacy:      config.PasswordLegacyHashers,
		MemoryLimit: config.PasswordMemoryLimit,
	}, derive)
	var option *password.OptionError
	if errors.As(err, &option) {
		return nil, settingError(option.Name, "%s", option.Problem)
	}
	return hashers, err
}

// checkPassword compares a password with a stored hash, which is empty when the user does not exist. A refusal takes the same time
// whatever the reason.
func (s *site) checkPassword(ctx context.Context, given, stored string) (bool, error) {
	good, err := s.hashers.Check(ctx, given, stored)
	if errors.Is(err, password.ErrLimit) {
		s.logger.WarnContext(ctx, "a user cannot log in here", slog.String("error", err.Error()))
		return false, nil
	}
	return good, err
}

func readPasswordHashers(c *Config, value core.Value) string {
	paths, ok := value.Texts()
	c.PasswordHashers = append([]string{}, paths...) // an empty list is not the default
	return unless(ok, "must be a list of texts")
}

func readPasswordIterations(c *Config, value core.Value) string {
	iterations, ok := value.Int()
	c.PasswordIterations = int(iterations)
	return unless(ok && iterations == int64(c.PasswordIterations), "must be an integer")
}

func readPasswordMemoryLimit(c *Config, value core.Value) string {
	var ok bool
	c.PasswordMemoryLimit, ok = value.Int()
	return unless(ok, "must be an integer")
}
