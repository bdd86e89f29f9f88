package auth_test

import (
	"context"
	"maps"
	"slices"
	"testing"

	"github.com/jeton-dev/jeton/workers/auth"
	"github.com/jeton-dev/jeton/workers/store"
)

// TestRequestFields holds the list against what is read: an answer must not depend on a field that is not in it.
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
			for _, field := range test.want {
				if !changesSomething(service, field) {
					t.Errorf("%s changes nothing", field)
				}
			}
		})
	}
}

// changesSomething reports whether a field makes any of some requests be answered otherwise.
func changesSomething(service *auth.Service, field string) bool {
	for _, value := range []string{"text/plain", "Bearer x", "true", "https://app.example"} {
		for _, method := range []string{"OPTIONS", "GET", "POST"} {
			without := &auth.Request{Method: method, Path: "/api/me/", Header: auth.Header{"Origin": {"https://other.example"}}}
			if method == "POST" {
				without.Path, without.Body = "/api/token/verify/", []byte("{}")
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
