package main

import (
	"net/http"
	"strings"
	"testing"
)

func TestCORS(t *testing.T) {
	const app, other = "https://app.example.com", "https://other.example.com"
	preflight := func(origin, headers string) http.Header {
		return http.Header{"Origin": {origin}, "Access-Control-Request-Method": {"POST"}, "Access-Control-Request-Headers": {headers}}
	}
	for _, test := range []struct {
		name, settings string
		method, path   string
		header         http.Header
		status         int
		origin         string // Access-Control-Allow-Origin
		more           map[string]string
	}{
		{"nothing configured", `{}`, "GET", "/api/me/", http.Header{"Origin": {app}}, 401, "", map[string]string{"Vary": "Accept"}},
		{"nothing configured, preflight", `{}`, "OPTIONS", "/api/token/", preflight(app, "content-type"), 200, "", nil},
		{"an allowed origin", `{"CORS_ALLOWED_ORIGINS": ["` + app + `"]}`, "GET", "/api/me/", http.Header{"Origin": {app}}, 401, app,
			map[string]string{"Vary": "Origin|Accept", "Access-Control-Allow-Credentials": "", "WWW-Authenticate": `Bearer realm="api"`}},
		{"another origin", `{"CORS_ALLOWED_ORIGINS": ["` + app + `"]}`, "GET", "/api/me/", http.Header{"Origin": {other}}, 401, "", map[string]string{"Vary": "Origin|Accept"}},
		{"no origin", `{"CORS_ALLOWED_ORIGINS": ["` + app + `"]}`, "GET", "/api/me/", nil, 401, "", map[string]string{"Vary": "Origin|Accept"}},
		{"preflight", `{"CORS_ALLOWED_ORIGINS": ["` + app + `"], "CORS_ALLOW_CREDENTIALS": true}`, "OPTIONS", "/api/token/", preflight(app, "authorization,content-type"), 200, app,
			map[string]string{"Access-Control-Allow-Methods": "POST", "Access-Control-Allow-Headers": "authorization,content-type",
				"Access-Control-Allow-Credentials": "true", "Access-Control-Max-Age": "86400"}},
		{"preflight of another origin", `{"CORS_ALLOWED_ORIGINS": ["` + app + `"]}`, "OPTIONS", "/api/token/", preflight(other, "content-type"), 200, "",
			map[string]string{"Access-Control-Allow-Methods": ""}},
		{"preflight with a header that is not allowed", `{"CORS_ALLOWED_ORIGINS": ["` + app + `"]}`, "OPTIONS", "/api/token/", preflight(app, "x-other"), 200, "", nil},
		{"a header of one's own", `{"CORS_ALLOWED_ORIGINS": ["` + app + `"], "CORS_ALLOW_HEADERS": ["x-other"]}`, "OPTIONS", "/api/token/", preflight(app, "x-other"), 200, app, nil},
		{"OPTIONS without a preflight", `{"CORS_ALLOWED_ORIGINS": ["` + app + `"]}`, "OPTIONS", "/api/token/", http.Header{"Origin": {app}}, 200, app, map[string]string{"Allow": "POST, OPTIONS"}},
		{"all origins", `{"CORS_ALLOW_ALL_ORIGINS": true}`, "GET", "/api/me/", http.Header{"Origin": {other}}, 401, "*", nil},
		{"all origins with credentials", `{"CORS_ALLOW_ALL_ORIGINS": true, "CORS_ALLOW_CREDENTIALS": true}`, "GET", "/api/me/", http.Header{"Origin": {other}}, 401, other,
			map[string]string{"Access-Control-Allow-Credentials": "true"}},
		{"a pattern", `{"CORS_ALLOWED_ORIGIN_REGEXES": ["^https://\\w+\\.example\\.com$"]}`, "GET", "/api/me/", http.Header{"Origin": {app}}, 401, app, nil},
		{"a pattern for another", `{"CORS_ALLOWED_ORIGIN_REGEXES": ["https://app\\.example\\.com$"]}`, "GET", "/api/me/", http.Header{"Origin": {"https://evil.test/https://app.example.com"}}, 401, "", nil},
		{"former names", `{"CORS_ORIGIN_WHITELIST": ["` + app + `"], "CORS_EXPOSE_HEADERS": ["retry-after"]}`, "GET", "/api/me/", http.Header{"Origin": {app}}, 401, app,
			map[string]string{"Access-Control-Expose-Headers": "Retry-After"}},
		{"a path of theirs", `{"CORS_ALLOWED_ORIGINS": ["` + app + `"], "CORS_URLS_REGEX": "^/api/.*$"}`, "GET", "/api/me/", http.Header{"Origin": {app}}, 401, app, nil},
		{"a path of others", `{"CORS_ALLOWED_ORIGINS": ["` + app + `"], "CORS_URLS_REGEX": "/other/"}`, "GET", "/api/me/", http.Header{"Origin": {app}}, 401, "", map[string]string{"Vary": "Accept"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := serveWith(t, t.TempDir(), []string{"JETON_CONFIG=" + test.settings})
			response, _ := get(t, test.method, s.url+test.path, test.header)
			if got := response.Header.Get("Access-Control-Allow-Origin"); response.StatusCode != test.status || got != test.origin {
				t.Errorf("got %d, allowed origin %q", response.StatusCode, got)
			}
			for name, want := range test.more {
				if got := strings.Join(response.Header.Values(name), "|"); got != want {
					t.Errorf("%s is %q, want %q", name, got, want)
				}
			}
			s.stop(t)
		})
	}
}

func TestBadCORS(t *testing.T) {
	for settings, reason := range map[string]string{
		`{"CORS_ALLOWED_ORIGINS": "https://app.example.com"}`:      "CORS_ALLOWED_ORIGINS: must be a list of origins",
		`{"CORS_ALLOWED_ORIGINS": ["app.example.com"]}`:            "CORS_ALLOWED_ORIGINS: must be a list of origins",
		`{"CORS_ALLOWED_ORIGINS": ["https://app.example.com/"]}`:   "CORS_ALLOWED_ORIGINS: must be a list of origins",
		`{"CORS_ALLOWED_ORIGINS": ["*"]}`:                          "CORS_ALLOWED_ORIGINS: must be a list of origins",
		`{"CORS_ALLOWED_ORIGINS": [1]}`:                            "CORS_ALLOWED_ORIGINS: must be a list of origins",
		`{"CORS_ALLOWED_ORIGIN_REGEXES": ["(?=x)"]}`:               "CORS_ALLOWED_ORIGIN_REGEXES: must be a list of regular expressions",
		`{"CORS_ALLOWED_ORIGIN_REGEXES": "x"}`:                     "CORS_ALLOWED_ORIGIN_REGEXES: must be a list of regular expressions",
		`{"CORS_URLS_REGEX": "("}`:                                 "CORS_URLS_REGEX: must be a regular expression",
		`{"CORS_ALLOW_ALL_ORIGINS": "True"}`:                       "CORS_ALLOW_ALL_ORIGINS: must be true or false",
		`{"CORS_ALLOW_METHODS": []}`:                               "CORS_ALLOW_METHODS: must be a list of names",
		`{"CORS_ALLOW_HEADERS": ["a, b"]}`:                         "CORS_ALLOW_HEADERS: must be a list of names",
		`{"CORS_PREFLIGHT_MAX_AGE": -1}`:                           "CORS_PREFLIGHT_MAX_AGE: must be a number of seconds",
		`{"CORS_REPLACE_HTTPS_REFERER": true}`:                     "CORS_REPLACE_HTTPS_REFERER: is not a setting of django-cors-headers",
		`{"CORS_ALLOW_CREDENTIALS": true, "SIMPLE_JWT": {"X": 1}}`: "X: is not a setting of SIMPLE_JWT",
	} {
		got := jetonWith(t, t.TempDir(), "", []string{"JETON_CONFIG=" + settings}, "serve", "--check")
		refused(t, got, statusUsage, "jeton: JETON_CONFIG: "+reason)
	}
}
