package auth

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"strings"

	"github.com/jeton-dev/jeton/workers/store"
)

// Service answers the endpoints. It is safe for concurrent use if its store and its host are.
type Service struct {
	config Config
	codec  *codec
	users  store.Store
	host   Host
	logger *slog.Logger
	views  map[string]*view // by path
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
	codec, err := newCodec(config, host)
	if err != nil {
		return nil, err
	}
	if logger == nil {
		logger = slog.New(slog.DiscardHandler)
	}
	s := &Service{config: config, codec: codec, users: users, host: host, logger: logger, views: make(map[string]*view)}
	for i := range simplejwtViews {
		s.views[simplejwtViews[i].path] = &simplejwtViews[i]
	}
	return s, nil
}

// Serve answers one request. It always returns a response, also when something panics; ctx is handed to the store and the host.
func (s *Service) Serve(ctx context.Context, request *Request) (response *Response) {
	defer s.recoverInto(ctx, &response)
	upper := *request
	upper.Method = strings.ToUpper(request.Method) // as Django does
	response = s.route(ctx, &upper)
	if upper.Method == "HEAD" {
		response.Body = nil
	}
	return response
}

func (s *Service) route(ctx context.Context, request *Request) *Response {
	if v := s.views[request.Path]; v != nil {
		return s.serveView(ctx, v, request)
	}
	if slashed := request.Path + "/"; s.views[slashed] != nil {
		return redirect(slashed, request.RawQuery)
	}
	return respond(404, object{{"detail", "Not found."}}, 0)
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
	indent, failed := negotiate(request)
	var body object
	if failed == nil {
		body, failed = s.work(ctx, v, request)
	}
	response := respond(200, body, indent)
	if failed != nil {
		response = s.refusal(failed, indent)
	}
	response.Header.Set("Allow", v.allow())
	return response
}

// work goes through the steps in the order that Django REST framework has them: authentication, method, data, fields, answer.
func (s *Service) work(ctx context.Context, v *view, request *Request) (object, *failure) {
	c := &call{request: request}
	var failed *failure
	if v.protected {
		if c.identity, failed = s.authenticate(ctx, request); failed != nil {
			return nil, failed
		}
	}
	if request.Method == "OPTIONS" {
		return v.metadata(), nil
	}
	if !v.answers(request.Method) {
		return nil, refuse(405, `Method "`+latin1(request.Method)+`" not allowed.`)
	}
	if v.fields != nil {
		values, failed := readData(request)
		if failed != nil {
			return nil, failed
		}
		if c.values, failed = readFields(values, v.fields); failed != nil {
			return nil, failed
		}
	}
	return v.answer(s, ctx, c)
}

// respond returns a response with a JSON body. Its form depends on the Accept header, which Vary says.
func respond(status int, body object, indent int) *Response {
	header := Header{"Content-Type": {"application/json"}, "Vary": {"Accept"}}
	return &Response{Status: status, Header: header, Body: render(body, indent)}
}

// refusal returns the response for a failure.
func (s *Service) refusal(failed *failure, indent int) *Response {
	response := respond(failed.status, failed.body, indent)
	maps.Copy(response.Header, failed.header)
	if failed.status == 401 {
		response.Header.Set("WWW-Authenticate", s.config.AuthHeaderTypes[0]+` realm="api"`)
	}
	return response
}
