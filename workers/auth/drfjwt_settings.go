package auth

import (
	"maps"
	"slices"
	"time"

	"github.com/jeton-dev/jeton/core"
)

// drfjwtSettings are the names that JWT_AUTH may hold, by the dialect.
var drfjwtSettings = map[Dialect]map[string]setting[DRFJWTConfig]{
	DRFJWT:                 styriaSettings(),
	DjangoRESTFrameworkJWT: jpadillaSettings(),
}

// sharedSettings are those of both packages.
func sharedSettings() map[string]setting[DRFJWTConfig] {
	return map[string]setting[DRFJWTConfig]{
		"JWT_AUDIENCE":                 readDRFJWTAudience,
		"JWT_ISSUER":                   textSetting(func(c *DRFJWTConfig) *string { return &c.Issuer }, true),
		"JWT_VERIFY":                   alwaysVerify,
		"JWT_VERIFY_EXPIRATION":        booleanSetting(func(c *DRFJWTConfig) *bool { return &c.VerifyExpiration }),
		"JWT_LEEWAY":                   durationSetting(func(c *DRFJWTConfig) *time.Duration { return &c.Leeway }),
		"JWT_EXPIRATION_DELTA":         durationSetting(func(c *DRFJWTConfig) *time.Duration { return &c.ExpirationDelta }),
		"JWT_ALLOW_REFRESH":            booleanSetting(func(c *DRFJWTConfig) *bool { return &c.AllowRefresh }),
		"JWT_REFRESH_EXPIRATION_DELTA": durationSetting(func(c *DRFJWTConfig) *time.Duration { return &c.RefreshExpirationDelta }),
		"JWT_AUTH_HEADER_PREFIX":       textSetting(func(c *DRFJWTConfig) *string { return &c.AuthHeaderPrefix }, false),
		"JWT_AUTH_COOKIE":              textSetting(func(c *DRFJWTConfig) *string { return &c.AuthCookie }, true),
		"JWT_GET_USER_SECRET_KEY":      handler("", "UserSecretKey"),

		"JWT_PAYLOAD_GET_USERNAME_HANDLER": handler("jwt_get_username_from_payload_handler", "UsernameFromPayload"),
	}
}

// styriaSettings are those of drf-jwt.
func styriaSettings() map[string]setting[DRFJWTConfig] {
	settings := map[string]setting[DRFJWTConfig]{
		"JWT_SECRET_KEY":              keysSetting(func(c *DRFJWTConfig) *[]NamedKey { return &c.SecretKeys }, false, true),
		"JWT_PRIVATE_KEY":             keysSetting(func(c *DRFJWTConfig) *[]NamedKey { return &c.PrivateKeys }, true, true),
		"JWT_PUBLIC_KEY":              keysSetting(func(c *DRFJWTConfig) *[]NamedKey { return &c.PublicKeys }, true, true),
		"JWT_ALGORITHM":               readAlgorithms,
		"JWT_INSIST_ON_KID":           booleanSetting(func(c *DRFJWTConfig) *bool { return &c.InsistOnKeyID }),
		"JWT_TOKEN_ID":                readTokenIDRule,
		"JWT_PAYLOAD_INCLUDE_USER_ID": booleanSetting(func(c *DRFJWTConfig) *bool { return &c.PayloadIncludeUserID }),
		"JWT_AUTH_COOKIE_DOMAIN":      textSetting(func(c *DRFJWTConfig) *string { return &c.AuthCookieDomain }, true),
		"JWT_AUTH_COOKIE_PATH":        textSetting(func(c *DRFJWTConfig) *string { return &c.AuthCookiePath }, true),
		"JWT_AUTH_COOKIE_SECURE":      booleanSetting(func(c *DRFJWTConfig) *bool { return &c.AuthCookieSecure }),
		"JWT_AUTH_COOKIE_SAMESITE":    textSetting(func(c *DRFJWTConfig) *string { return &c.AuthCookieSameSite }, true),
		"JWT_IMPERSONATION_COOKIE":    textSetting(func(c *DRFJWTConfig) *string { return &c.ImpersonationCookie }, true),

		"JWT_DELETE_STALE_BLACKLISTED_TOKENS": booleanSetting(func(c *DRFJWTConfig) *bool { return &c.DeleteStaleBlacklistedTokens }),

		"JWT_ENCODE_HANDLER":           handler("jwt_encode_payload", ""),
		"JWT_DECODE_HANDLER":           handler("jwt_decode_token", ""),
		"JWT_PAYLOAD_HANDLER":          handler("jwt_create_payload", "Claims"),
		"JWT_RESPONSE_PAYLOAD_HANDLER": handler("jwt_create_response_payload", "ResponsePayload"),
	}
	maps.Copy(settings, sharedSettings())
	return settings
}

// jpadillaSettings are those of djangorestframework-jwt.
func jpadillaSettings() map[string]setting[DRFJWTConfig] {
	settings := map[string]setting[DRFJWTConfig]{
		"JWT_SECRET_KEY":  keysSetting(func(c *DRFJWTConfig) *[]NamedKey { return &c.SecretKeys }, false, false),
		"JWT_PRIVATE_KEY": keysSetting(func(c *DRFJWTConfig) *[]NamedKey { return &c.PrivateKeys }, true, false),
		"JWT_PUBLIC_KEY":  keysSetting(func(c *DRFJWTConfig) *[]NamedKey { return &c.PublicKeys }, true, false),
		"JWT_ALGORITHM": func(c *DRFJWTConfig, value core.Value) string {
			if _, isText := value.Text(); !isText {
				return notAnAlgorithm
			}
			return readAlgorithms(c, value)
		},
		"JWT_ENCODE_HANDLER":           handler("jwt_encode_handler", ""),
		"JWT_DECODE_HANDLER":           handler("jwt_decode_handler", ""),
		"JWT_PAYLOAD_HANDLER":          handler("jwt_payload_handler", "Claims"),
		"JWT_RESPONSE_PAYLOAD_HANDLER": handler("jwt_response_payload_handler", "ResponsePayload"),
		// The package has it and never calls it.
		"JWT_PAYLOAD_GET_USER_ID_HANDLER": func(*DRFJWTConfig, core.Value) string { return "" },
	}
	maps.Copy(settings, sharedSettings())
	return settings
}

// keysSetting reads one key, or, where several are taken, a list of keys or an object of keys by their IDs.
func keysSetting(target func(*DRFJWTConfig) *[]NamedKey, nullable, several bool) setting[DRFJWTConfig] {
	return func(c *DRFJWTConfig, value core.Value) string {
		keys := target(c)
		*keys = nil
		if nullable && value.IsNull() {
			return ""
		}
		if key, isText := value.Text(); isText {
			*keys = []NamedKey{{Key: Secret(key)}}
			return unless(key != "", "must be text that is not empty")
		}
		if !several {
			return "must be text that is not empty"
		}
		*keys = readKeys(value)
		return unless(len(*keys) > 0, "must be a key, a list of keys, or an object of keys by their IDs, all of them text that is not empty")
	}
}

// readKeys reads a list or an object of keys. It returns none when anything in it is wrong.
func readKeys(value core.Value) []NamedKey {
	var keys []NamedKey
	if texts, isList := value.Texts(); isList {
		for _, text := range texts {
			keys = append(keys, NamedKey{Key: Secret(text)})
		}
	}
	if object, isObject := value.Object(); isObject {
		for i := range object.Len() {
			id, value := object.Member(i)
			text, _ := value.Text()
			if id == "" {
				return nil
			}
			keys = append(keys, NamedKey{ID: id, Key: Secret(text)})
		}
	}
	if slices.ContainsFunc(keys, func(key NamedKey) bool { return key.Key == "" }) {
		return nil
	}
	return keys
}

const notAnAlgorithm = "is not a supported algorithm"

func readAlgorithms(c *DRFJWTConfig, value core.Value) string {
	names, _, ok := readTexts(value)
	c.Algorithms = nil
	for _, name := range names {
		algorithm, err := core.ParseAlgorithm(name)
		c.Algorithms = append(c.Algorithms, algorithm)
		ok = ok && err == nil
	}
	return unless(ok, notAnAlgorithm)
}

func readDRFJWTAudience(c *DRFJWTConfig, value core.Value) string {
	if value.IsNull() {
		c.Audience, c.AudienceList = nil, false
		return ""
	}
	var ok bool
	c.Audience, c.AudienceList, ok = readTexts(value)
	return unless(ok && !slices.Contains(c.Audience, ""), "must be text or a list of texts, none of them empty")
}

func readTokenIDRule(c *DRFJWTConfig, value core.Value) string {
	rule, _ := value.Text()
	c.TokenID = TokenIDRule(rule)
	return "" // validate knows the rules
}

func alwaysVerify(_ *DRFJWTConfig, value core.Value) string {
	verify, ok := value.Bool()
	return unless(ok && verify, "is true here: without it anybody could write tokens")
}

// handler accepts the default of a setting that names one of the package's functions, or none.
func handler(function, hook string) setting[DRFJWTConfig] {
	if function == "" {
		return python[DRFJWTConfig](`null`, hook)
	}
	return python[DRFJWTConfig](`"rest_framework_jwt.utils.`+function+`"`, hook)
}
