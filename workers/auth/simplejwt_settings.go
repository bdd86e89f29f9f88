package auth

import (
	"slices"
	"strings"
	"time"

	"github.com/jeton-dev/jeton/core"
)

// simplejwtSettings are the names that SIMPLE_JWT may hold.
var simplejwtSettings = map[string]setting[SimpleJWTConfig]{
	"ACCESS_TOKEN_LIFETIME":          durationSetting(func(c *SimpleJWTConfig) *time.Duration { return &c.AccessTokenLifetime }),
	"REFRESH_TOKEN_LIFETIME":         durationSetting(func(c *SimpleJWTConfig) *time.Duration { return &c.RefreshTokenLifetime }),
	"SLIDING_TOKEN_LIFETIME":         durationSetting(func(c *SimpleJWTConfig) *time.Duration { return &c.SlidingTokenLifetime }),
	"SLIDING_TOKEN_REFRESH_LIFETIME": durationSetting(func(c *SimpleJWTConfig) *time.Duration { return &c.SlidingTokenRefreshLifetime }),
	"LEEWAY":                         nullable(durationSetting(func(c *SimpleJWTConfig) *time.Duration { return &c.Leeway })),
	"ALGORITHM": func(c *SimpleJWTConfig, value core.Value) string {
		name, _ := value.Text()
		c.Algorithm = core.Algorithm(name)
		_, err := core.ParseAlgorithm(name)
		return unless(err == nil, "is not a supported algorithm")
	},
	"SIGNING_KEY":          nullable(secretSetting(func(c *SimpleJWTConfig) *Secret { return &c.SigningKey }, false)),
	"VERIFYING_KEY":        nullable(secretSetting(func(c *SimpleJWTConfig) *Secret { return &c.VerifyingKey }, true)),
	"JWK_URL":              textSetting(func(c *SimpleJWTConfig) *string { return &c.JWKURL }, true),
	"AUDIENCE":             readAudience,
	"ISSUER":               textSetting(func(c *SimpleJWTConfig) *string { return &c.Issuer }, true),
	"AUTH_HEADER_TYPES":    readHeaderTypes,
	"AUTH_HEADER_NAME":     readHeaderName,
	"AUTH_TOKEN_CLASSES":   readTokenClasses,
	"USER_ID_FIELD":        textSetting(func(c *SimpleJWTConfig) *string { return &c.UserIDField }, false),
	"USER_ID_CLAIM":        textSetting(func(c *SimpleJWTConfig) *string { return &c.UserIDClaim }, false),
	"USER_ID_AS_NUMBER":    booleanSetting(func(c *SimpleJWTConfig) *bool { return &c.UserIDAsNumber }),
	"TOKEN_TYPE_CLAIM":     textSetting(func(c *SimpleJWTConfig) *string { return &c.TokenTypeClaim }, true),
	"JTI_CLAIM":            textSetting(func(c *SimpleJWTConfig) *string { return &c.JTIClaim }, true),
	"REVOKE_TOKEN_CLAIM":   textSetting(func(c *SimpleJWTConfig) *string { return &c.RevokeTokenClaim }, false),
	"CHECK_REVOKE_TOKEN":   booleanSetting(func(c *SimpleJWTConfig) *bool { return &c.CheckRevokeToken }),
	"CHECK_USER_IS_ACTIVE": booleanSetting(func(c *SimpleJWTConfig) *bool { return &c.CheckUserIsActive }),
	"UPDATE_LAST_LOGIN":    booleanSetting(func(c *SimpleJWTConfig) *bool { return &c.UpdateLastLogin }),

	"SLIDING_TOKEN_REFRESH_EXP_CLAIM": textSetting(func(c *SimpleJWTConfig) *string { return &c.SlidingTokenRefreshExpClaim }, false),
	"ROTATE_REFRESH_TOKENS":           booleanSetting(func(c *SimpleJWTConfig) *bool { return &c.RotateRefreshTokens }),
	"BLACKLIST_AFTER_ROTATION":        booleanSetting(func(c *SimpleJWTConfig) *bool { return &c.BlacklistAfterRotation }),

	"JSON_ENCODER":                     python[SimpleJWTConfig](`null`, "Claims"),
	"USER_AUTHENTICATION_RULE":         python[SimpleJWTConfig](`"rest_framework_simplejwt.authentication.default_user_authentication_rule"`, "AuthenticationRule"),
	"ON_LOGIN_SUCCESS":                 python[SimpleJWTConfig](`"rest_framework_simplejwt.serializers.default_on_login_success"`, "OnLoginSuccess"),
	"ON_LOGIN_FAILED":                  python[SimpleJWTConfig](`"rest_framework_simplejwt.serializers.default_on_login_failed"`, "OnLoginFailed"),
	"TOKEN_USER_CLASS":                 python[SimpleJWTConfig](`"rest_framework_simplejwt.models.TokenUser"`, "TokenUser"),
	"TOKEN_OBTAIN_SERIALIZER":          serializer("TokenObtainPairSerializer"),
	"TOKEN_REFRESH_SERIALIZER":         serializer("TokenRefreshSerializer"),
	"TOKEN_VERIFY_SERIALIZER":          serializer("TokenVerifySerializer"),
	"TOKEN_BLACKLIST_SERIALIZER":       serializer("TokenBlacklistSerializer"),
	"SLIDING_TOKEN_OBTAIN_SERIALIZER":  serializer("TokenObtainSlidingSerializer"),
	"SLIDING_TOKEN_REFRESH_SERIALIZER": serializer("TokenRefreshSlidingSerializer"),

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

// tokenClassPath is the module of the package's token classes.
const tokenClassPath = "rest_framework_simplejwt.tokens."

// readTokenClasses reads the dotted paths of the package's own classes.
func readTokenClasses(c *SimpleJWTConfig, value core.Value) string {
	paths, ok := value.Texts()
	c.AuthTokenClasses = make([]TokenClass, len(paths))
	for i, path := range paths {
		name, inModule := strings.CutPrefix(path, tokenClassPath)
		c.AuthTokenClasses[i] = TokenClass(name)
		ok = ok && inModule && TokenClass(name).known()
	}
	return unless(ok && len(paths) > 0, "must be a list of "+tokenClassPath+"AccessToken, RefreshToken, SlidingToken or UntypedToken: classes of a site's own are Python")
}

// readHeaderName turns WSGI's name of a header field into HTTP's.
func readHeaderName(c *SimpleJWTConfig, value core.Value) string {
	text, _ := value.Text()
	name, ok := strings.CutPrefix(text, "HTTP_")
	c.AuthHeaderName = canonicalName(strings.ReplaceAll(name, "_", "-"))
	return unless(ok && name != "", `must be a header's name in WSGI's form, such as "HTTP_AUTHORIZATION"`)
}

func serializer(name string) setting[SimpleJWTConfig] {
	return python[SimpleJWTConfig](`"rest_framework_simplejwt.serializers.`+name+`"`, "Claims or ResponsePayload")
}

// removed refuses a setting that djangorestframework-simplejwt itself no longer has.
func removed(successor string) setting[SimpleJWTConfig] {
	problem := "was removed from djangorestframework-simplejwt"
	if successor != "" {
		problem += ": use " + successor
	}
	return func(*SimpleJWTConfig, core.Value) string { return problem }
}
