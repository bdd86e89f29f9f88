package auth

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"strings"

	"github.com/jeton-dev/jeton/workers/auth/internal/rest"
	"github.com/jeton-dev/jeton/workers/store"
)

// Service answers the endpoints. It is safe for concurrent use if its store and its host are.
type Service struct {
	*site
	dialect dialect
	views   map[string]*view // by path
}

// New returns the service for a configuration. A configuration that cannot work is refused with a [*SettingError] that names the
// setting. A nil logger logs nothing.
//
// What is logged is that something failed and where, and refused logins with the address they came from; never a password, a token, a
// secret or a claim's value.
func New(config Config, users store.Store, host Host, logger *slog.Logger) (*Service, error) {
	if users == nil || host == nil {
		return nil, errors.New("auth: New needs a store and a host")
	}
	if err := config.validate(); err != nil {
		return nil, err
	}
	hashers, err := newHashers(&config, host)
	if err != nil {
		return nil, err
	}
	if logger == nil {
		logger = slog.New(slog.DiscardHandler)
	}
	shared := &site{config: config, users: users, host: host, logger: logger, hashers: hashers}
	if err := shared.setUpThrottle(); err != nil {
		return nil, err
	}
	s := &Service{site: shared}
	if s.dialect, err = newDialect(s.site); err != nil {
		return nil, err
	}
	accounts, err := s.accountViews(s.dialect)
	if err != nil {
		return nil, err
	}
	if s.views, err = routeViews(append(s.dialect.views(), accounts...), config.URLs); err != nil {
		return nil, err
	}
	return s, nil
}

// Serve answers one request. It always returns a response, also when something panics; ctx is handed to the store and the host.
func (s *Service) Serve(ctx context.Context, request *Request) (response *Response) {
	upper := *request
	upper.Method = strings.ToUpper(request.Method) // as Django does
	if response = s.config.CORS.preflight(&upper); response == nil {
		response = s.answer(ctx, &upper)
	}
	s.config.CORS.addHeaders(&upper, response)
	if upper.Method == "HEAD" {
		response.Body = nil
	}
	return response
}

func (s *Service) answer(ctx context.Context, request *Request) (response *Response) {
	defer s.recoverInto(ctx, &response)
	return s.route(ctx, request)
}

func (s *Service) route(ctx context.Context, request *Request) *Response {
	if v := s.views[request.Path]; v != nil {
		return s.serveView(ctx, v, request)
	}
	if slashed := request.Path + "/"; s.views[slashed] != nil {
		return redirect(slashed, request.RawQuery)
	}
	return respond(404, rest.NewObject("detail", "Not found."), 0)
}

// redirect sends the client to the path with a slash at its end, as Django's APPEND_SLASH does.
func redirect(path, query string) *Response {
	if query != "" {
		path += "?" + query
	}
	return &Response{Status: 301, Header: Header{"Content-Type": {"text/html; charset=utf-8"}, "Location": {path}}}
}

// serveView answers a request for one of the views: content negotiation, then the view's work, then the headers every answer has.
func (s *Service) serveView(ctx context.Context, v *view, request *Request) *Response {
	indent, failed := rest.Negotiate(request.Header.Values("Accept"), request.RawQuery)
	var answered answer
	if failed == nil {
		answered, failed = s.work(ctx, v, request)
	}
	var response *Response
	if failed != nil {
		response = s.refusal(failed, indent)
	} else {
		response = respond(answered.status, answered.body, indent)
		maps.Copy(response.Header, answered.header)
	}
	response.Header.Set("Allow", v.allow())
	return response
}

// work goes through the steps in the order that Django REST framework has them: authentication, permission, throttles, method, data,
// fields, answer.
func (s *Service) work(ctx context.Context, v *view, request *Request) (answer, *rest.Failure) {
	c := &call{request: request}
	var failed *rest.Failure
	if v.protected {
		if c.identity, failed = s.dialect.authenticate(ctx, request); failed != nil {
			return answer{}, failed
		}
	}
	if v.superusers && !c.identity.User.IsSuperuser {
		return answer{}, rest.Refuse(403, "You do not have permission to perform this action.")
	}
	if failed = s.throttleRequest(ctx, c); failed != nil {
		return answer{}, failed
	}
	if request.Method == "OPTIONS" {
		return ok(v.metadata()), nil
	}
	if !v.answers(request.Method) {
		return answer{}, rest.Refuse(405, `Method "`+rest.Latin1(request.Method)+`" not allowed.`)
	}
	if v.counts != nil {
		if failed := s.throttle(ctx, request, s.host.Now(), v.counts(c)); failed != nil {
			return answer{}, failed
		}
	}
	if v.fields != nil {
		if len(request.Body) > MaxBodyBytes {
			return answer{}, rest.Refuse(413, "Request body too large.")
		}
		values, failed := rest.ReadData(request.Body, request.Header.Get("Content-Type"))
		if failed != nil {
			return answer{}, failed
		}
		if c.values, failed = rest.ReadFields(ctx, values, v.fields); failed != nil {
			return answer{}, failed
		}
	}
	answered, failed := v.answer(ctx, c)
	if failed != nil {
		return answer{}, failed
	}
	return s.extend(ctx, v, c, answered)
}

// respond returns a response with a JSON body. Its form depends on the Accept header, which Vary says.
func respond(status int, body any, indent int) *Response {
	header := Header{"Content-Type": {"application/json"}, "Vary": {"Accept"}}
	return &Response{Status: status, Header: header, Body: rest.Render(body, indent)}
}

// refusal returns the response for a failure.
func (s *Service) refusal(failed *rest.Failure, indent int) *Response {
	response := respond(failed.Status, failed.Body, indent)
	maps.Copy(response.Header, failed.Header)
	if failed.Status == 401 {
		response.Header.Set("WWW-Authenticate", s.dialect.challenge())
	}
	return response
}

// Authenticate decides who sent a request to a protected route, as the authentication class of the dialect and IsAuthenticated do. It
// returns either an identity or the refusal to answer with.
func (s *Service) Authenticate(ctx context.Context, request *Request) (identity *Identity, refusal *Response) {
	return s.identify(ctx, request, s.dialect.authenticate)
}

// AuthenticateStateless decides as JWTStatelessUserAuthentication and IsAuthenticated do: by the token alone, without asking the store
// who the user is. That the user is gone, inactive or has another password by now goes unnoticed until the token expires. It is for
// services that share the key and not the users. Only djangorestframework-simplejwt has it; under another dialect it answers as
// [Service.Authenticate].
func (s *Service) AuthenticateStateless(ctx context.Context, request *Request) (identity *Identity, refusal *Response) {
	if stateless, ok := s.dialect.(statelessDialect); ok {
		return s.identify(ctx, request, stateless.authenticateStateless)
	}
	return s.Authenticate(ctx, request)
}

type authenticator func(context.Context, *Request) (*Identity, *rest.Failure)

func (s *Service) identify(ctx context.Context, request *Request, authenticate authenticator) (identity *Identity, refusal *Response) {
	defer s.recoverInto(ctx, &refusal)
	identity, failed := authenticate(ctx, request)
	if failed == nil {
		return identity, nil
	}
	// The route is not one of the service's: whether its own answer suits the Accept header is not for us to say.
	indent, _ := rest.Negotiate(request.Header.Values("Accept"), request.RawQuery)
	refusal = s.refusal(failed, indent)
	refusal.noCredentials = failed == noCredentials
	if request.Method == "HEAD" {
		refusal.Body = nil
	}
	return nil, refusal
}

// IssuePair returns a new refresh token and access token for a user as the store has it, as RefreshToken.for_user does: for a program that
// knows by other means than a password who somebody is. Whether the user is active is for the caller to decide. The refresh token is
// recorded as outstanding where the blacklist is on; a login is not. It fails when the store, the host or a hook does, under a dialect
// without such pairs, and with a [*SettingError] where there is no key to sign with.
func (s *Service) IssuePair(ctx context.Context, user store.User) (refresh, access string, err error) {
	dialect, ok := s.dialect.(pairDialect)
	if !ok {
		return "", "", errors.New("auth: the dialect has no pairs of tokens")
	}
	return dialect.issuePair(ctx, user)
}
