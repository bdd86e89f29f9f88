package auth

import (
	"slices"
	"strings"
	"time"

	"github.com/jeton-dev/jeton/core"
	"github.com/jeton-dev/jeton/workers/auth/internal/rest"
)

// SimpleJWTConfig is the settings of djangorestframework-simplejwt. [DefaultSimpleJWTConfig] makes one; the zero value is not usable.
type SimpleJWTConfig struct {
	// AccessTokenLifetime (ACCESS_TOKEN_LIFETIME) and RefreshTokenLifetime (REFRESH_TOKEN_LIFETIME) say how long tokens are good: more
	// than zero and at most 100 years.
	AccessTokenLifetime, RefreshTokenLifetime time.Duration
	// Algorithm (ALGORITHM) signs and verifies all tokens.
	Algorithm core.Algorithm
	// SigningKey (SIGNING_KEY) is the HMAC secret, as text, or an asymmetric private key as PEM or JWK. Empty means SECRET_KEY. A "kid" in a JWK is written into
	// the header of every token.
	SigningKey Secret
	// VerifyingKey (VERIFYING_KEY) is the public key as PEM or JWK. Empty means the public half of SigningKey. HMAC ignores it.
	VerifyingKey Secret
	// Audience (AUDIENCE) is written into "aud" and one of it must be there. Empty neither writes nor checks. With AudienceList even a
	// single one is written as a list.
	Audience     []string
	AudienceList bool
	// Issuer (ISSUER) is written into "iss" and must be there. Empty neither writes nor checks.
	Issuer string
	// Leeway (LEEWAY) is how far clocks may differ: at most 10 minutes.
	Leeway time.Duration
	// AuthHeaderTypes (AUTH_HEADER_TYPES) lists the accepted words before the token, case-sensitive. The first stands in WWW-Authenticate.
	AuthHeaderTypes []string
	// AuthHeaderName (AUTH_HEADER_NAME) is the header field with the token, by its HTTP name.
	AuthHeaderName string
	// UserIDClaim (USER_ID_CLAIM) names the claim with the user's primary key.
	UserIDClaim string
	// TokenTypeClaim (TOKEN_TYPE_CLAIM) and JTIClaim (JTI_CLAIM) name those claims. Empty (null) neither writes nor checks them.
	TokenTypeClaim, JTIClaim string
	// CheckUserIsActive (CHECK_USER_IS_ACTIVE) refuses inactive users on refresh and on protected views. No inactive user logs in.
	CheckUserIsActive bool
	// UpdateLastLogin (UPDATE_LAST_LOGIN) records when a user logs in.
	UpdateLastLogin bool
}

// DefaultSimpleJWTConfig returns the package's defaults.
func DefaultSimpleJWTConfig() SimpleJWTConfig {
	return SimpleJWTConfig{
		AccessTokenLifetime:  5 * time.Minute,
		RefreshTokenLifetime: 24 * time.Hour,
		Algorithm:            core.HS256,
		AuthHeaderTypes:      []string{"Bearer"},
		AuthHeaderName:       "Authorization",
		UserIDClaim:          "user_id",
		TokenTypeClaim:       "token_type",
		JTIClaim:             "jti",
		CheckUserIsActive:    true,
	}
}

const (
	maximumLifetime = 100 * 365 * 24 * time.Hour
	maximumLeeway   = 10 * time.Minute
)

// validate checks everything but the keys.
func (c *SimpleJWTConfig) validate() error {
	const outOfRange = "must be more than zero and at most 100 years"
	switch {
	case c.AccessTokenLifetime <= 0 || c.AccessTokenLifetime > maximumLifetime:
		return settingError("ACCESS_TOKEN_LIFETIME", outOfRange)
	case c.RefreshTokenLifetime <= 0 || c.RefreshTokenLifetime > maximumLifetime:
		return settingError("REFRESH_TOKEN_LIFETIME", outOfRange)
	case slices.Contains(c.Audience, ""):
		return settingError("AUDIENCE", "an audience is empty")
	case c.Leeway < 0 || c.Leeway > maximumLeeway:
		return settingError("LEEWAY", "must be 0 to 600 seconds")
	case len(c.AuthHeaderTypes) == 0:
		return settingError("AUTH_HEADER_TYPES", "needs at least one type")
	case slices.ContainsFunc(c.AuthHeaderTypes, func(t string) bool { return t == "" || !rest.IsPrintable(t) || strings.Contains(t, " ") }):
		return settingError("AUTH_HEADER_TYPES", "a type must be a word of ASCII characters")
	case c.AuthHeaderName == "" || strings.Trim(c.AuthHeaderName, headerNameCharacters) != "":
		return settingError("AUTH_HEADER_NAME", `must be a header's name in WSGI's form, such as "HTTP_AUTHORIZATION"`)
	case c.UserIDClaim == "":
		return settingError("USER_ID_CLAIM", "must not be empty")
	}
	return c.validateClaimNames()
}

const headerNameCharacters = "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// validateClaimNames refuses claim names that would overwrite another claim of the token.
func (c *SimpleJWTConfig) validateClaimNames() error {
	taken := []string{"exp", "iat", "nbf", "aud", "iss"}
	for _, claim := range [...]struct{ setting, name string }{
		{"TOKEN_TYPE_CLAIM", c.TokenTypeClaim}, {"JTI_CLAIM", c.JTIClaim}, {"USER_ID_CLAIM", c.UserIDClaim},
	} {
		if slices.Contains(taken, claim.name) {
			return settingError(claim.setting, "the claim of that name is another one")
		}
		if claim.name != "" {
			taken = append(taken, claim.name)
		}
	}
	return nil
}
