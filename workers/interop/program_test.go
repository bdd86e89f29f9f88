package interop

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/jeton-dev/jeton/core"
	"github.com/jeton-dev/jeton/core/keys"
	"github.com/jeton-dev/jeton/workers/auth"
	"github.com/jeton-dev/jeton/workers/httpauth"
	"github.com/jeton-dev/jeton/workers/store"
	"github.com/jeton-dev/jeton/workers/store/sqlite"
)

// startProgram serves what a Go program makes of the packages: the endpoints, routes of its own behind the middleware, which are those of
// site/views.py, and hooks that do what site/handlers.py does.
func startProgram(t *testing.T, settings []byte, database string, hooks string) *target {
	t.Helper()
	config := must[auth.Config](t)(auth.ParseConfig(settings))
	config.PEMParser = keys.ParsePEM
	users := must[*store.SQL](t)(sqlite.Open(t.Context(), database, store.UserModel{}))
	t.Cleanup(func() { users.Close() })
	config.Hooks = programHooks[hooks](config.SecretKey)
	service := must[*auth.Service](t)(auth.New(config, users, auth.NativeHost(), slog.New(slog.DiscardHandler)))
	server := httptest.NewServer(programRoutes(service))
	t.Cleanup(server.Close)
	return &target{name: "Go program", address: strings.TrimPrefix(server.URL, "http://"), query: openSQLite(t, database)}
}

func programRoutes(service *auth.Service) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", httpauth.Handler(service))
	mux.Handle("/open/", asView(httpauth.Middleware(service, httpauth.AllowAnonymous()), func(identity *auth.Identity) any {
		if identity == nil {
			return map[string]string{"username": ""}
		}
		return map[string]string{"username": identity.User.Username}
	}))
	mux.Handle("/stateless/", asView(httpauth.Middleware(service, httpauth.Stateless()), func(identity *auth.Identity) any {
		return struct {
			ID          string `json:"id"`
			Username    string `json:"username"`
			IsStaff     bool   `json:"is_staff"`
			IsSuperuser bool   `json:"is_superuser"`
		}{identity.User.ID, identity.User.Username, identity.User.IsStaff, identity.User.IsSuperuser}
	}))
	return mux
}

// asView makes a route that answers as a view of REST framework does to GET.
func asView(middleware func(http.Handler) http.Handler, answer func(*auth.Identity) any) http.Handler {
	protected := middleware(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		identity, _ := httpauth.IdentityFrom(r.Context())
		body, _ := json.Marshal(answer(identity))
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Vary", "Accept")
		w.Write(body)
	}))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Allow", "GET, HEAD, OPTIONS") // which a site knows, and the middleware does not
		protected.ServeHTTP(w, r)
	})
}

// programHooks are the hooks by what a list calls them, for a site with a secret.
var programHooks = map[string]func(secret auth.Secret) auth.Hooks{
	"no hooks": func(auth.Secret) auth.Hooks { return auth.Hooks{} },
	"simplejwt": func(auth.Secret) auth.Hooks {
		return auth.Hooks{
			AuthenticationRule: func(user *store.User) bool { return user.IsActive && user.IsStaff },
			Claims: func(_ context.Context, request auth.ClaimsRequest, claims *core.Claims) error {
				if request.TokenType == "refresh" && !request.Refresh {
					claims.Set("username", request.User.Username).Set("is_staff", request.User.IsStaff)
				}
				return nil
			},
			ResponsePayload: addUsername("token_obtain_pair"),
		}
	},
	"drf-jwt": func(secret auth.Secret) auth.Hooks {
		return auth.Hooks{
			UserSecretKey: func(_ context.Context, user *store.User) (auth.Secret, error) {
				return auth.Secret(fmt.Sprintf("%x", sha256.Sum256([]byte(user.Password+string(secret))))), nil
			},
			UsernameFromPayload: func(claims *core.Object) string {
				username, _ := claims.Get("username")
				text, _ := username.Text()
				return strings.TrimPrefix(text, "site:")
			},
			Claims: func(_ context.Context, request auth.ClaimsRequest, claims *core.Claims) error {
				claims.Set("email", request.User.Email)
				return nil
			},
			ResponsePayload: addUsername("api-token-auth", "api-token-refresh", "api-token-verify"),
		}
	},
}

// addUsername adds the user's name to the answers of views.
func addUsername(views ...string) func(context.Context, auth.PayloadRequest, *auth.Payload) error {
	return func(_ context.Context, request auth.PayloadRequest, payload *auth.Payload) error {
		for _, view := range views {
			if request.View == view {
				*payload = append(*payload, auth.Member{Name: "username", Value: request.User.Username})
			}
		}
		return nil
	}
}
