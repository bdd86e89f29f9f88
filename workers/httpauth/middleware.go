package httpauth

import (
	"context"
	"net/http"

	"github.com/jeton-dev/jeton/workers/auth"
)

// Middleware returns what protects a handler: a request goes through only with a good access token of an existing, active user, and
// finds them by [IdentityFrom]. Any other request is answered as JWTAuthentication and IsAuthenticated would, with 401 mostly and 503
// when the store or the host failed.
func Middleware(service *auth.Service) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			identity, refusal := service.Authenticate(r.Context(), newRequest(r))
			if refusal != nil {
				write(w, refusal)
				return
			}
			next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), identityKey{}, identity)))
		})
	}
}

// identityKey is the context key of the identity.
type identityKey struct{}

// IdentityFrom returns the identity that [Middleware] put into the context of a request, and whether there is one.
func IdentityFrom(ctx context.Context) (*auth.Identity, bool) {
	identity, ok := ctx.Value(identityKey{}).(*auth.Identity)
	return identity, ok
}
