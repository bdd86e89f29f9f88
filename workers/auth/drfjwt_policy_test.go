package auth_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jeton-dev/jeton/core"
	"github.com/jeton-dev/jeton/workers/auth"
	"github.com/jeton-dev/jeton/workers/store"
)

// verifies reports whether the verify endpoint takes a token, and its body.
func (f *drfjwtFixture) verifies(token string) (bool, string) {
	f.t.Helper()
	response := f.post(pathCheck, map[string]string{"token": token})
	return response.Status == f.words.status, string(response.Body)
}

// TestDRFJWTExpiration checks the second of exp, which djangorestframework-jwt's PyJWT counts in, with and without leeway, and that
// fractions of the present second change nothing.
func TestDRFJWTExpiration(t *testing.T) {
	for _, test := range []struct {
		dialect auth.Dialect
		leeway  int
		late    time.Duration
		good    bool
	}{
		{auth.DRFJWT, 0, -1, true}, {auth.DRFJWT, 0, 0, false}, {auth.DRFJWT, 10, 10*time.Second - 1, true}, {auth.DRFJWT, 10, 10 * time.Second, false},
		{auth.DjangoRESTFrameworkJWT, 0, 0, true}, {auth.DjangoRESTFrameworkJWT, 0, time.Second - 1, true}, {auth.DjangoRESTFrameworkJWT, 0, time.Second, false},
		{auth.DjangoRESTFrameworkJWT, 10, 11*time.Second - 1, true}, {auth.DjangoRESTFrameworkJWT, 10, 11 * time.Second, false},
	} {
		f := newDRFJWTFixture(t, drfjwtSite{dialect: test.dialect, settings: fmt.Sprintf(`"JWT_LEEWAY":%d`, test.leeway)}, nil)
		exp := time.Unix(1_800_000_000, 0)
		token := f.good(map[string]any{"exp": exp, "iat": exp.Add(-time.Hour)})
		f.host.now = exp.Add(test.late)
		if good, body := f.verifies(token); good != test.good {
			t.Errorf("%s with a leeway of %d, %v after exp: %s", test.dialect, test.leeway, test.late, body)
		}
	}
}

// TestDRFJWTLineEnd checks that the last second of JWT_REFRESH_EXPIRATION_DELTA counts in, whatever fraction of it is over.
func TestDRFJWTLineEnd(t *testing.T) {
	for _, dialect := range []auth.Dialect{auth.DRFJWT, auth.DjangoRESTFrameworkJWT} {
		f := newDRFJWTFixture(t, drfjwtSite{dialect: dialect, settings: `"JWT_REFRESH_EXPIRATION_DELTA":100`}, nil)
		began := time.Unix(1_800_000_000, 0)
		for late, want := range map[time.Duration]int{0: f.words.status, 101*time.Second - 1: f.words.status, 101 * time.Second: 400} {
			f.host.now = began.Add(late)
			response := f.post(pathAgain, map[string]string{"token": f.good(map[string]any{"orig_iat": began})})
			if response.Status != want {
				t.Errorf("%s, %v later: %d %s", dialect, late, response.Status, response.Body)
			}
		}
	}
}

// TestDRFJWTCookieLine checks the line byte for byte against one that Python's http.cookies wrote.
func TestDRFJWTCookieLine(t *testing.T) {
	const line = "jwt-auth=%s; expires=Fri, 01 Jan 2100 00:05:00 GMT; HttpOnly; Max-Age=300; Path=/; SameSite=Lax; Secure"
	f := newDRFJWTFixture(t, drfjwtSite{settings: `"JWT_AUTH_COOKIE":"jwt-auth"`}, nil)
	f.host.now = time.Date(2100, 1, 1, 0, 0, 0, 999_999_999, time.UTC)
	token := f.good(nil)
	response := f.post(pathCheck, map[string]string{"token": token})
	if got, want := strings.Join(response.Header.Values("Set-Cookie"), "\n"), fmt.Sprintf(line, token); response.Status != 201 || got != want {
		t.Errorf("%d %s\n got  %s\n want %s", response.Status, response.Body, got, want)
	}
	bare := newDRFJWTFixture(t, drfjwtSite{settings: `"JWT_AUTH_COOKIE":"a","JWT_AUTH_COOKIE_PATH":null,"JWT_AUTH_COOKIE_SAMESITE":null,"JWT_AUTH_COOKIE_SECURE":false,"JWT_EXPIRATION_DELTA":0.5`}, nil)
	bare.host.now = f.host.now
	token = bare.good(nil)
	want := "a=" + token + "; expires=Fri, 01 Jan 2100 00:00:01 GMT; HttpOnly; Max-Age=1"
	if got := bare.post(pathCheck, map[string]string{"token": token}).Header.Get("Set-Cookie"); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestDRFJWTVectors checks tokens that others made, with the old order in their headers.
func TestDRFJWTVectors(t *testing.T) {
	for dialect, token := range map[auth.Dialect]string{auth.DRFJWT: vectorOldHeader, auth.DjangoRESTFrameworkJWT: vectorNoID} {
		f := newDRFJWTFixture(t, drfjwtSite{dialect: dialect}, nil)
		f.config.SecretKey = vectorSecret
		f.service = f.rebuild()
		if good, body := f.verifies(token); !good {
			t.Errorf("%s: %s", dialect, body)
		}
		if response := f.me(f.words.word + " " + token); response.Status != 200 || string(response.Body) != meAlice {
			t.Errorf("%s: %d %s", dialect, response.Status, response.Body)
		}
		// The line began in 2023: it is over.
		if response := f.post(pathAgain, map[string]string{"token": token}); response.Status != 400 || string(response.Body) != nonField("Refresh has expired.") {
			t.Errorf("%s: %d %s", dialect, response.Status, response.Body)
		}
	}
	// Each takes the other's.
	f := newDRFJWTFixture(t, drfjwtSite{}, nil)
	f.config.SecretKey = vectorSecret
	f.service = f.rebuild()
	if good, body := f.verifies(vectorNoID); !good || body != `{"pk":null,"token":"`+vectorNoID+`"}` {
		t.Error(body)
	}
}

// TestDRFJWTIdentity checks what a Go program learns about who sent a request, and what the refusal is.
func TestDRFJWTIdentity(t *testing.T) {
	f := newDRFJWTFixture(t, drfjwtSite{settings: `"JWT_AUTH_COOKIE":"session"`}, nil)
	token := f.good(nil)
	request := &auth.Request{Method: "GET", Path: "/articles/", Header: auth.Header{"Cookie": {"session=" + token}}}
	identity, refusal := f.service.Authenticate(t.Context(), request)
	if refusal != nil || identity.User.Username != "alice" || identity.User.Password != "" {
		t.Fatalf("%v %v", identity, refusal)
	}
	if id, _ := identity.Token.ID(); id != fixedID {
		t.Errorf("the token's ID is %q", id)
	}
	if _, err := f.users.BlockToken(t.Context(), store.BlockedToken{TokenID: fixedID, UserID: "1", ExpiresAt: f.host.now.Add(time.Hour), BlacklistedAt: f.host.now}); err != nil {
		t.Fatal(err)
	}
	for _, authenticate := range []func(context.Context, *auth.Request) (*auth.Identity, *auth.Response){f.service.Authenticate, f.service.AuthenticateStateless} {
		identity, refusal = authenticate(t.Context(), request)
		if identity != nil || refusal.Status != 403 || string(refusal.Body) != isBlacklisted || refusal.Header.Get("WWW-Authenticate") != "" {
			t.Errorf("withdrawn: %v %d %s", identity, refusal.Status, refusal.Body)
		}
	}
	if _, _, err := f.service.IssuePair(t.Context(), store.User{ID: "1"}); err == nil {
		t.Error("a pair of tokens where there are none")
	}
}

// TestDRFJWTRows checks what is stored of a withdrawn token, and how long.
func TestDRFJWTRows(t *testing.T) {
	for _, test := range []struct {
		rule               string
		byToken, byID, del bool
	}{{"off", true, true, false}, {"include", true, true, true}, {"require", false, true, false}} {
		users := &watchedStore{Store: store.NewMemory()}
		f := newDRFJWTFixture(t, drfjwtSite{settings: fmt.Sprintf(`"JWT_TOKEN_ID":%q,"JWT_DELETE_STALE_BLACKLISTED_TOKENS":%v,"JWT_EXPIRATION_DELTA":1000`, test.rule, test.del)}, users)
		issued := f.host.now.Add(-100 * time.Second)
		token := f.good(map[string]any{"iat": issued, "orig_jti": nil})
		request := &auth.Request{Method: "POST", Path: pathWithdraw, Header: auth.Header{"Authorization": {"Bearer " + token}}}
		if response := f.service.Serve(t.Context(), request); response.Status != 201 {
			t.Fatalf("%s: %d %s", test.rule, response.Status, response.Body)
		}
		row := users.blocked
		if (row.Token == token) != test.byToken || (row.TokenID == fixedID) != test.byID || row.UserID != "1" {
			t.Errorf("%s: stored %v with the token %v", test.rule, row, row.Token != "")
		}
		if row.ExpiresAt.Unix() != issued.Unix()+1000 || !row.BlacklistedAt.Equal(f.host.now) {
			t.Errorf("%s: from %v to %v", test.rule, row.BlacklistedAt, row.ExpiresAt)
		}
		if users.deleted != test.del {
			t.Errorf("%s: stale rows deleted: %v", test.rule, users.deleted)
		}
	}
}

// watchedStore remembers what was withdrawn.
type watchedStore struct {
	store.Store
	blocked store.BlockedToken
	deleted bool
}

func (s *watchedStore) BlockToken(ctx context.Context, token store.BlockedToken) (bool, error) {
	s.blocked = token
	return s.Store.BlockToken(ctx, token)
}

func (s *watchedStore) DeleteStaleBlockedTokens(ctx context.Context, now time.Time) (int64, error) {
	s.deleted = true
	return s.Store.DeleteStaleBlockedTokens(ctx, now)
}

// TestDRFJWTHooks takes part in tokens, answers and who a token's user is.
func TestDRFJWTHooks(t *testing.T) {
	for _, dialect := range []auth.Dialect{auth.DRFJWT, auth.DjangoRESTFrameworkJWT} {
		var asked []string
		hooks := auth.Hooks{
			Claims: func(_ context.Context, request auth.ClaimsRequest, claims *core.Claims) error {
				if request.User.Password != "" || request.TokenType != "" {
					t.Errorf("asked with %+v", request)
				}
				asked = append(asked, fmt.Sprint("claims ", request.User.Username, " ", request.Refresh))
				claims.Remove("username").Set("sub", request.User.Username).Set("orig_iat", 5)
				return nil
			},
			UsernameFromPayload: func(claims *core.Object) string {
				name, _ := claims.Get("sub")
				text, _ := name.Text()
				return text
			},
			ResponsePayload: func(_ context.Context, request auth.PayloadRequest, payload *auth.Payload) error {
				asked = append(asked, request.View+" "+request.User.Username)
				*payload = append(*payload, auth.Member{Name: "name", Value: request.User.FirstName})
				return nil
			},
			AuthenticationRule: func(user *store.User) bool { return user.Username != "123" },
			OnLoginSuccess:     func(_ context.Context, event auth.LoginEvent) { asked = append(asked, "success "+event.Username) },
			OnLoginFailed:      func(_ context.Context, event auth.LoginEvent) { asked = append(asked, "failed "+event.Username) },
		}
		f := newDRFJWTFixture(t, drfjwtSite{dialect: dialect, hooks: hooks, settings: `"JWT_ALLOW_REFRESH":true,"JWT_AUTH_COOKIE":"jwt"`}, nil)
		response := f.post(pathAuth, map[string]string{"username": "alice", "password": f.password})
		token := tokenPattern.FindString(string(response.Body))
		if response.Status != f.words.status || claim(t, token, "sub") != `"alice"` || claim(t, token, "username") != "" || !strings.HasSuffix(string(response.Body), `,"name":"Ålice"}`) {
			t.Errorf("login: %d %s", response.Status, normaliseDRFJWT(string(response.Body)))
		}
		if !strings.HasPrefix(response.Header.Get("Set-Cookie"), "jwt="+token+";") {
			t.Errorf("the cookie is %s", response.Header.Get("Set-Cookie"))
		}
		if response := f.me(f.words.word + " " + token); response.Status != 200 || !strings.HasPrefix(string(response.Body), meAlice[:len(meAlice)-1]) {
			t.Errorf("me: %d %s", response.Status, response.Body)
		}
		old := f.good(map[string]any{"username": nil, "sub": "alice"})
		response = f.post(pathAgain, map[string]string{"token": old})
		if got := claim(t, tokenPattern.FindString(string(response.Body)), "orig_iat"); got != fmt.Sprint(f.host.now.Unix()-10) {
			t.Errorf("the line's beginning is %s: %d %s", got, response.Status, response.Body)
		}
		if good, body := f.verifies(f.good(map[string]any{"sub": "123"})); good || body != nonField("User account is disabled.") {
			t.Errorf("a user whom the rule forbids tokens: %s", body)
		}
		if response := f.post(pathAuth, map[string]string{"username": "123", "password": f.password}); response.Status != 400 || string(response.Body) != cannotLogIn {
			t.Errorf("a user whom the rule forbids tokens: %d %s", response.Status, response.Body)
		}
		want := "claims alice false, success alice, api-token-auth alice, me alice, claims alice true, api-token-refresh alice, failed 123"
		if got := strings.Join(asked, ", "); got != want {
			t.Errorf("%s: asked for %s\nwant %s", dialect, got, want)
		}
	}
}

// TestDRFJWTFailures checks that whatever fails beneath ends in 503, and is no verdict on a token.
func TestDRFJWTFailures(t *testing.T) {
	f := newDRFJWTFixture(t, keySites()[5], nil) // elliptic curve: the host's work
	token := f.signedBy(keyCase{algorithm: "ES256", key: "ec"}, nil)
	_, tokenError := core.Verify("x", mustKey(t), core.Policy{})
	everything := func(name string) {
		t.Helper()
		for _, response := range []*auth.Response{
			f.post(pathAuth, map[string]string{"username": "alice", "password": f.password}), f.post(pathCheck, map[string]string{"token": token}),
			f.post(pathAgain, map[string]string{"token": token}), f.me("Bearer " + token),
			f.service.Serve(t.Context(), &auth.Request{Method: "POST", Path: pathWithdraw, Header: auth.Header{"Authorization": {"Bearer " + token}}}),
		} {
			if response.Status != 503 || string(response.Body) != unavailable {
				t.Errorf("%s: %d %s", name, response.Status, response.Body)
			}
		}
	}
	for _, f.host.fail = range []error{errors.New("the host is gone"), tokenError} {
		everything(f.host.fail.Error())
	}
	f.host.fail = nil
	f.users.Close()
	everything("a closed store")
}

// uuidStore has users whose primary keys are UUIDs, as a site's own user model may.
type uuidStore struct{ store.Store }

func (s uuidStore) UserByUsername(ctx context.Context, username string) (store.User, error) {
	user, err := s.Store.UserByUsername(ctx, username)
	user.ID = uuidOf(user.ID)
	return user, err
}

func (s uuidStore) UserByID(ctx context.Context, id string) (store.User, error) {
	for number := range 10 {
		if uuidOf(fmt.Sprint(number)) == id {
			user, err := s.Store.UserByID(ctx, fmt.Sprint(number))
			user.ID = id
			return user, err
		}
	}
	return store.User{}, store.ErrNotFound
}

func uuidOf(id string) string { return "0d3f5c6a-7b18-4c29-9d3a-00000000000" + id }

// TestDRFJWTUUIDs checks the claim with a primary key that is no number, and who can be impersonated by one.
func TestDRFJWTUUIDs(t *testing.T) {
	for _, dialect := range []auth.Dialect{auth.DRFJWT, auth.DjangoRESTFrameworkJWT} {
		f := newDRFJWTFixture(t, drfjwtSite{dialect: dialect}, nil)
		f.users = uuidStore{f.users}
		f.service = f.rebuild()
		response := f.post(pathAuth, map[string]string{"username": "alice", "password": f.password})
		if got := claim(t, tokenPattern.FindString(string(response.Body)), "user_id"); got != `"`+uuidOf("1")+`"` {
			t.Errorf("%s: user_id is %s", dialect, got)
		}
		if f.isJpadilla() {
			continue
		}
		root := "Bearer " + f.good(map[string]any{"username": "root"})
		for key, want := range map[string]string{
			uuidOf("1"): "", uuidOf("9"): `{"user":["Invalid pk \"` + uuidOf("9") + `\" - object does not exist."]}`, "1": `{"user":["Invalid pk \"1\" - object does not exist."]}`,
		} {
			request := drfPost("", pathImpersonate, `{"user":"`+key+`"}`, 0, "").with("Authorization", root).request()
			if response := f.service.Serve(t.Context(), request); want == "" && response.Status != 201 || want != "" && string(response.Body) != want {
				t.Errorf("%s: %d %s", key, response.Status, response.Body)
			}
		}
	}
}
