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
	// AccessTokenLifetime (ACCESS_TOKEN_LIFETIME), RefreshTokenLifetime (REFRESH_TOKEN_LIFETIME) and SlidingTokenLifetime
	// (SLIDING_TOKEN_LIFETIME) say how long tokens are good: more than zero and at most 100 years.
	AccessTokenLifetime, RefreshTokenLifetime, SlidingTokenLifetime time.Duration
	// SlidingTokenRefreshLifetime (SLIDING_TOKEN_REFRESH_LIFETIME) says how long after its login a sliding token can be refreshed, within
	// the same bounds.
	SlidingTokenRefreshLifetime time.Duration
	// RotateRefreshTokens (ROTATE_REFRESH_TOKENS) answers a refresh with a new refresh token too. BlacklistAfterRotation
	// (BLACKLIST_AFTER_ROTATION) blacklists the old one, so that it is good for one refresh, and lets the verify endpoint refuse
	// blacklisted tokens. Both do so only where the blacklist is on.
	RotateRefreshTokens, BlacklistAfterRotation bool
	// Algorithm (ALGORITHM) signs and verifies all tokens.
	Algorithm core.Algorithm
	// SigningKey (SIGNING_KEY) is the HMAC secret, as text, or an asymmetric private key as PEM or JWK. Empty means SECRET_KEY. A "kid" in
	// a JWK is written into the header of every token. Where there is none and VerifyingKey or JWKURL says what to verify with, no token
	// can be made, and there are no views that would.
	SigningKey Secret
	// VerifyingKey (VERIFYING_KEY) is the public key as PEM or JWK. Empty means the public half of SigningKey. HMAC ignores it.
	VerifyingKey Secret
	// JWKURL (JWK_URL) is where the JWK Set is published whose keys verify tokens, by the "kid" in their header. It goes before
	// VerifyingKey, and needs [Config].RemoteKeys. HMAC ignores it.
	JWKURL string
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
	// AuthTokenClasses (AUTH_TOKEN_CLASSES) lists the kinds of token that open protected routes.
	AuthTokenClasses []TokenClass
	// UserIDClaim (USER_ID_CLAIM) names the claim that says whose a token is, and UserIDField (USER_ID_FIELD) the field of the user that
	// it holds: "id" or "pk", which both are the primary key whatever its column, "username" or "email". Where more than one user has
	// the value, none counts as found.
	UserIDClaim, UserIDField string
	// UserIDAsNumber (USER_ID_AS_NUMBER, no setting of Django's) writes an ID of digits as a number, as versions up to 5.5.0 did. Both
	// forms are always read.
	UserIDAsNumber bool
	// TokenTypeClaim (TOKEN_TYPE_CLAIM) and JTIClaim (JTI_CLAIM) name those claims. Empty (null) neither writes nor checks them.
	TokenTypeClaim, JTIClaim string
	// SlidingTokenRefreshExpClaim (SLIDING_TOKEN_REFRESH_EXP_CLAIM) names the claim that says how long a sliding token can be refreshed.
	SlidingTokenRefreshExpClaim string
	// CheckUserIsActive (CHECK_USER_IS_ACTIVE) refuses inactive users on refresh and on protected views. No inactive user logs in.
	CheckUserIsActive bool
	// CheckRevokeToken (CHECK_REVOKE_TOKEN) writes a fingerprint of the user's stored password hash into the claim that RevokeTokenClaim
	// (REVOKE_TOKEN_CLAIM) names, and refuses tokens on refresh and on protected views once the password is another.
	CheckRevokeToken bool
	RevokeTokenClaim string
	// UpdateLastLogin (UPDATE_LAST_LOGIN) records when a user logs in.
	UpdateLastLogin bool
}

// DefaultSimpleJWTConfig returns the package's defaults.
func DefaultSimpleJWTConfig() SimpleJWTConfig {
	return SimpleJWTConfig{
		AccessTokenLifetime:         5 * time.Minute,
		RefreshTokenLifetime:        24 * time.Hour,
		SlidingTokenLifetime:        5 * time.Minute,
		SlidingTokenRefreshLifetime: 24 * time.Hour,
		Algorithm:                   core.HS256,
		AuthHeaderTypes:             []string{"Bearer"},
		AuthHeaderName:              "Authorization",
		AuthTokenClasses:            []TokenClass{AccessToken},
		UserIDClaim:                 "user_id",
		UserIDField:                 "id",
		TokenTypeClaim:              "token_type",
		JTIClaim:                    "jti",
		SlidingTokenRefreshExpClaim: "refresh_exp",
		CheckUserIsActive:           true,
		RevokeTokenClaim:            "hash_password",
	}
}

const (
	maximumLifetime = 100 * 365 * 24 * time.Hour
	maximumLeeway   = 10 * time.Minute
)

// validate checks everything but the keys.
func (c *SimpleJWTConfig) validate() error {
	for setting, lifetime := range map[string]time.Duration{
		"ACCESS_TOKEN_LIFETIME": c.AccessTokenLifetime, "REFRESH_TOKEN_LIFETIME": c.RefreshTokenLifetime,
		"SLIDING_TOKEN_LIFETIME": c.SlidingTokenLifetime, "SLIDING_TOKEN_REFRESH_LIFETIME": c.SlidingTokenRefreshLifetime,
	} {
		if lifetime <= 0 || lifetime > maximumLifetime {
			return settingError(setting, "must be more than zero and at most 100 years")
		}
	}
	switch {
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
	case len(c.AuthTokenClasses) == 0:
		return settingError("AUTH_TOKEN_CLASSES", "needs at least one class")
	case slices.ContainsFunc(c.AuthTokenClasses, func(class TokenClass) bool { return !class.known() }):
		return settingError("AUTH_TOKEN_CLASSES", "there are the classes AccessToken, RefreshToken, SlidingToken and UntypedToken")
	case c.UserIDClaim == "":
		return settingError("USER_ID_CLAIM", "must not be empty")
	case c.UserIDAsNumber && (c.UserIDClaim == "sub" || c.UserIDClaim == "jti"):
		return settingError("USER_ID_AS_NUMBER", "the claim %s must be text, or no token with it would be accepted", c.UserIDClaim)
	case userFields[c.UserIDField] == nil:
		return settingError("USER_ID_FIELD", `must be "id" or "pk", which are the primary key whatever its name, "username" or "email"`)
	case c.SlidingTokenRefreshExpClaim == "":
		return settingError("SLIDING_TOKEN_REFRESH_EXP_CLAIM", "must not be empty")
	case c.RevokeTokenClaim == "":
		return settingError("REVOKE_TOKEN_CLAIM", "must not be empty")
	}
	return c.validateClaimNames()
}

const headerNameCharacters = "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// validateClaimNames refuses claim names that would overwrite another claim of the token.
func (c *SimpleJWTConfig) validateClaimNames() error {
	taken := []string{"exp", "iat", "nbf", "aud", "iss"}
	for _, claim := range [...]struct{ setting, name string }{
		{"TOKEN_TYPE_CLAIM", c.TokenTypeClaim}, {"JTI_CLAIM", c.JTIClaim}, {"USER_ID_CLAIM", c.UserIDClaim},
		{"SLIDING_TOKEN_REFRESH_EXP_CLAIM", c.SlidingTokenRefreshExpClaim}, {"REVOKE_TOKEN_CLAIM", c.RevokeTokenClaim},
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
