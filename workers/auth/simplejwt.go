package auth

import "github.com/jeton-dev/jeton/workers/auth/internal/rest"

// simplejwt speaks as djangorestframework-simplejwt does.
type simplejwt struct {
	*site
	settings SimpleJWTConfig
	codec    *codec
}

func newSimpleJWT(s *site) (*simplejwt, error) {
	settings := s.config.SimpleJWT
	if settings.SigningKey == "" {
		settings.SigningKey = s.config.SecretKey
	}
	if err := settings.validate(); err != nil {
		return nil, err
	}
	codec, err := newCodec(settings, s.config.PEMParser, s.host)
	if err != nil {
		return nil, err
	}
	return &simplejwt{site: s, settings: settings, codec: codec}, nil
}

// views implements dialect: the endpoints under the paths that the package's documentation gives them.
func (d *simplejwt) views() []view {
	return []view{
		{
			route: "token_obtain_pair", path: "/api/token/", name: "Token Obtain Pair", method: "POST",
			description: "Takes a username and a password and answers with a refresh token and an access token.",
			fields:      []rest.Field{{Name: "username"}, {Name: "password"}},
			answer:      d.obtainPair,
		},
		{
			route: "token_refresh", path: "/api/token/refresh/", name: "Token Refresh", method: "POST",
			description: "Takes a refresh token and answers with a new access token.",
			fields:      []rest.Field{{Name: "refresh"}, {Name: "access", ReadOnly: true}},
			answer:      d.refresh,
		},
		{
			route: "token_verify", path: "/api/token/verify/", name: "Token Verify", method: "POST",
			description: "Takes a token of any type and answers whether it is good.",
			fields:      []rest.Field{{Name: "token"}},
			answer:      d.verify,
		},
		d.meView(),
	}
}

// challenge implements dialect.
func (d *simplejwt) challenge() string { return d.settings.AuthHeaderTypes[0] + ` realm="api"` }

const codeInvalidToken = "token_not_valid"

// refuseToken returns the 401 of a token or header that is not good, with the code clients look at.
func refuseToken(detail, code string) *rest.Failure {
	return &rest.Failure{Status: 401, Body: rest.NewObject("detail", detail, "code", code)}
}
