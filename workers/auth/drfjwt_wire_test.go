package auth_test

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jeton-dev/jeton/workers/auth"
	"github.com/jeton-dev/jeton/workers/store"
	"github.com/jeton-dev/jeton/workers/store/sqlite"
)

// drfjwtCase is a wireCase, and the cookie that the answer sets.
type drfjwtCase struct {
	wireCase
	setCookie string
}

func (c drfjwtCase) djangoDiffers(why string) drfjwtCase {
	c.differs = why
	return c
}

func (c drfjwtCase) with(name, value string) drfjwtCase {
	c.header = append(c.header[:len(c.header):len(c.header)], [2]string{name, value})
	return c
}

func (c drfjwtCase) sets(cookie string) drfjwtCase {
	c.setCookie = cookie
	return c
}

// drfPost is a request with JSON; drfMe one for the protected view, with an Authorization header unless that is empty.
func drfPost(name, path, body string, status int, want string) drfjwtCase {
	return drfjwtCase{wireCase: postCase(name, path, body, status, want)}
}

func drfMe(name, authorization string, status int, want string) drfjwtCase {
	c := drfjwtCase{wireCase: wireCase{name: name, method: "GET", path: pathMe, status: status, want: want}}
	if authorization != "" {
		c = c.with("Authorization", authorization)
	}
	return c
}

// meAlice and meRoot are the bodies about those users.
const (
	meAlice = `{"id":"1","username":"alice","email":"alice@example.com","first_name":"Ålice","last_name":"<\u2028>"}`
	meRoot  = `{"id":"5","username":"root","email":"","first_name":"","last_name":""}`
)

// drfjwtSites are the sites whose answers are held against Django's.
func drfjwtSites() []drfjwtSite {
	return append([]drfjwtSite{
		{name: "default", withSQL: true, cases: func(f *drfjwtFixture) []drfjwtCase {
			return f.together(f.obtainCases, f.drfFieldCases, f.requestCases, f.malformedCases, f.claimsCases, f.ownerCases, f.lineCases, f.ownCases, f.styriaHeaderCases,
				f.impersonateCases, f.blacklistCases)
		}},
		{name: "jpadilla", dialect: auth.DjangoRESTFrameworkJWT, settings: `"JWT_ALLOW_REFRESH":true`, cases: func(f *drfjwtFixture) []drfjwtCase {
			return f.together(f.obtainCases, f.drfFieldCases, f.requestCases, f.malformedCases, f.claimsCases, f.ownerCases, f.lineCases, f.ownCases, f.jpadillaHeaderCases)
		}},
		{name: "without refresh", settings: `"JWT_ALLOW_REFRESH":false,"JWT_PAYLOAD_INCLUDE_USER_ID":false,"JWT_TOKEN_ID":"off","JWT_EXPIRATION_DELTA":7`, cases: (*drfjwtFixture).plainCases},
		{name: "jpadilla without refresh", dialect: auth.DjangoRESTFrameworkJWT, cases: (*drfjwtFixture).plainCases},
		{name: "audience and issuer", settings: audienceSettings, cases: (*drfjwtFixture).partyCases},
		{name: "jpadilla audience and issuer", dialect: auth.DjangoRESTFrameworkJWT, settings: audienceSettings, cases: (*drfjwtFixture).partyCases},
		{name: "cookies", settings: `"JWT_AUTH_COOKIE":"jwt-auth","JWT_IMPERSONATION_COOKIE":"jwt-imp"`, cases: (*drfjwtFixture).cookieCases},
		{name: "cookie attributes", settings: `"JWT_AUTH_COOKIE":"jwt","JWT_AUTH_COOKIE_DOMAIN":".example.com","JWT_AUTH_COOKIE_PATH":"/api","JWT_AUTH_COOKIE_SECURE":false,` +
			`"JWT_AUTH_COOKIE_SAMESITE":"Strict","JWT_EXPIRATION_DELTA":1.5`, cases: (*drfjwtFixture).cookieAttributeCases},
		{name: "jpadilla cookie", dialect: auth.DjangoRESTFrameworkJWT, settings: `"JWT_AUTH_COOKIE":"jwt-auth"`, cases: (*drfjwtFixture).jpadillaCookieCases},
		{name: "IDs required", withSQL: true, settings: `"JWT_TOKEN_ID":"require","JWT_DELETE_STALE_BLACKLISTED_TOKENS":true`, cases: (*drfjwtFixture).requiredIDCases},
		{name: "no IDs", withSQL: true, settings: `"JWT_TOKEN_ID":"off"`, cases: (*drfjwtFixture).noIDCases},
		{name: "no blacklist", noApp: true, cases: (*drfjwtFixture).noBlacklistCases},
		{name: "never expires", settings: `"JWT_VERIFY_EXPIRATION":false`, cases: (*drfjwtFixture).neverExpiresCases},
		{name: "jpadilla never expires", dialect: auth.DjangoRESTFrameworkJWT, settings: `"JWT_VERIFY_EXPIRATION":false`, cases: (*drfjwtFixture).neverExpiresCases},
		{name: "leeway", settings: `"JWT_LEEWAY":100,"JWT_REFRESH_EXPIRATION_DELTA":1000`, cases: (*drfjwtFixture).leewayCases},
		{name: "another word", settings: `"JWT_AUTH_HEADER_PREFIX":"Token"`, cases: (*drfjwtFixture).otherWordCases},
		{name: "user secrets", hooks: auth.Hooks{UserSecretKey: secretOfUser}, settings: `"JWT_ALGORITHM":"HS512"`, cases: (*drfjwtFixture).userSecretCases},
		{name: "jpadilla user secrets", dialect: auth.DjangoRESTFrameworkJWT, hooks: auth.Hooks{UserSecretKey: secretOfUser}, cases: (*drfjwtFixture).userSecretCases},
	}, keySites()...)
}

const audienceSettings = `"JWT_AUDIENCE":["api","web"],"JWT_ISSUER":"https://issuer.example","JWT_ALLOW_REFRESH":true`

// together joins groups of cases.
func (f *drfjwtFixture) together(groups ...func() []drfjwtCase) []drfjwtCase {
	var cases []drfjwtCase
	for _, group := range groups {
		cases = append(cases, group()...)
	}
	return cases
}

// TestDRFJWTWire asks each site, byte for byte.
func TestDRFJWTWire(t *testing.T) {
	for _, site := range drfjwtSites() {
		t.Run(site.name, func(t *testing.T) {
			site.ask(t, store.NewMemory())
			if site.withSQL {
				t.Run("sqlite", func(t *testing.T) { site.ask(t, sqliteWithBlockedTokens(t)) })
			}
		})
	}
}

// ask holds the answers of a service over a store against the site's cases.
func (site drfjwtSite) ask(t *testing.T, users store.Store) {
	f := newDRFJWTFixture(t, site, users)
	for _, c := range site.cases(f) {
		t.Run(c.name, func(t *testing.T) {
			response := f.service.Serve(context.Background(), c.request())
			f.checkAnswer(t, c, response.Status, string(response.Body), func(name string) string { return strings.Join(response.Header.Values(name), "\n") })
		})
	}
}

// sqliteWithBlockedTokens returns an empty database that has the tables that drf-jwt needs.
func sqliteWithBlockedTokens(t *testing.T) store.Store {
	t.Helper()
	users, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "users.sqlite3"), store.UserModel{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { users.Close() })
	config := auth.DefaultConfig()
	config.Dialect = auth.DRFJWT
	if err := users.CreateTables(t.Context(), config.Tables()); err != nil {
		t.Fatal(err)
	}
	return users
}

// request returns the case's request.
func (c drfjwtCase) request() *auth.Request {
	header := auth.Header{}
	for _, field := range c.header {
		header.Add(field[0], field[1])
	}
	return &auth.Request{Method: c.method, Path: c.path, RawQuery: c.query, Header: header, Body: []byte(c.body), RemoteAddress: "192.0.2.1:1024"}
}

// checkAnswer holds an answer against the case.
func (f *drfjwtFixture) checkAnswer(t *testing.T, c drfjwtCase, status int, body string, header func(name string) string) {
	t.Helper()
	if got, want := normaliseDRFJWT(body), normaliseDRFJWT(c.want); status != c.status || got != want {
		t.Errorf("%s %s %q\n got  %d %s\n want %d %s", c.method, c.path, c.body, status, got, c.status, want)
	}
	if c.noView {
		return
	}
	want := map[string]string{"Content-Type": "application/json", "Vary": "Accept", "Allow": "POST, OPTIONS", "WWW-Authenticate": "", "Set-Cookie": normaliseDRFJWT(c.setCookie)}
	if c.path == pathMe {
		want["Allow"] = "GET, HEAD, OPTIONS"
	}
	if c.status == 401 {
		want["WWW-Authenticate"] = f.config.DRFJWT.AuthHeaderPrefix + ` realm="api"`
	}
	for name, value := range want {
		if got := normaliseDRFJWT(header(name)); got != value {
			t.Errorf("%s is %q, want %q", name, got, value)
		}
	}
}

// newToken is what normaliseDRFJWT leaves of a token that the site makes for a user: with the claims that the package writes, further ones
// behind.
func (f *drfjwtFixture) newToken(id, username string, further string) string {
	header := f.site.tokenHeader
	if header == "" {
		header = fmt.Sprintf(`{"alg":%q,"typ":"JWT"}`, f.config.Algorithm())
	}
	if f.isJpadilla() {
		email := ""
		if username == "alice" {
			email = "alice@example.com"
		}
		return fmt.Sprintf(`<%s{"user_id":%s,"username":%q,"exp":iat+300,"email":%q%s}>`, header, id, username, email, further)
	}
	return fmt.Sprintf(`<%s{"username":%q,"iat":now,"exp":iat+300,"jti":UUID,"user_id":%s%s}>`, header, username, id, further)
}

// handOut is the body of an answer with a token.
func (f *drfjwtFixture) handOut(token string) string {
	if f.isJpadilla() {
		return `{"token":"` + token + `"}`
	}
	return `{"pk":now,"token":"` + token + `"}`
}

// tokenCases are one token where tokens are verified, refreshed, and open a protected view.
func (f *drfjwtFixture) tokenCases(name, token, endpoint, view string) []drfjwtCase {
	body := `{"token":"` + token + `"}`
	cases := []drfjwtCase{
		drfPost(name+"/verify", pathCheck, body, 400, nonField(endpoint)),
		drfPost(name+"/refresh", pathAgain, body, 400, nonField(endpoint)),
		drfMe(name+"/me", f.words.word+" "+token, 401, detail(view)),
	}
	if f.isJpadilla() && view == f.words.viewRefused {
		cases[0], cases[1] = cases[0].djangoDiffers("500"), cases[1].djangoDiffers("500")
	}
	return cases
}

// refusedCases are tokenCases of a token that PyJWT refuses, by its exception.
func (f *drfjwtFixture) refusedCases(name, token, exception string) []drfjwtCase {
	switch exception {
	case "expired":
		return f.tokenCases(name, token, f.words.expired, f.words.expired)
	case "decode":
		return f.tokenCases(name, token, f.words.undecodable, f.words.undecodable)
	}
	return f.tokenCases(name, token, f.words.refused, f.words.viewRefused)
}

// ownCases are a token that the service itself made, so that Django sees one.
func (f *drfjwtFixture) ownCases() []drfjwtCase {
	f.t.Helper()
	response := f.post(pathAuth, map[string]string{"username": "alice", "password": f.password})
	token := tokenPattern.FindString(string(response.Body))
	if token == "" {
		f.t.Fatalf("login: %d %s", response.Status, response.Body)
	}
	return f.acceptedCases("made here", token, fmt.Sprint(f.host.now.Unix()), meAlice)
}

// acceptedCases are a token that is verified and opens a protected view.
func (f *drfjwtFixture) acceptedCases(name, token, issuedAt, user string) []drfjwtCase {
	want := `{"pk":` + issuedAt + `,"token":"` + token + `"}`
	if f.isJpadilla() {
		want = `{"token":"` + token + `"}`
	}
	return []drfjwtCase{
		drfPost(name+"/verify", pathCheck, `{"token":"`+token+`"}`, f.words.status, want),
		drfMe(name+"/me", f.words.word+" "+token, 200, user),
	}
}
