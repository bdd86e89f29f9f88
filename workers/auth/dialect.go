package auth

import (
	"context"

	"github.com/jeton-dev/jeton/workers/auth/internal/rest"
	"github.com/jeton-dev/jeton/workers/store"
)

// Dialect names one of Django's JWT packages, whose paths, bodies and tokens the service speaks.
type Dialect string

// The dialects.
const (
	// SimpleJWT is djangorestframework-simplejwt, with the settings SIMPLE_JWT.
	SimpleJWT Dialect = "simplejwt"
	// DRFJWT is drf-jwt, which Styria maintained, with the settings JWT_AUTH.
	DRFJWT Dialect = "drf-jwt"
	// DjangoRESTFrameworkJWT is djangorestframework-jwt, jpadilla's, that drf-jwt came out of, with the settings JWT_AUTH.
	DjangoRESTFrameworkJWT Dialect = "djangorestframework-jwt"
)

// dialect is how the service speaks one of Django's JWT packages.
type dialect interface {
	// views returns the endpoints.
	views() []view
	// authenticate decides who sent a request to a protected route.
	authenticate(ctx context.Context, request *Request) (*Identity, *rest.Failure)
	// credentialFields are the header fields that authenticate looks at.
	credentialFields() []string
	// challenge is the WWW-Authenticate field of every 401.
	challenge() string
	// canIssue reports whether there is a key to make tokens with.
	canIssue() bool
	// grant answers a user who has proved who they are with new tokens, of the kind that the request came with.
	grant(ctx context.Context, c *call, user *store.User) (answer, *rest.Failure)
}

// noCredentials is what authenticate returns for a request that carries none.
var noCredentials = rest.Refuse(401, "Authentication credentials were not provided.")

// statelessDialect is a dialect that can tell who sent a request by the token alone.
type statelessDialect interface {
	authenticateStateless(ctx context.Context, request *Request) (*Identity, *rest.Failure)
}

// pairDialect is a dialect whose logins give a refresh token and an access token.
type pairDialect interface {
	issuePair(ctx context.Context, user store.User) (refresh, access string, err error)
}

// newDialect returns the configured dialect, or a [*SettingError].
func newDialect(s *site) (dialect, error) {
	switch s.config.Dialect {
	case SimpleJWT:
		return newSimpleJWT(s)
	case DRFJWT, DjangoRESTFrameworkJWT:
		return newDRFJWT(s)
	}
	return nil, settingError("JWT_DIALECT", "is not a dialect")
}
