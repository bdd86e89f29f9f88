package auth_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"github.com/jeton-dev/jeton/workers/auth"
)

// countErrors is a log handler that counts lines of level Error: failures and panics.
type countErrors struct {
	slog.Handler
	count *int
}

func (countErrors) Enabled(_ context.Context, level slog.Level) bool { return level >= slog.LevelError }

func (c countErrors) Handle(context.Context, slog.Record) error {
	*c.count++
	return nil
}

// FuzzServe sends requests of any kind. Each must be answered as the contract allows, in JSON, and without a failure inside.
func FuzzServe(f *testing.F) {
	var failures int
	settings := rotation + `,"CHECK_REVOKE_TOKEN":true,"AUTH_TOKEN_CLASSES":["rest_framework_simplejwt.tokens.SlidingToken","rest_framework_simplejwt.tokens.AccessToken"]`
	fixture := newFixture(f, options{settings: settings, site: accounts, logger: slog.New(countErrors{slog.DiscardHandler, &failures}), config: func(c *auth.Config) {
		c.RESTFramework.ThrottleRates = nil // so that every request gets as far as it can
	}})
	var cases []wireCase
	for _, site := range wireSites() {
		cases = append(cases, site.wireCases(fixture)...)
	}
	for _, c := range cases {
		var contentType, accept, authorization string
		for _, field := range c.header {
			switch field[0] {
			case "Content-Type":
				contentType = field[1]
			case "Accept":
				accept = field[1]
			case "Authorization":
				authorization = field[1]
			}
		}
		f.Add(c.method, c.path, c.query, contentType, accept, authorization, []byte(c.body))
	}
	statuses := []int{200, 201, 301, 400, 401, 404, 405, 406, 413, 415}
	f.Fuzz(func(t *testing.T, method, path, query, contentType, accept, authorization string, body []byte) {
		request := &auth.Request{Method: method, Path: path, RawQuery: query, Body: body, Header: auth.Header{"Content-Type": {contentType}, "Accept": {accept}, "Authorization": {authorization}}}
		response := fixture.service.Serve(context.Background(), request)
		if !slices.Contains(statuses, response.Status) || failures > 0 {
			t.Fatalf("status %d, %d failures", response.Status, failures)
		}
		if strings.ToUpper(method) == "HEAD" || response.Status == 301 {
			if len(response.Body) > 0 {
				t.Fatalf("a body: %q", response.Body)
			}
		} else if !json.Valid(response.Body) {
			t.Fatalf("not JSON: %q", response.Body)
		}
	})
}
