package auth_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/jeton-dev/jeton/workers/auth"
	"github.com/jeton-dev/jeton/workers/store"
)

// TestFindUser logs in by e-mail address.
func TestFindUser(t *testing.T) {
	users := store.NewMemory()
	f := newFixture(t, options{users: users, config: func(c *auth.Config) {
		c.Hooks.FindUser = func(ctx context.Context, login string) (store.User, error) { return users.UserBy(ctx, "email", login) }
	}})
	if response := f.post(pathToken, map[string]string{"username": "alice@example.com", "password": f.password}); response.Status != 200 {
		t.Errorf("by e-mail: %d %s", response.Status, response.Body)
	}
	f.host.derivations = nil
	expect(t, f.post(pathToken, map[string]string{"username": "alice", "password": f.password}), 401, badLogin)
	if !slices.Equal(f.host.derivations, []int{iterations}) {
		t.Errorf("an unknown address costs derivations of %v iterations", f.host.derivations)
	}
	f.config.Hooks.FindUser = func(context.Context, string) (store.User, error) { return store.User{}, errors.New("away") }
	var told []string
	f.config.Hooks.OnUnavailable = func(_ context.Context, operation string, err error) {
		told = append(told, fmt.Sprint(operation, ": ", err))
	}
	f.service = f.rebuild()
	expect(t, f.post(pathToken, map[string]string{"username": "alice", "password": f.password}), 503, unavailable)
	if !slices.Equal(told, []string{"look up a user by name: away"}) {
		t.Errorf("OnUnavailable was told %q", told)
	}
}

// TestUsernameField logs in by e-mail address, under that name.
func TestUsernameField(t *testing.T) {
	for _, dialect := range []string{``, `,"JWT_DIALECT":"drf-jwt"`, `,"JWT_DIALECT":"djangorestframework-jwt"`} {
		f := newFixture(t, options{})
		config, err := auth.ParseConfig([]byte(fmt.Sprintf(`{"SECRET_KEY":%q,"PASSWORD_ITERATIONS":%d,"USERNAME_FIELD":"email"%s}`, vectorSecret, iterations, dialect)))
		if err != nil {
			t.Fatal(err)
		}
		f.config = config
		f.service = f.rebuild()
		path := pathToken
		if dialect != "" {
			path = "/api-token-auth/"
		}
		if response := f.post(path, map[string]string{"email": "alice@example.com", "password": f.password}); response.Status/100 != 2 {
			t.Errorf("%s: by e-mail %d %s", dialect, response.Status, response.Body)
		}
		for _, body := range []map[string]string{{"username": "alice", "password": f.password}, {"password": f.password}} {
			response := f.post(path, body)
			if response.Status != 400 || string(response.Body) != `{"email":["This field is required."]}` {
				t.Errorf("%s: %d %s", dialect, response.Status, response.Body)
			}
		}
		for _, email := range []string{"alice", "Alice@example.com"} {
			if response := f.post(path, map[string]string{"email": email, "password": f.password}); response.Status != 401 && response.Status != 400 {
				t.Errorf("%s: as %s %d %s", dialect, email, response.Status, response.Body)
			}
		}
		if response := f.serve("OPTIONS", path, "", ""); !strings.Contains(string(response.Body), `"email":{"type":"string","required":true,"read_only":false,"label":"Email"}`) {
			t.Errorf("%s: %s", dialect, response.Body)
		}
		if _, err := f.users.AddUser(t.Context(), store.User{Username: "other", Email: "alice@example.com", IsActive: true}); err != nil {
			t.Fatal(err)
		}
		if response := f.post(path, map[string]string{"email": "alice@example.com", "password": f.password}); response.Status != 401 && response.Status != 400 {
			t.Errorf("%s: as one of two %d %s", dialect, response.Status, response.Body)
		}
	}
}

// TestLoginEvents keeps an audit log and looks for what must not be in it.
func TestLoginEvents(t *testing.T) {
	var events []string
	record := func(kind string) func(context.Context, auth.LoginEvent) {
		return func(_ context.Context, e auth.LoginEvent) {
			if e.Request.Body != nil || e.User != nil && e.User.Password != "" {
				t.Errorf("%s: the event holds a password", kind)
			}
			events = append(events, fmt.Sprint(kind, " ", e.Username, " ", e.User, " ", e.Request.RemoteAddress))
		}
	}
	f := newFixture(t, options{config: func(c *auth.Config) {
		c.Hooks.OnLoginSuccess, c.Hooks.OnLoginFailed = record("success"), record("failed")
	}})
	f.login()
	f.post(pathToken, map[string]string{"username": "gone", "password": f.password})
	f.post(pathToken, map[string]string{"username": "alice"})
	want := []string{`success alice user 1 "alice" 192.0.2.1:1024`, `failed gone <nil> 192.0.2.1:1024`}
	if !slices.Equal(events, want) {
		t.Errorf("got  %q\nwant %q", events, want)
	}
}

// TestResponsePayload changes answers.
func TestResponsePayload(t *testing.T) {
	var views []string
	f := newFixture(t, options{config: func(c *auth.Config) {
		c.Hooks.ResponsePayload = func(_ context.Context, request auth.PayloadRequest, payload *auth.Payload) error {
			views = append(views, request.View)
			if request.Request.Body != nil {
				t.Error("the hook sees the request's body")
			}
			if request.View == "token_obtain_pair" {
				*payload = auth.Payload{{Name: "user", Value: auth.Payload{{Name: "name", Value: request.User.Username}, {Name: "roles", Value: []any{"a", 1, nil}}}}}
			}
			if request.View == "token_verify" {
				*payload = append(*payload, auth.Member{Name: "rate", Value: 1.5})
			}
			return nil
		}
	}})
	expect(t, f.post(pathToken, map[string]string{"username": "alice", "password": f.password}), 200, `{"user":{"name":"alice","roles":["a",1,null]}}`)
	expect(t, f.post(pathToken, map[string]string{"username": "alice", "password": "x"}), 401, badLogin)
	expect(t, f.post(pathVerify, map[string]string{"token": f.token(f.claims("access", nil))}), 503, unavailable)
	f.me("Bearer " + f.token(f.claims("access", nil)))
	if want := []string{"token_obtain_pair", "token_verify", "me"}; !slices.Equal(views, want) {
		t.Errorf("asked for %q, want %q", views, want)
	}
}

// TestURLs moves a view and switches one off.
func TestURLs(t *testing.T) {
	f := newFixture(t, options{})
	f.configure(`{"URLS": {"token_verify": "/auth/check/", "token_refresh": null}}`)
	token := f.token(f.claims("access", nil))
	expect(t, f.post("/auth/check/", map[string]string{"token": token}), 200, `{}`)
	for _, path := range []string{pathVerify, pathRefresh} {
		if response := f.post(path, map[string]string{"token": token}); response.Status != 404 {
			t.Errorf("%s answers %d", path, response.Status)
		}
	}
	if response := f.serve("GET", "/auth/check", "", ""); response.Status != 301 {
		t.Errorf("without the slash: %d", response.Status)
	}
	if response := f.me("Bearer " + token); response.Status != 200 {
		t.Errorf("a view that was not moved answers %d", response.Status)
	}
}

// configure rebuilds the service with settings beside those it has.
func (f *fixture) configure(settings string) {
	f.t.Helper()
	changed, err := auth.ParseConfig([]byte(settings))
	if err != nil {
		f.t.Fatal(err)
	}
	f.config.URLs, f.config.InstalledApps = changed.URLs, changed.InstalledApps
	f.service = f.rebuild()
}

func TestSiteSettingErrors(t *testing.T) {
	for settings, want := range map[string]string{
		`{"INSTALLED_APPS": "rest_framework"}`:                                "INSTALLED_APPS: must be a list of texts",
		`{"USERNAME_FIELD": "password"}`:                                      "USERNAME_FIELD: must be the name of a column: letters, digits and underscores, and not password",
		`{"USERNAME_FIELD": "e mail"}`:                                        "USERNAME_FIELD: must be the name of a column: letters, digits and underscores, and not password",
		`{"USERNAME_FIELD": ""}`:                                              "USERNAME_FIELD: must be text that is not empty",
		`{"URLS": []}`:                                                        "URLS: must be an object of paths, or null, by the names of views",
		`{"URLS": {"token_verify": ""}}`:                                      "URLS: a path must be text that is not empty, or null",
		`{"URLS": {"token_verify": "auth/"}}`:                                 "URLS: the path of token_verify must begin with / and be a path alone",
		`{"URLS": {"token_verify": "/a?b"}}`:                                  "URLS: the path of token_verify must begin with / and be a path alone",
		`{"URLS": {"no_view": "/a/"}}`:                                        `URLS: there is no view of the name "no_view"`,
		`{"URLS": {"token_obtain_pair": "/a/", "token_verify": "/a/"}}`:       "URLS: token_obtain_pair and token_verify have one path",
		`{"URLS": {"token_verify": "/api/token/"}}`:                           "URLS: token_obtain_pair and token_verify have one path",
		`{"URLS": {"token_verify": "/api/token/", "token_obtain_pair":null}}`: "",
		`{"INSTALLED_APPS": [], "URLS": {}}`:                                  "",
	} {
		config, err := auth.ParseConfig([]byte(settings))
		if err == nil {
			config.SecretKey = vectorSecret
			_, err = auth.New(config, store.NewMemory(), auth.NativeHost(), nil)
		}
		var wrong *auth.SettingError
		if got := fmt.Sprint(err); want == "" && err != nil || want != "" && (got != want || !errors.As(err, &wrong)) {
			t.Errorf("%s: got %v, want %q", settings, err, want)
		}
	}
}

func ExampleHooks_responsePayload() {
	config := auth.DefaultConfig()
	config.SecretKey = vectorSecret
	config.Hooks.ResponsePayload = func(_ context.Context, request auth.PayloadRequest, payload *auth.Payload) error {
		if request.View == "token_verify" {
			*payload = append(*payload, auth.Member{Name: "good", Value: true})
		}
		return nil
	}
	service, err := auth.New(config, store.NewMemory(), auth.NativeHost(), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	body, _ := json.Marshal(map[string]string{"token": vectorAccess})
	header := auth.Header{"Content-Type": {"application/json"}}
	response := service.Serve(context.Background(), &auth.Request{Method: "POST", Path: "/api/token/verify/", Header: header, Body: body})
	fmt.Println(string(response.Body))
	// Output: {"good":true}
}
