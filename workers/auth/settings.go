package auth

import (
	"slices"
	"strings"
	"time"

	"github.com/jeton-dev/jeton/core"
)

// settingsLimits bounds a settings file. A key is its longest text.
var settingsLimits = core.Limits{TokenBytes: 1 << 20, Depth: 8, Members: 1000}

// ParseConfig reads settings from JSON that holds what a Django site's settings module does:
//
//	{"SECRET_KEY": "…", "SIMPLE_JWT": {"ACCESS_TOKEN_LIFETIME": "0:05:00", "ALGORITHM": "HS256"}}
//
// A lifetime is a number of seconds or text in one of the forms Django reads: "[D ]HH:MM:SS" or ISO 8601 "PT5M". SIGNING_KEY defaults
// to SECRET_KEY. A setting that is unknown, removed, or not supported at the value it has is refused with a [*SettingError]. The top
// level takes one setting that is not Django's, PASSWORD_ITERATIONS; see [Config].
//
// The result has no PEMParser, and nothing about its keys is checked: [New] does that.
func ParseConfig(json []byte) (Config, error) {
	file, err := core.ParseObject(json, settingsLimits)
	if err != nil {
		return Config{}, &SettingError{Name: "settings", Problem: err.Error()}
	}
	config := DefaultConfig()
	var simplejwt *core.Object
	for i := range file.Len() {
		name, value := file.Member(i)
		var problem string
		switch name {
		case "SECRET_KEY":
			problem = readSecret(&config.SigningKey, value)
		case "PASSWORD_ITERATIONS":
			iterations, ok := value.Int()
			config.PasswordIterations = int(iterations)
			problem = unless(ok && iterations == int64(config.PasswordIterations), "must be an integer")
		case "SIMPLE_JWT":
			var ok bool
			simplejwt, ok = value.Object()
			problem = unless(ok, "must be an object")
		default:
			problem = "is not a setting"
		}
		if problem != "" {
			return Config{}, &SettingError{Name: name, Problem: problem}
		}
	}
	if simplejwt == nil {
		return config, nil
	}
	for i := range simplejwt.Len() {
		name, value := simplejwt.Member(i)
		read, known := settings[name]
		if !known {
			return Config{}, &SettingError{Name: name, Problem: "is not a setting of SIMPLE_JWT"}
		}
		if problem := read(&config, value); problem != "" {
			return Config{}, &SettingError{Name: name, Problem: problem}
		}
	}
	return config, nil
}

// setting puts a value into the configuration, or says why it does not.
type setting func(config *Config, value core.Value) (problem string)

// settings are the names that SIMPLE_JWT may hold.
var settings = map[string]setting{
	"ACCESS_TOKEN_LIFETIME":  durationSetting(func(c *Config) *time.Duration { return &c.AccessTokenLifetime }),
	"REFRESH_TOKEN_LIFETIME": durationSetting(func(c *Config) *time.Duration { return &c.RefreshTokenLifetime }),
	"LEEWAY":                 durationSetting(func(c *Config) *time.Duration { return &c.Leeway }),
	"ALGORITHM": func(c *Config, value core.Value) string {
		name, _ := value.Text()
		c.Algorithm = core.Algorithm(name)
		_, err := core.ParseAlgorithm(name)
		return unless(err == nil, "is not a supported algorithm")
	},
	"SIGNING_KEY":          func(c *Config, value core.Value) string { return readSecret(&c.SigningKey, value) },
	"VERIFYING_KEY":        func(c *Config, value core.Value) string { return readSecret(&c.VerifyingKey, value) },
	"AUDIENCE":             readAudience,
	"ISSUER":               textSetting(func(c *Config) *string { return &c.Issuer }, true),
	"AUTH_HEADER_TYPES":    readHeaderTypes,
	"AUTH_HEADER_NAME":     readHeaderName,
	"USER_ID_CLAIM":        textSetting(func(c *Config) *string { return &c.UserIDClaim }, false),
	"TOKEN_TYPE_CLAIM":     textSetting(func(c *Config) *string { return &c.TokenTypeClaim }, true),
	"JTI_CLAIM":            textSetting(func(c *Config) *string { return &c.JTIClaim }, true),
	"CHECK_USER_IS_ACTIVE": booleanSetting(func(c *Config) *bool { return &c.CheckUserIsActive }),
	"UPDATE_LAST_LOGIN":    booleanSetting(func(c *Config) *bool { return &c.UpdateLastLogin }),

	"USER_ID_FIELD":                    only(`"id"`),
	"SLIDING_TOKEN_LIFETIME":           onlyDuration(5 * time.Minute),
	"SLIDING_TOKEN_REFRESH_LIFETIME":   onlyDuration(24 * time.Hour),
	"SLIDING_TOKEN_REFRESH_EXP_CLAIM":  only(`"refresh_exp"`),
	"ROTATE_REFRESH_TOKENS":            only(`false`),
	"BLACKLIST_AFTER_ROTATION":         only(`false`),
	"CHECK_REVOKE_TOKEN":               only(`false`),
	"REVOKE_TOKEN_CLAIM":               only(`"hash_password"`),
	"JSON_ENCODER":                     only(`null`),
	"JWK_URL":                          only(`null`),
	"USER_AUTHENTICATION_RULE":         only(`"rest_framework_simplejwt.authentication.default_user_authentication_rule"`),
	"ON_LOGIN_SUCCESS":                 only(`"rest_framework_simplejwt.serializers.default_on_login_success"`),
	"ON_LOGIN_FAILED":                  only(`"rest_framework_simplejwt.serializers.default_on_login_failed"`),
	"AUTH_TOKEN_CLASSES":               only(`["rest_framework_simplejwt.tokens.AccessToken"]`),
	"TOKEN_USER_CLASS":                 only(`"rest_framework_simplejwt.models.TokenUser"`),
	"TOKEN_OBTAIN_SERIALIZER":          only(`"rest_framework_simplejwt.serializers.TokenObtainPairSerializer"`),
	"TOKEN_REFRESH_SERIALIZER":         only(`"rest_framework_simplejwt.serializers.TokenRefreshSerializer"`),
	"TOKEN_VERIFY_SERIALIZER":          only(`"rest_framework_simplejwt.serializers.TokenVerifySerializer"`),
	"TOKEN_BLACKLIST_SERIALIZER":       only(`"rest_framework_simplejwt.serializers.TokenBlacklistSerializer"`),
	"SLIDING_TOKEN_OBTAIN_SERIALIZER":  only(`"rest_framework_simplejwt.serializers.TokenObtainSlidingSerializer"`),
	"SLIDING_TOKEN_REFRESH_SERIALIZER": only(`"rest_framework_simplejwt.serializers.TokenRefreshSlidingSerializer"`),

	"AUTH_HEADER_TYPE":    removed("AUTH_HEADER_TYPES"),
	"AUTH_TOKEN_CLASS":    removed("AUTH_TOKEN_CLASSES"),
	"SECRET_KEY":          removed("SIGNING_KEY"),
	"TOKEN_BACKEND_CLASS": removed(""),
}

// unless returns the problem when ok does not hold.
func unless(ok bool, problem string) string {
	if ok {
		return ""
	}
	return problem
}

func durationSetting(target func(*Config) *time.Duration) setting {
	return func(c *Config, value core.Value) string {
		read, ok := readDuration(value)
		*target(c) = read
		return unless(ok, `must be a number of seconds, or text such as "0:05:00" or "PT5M", not negative and at most 100 years`)
	}
}

func readDuration(value core.Value) (time.Duration, bool) {
	if seconds, ok := value.Float(); ok {
		return secondsDuration(seconds)
	}
	text, _ := value.Text()
	return parseDuration(text)
}

func textSetting(target func(*Config) *string, nullable bool) setting {
	return func(c *Config, value core.Value) string {
		if nullable && value.IsNull() {
			*target(c) = ""
			return ""
		}
		var ok bool
		*target(c), ok = value.Text()
		return unless(ok && *target(c) != "", "must be text that is not empty")
	}
}

func booleanSetting(target func(*Config) *bool) setting {
	return func(c *Config, value core.Value) string {
		var ok bool
		*target(c), ok = value.Bool()
		return unless(ok, "must be true or false")
	}
}

func readSecret(target *Secret, value core.Value) string {
	text, ok := value.Text()
	*target = Secret(text)
	return unless(ok, "must be text")
}

// readTexts reads one text or a list of them.
func readTexts(value core.Value) (texts []string, isList, ok bool) {
	if single, ok := value.Text(); ok {
		return []string{single}, false, true
	}
	elements, isList := value.Elements()
	for _, element := range elements {
		text, ok := element.Text()
		if !ok {
			return nil, true, false
		}
		texts = append(texts, text)
	}
	return texts, isList, len(texts) > 0
}

func readAudience(c *Config, value core.Value) string {
	if value.IsNull() {
		c.Audience, c.AudienceList = nil, false
		return ""
	}
	var ok bool
	c.Audience, c.AudienceList, ok = readTexts(value)
	return unless(ok && !slices.Contains(c.Audience, ""), "must be text or a list of texts, none of them empty")
}

func readHeaderTypes(c *Config, value core.Value) string {
	var ok bool
	c.AuthHeaderTypes, _, ok = readTexts(value)
	return unless(ok, "must be text or a list of texts")
}

// readHeaderName turns WSGI's name of a header field into HTTP's.
func readHeaderName(c *Config, value core.Value) string {
	text, _ := value.Text()
	name, ok := strings.CutPrefix(text, "HTTP_")
	c.AuthHeaderName = canonicalName(strings.ReplaceAll(name, "_", "-"))
	return unless(ok && name != "", `must be a header's name in WSGI's form, such as "HTTP_AUTHORIZATION"`)
}

const notSupported = "is not supported at any value but its default"

// only accepts a setting at its default, given as JSON.
func only(standard string) setting {
	return func(_ *Config, value core.Value) string {
		return unless(strings.Join(strings.Fields(string(value.Raw())), "") == standard, notSupported)
	}
}

func onlyDuration(standard time.Duration) setting {
	return func(_ *Config, value core.Value) string {
		read, ok := readDuration(value)
		return unless(ok && read == standard, notSupported)
	}
}

// removed refuses a setting that djangorestframework-simplejwt itself no longer has.
func removed(successor string) setting {
	problem := "was removed from djangorestframework-simplejwt"
	if successor != "" {
		problem += ": use " + successor
	}
	return func(*Config, core.Value) string { return problem }
}
