package auth

import (
	"slices"
	"strings"
	"time"

	"github.com/jeton-dev/jeton/core"
)

// simplejwtSettings are the names that SIMPLE_JWT may hold.
var simplejwtSettings = map[string]setting[SimpleJWTConfig]{
	"ACCESS_TOKEN_LIFETIME":  durationSetting(func(c *SimpleJWTConfig) *time.Duration { return &c.AccessTokenLifetime }),
	"REFRESH_TOKEN_LIFETIME": durationSetting(func(c *SimpleJWTConfig) *time.Duration { return &c.RefreshTokenLifetime }),
	"LEEWAY":                 durationSetting(func(c *SimpleJWTConfig) *time.Duration { return &c.Leeway }),
	"ALGORITHM": func(c *SimpleJWTConfig, value core.Value) string {
		name, _ := value.Text()
		c.Algorithm = core.Algorithm(name)
		_, err := core.ParseAlgorithm(name)
		return unless(err == nil, "is not a supported algorithm")
	},
	"SIGNING_KEY":          secretSetting(func(c *SimpleJWTConfig) *Secret { return &c.SigningKey }, false),
	"VERIFYING_KEY":        secretSetting(func(c *SimpleJWTConfig) *Secret { return &c.VerifyingKey }, true),
	"AUDIENCE":             readAudience,
	"ISSUER":               textSetting(func(c *SimpleJWTConfig) *string { return &c.Issuer }, true),
	"AUTH_HEADER_TYPES":    readHeaderTypes,
	"AUTH_HEADER_NAME":     readHeaderName,
	"USER_ID_CLAIM":        textSetting(func(c *SimpleJWTConfig) *string { return &c.UserIDClaim }, false),
	"TOKEN_TYPE_CLAIM":     textSetting(func(c *SimpleJWTConfig) *string { return &c.TokenTypeClaim }, true),
	"JTI_CLAIM":            textSetting(func(c *SimpleJWTConfig) *string { return &c.JTIClaim }, true),
	"CHECK_USER_IS_ACTIVE": booleanSetting(func(c *SimpleJWTConfig) *bool { return &c.CheckUserIsActive }),
	"UPDATE_LAST_LOGIN":    booleanSetting(func(c *SimpleJWTConfig) *bool { return &c.UpdateLastLogin }),

	"USER_ID_FIELD":                    only[SimpleJWTConfig](`"id"`),
	"SLIDING_TOKEN_LIFETIME":           onlyDuration[SimpleJWTConfig](5 * time.Minute),
	"SLIDING_TOKEN_REFRESH_LIFETIME":   onlyDuration[SimpleJWTConfig](24 * time.Hour),
	"SLIDING_TOKEN_REFRESH_EXP_CLAIM":  only[SimpleJWTConfig](`"refresh_exp"`),
	"ROTATE_REFRESH_TOKENS":            only[SimpleJWTConfig](`false`),
	"BLACKLIST_AFTER_ROTATION":         only[SimpleJWTConfig](`false`),
	"CHECK_REVOKE_TOKEN":               only[SimpleJWTConfig](`false`),
	"REVOKE_TOKEN_CLAIM":               only[SimpleJWTConfig](`"hash_password"`),
	"JSON_ENCODER":                     only[SimpleJWTConfig](`null`),
	"JWK_URL":                          only[SimpleJWTConfig](`null`),
	"USER_AUTHENTICATION_RULE":         only[SimpleJWTConfig](`"rest_framework_simplejwt.authentication.default_user_authentication_rule"`),
	"ON_LOGIN_SUCCESS":                 only[SimpleJWTConfig](`"rest_framework_simplejwt.serializers.default_on_login_success"`),
	"ON_LOGIN_FAILED":                  only[SimpleJWTConfig](`"rest_framework_simplejwt.serializers.default_on_login_failed"`),
	"AUTH_TOKEN_CLASSES":               only[SimpleJWTConfig](`["rest_framework_simplejwt.tokens.AccessToken"]`),
	"TOKEN_USER_CLASS":                 only[SimpleJWTConfig](`"rest_framework_simplejwt.models.TokenUser"`),
	"TOKEN_OBTAIN_SERIALIZER":          only[SimpleJWTConfig](`"rest_framework_simplejwt.serializers.TokenObtainPairSerializer"`),
	"TOKEN_REFRESH_SERIALIZER":         only[SimpleJWTConfig](`"rest_framework_simplejwt.serializers.TokenRefreshSerializer"`),
	"TOKEN_VERIFY_SERIALIZER":          only[SimpleJWTConfig](`"rest_framework_simplejwt.serializers.TokenVerifySerializer"`),
	"TOKEN_BLACKLIST_SERIALIZER":       only[SimpleJWTConfig](`"rest_framework_simplejwt.serializers.TokenBlacklistSerializer"`),
	"SLIDING_TOKEN_OBTAIN_SERIALIZER":  only[SimpleJWTConfig](`"rest_framework_simplejwt.serializers.TokenObtainSlidingSerializer"`),
	"SLIDING_TOKEN_REFRESH_SERIALIZER": only[SimpleJWTConfig](`"rest_framework_simplejwt.serializers.TokenRefreshSlidingSerializer"`),

	"AUTH_HEADER_TYPE":    removed("AUTH_HEADER_TYPES"),
	"AUTH_TOKEN_CLASS":    removed("AUTH_TOKEN_CLASSES"),
	"SECRET_KEY":          removed("SIGNING_KEY"),
	"TOKEN_BACKEND_CLASS": removed(""),
}

func readAudience(c *SimpleJWTConfig, value core.Value) string {
	if value.IsNull() {
		c.Audience, c.AudienceList = nil, false
		return ""
	}
	var ok bool
	c.Audience, c.AudienceList, ok = readTexts(value)
	return unless(ok && !slices.Contains(c.Audience, ""), "must be text or a list of texts, none of them empty")
}

func readHeaderTypes(c *SimpleJWTConfig, value core.Value) string {
	var ok bool
	c.AuthHeaderTypes, _, ok = readTexts(value)
	return unless(ok, "must be text or a list of texts")
}

// readHeaderName turns WSGI's name of a header field into HTTP's.
func readHeaderName(c *SimpleJWTConfig, value core.Value) string {
	text, _ := value.Text()
	name, ok := strings.CutPrefix(text, "HTTP_")
	c.AuthHeaderName = canonicalName(strings.ReplaceAll(name, "_", "-"))
	return unless(ok && name != "", `must be a header's name in WSGI's form, such as "HTTP_AUTHORIZATION"`)
}

// removed refuses a setting that djangorestframework-simplejwt itself no longer has.
func removed(successor string) setting[SimpleJWTConfig] {
	problem := "was removed from djangorestframework-simplejwt"
	if successor != "" {
		problem += ": use " + successor
	}
	return func(*SimpleJWTConfig, core.Value) string { return problem }
}
