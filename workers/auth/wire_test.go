package auth_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log/slog"
	"regexp"
	"strings"
	"testing"

	"github.com/jeton-dev/jeton/workers/auth"
	"github.com/jeton-dev/jeton/workers/store"
)

// wireCase is a request and the answer to it, byte for byte. TestWire asks the service; TestDjango asks Django, where it is installed,
// so that the answers written down here stay true.
type wireCase struct {
	name         string
	method, path string
	query        string
	header       [][2]string
	body         string
	status       int
	want         string // with tokens and descriptions as normalise leaves them
	differs      string // why Django's answer is another one
	noView       bool   // no view answers: the headers of views are not asked for
}

// wireSite is a site and the requests to it, in their order: what one changes the next ones see.
type wireSite struct {
	name string
	// settings are members of SIMPLE_JWT, for both; site are ours beside it.
	settings, site string
	// withoutBlacklist takes the blacklist app out of Django's INSTALLED_APPS; site says the same to us.
	withoutBlacklist bool
	cases            []func(*fixture) []wireCase
}

// wireSites are all sites. The first is one with the package's defaults.
func wireSites() []wireSite {
	return append([]wireSite{{name: "default", cases: []func(*fixture) []wireCase{
		(*fixture).loginCases, plain(fieldCases), plain(jsonCases), (*fixture).formCases, plain(contentTypeCases), plain(methodCases), plain(acceptCases),
		(*fixture).optionsCases, plain(routeCases), (*fixture).badTokenCases, (*fixture).claimCases, (*fixture).refreshCases, (*fixture).userCases,
		(*fixture).headerCases, (*fixture).blacklistCases, (*fixture).statelessCases,
	}}}, append(simplejwtSites(), accountSites()...)...)
}

func plain(cases func() []wireCase) func(*fixture) []wireCase {
	return func(*fixture) []wireCase { return cases() }
}

// wireCases returns the site's cases for a fixture, whose tokens and password stand in them.
func (s wireSite) wireCases(f *fixture) []wireCase {
	var cases []wireCase
	for _, group := range s.cases {
		cases = append(cases, group(f)...)
	}
	return cases
}

func (s wireSite) fixture(t testing.TB, users store.Store, logger *slog.Logger) *fixture {
	return newFixture(t, options{users: users, settings: s.settings, site: s.site, logger: logger})
}

func TestWire(t *testing.T) {
	for _, site := range wireSites() {
		t.Run(site.name, func(t *testing.T) {
			eachStore(t, func(t *testing.T, users store.Store) {
				f := site.fixture(t, users, nil)
				for _, c := range site.wireCases(f) {
					t.Run(c.name, func(t *testing.T) {
						response := f.ask(c)
						if got := normalise(string(response.Body)); response.Status != c.status || got != c.want {
							t.Errorf("%s %s %q\n got  %d %s\n want %d %s", c.method, c.path, c.body, response.Status, got, c.status, c.want)
						}
						f.checkHeader(t, c, response.Header.Get)
					})
				}
			})
		})
	}
}

// ask sends the request of a case. pathStateless is no endpoint: it stands for a protected route of a program that uses the service.
func (f *fixture) ask(c wireCase) *auth.Response {
	f.t.Helper()
	header := auth.Header{}
	for _, field := range c.header {
		header.Add(field[0], field[1])
	}
	request := &auth.Request{Method: c.method, Path: c.path, RawQuery: c.query, Header: header, Body: []byte(c.body), RemoteAddress: "192.0.2.1:1024"}
	if c.path != pathStateless {
		return f.service.Serve(context.Background(), request)
	}
	identity, refusal := f.service.AuthenticateStateless(context.Background(), request)
	if refusal != nil {
		return refusal
	}
	user := identity.User
	body := fmt.Sprintf(`{"id":%q,"username":%q,"is_staff":%v,"is_superuser":%v,"is_active":%v}`, user.ID, user.Username, user.IsStaff, user.IsSuperuser, user.IsActive)
	return &auth.Response{Status: 200, Header: auth.Header{"Content-Type": {"application/json"}, "Vary": {"Accept"}}, Body: []byte(body)}
}

// checkHeader checks the header fields that every answer of a view has.
func (f *fixture) checkHeader(t *testing.T, c wireCase, get func(name string) string) {
	t.Helper()
	want := map[string]string{"Content-Type": "application/json", "Vary": "Accept", "Allow": "POST, OPTIONS", "WWW-Authenticate": ""}
	switch c.path {
	case pathMe:
		want["Allow"] = "GET, HEAD, OPTIONS"
	case pathStateless:
		delete(want, "Allow") // the route's own
	}
	if c.status == 401 {
		want["WWW-Authenticate"] = f.config.SimpleJWT.AuthHeaderTypes[0] + ` realm="api"`
	}
	if c.noView {
		want = nil
	}
	for name, value := range want {
		if got := get(name); got != value {
			t.Errorf("%s is %q, want %q", name, got, value)
		}
	}
}

var (
	tokenPattern       = regexp.MustCompile(`eyJ[\w-]+\.(eyJ[\w-]+)\.[\w-]+`)
	idPattern          = regexp.MustCompile(`"(jti|id)":"[0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15}"`)
	hashPattern        = regexp.MustCompile(`"hash_password":"[0-9A-F]{32}"`)
	descriptionPattern = regexp.MustCompile(`"description":( ?)"[^"]*"`)
)

// normalise replaces what differs from answer to answer: each token by its header and claims, its times relative to "iat", its ID by
// "UUID" if it is the hex of a random UUID, the fingerprint of the password; and the free text of descriptions.
func normalise(body string) string {
	body = tokenPattern.ReplaceAllStringFunc(body, func(token string) string {
		segments := strings.Split(token, ".")
		header, _ := base64.RawURLEncoding.DecodeString(segments[0])
		payload, _ := base64.RawURLEncoding.DecodeString(segments[1])
		var times struct {
			Iat, Exp   int64
			RefreshExp int64 `json:"refresh_exp"`
		}
		json.Unmarshal(payload, &times)
		if (times.Exp-times.Iat)%10 == 9 { // Django asks for the time twice, and a second may begin in between
			times.Exp++
			payload = bytes.Replace(payload, fmt.Appendf(nil, `"exp":%d`, times.Exp-1), fmt.Appendf(nil, `"exp":%d`, times.Exp), 1)
		}
		text := strings.NewReplacer(
			fmt.Sprintf(`"exp":%d`, times.Exp), fmt.Sprintf(`"exp":iat+%d`, times.Exp-times.Iat),
			fmt.Sprintf(`"refresh_exp":%d`, times.Iat+86400), `"refresh_exp":iat+86400`,
			fmt.Sprintf(`"iat":%d`, times.Iat), `"iat":now`,
		).Replace(string(payload))
		text = hashPattern.ReplaceAllString(idPattern.ReplaceAllString(text, `"$1":UUID`), `"hash_password":MD5`)
		return "<" + string(header) + text + ">"
	})
	return descriptionPattern.ReplaceAllString(body, `"description":$1…`)
}

// post and get make the two most common kinds of case.
func postCase(name, path, body string, status int, want string) wireCase {
	return wireCase{name: name, method: "POST", path: path, header: [][2]string{{"Content-Type", "application/json"}}, body: body, status: status, want: want}
}

func meCase(name, authorization string, status int, want string) wireCase {
	return wireCase{name: name, method: "GET", path: "/api/me/", header: [][2]string{{"Authorization", authorization}}, status: status, want: want}
}

// djangoDiffers marks a case.
func (c wireCase) djangoDiffers(why string) wireCase {
	c.differs = why
	return c
}

// detail returns the body that tells one sentence; invalidToken the one with the code clients look at; required the one for fields.
func detail(text string) string {
	encoded, _ := json.Marshal(text)
	return `{"detail":` + string(encoded) + `}`
}

func invalidToken(text string) string {
	encoded, _ := json.Marshal(text)
	return `{"detail":` + string(encoded) + `,"code":"token_not_valid"}`
}

func notForAnyType(text string) string {
	encoded, _ := json.Marshal(text)
	return `{"detail":"Given token not valid for any token type","code":"token_not_valid","messages":[{"token_class":"AccessToken","token_type":"access","message":` + string(encoded) + `}]}`
}

const (
	pathToken, pathRefresh, pathVerify, pathBlacklist = "/api/token/", "/api/token/refresh/", "/api/token/verify/", "/api/token/blacklist/"
	pathSliding, pathSlidingRefresh                   = "/api/token/sliding/", "/api/token/sliding/refresh/"
	pathMe, pathStateless                             = "/api/me/", "/stateless/"

	isRequired    = `{"username":["This field is required."],"password":["This field is required."]}`
	noCredentials = `{"detail":"Authentication credentials were not provided."}`
	badLogin      = `{"detail":"No active account found with the given credentials"}`
	noAccount     = `{"detail":"No active account found for the given token."}`
	changed       = `{"detail":"The user's password has been changed."}`
)
