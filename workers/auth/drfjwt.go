package auth

import (
	"math"
	"slices"

	"github.com/jeton-dev/jeton/core"
	"github.com/jeton-dev/jeton/workers/auth/internal/rest"
	"github.com/jeton-dev/jeton/workers/store"
)

// drfjwt speaks as drf-jwt or djangorestframework-jwt does.
type drfjwt struct {
	*site
	variant  *drfjwtVariant
	settings DRFJWTConfig
	policy   core.Policy
	signer   tokenSigner                 // the zero one where each user has a secret
	rings    map[core.Algorithm]*keyRing // of the accepted algorithms
	// blacklist says that tokens can be withdrawn.
	blacklist bool
}

// drfjwtBlacklistApp is the app of the table of withdrawn tokens.
const drfjwtBlacklistApp = "rest_framework_jwt.blacklist"

func newDRFJWT(s *site) (*drfjwt, error) {
	d := &drfjwt{site: s, variant: drfjwtVariants[s.config.Dialect], settings: s.config.DRFJWT}
	if len(d.settings.SecretKeys) == 0 && s.config.SecretKey != "" {
		d.settings.SecretKeys = []NamedKey{{Key: s.config.SecretKey}}
	}
	if err := d.settings.validate(); err != nil {
		return nil, err
	}
	if err := d.variant.validate(&d.settings); err != nil {
		return nil, err
	}
	if err := d.validateUserSecrets(); err != nil {
		return nil, err
	}
	d.policy = core.Policy{
		Audiences: d.settings.Audience, Leeway: d.settings.Leeway, AllowMissingExpiration: true, ExpirationGrace: d.variant.expirationGrace, Clock: s.host.Now,
	}
	if d.settings.Issuer != "" {
		d.policy.Issuers = []string{d.settings.Issuer}
	}
	if !d.settings.VerifyExpiration {
		d.policy.ExpirationGrace = math.MaxInt64
	}
	d.blacklist = s.config.Tables()&store.BlockedTokenTables != 0
	return d, d.prepareKeys()
}

// validate refuses what the package has no setting for.
func (v *drfjwtVariant) validate(c *DRFJWTConfig) error {
	if v.tokenIDs {
		return nil
	}
	several := func(keys []NamedKey) bool {
		return len(keys) > 1 || slices.ContainsFunc(keys, func(key NamedKey) bool { return key.ID != "" })
	}
	const one, none = "takes one, without an ID, in ", "is not a setting of "
	for _, check := range [...]struct {
		setting string
		wrong   bool
		problem string
	}{
		{"JWT_SECRET_KEY", several(c.SecretKeys), one},
		{"JWT_PRIVATE_KEY", several(c.PrivateKeys), one},
		{"JWT_PUBLIC_KEY", several(c.PublicKeys), one},
		{"JWT_ALGORITHM", len(c.Algorithms) > 1, one},
		{"JWT_INSIST_ON_KID", c.InsistOnKeyID, none},
		{"JWT_TOKEN_ID", c.TokenID != TokenIDOff, none},
		{"JWT_PAYLOAD_INCLUDE_USER_ID", !c.PayloadIncludeUserID, none},
		{"JWT_IMPERSONATION_COOKIE", c.ImpersonationCookie != "", none},
		{"JWT_DELETE_STALE_BLACKLISTED_TOKENS", c.DeleteStaleBlacklistedTokens, none},
	} {
		if check.wrong {
			return settingError(check.setting, "%s", check.problem+v.name)
		}
	}
	return nil
}

// validateUserSecrets refuses secrets of users that would never be asked for.
func (d *drfjwt) validateUserSecrets() error {
	switch {
	case d.config.Hooks.UserSecretKey == nil:
		return nil
	case !slices.ContainsFunc(d.settings.Algorithms, core.Algorithm.Symmetric):
		return settingError("JWT_GET_USER_SECRET_KEY", "is for HMAC, and JWT_ALGORITHM accepts none of it")
	case !d.variant.tokenIDs && len(d.settings.PrivateKeys)+len(d.settings.PublicKeys) > 0:
		return settingError("JWT_GET_USER_SECRET_KEY", "plays no part where there is JWT_PRIVATE_KEY or JWT_PUBLIC_KEY")
	}
	return nil
}

// views implements dialect: the endpoints under the paths that the packages' documentation gives them. Impersonation has none there, and
// is no view unless URLS names it; nor has the blacklist.
func (d *drfjwt) views() []view {
	token := []rest.Field{{Name: "token"}}
	views := []view{
		{
			route: "api-token-auth", path: "/api-token-auth/", name: "Obtain Json Web Token", method: "POST",
			description: "Takes a username and a password and answers with a token.",
			fields:      d.obtainFields(), answer: d.obtain,
		},
		{
			route: "api-token-refresh", path: "/api-token-refresh/", name: "Refresh Json Web Token", method: "POST",
			description: "Takes a good token and answers with a new one.",
			fields:      token, answer: d.refresh,
		},
		{
			route: "api-token-verify", path: "/api-token-verify/", name: "Verify Json Web Token", method: "POST",
			description: "Takes a token and answers with it when it is good.",
			fields:      token, answer: d.verify,
		},
		d.meView(),
	}
	if d.variant.tokenIDs {
		views = append(views, view{
			route: "api-token-impersonate", name: "Impersonate Json Web Token", method: "POST", protected: true, superusers: true,
			description: "Takes the primary key of a user and answers with a token of that user.",
			fields:      []rest.Field{{Name: "user", Kind: rest.Key}}, answer: d.impersonate,
		})
	}
	if d.blacklist {
		views = append(views, view{
			route: "api-token-blacklist", path: "/api-token-blacklist/", name: "Blacklist", method: "POST", protected: true,
			description: "Takes a token, or the one that the request carries, and makes it good for nothing.",
			fields:      []rest.Field{{Name: "token", Optional: true}}, answer: d.withdraw,
		})
	}
	return views
}

// credentialFields implements dialect.
func (d *drfjwt) credentialFields() []string { return []string{"Authorization", "Cookie"} }

// challenge implements dialect.
func (d *drfjwt) challenge() string { return d.settings.AuthHeaderPrefix + ` realm="api"` }

// refuseData is the 400 for a token that stands in a request's data.
func (d *drfjwt) refuseData(problem tokenProblem) *rest.Failure {
	return rest.RefuseData(d.variant.atEndpoints[problem])
}
