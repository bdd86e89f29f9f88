package auth

import (
	"slices"
	"strings"
	"time"

	"github.com/jeton-dev/jeton/core"
	"github.com/jeton-dev/jeton/workers/auth/internal/rest"
)

// DRFJWTConfig is the settings JWT_AUTH of drf-jwt and of djangorestframework-jwt. [DefaultDRFJWTConfig] makes one; the zero value is not
// usable. What djangorestframework-jwt has no setting for stays at its default there.
type DRFJWTConfig struct {
	// SecretKeys (JWT_SECRET_KEY) are the HMAC secrets: the first signs, all of them verify. None means SECRET_KEY. Either all have an
	// ID or none has; with IDs, that of the key that signs stands in each token's header as "kid", and a token that has one is verified
	// with that key alone. djangorestframework-jwt takes one key without an ID.
	SecretKeys []NamedKey
	// PrivateKeys (JWT_PRIVATE_KEY) and PublicKeys (JWT_PUBLIC_KEY) are the same for asymmetric algorithms, as PEM or JWK, where of the
	// private keys only the first counts. No public key means the public half of the private one. In djangorestframework-jwt they go
	// before the secret whatever the algorithm, and the secret counts where they are missing.
	PrivateKeys, PublicKeys []NamedKey
	// Algorithms (JWT_ALGORITHM) lists the accepted algorithms; the first signs. djangorestframework-jwt takes one.
	Algorithms []core.Algorithm
	// InsistOnKeyID (JWT_INSIST_ON_KID) refuses tokens without "kid" where keys have IDs. Otherwise each key is tried.
	InsistOnKeyID bool
	// TokenID (JWT_TOKEN_ID) says whether tokens have an ID.
	TokenID TokenIDRule
	// Audience (JWT_AUDIENCE) is written into "aud" and one of it must be there; empty, a token for any audience is refused. With
	// AudienceList even a single one is written as a list.
	Audience     []string
	AudienceList bool
	// Issuer (JWT_ISSUER) is written into "iss" and must be there. Empty neither writes nor checks.
	Issuer string
	// PayloadIncludeUserID (JWT_PAYLOAD_INCLUDE_USER_ID) writes "user_id". djangorestframework-jwt always does.
	PayloadIncludeUserID bool
	// VerifyExpiration (JWT_VERIFY_EXPIRATION) refuses expired tokens. Without it tokens never expire.
	VerifyExpiration bool
	// Leeway (JWT_LEEWAY) is how far clocks may differ: at most 10 minutes.
	Leeway time.Duration
	// ExpirationDelta (JWT_EXPIRATION_DELTA) is how long tokens and cookies are good: more than zero and at most 100 years.
	ExpirationDelta time.Duration
	// AllowRefresh (JWT_ALLOW_REFRESH) writes "orig_iat", without which no token can be refreshed.
	AllowRefresh bool
	// RefreshExpirationDelta (JWT_REFRESH_EXPIRATION_DELTA) is how long after the login tokens can be refreshed, to the second: at most
	// 100 years.
	RefreshExpirationDelta time.Duration
	// AuthHeaderPrefix (JWT_AUTH_HEADER_PREFIX) is the word before the token in the Authorization header, in any case. It stands in
	// WWW-Authenticate as it is here.
	AuthHeaderPrefix string
	// AuthCookie (JWT_AUTH_COOKIE) names the cookie that holds the token too, and ImpersonationCookie (JWT_IMPERSONATION_COOKIE) the one
	// for the token of a user who is impersonated, which goes before it. Empty means no such cookie.
	AuthCookie, ImpersonationCookie string
	// AuthCookieDomain (JWT_AUTH_COOKIE_DOMAIN), AuthCookiePath (JWT_AUTH_COOKIE_PATH), AuthCookieSecure (JWT_AUTH_COOKIE_SECURE) and
	// AuthCookieSameSite (JWT_AUTH_COOKIE_SAMESITE: "Lax", "Strict", "None", or empty) are the attributes of both cookies.
	AuthCookieDomain, AuthCookiePath, AuthCookieSameSite string
	AuthCookieSecure                                     bool
	// DeleteStaleBlacklistedTokens (JWT_DELETE_STALE_BLACKLISTED_TOKENS) forgets blacklisted tokens that have expired each time one is
	// blacklisted.
	DeleteStaleBlacklistedTokens bool
}

// NamedKey is one of several keys, and the key ID it goes by, or none.
type NamedKey struct {
	ID  string
	Key Secret
}

// TokenIDRule is a value of JWT_TOKEN_ID.
type TokenIDRule string

// The rules about token IDs.
const (
	// TokenIDOff gives tokens no "jti". The blacklist knows tokens by their text.
	TokenIDOff TokenIDRule = "off"
	// TokenIDInclude gives tokens one and takes tokens without. The blacklist knows them by either.
	TokenIDInclude TokenIDRule = "include"
	// TokenIDRequire refuses tokens without one where a token is verified, refreshed or blacklisted. The blacklist holds no token itself.
	TokenIDRequire TokenIDRule = "require"
)

// DefaultDRFJWTConfig returns the defaults of the package that a dialect names: [DjangoRESTFrameworkJWT], or else [DRFJWT].
func DefaultDRFJWTConfig(dialect Dialect) DRFJWTConfig {
	config := DRFJWTConfig{
		Algorithms:             []core.Algorithm{core.HS256},
		TokenID:                TokenIDInclude,
		PayloadIncludeUserID:   true,
		VerifyExpiration:       true,
		ExpirationDelta:        5 * time.Minute,
		AllowRefresh:           true,
		RefreshExpirationDelta: 7 * 24 * time.Hour,
		AuthHeaderPrefix:       "Bearer",
		AuthCookiePath:         "/",
		AuthCookieSameSite:     "Lax",
		AuthCookieSecure:       true,
	}
	if dialect == DjangoRESTFrameworkJWT {
		config.TokenID, config.AllowRefresh, config.AuthHeaderPrefix = TokenIDOff, false, "JWT"
		config.AuthCookieSameSite, config.AuthCookieSecure = "", false
	}
	return config
}

// validate checks everything but the keys.
func (c *DRFJWTConfig) validate() error {
	switch {
	case len(c.Algorithms) == 0:
		return settingError("JWT_ALGORITHM", "needs at least one algorithm")
	case !slices.Contains([]TokenIDRule{TokenIDOff, TokenIDInclude, TokenIDRequire}, c.TokenID):
		return settingError("JWT_TOKEN_ID", `must be "off", "include" or "require"`)
	case slices.Contains(c.Audience, ""):
		return settingError("JWT_AUDIENCE", "an audience is empty")
	case c.Leeway < 0 || c.Leeway > maximumLeeway:
		return settingError("JWT_LEEWAY", "must be 0 to 600 seconds")
	case c.ExpirationDelta <= 0 || c.ExpirationDelta > maximumLifetime:
		return settingError("JWT_EXPIRATION_DELTA", "must be more than zero and at most 100 years")
	case c.RefreshExpirationDelta < 0 || c.RefreshExpirationDelta > maximumLifetime:
		return settingError("JWT_REFRESH_EXPIRATION_DELTA", "must be at most 100 years, and not negative")
	case c.AuthHeaderPrefix == "" || !rest.IsPrintable(c.AuthHeaderPrefix) || strings.Contains(c.AuthHeaderPrefix, " "):
		return settingError("JWT_AUTH_HEADER_PREFIX", "must be a word of ASCII characters")
	}
	return c.validateCookies()
}

// validateCookies refuses what would break the line of a cookie, or make another one of it.
func (c *DRFJWTConfig) validateCookies() error {
	switch {
	case c.AuthCookie != "" && !isCookieName(c.AuthCookie):
		return settingError("JWT_AUTH_COOKIE", "is no name of a cookie")
	case c.ImpersonationCookie != "" && !isCookieName(c.ImpersonationCookie):
		return settingError("JWT_IMPERSONATION_COOKIE", "is no name of a cookie")
	case c.ImpersonationCookie != "" && c.ImpersonationCookie == c.AuthCookie:
		return settingError("JWT_IMPERSONATION_COOKIE", "is the name of the other cookie")
	case !isCookieAttribute(c.AuthCookieDomain):
		return settingError("JWT_AUTH_COOKIE_DOMAIN", "must be a domain, or null")
	case !isCookieAttribute(c.AuthCookiePath):
		return settingError("JWT_AUTH_COOKIE_PATH", "must be a path, or null")
	case !slices.Contains([]string{"", "lax", "strict", "none"}, strings.ToLower(c.AuthCookieSameSite)):
		return settingError("JWT_AUTH_COOKIE_SAMESITE", `must be "Lax", "Strict", "None" or null`)
	}
	return nil
}
