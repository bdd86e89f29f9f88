package auth_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"github.com/jeton-dev/jeton/workers/auth"
	"github.com/jeton-dev/jeton/workers/store"
)

// TestDRFJWTNothingLeaks sends every case to every site, good and bad, and failures on top, and searches log and answers for what must
// not be there.
func TestDRFJWTNothingLeaks(t *testing.T) {
	for _, site := range drfjwtSites() {
		t.Run(site.name, func(t *testing.T) {
			var log bytes.Buffer
			f := newDRFJWTFixture(t, site, nil)
			cases := site.cases(f)
			secrets := []string{f.password, f.secret(), "eyJ", "pbkdf2_sha256$", "alice", "nobody", fixedID, testKeys()["secret"].private, testKeys()["old secret"].private, "PRIVATE KEY"}
			send := func(users store.Store) {
				service, err := auth.New(f.config, users, f.host, slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})))
				if err != nil {
					t.Fatal(err)
				}
				for _, c := range cases {
					body := string(service.Serve(context.Background(), c.request()).Body)
					for _, secret := range []string{f.password, f.secret(), "PRIVATE KEY"} {
						if strings.Contains(body, secret) {
							t.Errorf("%s: the answer holds a secret", c.name)
						}
					}
				}
			}
			send(f.users)
			send(breaking{f.users})
			f.users.Close()
			send(f.users)
			for _, phrase := range []string{"unavailable", "panic"} {
				if !strings.Contains(log.String(), phrase) {
					t.Errorf("the log has no %q: the test does not reach it", phrase)
				}
			}
			for _, secret := range secrets {
				if at := strings.Index(log.String(), secret); at >= 0 {
					t.Errorf("the log holds %q: …%s", secret, log.String()[max(0, at-200):at])
				}
			}
		})
	}
}

// FuzzServeDRFJWT sends requests of any kind to a site that has all there is. Each must be answered as the contract allows, in JSON, and
// without a failure inside; and nothing but a login, a refresh or a superuser gets a token of somebody.
func FuzzServeDRFJWT(f *testing.F) {
	var failures int
	site := drfjwtSite{name: "fuzzed", settings: `"JWT_AUTH_COOKIE":"jwt-auth","JWT_IMPERSONATION_COOKIE":"jwt-imp"`}
	fixture := newDRFJWTFixture(f, site, nil)
	var err error
	if fixture.service, err = auth.New(fixture.config, fixture.users, fixture.host, slog.New(countErrors{slog.DiscardHandler, &failures})); err != nil {
		f.Fatal(err)
	}
	for _, site := range drfjwtSites() {
		if site.dialect != "" || site.tokenHeader != "" {
			continue
		}
		for _, c := range site.cases(fixture) {
			fields := map[string]string{}
			for _, field := range c.header {
				fields[field[0]] = field[1]
			}
			f.Add(c.method, c.path, c.query, fields["Content-Type"], fields["Authorization"], fields["Cookie"], []byte(c.body))
		}
	}
	_, secretPart, _ := strings.Cut(fixture.password, " ") // is the same however it is encoded
	statuses := []int{200, 201, 301, 400, 401, 403, 404, 405, 406, 413, 415}
	f.Fuzz(func(t *testing.T, method, path, query, contentType, authorization, cookie string, body []byte) {
		request := &auth.Request{Method: method, Path: path, RawQuery: query, Body: body, Header: auth.Header{"Content-Type": {contentType}, "Authorization": {authorization}, "Cookie": {cookie}}}
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
		if response.Status == 201 && !bytes.Contains(body, []byte(secretPart)) && !bytes.Contains(body, []byte("eyJ")) && !strings.Contains(authorization+cookie, "eyJ") {
			t.Fatalf("a token for nothing: %s", response.Body)
		}
	})
}
