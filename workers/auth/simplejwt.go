package auth

import (
	"slices"

	"github.com/jeton-dev/jeton/workers/auth/internal/rest"
)

// simplejwt speaks as djangorestframework-simplejwt does.
type simplejwt struct {
	*site
	settings SimpleJWTConfig
	codec    *codec
	// blacklist says that refresh and sliding tokens are kept as outstanding and can be blacklisted.
	blacklist bool
}

func newSimpleJWT(s *site) (*simplejwt, error) {
	settings := s.config.SimpleJWT
	if err := settings.validate(); err != nil {
		return nil, err
	}
	codec, err := newCodec(settings, &s.config, s.host)
	if err != nil {
		return nil, err
	}
	blacklist := s.config.hasApp(simplejwtBlacklistApp)
	if blacklist && settings.JTIClaim == "" {
		return nil, settingError("JTI_CLAIM", "the blacklist knows tokens by it: name the claim, or give INSTALLED_APPS without %s", simplejwtBlacklistApp)
	}
	return &simplejwt{site: s, settings: settings, codec: codec, blacklist: blacklist}, nil
}

// views implements dialect: the endpoints under the paths that the package's documentation gives them. Without a key to sign with there
// are those alone that make no token.
func (d *simplejwt) views() []view {
	if !d.codec.canSign() {
		return append(d.checkingViews(), d.meView())
	}
	return slices.Concat(d.pairViews(), d.checkingViews(), d.slidingViews(), []view{d.meView()})
}

func (d *simplejwt) checkingViews() []view {
	return []view{
		{
			route: "token_verify", path: "/api/token/verify/", name: "Token Verify", method: "POST",
			description: "Takes a token of any type and answers whether it is good.",
			fields:      []rest.Field{{Name: "token"}},
			answer:      d.verify,
		},
		{
			route: "token_blacklist", path: "/api/token/blacklist/", name: "Token Blacklist", method: "POST",
			description: "Takes a refresh token and makes it good for nothing.",
			fields:      []rest.Field{{Name: "refresh"}},
			answer:      d.blacklistToken,
		},
	}
}

func (d *simplejwt) pairViews() []view {
	return []view{
		{
			route: "token_obtain_pair", path: "/api/token/", name: "Token Obtain Pair", method: "POST",
			description: "Takes a username and a password and answers with a refresh token and an access token.",
			fields:      d.loginFields(),
			answer:      d.obtainPair,
		},
		{
			route: "token_refresh", path: "/api/token/refresh/", name: "Token Refresh", method: "POST",
			description: "Takes a refresh token and answers with a new access token.",
			fields:      []rest.Field{{Name: "refresh"}, {Name: "access", ReadOnly: true}},
			answer:      d.refresh,
		},
	}
}

// slidingViews are there by themselves where sliding tokens open protected routes, and otherwise where URLS names them.
func (d *simplejwt) slidingViews() []view {
	obtain, refresh := "", ""
	if slices.Contains(d.settings.AuthTokenClasses, SlidingToken) {
		obtain, refresh = "/api/token/sliding/", "/api/token/sliding/refresh/"
	}
	return []view{
		{
			route: "token_obtain_sliding", path: obtain, name: "Token Obtain Sliding", method: "POST",
			description: "Takes a username and a password and answers with a sliding token.",
			fields:      d.loginFields(),
			answer:      d.obtainSliding,
		},
		{
			route: "token_refresh_sliding", path: refresh, name: "Token Refresh Sliding", method: "POST",
			description: "Takes a sliding token and answers with it for a new while.",
			fields:      []rest.Field{{Name: "token"}},
			answer:      d.refreshSliding,
		},
	}
}

// credentialFields implements dialect.
func (d *simplejwt) credentialFields() []string { return []string{d.settings.AuthHeaderName} }

// challenge implements dialect.
func (d *simplejwt) challenge() string { return d.settings.AuthHeaderTypes[0] + ` realm="api"` }

const codeInvalidToken = "token_not_valid"

// refuseToken returns the 401 of a token or header that is not good, with the code clients look at.
func refuseToken(detail, code string) *rest.Failure {
	return &rest.Failure{Status: 401, Body: rest.NewObject("detail", detail, "code", code)}
}
