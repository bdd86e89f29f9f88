package auth_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/jeton-dev/jeton/workers/auth"
	"github.com/jeton-dev/jeton/workers/store"
)

// corsHeaders are the header fields of CORS, by what is left of their names behind "Access-Control-".
var corsHeaders = []string{"Allow-Origin", "Allow-Credentials", "Allow-Headers", "Allow-Methods", "Allow-Private-Network", "Expose-Headers", "Max-Age"}

// corsOf returns the header fields of CORS in a response, as "Name: value" with "; " between them.
func corsOf(response *auth.Response) string {
	var fields []string
	for _, name := range corsHeaders {
		if value := response.Header.Get("Access-Control-" + name); value != "" {
			fields = append(fields, name+": "+value)
		}
	}
	return strings.Join(fields, "; ")
}

func TestCORS(t *testing.T) {
	const (
		app, other = "https://app.example.com", "https://other.example.com"
		listed     = `"CORS_ALLOWED_ORIGINS": ["` + app + `"]`
		told       = "; Allow-Headers: accept, authorization, content-type, user-agent, x-csrftoken, x-requested-with; Allow-Methods: DELETE, GET, OPTIONS, PATCH, POST, PUT"
	)
	from := func(origin string) auth.Header { return auth.Header{"Origin": {origin}} }
	preflight := func(origin string) auth.Header {
		return auth.Header{"Origin": {origin}, "Access-Control-Request-Method": {"POST"}, "Access-Control-Request-Private-Network": {"true"}}
	}
	for _, test := range []struct {
		name, site, method string
		header             auth.Header
		vary, cors         string
		asked              bool // it is an answer to a preflight request
	}{
		{"no settings", ``, "GET", from(app), "Accept", "", false},
		{"no settings, preflight", ``, "OPTIONS", preflight(app), "Accept", "", false},
		{"allowed", listed, "GET", from(app), "Accept, origin", "Allow-Origin: " + app, false},
		{"another", listed, "GET", from(other), "Accept, origin", "", false},
		{"longer", listed, "GET", from(app + ".test"), "Accept, origin", "", false},
		{"upper case", listed, "GET", from("https://APP.example.com"), "Accept, origin", "", false},
		{"no origin", listed, "GET", nil, "Accept, origin", "", false},
		{"no such path", listed, "POST", from(app), "Accept, origin", "Allow-Origin: " + app, false},
		{"preflight", listed, "OPTIONS", preflight(app), "origin", "Allow-Origin: " + app + told + "; Max-Age: 86400", true},
		{"preflight in lower case", listed, "options", preflight(app), "origin", "Allow-Origin: " + app + told + "; Max-Age: 86400", true},
		{"preflight of another", listed, "OPTIONS", preflight(other), "origin", "", true},
		{"OPTIONS", listed, "OPTIONS", from(app), "Accept, origin", "Allow-Origin: " + app + told + "; Max-Age: 86400", false},
		{"credentials", listed + `, "CORS_ALLOW_CREDENTIALS": true`, "GET", from(app), "Accept, origin", "Allow-Origin: " + app + "; Allow-Credentials: true", false},
		{"all", `"CORS_ALLOW_ALL_ORIGINS": true`, "GET", from(other), "Accept, origin", "Allow-Origin: *", false},
		{"all with credentials", `"CORS_ALLOW_ALL_ORIGINS": true, "CORS_ALLOW_CREDENTIALS": true`, "GET", from(other), "Accept, origin",
			"Allow-Origin: " + other + "; Allow-Credentials: true", false},
		{"none", `"CORS_ALLOWED_ORIGINS": ["null"]`, "GET", from("null"), "Accept, origin", "Allow-Origin: null", false},
		{"pattern", `"CORS_ALLOWED_ORIGIN_REGEXES": ["https://\\w+\\.example\\.com$"]`, "GET", from(app), "Accept, origin", "Allow-Origin: " + app, false},
		{"pattern in the middle", `"CORS_ALLOWED_ORIGIN_REGEXES": ["https://\\w+\\.example\\.com$"]`, "GET", from("evil://" + app), "Accept, origin", "", false},
		{"former names", `"CORS_ORIGIN_WHITELIST": ["` + app + `"], "CORS_ORIGIN_ALLOW_ALL": false, "CORS_ORIGIN_REGEX_WHITELIST": []`, "GET", from(app), "Accept, origin", "Allow-Origin: " + app, false},
		{"all there is", listed + `, "CORS_ALLOW_METHODS": ["GET", "POST"], "CORS_ALLOW_HEADERS": ["x-own"], "CORS_EXPOSE_HEADERS": ["retry-after", "etag"],
			"CORS_PREFLIGHT_MAX_AGE": 0, "CORS_ALLOW_PRIVATE_NETWORK": true`, "OPTIONS", preflight(app), "origin",
			"Allow-Origin: " + app + "; Allow-Headers: x-own; Allow-Methods: GET, POST; Allow-Private-Network: true; Expose-Headers: retry-after, etag", true},
		{"paths", listed + `, "CORS_URLS_REGEX": "^/api/"`, "GET", from(app), "Accept, origin", "Allow-Origin: " + app, false},
		{"other paths", listed + `, "CORS_URLS_REGEX": "/other/"`, "GET", from(app), "Accept", "", false},
		{"other paths, preflight", listed + `, "CORS_URLS_REGEX": "/other/"`, "OPTIONS", preflight(app), "Accept", "", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := newFixture(t, options{site: test.site})
			path := pathVerify
			if test.name == "no such path" {
				path = "/api/nowhere/"
			}
			response := f.service.Serve(t.Context(), &auth.Request{Method: test.method, Path: path, Header: test.header})
			if got := response.Header.Get("Vary"); got != test.vary {
				t.Errorf("Vary is %q, want %q", got, test.vary)
			}
			if got := corsOf(response); got != test.cors {
				t.Errorf("got  %s\nwant %s", got, test.cors)
			}
			if asked := response.Status == 200 && len(response.Body) == 0; asked != test.asked {
				t.Errorf("the answer is %d %s", response.Status, response.Body)
			}
		})
	}
}

// TestCORSOfFailures lets the page see why a request failed.
func TestCORSOfFailures(t *testing.T) {
	for name, hook := range map[string]func(context.Context, string) (store.User, error){
		"error": func(context.Context, string) (store.User, error) { return store.User{}, errors.New("away") },
		"panic": func(context.Context, string) (store.User, error) { panic("a secret value") },
	} {
		f := newFixture(t, options{site: `"CORS_ALLOW_ALL_ORIGINS": true`, config: func(c *auth.Config) { c.Hooks.FindUser = hook }})
		request := &auth.Request{
			Method: "POST", Path: pathToken, Body: []byte(`{"username":"a","password":"b"}`),
			Header: auth.Header{"Origin": {"https://app.example.com"}, "Content-Type": {"application/json"}},
		}
		if response := f.service.Serve(t.Context(), request); response.Status < 500 || corsOf(response) != "Allow-Origin: *" {
			t.Errorf("%s: %d with %q", name, response.Status, corsOf(response))
		}
	}
}

func TestCORSSettings(t *testing.T) {
	for settings, problem := range map[string]string{
		`"CORS_ALLOWED_ORIGINS": "https://app.example.com"`:    "CORS_ALLOWED_ORIGINS: must be a list of origins",
		`"CORS_ALLOWED_ORIGINS": ["app.example.com"]`:          "CORS_ALLOWED_ORIGINS: must be a list of origins",
		`"CORS_ALLOWED_ORIGINS": ["https://app.example.com/"]`: "CORS_ALLOWED_ORIGINS: must be a list of origins",
		`"CORS_ALLOWED_ORIGINS": ["https://a@app.example"]`:    "CORS_ALLOWED_ORIGINS: must be a list of origins",
		`"CORS_ALLOWED_ORIGINS": ["https://app.example\r\n"]`:  "CORS_ALLOWED_ORIGINS: must be a list of origins",
		`"CORS_ALLOWED_ORIGINS": ["*"]`:                        "CORS_ALLOWED_ORIGINS: must be a list of origins",
		`"CORS_ALLOWED_ORIGINS": [1]`:                          "CORS_ALLOWED_ORIGINS: must be a list of origins",
		`"CORS_ALLOWED_ORIGIN_REGEXES": ["(?=x)"]`:             "CORS_ALLOWED_ORIGIN_REGEXES: must be a list of regular expressions",
		`"CORS_ALLOWED_ORIGIN_REGEXES": "x"`:                   "CORS_ALLOWED_ORIGIN_REGEXES: must be a list of regular expressions",
		`"CORS_ALLOWED_ORIGIN_REGEXES": [1]`:                   "CORS_ALLOWED_ORIGIN_REGEXES: must be a list of regular expressions",
		`"CORS_URLS_REGEX": "("`:                               "CORS_URLS_REGEX: must be a regular expression",
		`"CORS_URLS_REGEX": null`:                              "CORS_URLS_REGEX: must be a regular expression",
		`"CORS_ALLOW_ALL_ORIGINS": "True"`:                     "CORS_ALLOW_ALL_ORIGINS: must be true or false",
		`"CORS_ALLOW_METHODS": "GET"`:                          "CORS_ALLOW_METHODS: must be a list of names",
		`"CORS_ALLOW_HEADERS": ["a, b"]`:                       "CORS_ALLOW_HEADERS: must be a list of names",
		`"CORS_EXPOSE_HEADERS": ["a\n"]`:                       "CORS_EXPOSE_HEADERS: must be a list of names",
		`"CORS_PREFLIGHT_MAX_AGE": -1`:                         "CORS_PREFLIGHT_MAX_AGE: must be a number of seconds",
		`"CORS_PREFLIGHT_MAX_AGE": "5"`:                        "CORS_PREFLIGHT_MAX_AGE: must be a number of seconds",
		`"CORS_ALLOW_ALL": true`:                               "CORS_ALLOW_ALL: is not a setting of django-cors-headers",
	} {
		var setting *auth.SettingError
		_, err := auth.ParseConfig([]byte("{" + settings + "}"))
		if !errors.As(err, &setting) || !strings.HasPrefix(err.Error(), problem) {
			t.Errorf("%s gives %v, want %s", settings, err, problem)
		}
	}
}
