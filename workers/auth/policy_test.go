package auth_test

import (
	"testing"
	"time"

	"github.com/jeton-dev/jeton/workers/auth"
	"github.com/jeton-dev/jeton/workers/store"
)

// TestAudienceAndIssuer checks what AUDIENCE and ISSUER write and ask for.
func TestAudienceAndIssuer(t *testing.T) {
	f := newFixture(t, options{settings: `"AUDIENCE":["api","web"],"ISSUER":"https://issuer.example"`})
	const written = `"aud":["api","web"],"iss":"https://issuer.example"}>`
	token := f.login().Access
	if got := normalise(token); got != `<{"alg":"HS256","typ":"JWT"}{"token_type":"access","exp":iat+300,"iat":now,"jti":UUID,"user_id":"1",`+written {
		t.Error(got)
	}
	past := f.host.now.Add(-time.Second)
	for _, test := range []struct {
		name    string
		changes map[string]any
		problem string
	}{
		{"both", map[string]any{"aud": "web", "iss": "https://issuer.example"}, ""},
		{"one of several", map[string]any{"aud": []string{"x", "api"}, "iss": "https://issuer.example"}, ""},
		{"aud missing", map[string]any{"iss": "https://issuer.example"}, "Token is invalid"},
		{"aud of others", map[string]any{"aud": "x", "iss": "https://issuer.example"}, "Token is invalid"},
		{"iss missing", map[string]any{"aud": "web"}, "Token is invalid"},
		{"iss with slash", map[string]any{"aud": "web", "iss": "https://issuer.example/"}, "Token is invalid"},
		{"expired before aud", map[string]any{"exp": past}, "Token is expired"},
		{"no exp behind aud", map[string]any{"exp": nil, "iss": "https://issuer.example"}, "Token is invalid"},
		{"no exp", map[string]any{"exp": nil, "aud": "web", "iss": "https://issuer.example"}, "Token has no 'exp' claim"},
	} {
		t.Run(test.name, func(t *testing.T) {
			response := f.post(pathVerify, map[string]string{"token": f.token(f.claims("access", test.changes))})
			if test.problem == "" {
				expect(t, response, 200, `{}`)
			} else {
				expect(t, response, 401, invalidToken(test.problem))
			}
		})
	}
	// A copied "aud" stays in its place and gets the present value.
	refresh := f.token(f.claims("refresh", map[string]any{"aud": "web", "iss": "https://issuer.example"}))
	response := f.post(pathRefresh, map[string]string{"refresh": refresh})
	if got := claim(t, tokenPattern.FindString(string(response.Body)), "aud"); got != `["api","web"]` {
		t.Errorf("aud of the refreshed token is %s", got)
	}
	single := newFixture(t, options{settings: `"AUDIENCE":"api"`})
	checkClaims(t, single.login().Access, map[string]string{"aud": `"api"`, "iss": ""})
}

// TestLeeway checks the edges of the leeway.
func TestLeeway(t *testing.T) {
	f := newFixture(t, options{settings: `"LEEWAY":10`})
	f.host.now = time.Unix(1_800_000_000, 0)
	at := func(seconds int64) time.Time { return time.Unix(1_800_000_000+seconds, 0) }
	for _, test := range []struct {
		claim   string
		seconds int64
		problem string
	}{
		{"exp", -9, ""}, {"exp", -10, "Token is expired"}, {"iat", 10, ""}, {"iat", 11, "Token is invalid"}, {"nbf", 10, ""}, {"nbf", 11, "Token is invalid"},
	} {
		response := f.post(pathVerify, map[string]string{"token": f.token(f.claims("access", map[string]any{test.claim: at(test.seconds)}))})
		if test.problem == "" {
			expect(t, response, 200, `{}`)
		} else {
			expect(t, response, 401, invalidToken(test.problem))
		}
	}
}

// TestClaimNames checks that claims go by their configured names, and stay away where there is no name.
func TestClaimNames(t *testing.T) {
	f := newFixture(t, options{settings: `"USER_ID_CLAIM":"sub","JTI_CLAIM":"id","TOKEN_TYPE_CLAIM":"kind"`})
	pair := f.login()
	checkClaims(t, pair.Access, map[string]string{"sub": `"1"`, "kind": `"access"`, "jti": "", "user_id": "", "token_type": ""})
	if id := claim(t, pair.Access, "id"); len(id) != 34 {
		t.Errorf("id is %s", id)
	}
	if response := f.me("Bearer " + pair.Access); response.Status != 200 {
		t.Errorf("%d %s", response.Status, response.Body)
	}
	// A foreign "jti" is not copied either.
	refresh := f.token(f.claims("x", map[string]any{"kind": "refresh", "id": "x", "sub": "1"}))
	response := f.post(pathRefresh, map[string]string{"refresh": refresh})
	access := tokenPattern.FindString(string(response.Body))
	checkClaims(t, access, map[string]string{"jti": "", "token_type": `"x"`, "kind": `"access"`, "user_id": `"1"`})

	bare := newFixture(t, options{settings: `"JTI_CLAIM":null,"TOKEN_TYPE_CLAIM":null`, site: `"INSTALLED_APPS":[]`})
	token := bare.login().Refresh
	checkClaims(t, token, map[string]string{"jti": "", "token_type": "", "null": ""})
	if response := bare.me("Bearer " + token); response.Status != 200 {
		t.Errorf("no type is asked for: %d %s", response.Status, response.Body)
	}
}

// TestHeaderSettings checks another header field and other words before the token.
func TestHeaderSettings(t *testing.T) {
	f := newFixture(t, options{settings: `"AUTH_HEADER_TYPES":["JWT","Bearer"],"AUTH_HEADER_NAME":"HTTP_X_ACCESS_TOKEN"`})
	token := f.login().Access
	send := func(name, value string) *auth.Response {
		return f.service.Serve(t.Context(), &auth.Request{Method: "GET", Path: pathMe, Header: auth.Header{name: {value}}})
	}
	for _, word := range []string{"JWT", "Bearer"} {
		if response := send("X-Access-Token", word+" "+token); response.Status != 200 {
			t.Errorf("%s: %d %s", word, response.Status, response.Body)
		}
	}
	response := send("Authorization", "JWT "+token)
	if response.Status != 401 || string(response.Body) != noCredentials || response.Header.Get("WWW-Authenticate") != `JWT realm="api"` {
		t.Errorf("%d %s %v", response.Status, response.Body, response.Header)
	}
}

// TestInactiveAllowed checks that CHECK_USER_IS_ACTIVE lets inactive users refresh and in, but not log in.
func TestInactiveAllowed(t *testing.T) {
	f := newFixture(t, options{settings: `"CHECK_USER_IS_ACTIVE":false`})
	expect(t, f.post(pathToken, map[string]string{"username": "gone", "password": f.password}), 401, badLogin)
	gone := map[string]any{"user_id": "2"}
	if response := f.post(pathRefresh, map[string]string{"refresh": f.token(f.claims("refresh", gone))}); response.Status != 200 {
		t.Errorf("%d %s", response.Status, response.Body)
	}
	expect(t, f.me("Bearer "+f.token(f.claims("access", gone))), 200, `{"id":"2","username":"gone","email":"","first_name":"","last_name":""}`)
}

// TestIdentity checks what Authenticate hands on.
func TestIdentity(t *testing.T) {
	f := newFixture(t, options{})
	token := f.login().Access
	identity, refusal := f.service.Authenticate(t.Context(), &auth.Request{Method: "DELETE", Header: auth.Header{"Authorization": {"Bearer " + token}}})
	if refusal != nil || identity.User.Username != "alice" || identity.User.Password != "" {
		t.Fatalf("got %v, %v", identity, refusal)
	}
	if kind, _ := identity.Token.Claim("token_type"); string(kind.Raw()) != `"access"` {
		t.Errorf("the token's type is %s", kind.Raw())
	}
}

// TestUserIDAsNumber checks the form that versions up to 5.5.0 wrote: a number for a key of digits, text for any other.
func TestUserIDAsNumber(t *testing.T) {
	f := newFixture(t, options{settings: `"USER_ID_AS_NUMBER":true`})
	pair := f.login()
	checkClaims(t, pair.Refresh, map[string]string{"user_id": `1`})
	checkClaims(t, pair.Access, map[string]string{"user_id": `1`})
	if response := f.me("Bearer " + pair.Access); response.Status != 200 {
		t.Errorf("%d %s", response.Status, response.Body)
	}
	for field, want := range map[string]string{"pk": `1`, "username": `"alice"`, "email": `"alice@example.com"`} {
		f := newFixture(t, options{settings: `"USER_ID_AS_NUMBER":true,"USER_ID_FIELD":"` + field + `"`})
		pair := f.login()
		checkClaims(t, pair.Access, map[string]string{"user_id": want})
		if response := f.me("Bearer " + pair.Access); response.Status != 200 {
			t.Errorf("%s: %d %s", field, response.Status, response.Body)
		}
		if response := f.post(pathRefresh, map[string]string{"refresh": pair.Refresh}); response.Status != 200 {
			t.Errorf("%s: %d %s", field, response.Status, response.Body)
		}
		expect(t, f.post(pathBlacklist, map[string]string{"refresh": pair.Refresh}), 200, `{}`)
	}
}

// TestAmbiguousUser checks that a field that names two users names none.
func TestAmbiguousUser(t *testing.T) {
	f := newFixture(t, options{settings: `"USER_ID_FIELD":"email"`})
	if _, err := f.users.AddUser(t.Context(), store.User{Username: "other", Email: "alice@example.com", IsActive: true}); err != nil {
		t.Fatal(err)
	}
	owned := map[string]any{"user_id": "alice@example.com"}
	expect(t, f.me("Bearer "+f.token(f.claims("access", owned))), 401, `{"detail":"User not found","code":"user_not_found"}`)
	expect(t, f.post(pathRefresh, map[string]string{"refresh": f.token(f.claims("refresh", owned))}), 401, noAccount)
	expect(t, f.post(pathBlacklist, map[string]string{"refresh": f.token(f.claims("refresh", owned))}), 200, `{}`)
}

// TestSlidingRoutes checks that sliding views are there by themselves only where sliding tokens open protected routes.
func TestSlidingRoutes(t *testing.T) {
	for _, test := range []struct {
		settings, site string
		path           string
		status         int
	}{
		{``, ``, pathSliding, 404},
		{`"AUTH_TOKEN_CLASSES":["rest_framework_simplejwt.tokens.SlidingToken"]`, ``, pathSliding, 400},
		{`"AUTH_TOKEN_CLASSES":["rest_framework_simplejwt.tokens.SlidingToken"]`, `"URLS":{"token_obtain_sliding":null}`, pathSliding, 404},
		{``, `"URLS":{"token_obtain_sliding":"/slide/"}`, "/slide/", 400},
		{``, `"URLS":{"token_obtain_sliding":"/slide/"}`, pathSlidingRefresh, 404},
	} {
		f := newFixture(t, options{settings: test.settings, site: test.site})
		if response := f.serve("POST", test.path, "application/json", `{}`); response.Status != test.status {
			t.Errorf("%s %s: %s answers %d", test.settings, test.site, test.path, response.Status)
		}
	}
}
