package auth_test

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/jeton-dev/jeton/workers/auth"
	"github.com/jeton-dev/jeton/workers/store"
)

// otherFields are some that requests bring or a service might look at.
var otherFields = []string{
	"Accept", "Accept-Charset", "Accept-Encoding", "Accept-Language", "Access-Control-Request-Headers", "Access-Control-Request-Method",
	"Access-Control-Request-Private-Network", "Authorization", "Content-Encoding", "Content-Length", "Content-Type", "Cookie", "Forwarded",
	"Host", "If-Match", "If-None-Match", "Origin", "Range", "Referer", "User-Agent", "X-Csrftoken", "X-Forwarded-For", "X-Forwarded-Host",
	"X-Forwarded-Proto", "X-Http-Method-Override", "X-Requested-With", "X-Token",
}

// TestRequestFields holds the list against what is read: an answer depends on each field in it, and on no other.
func TestRequestFields(t *testing.T) {
	cors := auth.DefaultCORSConfig()
	cors.AllowAllOrigins, cors.AllowPrivateNetwork = true, true
	for name, test := range map[string]struct {
		change func(*auth.Config)
		want   []string
	}{
		"simplejwt": {func(*auth.Config) {}, []string{"Accept", "Authorization", "Content-Type"}},
		"another header": {
			func(c *auth.Config) { c.SimpleJWT.AuthHeaderName = "X-Token" },
			[]string{"Accept", "Content-Type", "X-Token"},
		},
		"drf-jwt": {
			func(c *auth.Config) { c.Dialect, c.DRFJWT.AuthCookie = auth.DRFJWT, "session" },
			[]string{"Accept", "Authorization", "Content-Type", "Cookie"},
		},
		"CORS": {
			func(c *auth.Config) { c.CORS = &cors },
			[]string{"Accept", "Access-Control-Request-Method", "Access-Control-Request-Private-Network", "Authorization", "Content-Type", "Origin"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			config := auth.DefaultConfig()
			config.SecretKey = "0123456789abcdef0123456789abcdef"
			test.change(&config)
			service, err := auth.New(config, store.NewMemory(), auth.NativeHost(), nil)
			if err != nil {
				t.Fatal(err)
			}
			if got := service.RequestFields(); !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
			for _, field := range otherFields {
				if listed := slices.Contains(test.want, field); changesSomething(service, field) != listed {
					t.Errorf("%s changes something: %t, listed: %t", field, !listed, listed)
				}
			}
		})
	}
}

// changesSomething reports whether a field makes any of some requests be answered otherwise.
func changesSomething(service *auth.Service, field string) bool {
	for _, value := range []string{"text/plain", "Bearer x", "JWT x", "session=x", "true", "https://app.example"} {
		for _, method := range []string{"OPTIONS", "GET", "POST"} {
			without := &auth.Request{Method: method, Path: "/api/me/", Header: auth.Header{"Origin": {"https://other.example"}}}
			if method == "POST" {
				paths := service.Paths()
				without.Path = paths[slices.IndexFunc(paths, func(path string) bool { return strings.Contains(path, "verify") })]
				without.Body = []byte("{}")
			}
			with := *without
			with.Header = maps.Clone(without.Header)
			with.Header.Set(field, value)
			delete(without.Header, field)
			if differ(service.Serve(context.Background(), without), service.Serve(context.Background(), &with)) {
				return true
			}
		}
	}
	return false
}

func differ(a, b *auth.Response) bool {
	if a.Status != b.Status || string(a.Body) != string(b.Body) || len(a.Header) != len(b.Header) {
		return true
	}
	for name, values := range a.Header {
		if !slices.Equal(values, b.Header[name]) {
			return true
		}
	}
	return false
}
