package auth

import (
	"fmt"
	"log/slog"
	"slices"
	"strings"

	"github.com/jeton-dev/jeton/core"
	"github.com/jeton-dev/jeton/workers/password"
	"github.com/jeton-dev/jeton/workers/password/validate"
)

// Config is the settings of a site. [DefaultConfig] and [ParseConfig] make one; the zero Config is not usable.
type Config struct {
	// SecretKey (SECRET_KEY) is Django's secret. It signs where the dialect's settings name no key of their own.
	SecretKey Secret
	// Dialect says which of Django's JWT packages is spoken, and so which of the settings below count.
	Dialect Dialect
	// SimpleJWT (SIMPLE_JWT) is the settings of djangorestframework-simplejwt.
	SimpleJWT SimpleJWTConfig
	// DRFJWT (JWT_AUTH) is the settings of drf-jwt and of djangorestframework-jwt.
	DRFJWT DRFJWTConfig
	// InstalledApps (INSTALLED_APPS) lists a Django site's apps: without the dialect's blacklist app among them no token is kept or
	// refused for being blacklisted. Nil, the default, counts as a site that has it.
	InstalledApps []string
	// URLs (URLS, no setting of Django's) moves views: the path by a view's name, such as "token_refresh". An empty path switches the
	// view off.
	URLs map[string]string
	// CORS is the settings of django-cors-headers (CORS_…). Nil is a site without it.
	CORS *CORSConfig
	// UsernameField (USERNAME_FIELD, in Django an attribute of the user model) names the field that users log in by, and the column of the
	// user table that holds it.
	UsernameField string
	// Hooks are where the program takes part; they have no setting.
	Hooks Hooks
	// RESTFramework (REST_FRAMEWORK) is the settings of Django REST framework.
	RESTFramework RESTFrameworkConfig
	// Throttle counts what the rates of REST_FRAMEWORK bound; it has no setting. Nil is a [MemoryThrottle] of its own for each service.
	Throttle Throttle
	// PEMParser reads the PEM form of keys; it has no setting. With none, keys must be JWKs. Natively it is keys.ParsePEM.
	PEMParser PEMParser
	// RemoteKeys fetches the key set of JWK_URL; it has no setting. With none, that is refused. Natively it stands on keys.RemoteSet.
	RemoteKeys RemoteKeys
	// Registration (REGISTRATION, no setting of Django's) says whether anybody may make an account.
	Registration RegistrationConfig
	// PasswordChange (PASSWORD_CHANGE, no setting of Django's) says whether users may change their passwords.
	PasswordChange bool
	// PasswordValidators (AUTH_PASSWORD_VALIDATORS) judge new passwords. Nil, the default, are those of the setting, or if that is not
	// there those that Django's new projects name; an empty list takes every password. PasswordLists is where lists of common passwords
	// come from; it has no setting. With none, CommonPasswordValidator is refused where the setting names it, and missing otherwise.
	PasswordValidators []validate.Validator
	PasswordLists      validate.Sources
	validatorSetting   []byte // AUTH_PASSWORD_VALIDATORS, as it stands
	// PasswordHashers (PASSWORD_HASHERS) lists which password hashes are made and read, as [password.Options] say. Nil is Django's
	// default.
	PasswordHashers []string
	// PasswordIterations (PASSWORD_ITERATIONS, no setting of Django's) is the work of new PBKDF2 hashes, which a login for an unknown user
	// costs too.
	PasswordIterations int
	// PasswordLegacyHashers (PASSWORD_LEGACY_HASHERS, no setting of Django's) allows the hashers that Django has dropped.
	PasswordLegacyHashers bool
	// PasswordMemoryLimit (PASSWORD_MEMORY_LIMIT, no setting of Django's) is how many bytes one password hash may take.
	PasswordMemoryLimit int64
}

// defaultUsernameField is that of Django's own user model.
const defaultUsernameField = "username"

// PEMParser reads a key in PEM, for one algorithm.
type PEMParser func(pem []byte, algorithm core.Algorithm) (*core.Key, error)

// DefaultConfig returns the default settings, which lack a SecretKey.
func DefaultConfig() Config {
	return Config{
		Dialect: SimpleJWT, SimpleJWT: DefaultSimpleJWTConfig(), DRFJWT: DefaultDRFJWTConfig(DRFJWT), UsernameField: defaultUsernameField,
		RESTFramework:      DefaultRESTFrameworkConfig(),
		PasswordIterations: password.DefaultIterations, PasswordMemoryLimit: password.DefaultMemoryLimit,
	}
}

// Algorithm returns the algorithm that new tokens are signed with.
func (c *Config) Algorithm() core.Algorithm {
	switch {
	case c.Dialect == SimpleJWT:
		return c.SimpleJWT.Algorithm
	case len(c.DRFJWT.Algorithms) > 0:
		return c.DRFJWT.Algorithms[0]
	}
	return ""
}

// HasSigningKey reports whether the settings name a key to sign with, or that tokens of others are to be verified and none made.
func (c *Config) HasSigningKey() bool {
	if c.Dialect == SimpleJWT {
		return c.SecretKey != "" || c.SimpleJWT.SigningKey != "" || c.SimpleJWT.verifiesOnly(c.SecretKey)
	}
	return c.SecretKey != "" || len(c.DRFJWT.SecretKeys) > 0 || len(c.DRFJWT.PrivateKeys) > 0
}

// SetSigningKey makes key the one that signs, whatever the settings said before.
func (c *Config) SetSigningKey(key Secret) {
	switch {
	case c.Dialect == SimpleJWT:
		c.SimpleJWT.SigningKey = key
	case c.Algorithm().Symmetric():
		c.DRFJWT.SecretKeys = []NamedKey{{Key: key}}
	default:
		c.DRFJWT.PrivateKeys = []NamedKey{{Key: key}}
	}
}

// hasApp reports whether the site has an app.
func (c *Config) hasApp(name string) bool {
	return c.InstalledApps == nil || slices.Contains(c.InstalledApps, name)
}

// Secret is key material. It prints as "[secret]" everywhere.
type Secret string

// String returns "[secret]".
func (Secret) String() string { return "[secret]" }

// GoString returns "[secret]".
func (Secret) GoString() string { return "[secret]" }

// LogValue returns "[secret]".
func (Secret) LogValue() slog.Value { return slog.StringValue("[secret]") }

// MarshalText returns "[secret]": a Config is not a way to store keys.
func (Secret) MarshalText() ([]byte, error) { return []byte("[secret]"), nil }

// SettingError says which setting is wrong, by its Django name, and how. It never holds a setting's value.
type SettingError struct {
	Name    string
	Problem string
}

// Error returns the name and the problem.
func (e *SettingError) Error() string { return e.Name + ": " + e.Problem }

func settingError(name, format string, args ...any) *SettingError {
	return &SettingError{Name: name, Problem: fmt.Sprintf(format, args...)}
}

// validate checks what does not belong to a dialect, which checks its own settings.
func (c *Config) validate() error {
	switch {
	case !isColumnName(c.UsernameField) || c.UsernameField == "password":
		return settingError("USERNAME_FIELD", "must be the name of a column: letters, digits and underscores, and not password")
	case c.PasswordIterations < 1 || c.PasswordIterations > password.MaxIterations:
		return settingError("PASSWORD_ITERATIONS", "must be 1 to %d", password.MaxIterations)
	case c.PasswordMemoryLimit < 1:
		return settingError("PASSWORD_MEMORY_LIMIT", "must be a number of bytes above 0")
	}
	return c.RESTFramework.validate()
}

// isColumnName accepts what package store does.
func isColumnName(name string) bool {
	const letters = "_ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	return name != "" && len(name) <= 63 && strings.Contains(letters, name[:1]) && strings.Trim(name, letters+"0123456789") == ""
}
