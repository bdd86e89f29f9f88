package httpauth

import (
	"context"
	"net/http"

	"github.com/jeton-dev/jeton/workers/auth"
)

// Middleware returns what protects a handler: a request goes through only with a good access token of an existing, active user, and
// finds them by [IdentityFrom]. Any other request is answered as the dialect's authentication class and IsAuthenticated would: with 401
// mostly, 403 for a token that drf-jwt's blacklist holds, and 503 when the store or the host failed. Options change that.
func Middleware(service *auth.Service, options ...Option) func(http.Handler) http.Handler {
	guard := guard{authenticate: service.Authenticate}
	for _, option := range options {
		option(service, &guard)
	}
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			identity, refusal := guard.authenticate(r.Context(), newRequest(r))
			switch {
			case refusal == nil:
				r = r.WithContext(context.WithValue(r.Context(), identityKey{}, identity))
			case !guard.allowAnonymous || !refusal.NoCredentials():
				write(w, refusal)
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}

// Option changes what [Middleware] lets through.
type Option func(*auth.Service, *guard)

// guard is how requests are told apart.
type guard struct {
	authenticate   func(context.Context, *auth.Request) (*auth.Identity, *auth.Response)
	allowAnonymous bool
}

// Stateless believes the token alone and asks no store who the user is, as JWTStatelessUserAuthentication does: see
// [auth.Service.AuthenticateStateless].
func Stateless() Option {
	return func(service *auth.Service, g *guard) { g.authenticate = service.AuthenticateStateless }
}

// AllowAnonymous lets requests without credentials through too, without an identity. A request with a bad token is refused all the same.
func AllowAnonymous() Option {
	return func(_ *auth.Service, g *guard) { g.allowAnonymous = true }
}

// identityKey is the context key of the identity.
type identityKey struct{}

// IdentityFrom returns the identity that [Middleware] put into the context of a request, and whether there is one.
func IdentityFrom(ctx context.Context) (*auth.Identity, bool) {
	identity, ok := ctx.Value(identityKey{}).(*auth.Identity)
	return identity, ok
}
