package auth_test

import (
	"fmt"
	"strings"

	"github.com/jeton-dev/jeton/core"
)

// statelessCases are tokens at a route that asks no store whose they are.
func (f *fixture) statelessCases() []wireCase {
	stateless := func(name string, token string, status int, want string) wireCase {
		return wireCase{name: "stateless/" + name, method: "GET", path: pathStateless, header: [][2]string{{"Authorization", "Bearer " + token}}, status: status, want: want}
	}
	raw := func(json string) core.RawJSON { return core.RawJSON(json) }
	unidentified := `{"detail":"Token contained no recognizable user identification","code":"token_not_valid"}`
	of := func(changes map[string]any) string { return f.token(f.claims("access", changes)) }
	anonymous := wireCase{name: "stateless/anonymous", method: "GET", path: pathStateless, status: 401, want: noCredentials}
	return []wireCase{
		anonymous,
		stateless("plain", of(nil), 200, `{"id":"1","username":"","is_staff":false,"is_superuser":false,"is_active":true}`),
		stateless("inactive user", of(map[string]any{"user_id": "2"}), 200, `{"id":"2","username":"","is_staff":false,"is_superuser":false,"is_active":true}`),
		stateless("deleted user", of(map[string]any{"user_id": "99"}), 200, `{"id":"99","username":"","is_staff":false,"is_superuser":false,"is_active":true}`),
		stateless("no key", of(map[string]any{"user_id": "abc"}), 200, `{"id":"abc","username":"","is_staff":false,"is_superuser":false,"is_active":true}`),
		stateless("claims", of(map[string]any{"username": "zoë", "is_staff": true, "is_superuser": true, "is_active": false}), 200,
			`{"id":"1","username":"zoë","is_staff":true,"is_superuser":true,"is_active":true}`),
		stateless("user as number", of(map[string]any{"user_id": 1}), 200, `{"id":"1","username":"","is_staff":false,"is_superuser":false,"is_active":true}`).djangoDiffers("a number stays one"),
		stateless("staff as text", of(map[string]any{"is_staff": "no"}), 200, `{"id":"1","username":"","is_staff":false,"is_superuser":false,"is_active":true}`).djangoDiffers("is whatever the claim is"),
		stateless("user missing", of(map[string]any{"user_id": nil}), 401, unidentified),
		stateless("user null", of(map[string]any{"user_id": raw("null")}), 401, unidentified).djangoDiffers("is a user without ID"),
		stateless("user empty", of(map[string]any{"user_id": ""}), 401, unidentified).djangoDiffers("is a user without ID"),
		stateless("user list", of(map[string]any{"user_id": raw(`["1"]`)}), 401, unidentified).djangoDiffers("is a user whose ID is a list"),
		stateless("refresh token", f.token(f.claims("refresh", nil)), 401, notForAnyType("Token has wrong type")),
		stateless("no token", "x", 401, notForAnyType("Token is invalid")),
	}
}

// otherNameCases are those of a site that renamed everything.
func (f *fixture) otherNameCases() []wireCase {
	of := func(kind, id, user string) string {
		return f.token(core.NewClaims().Set("kind", kind).SetExpiration(f.host.now.Add(600e9)).SetIssuedAt(f.host.now).Set("id", id).Set("sub", user).
			Set("aud", "web").SetIssuer("https://issuer.example").SetID("foreign").Set("token_type", "custom"))
	}
	me := func(name, word, token string, status int, want string) wireCase {
		return wireCase{name: "names/" + name, method: "GET", path: pathMe, header: [][2]string{{"X-Access-Token", word + " " + token}}, status: status, want: want}
	}
	audience := `"aud":["api","web"],"iss":"https://issuer.example"`
	uuid := `"id":UUID`
	first := fmt.Sprintf(`{"refresh":"<{"alg":"HS256","typ":"JWT"}{"kind":"refresh","exp":iat+86400,"iat":now,%s,"sub":"alice",%s}>",`+
		`"access":"<{"alg":"HS256","typ":"JWT"}{"kind":"access","exp":iat+300,"iat":now,%s,"sub":"alice",%s}>"}`, uuid, audience, uuid, audience)
	second := fmt.Sprintf(`{"access":"<{"alg":"HS256","typ":"JWT"}{"kind":"access","exp":iat+300,"iat":now,%s,"sub":"alice",%s,"token_type":"custom"}>",`+
		`"refresh":"<{"alg":"HS256","typ":"JWT"}{"kind":"refresh","exp":iat+86400,"iat":now,%s,"sub":"alice",%s,"jti":"foreign","token_type":"custom"}>"}`, uuid, audience, uuid, audience)
	invalid := invalidToken("Token is invalid")
	return []wireCase{
		postCase("names/login", pathToken, fmt.Sprintf(`{"username":"alice","password":%q}`, f.password), 200, first),
		refreshCase("names/refresh", of("refresh", "61", "alice"), 200, second),
		refreshCase("names/refresh again", of("refresh", "61", "alice"), 401, invalidToken("Token is blacklisted")),
		verifyCase("names/verify", of("refresh", "61", "alice"), 400, `{"non_field_errors":["Token is blacklisted"]}`),
		verifyCase("names/no ID", f.token(core.NewClaims().SetExpiration(f.host.now.Add(600e9)).Set("aud", "api").SetIssuer("https://issuer.example").SetID("x")), 401, invalidToken("Token has no id")),
		refreshCase("names/unknown user", of("refresh", "62", "nobody"), 401, noAccount).djangoDiffers(deletedUser),
		refreshCase("names/inactive user", of("refresh", "62", "gone"), 401, noAccount),
		verifyCase("names/no audience", f.of("access", "63", map[string]any{"id": "x", "iss": "https://issuer.example"}), 401, invalid),
		verifyCase("names/other audience", f.of("access", "63", map[string]any{"id": "x", "aud": "app", "iss": "https://issuer.example"}), 401, invalid),
		verifyCase("names/other issuer", f.of("access", "63", map[string]any{"id": "x", "aud": "api", "iss": "https://issuer.example/"}), 401, invalid),
		me("me", "JWT", of("access", "64", "alice"), 200, aliceBody),
		me("me, second word", "Bearer", of("access", "64", "alice"), 200, aliceBody),
		me("me, other word", "jwt", of("access", "64", "alice"), 401, noCredentials),
		me("me, name of digits", "JWT", of("access", "64", "123"), 200, `{"id":"3","username":"123","email":"","first_name":"","last_name":""}`),
		me("me, other case", "JWT", of("access", "64", "Alice"), 401, `{"detail":"User not found","code":"user_not_found"}`),
		meCase("names/me in the ordinary header", "JWT "+of("access", "64", "alice"), 401, noCredentials),
		me("me, three words", "JWT", "a b", 401, `{"detail":"Authorization header must contain two space-delimited values","code":"bad_authorization_header"}`),
	}
}

func (f *fixture) headerTypeCases() []wireCase {
	good := f.of("access", "51", nil)
	return []wireCase{
		meCase("header type/good", "Token "+good, 200, aliceBody),
		meCase("header type/other", "Bearer "+good, 401, noCredentials),
		meCase("header type/bare", "Token", 401, `{"detail":"Authorization header must contain two space-delimited values","code":"bad_authorization_header"}`),
		postCase("header type/login", pathToken, `{"username":"alice","password":"x"}`, 401, badLogin),
	}
}

// classCases are those of a site that takes refresh tokens, and any other token too.
func (f *fixture) classCases() []wireCase {
	both := func(first, second string) string {
		return noClass("RefreshToken", "refresh", first, "UntypedToken", "untyped", second)
	}
	return []wireCase{
		meCase("classes/refresh token", "Bearer "+f.of("refresh", "41", nil), 200, aliceBody),
		meCase("classes/other type", "Bearer "+f.of("x", "41", nil), 200, aliceBody),
		meCase("classes/no type", "Bearer "+f.of("x", "41", map[string]any{"token_type": nil}), 200, aliceBody),
		blacklistCase("classes/blacklist", f.of("refresh", "41", nil), 200, `{}`),
		meCase("classes/blacklisted", "Bearer "+f.of("refresh", "41", nil), 200, aliceBody),
		meCase("classes/blacklisted, no exp", "Bearer "+f.of("refresh", "41", map[string]any{"exp": nil}), 401, both("Token is blacklisted", "Token has no 'exp' claim")),
		meCase("classes/no exp", "Bearer "+f.of("refresh", "42", map[string]any{"exp": nil}), 401, both("Token has no 'exp' claim", "Token has no 'exp' claim")),
		meCase("classes/no ID", "Bearer "+f.of("refresh", "42", map[string]any{"jti": nil}), 401, both("Token has no id", "Token has no id")).djangoDiffers(needsID),
		meCase("classes/no token", "Bearer x", 401, both("Token is invalid", "Token is invalid")),
	}
}

func (f *fixture) refreshClassCases() []wireCase {
	blacklisted := noClass("RefreshToken", "refresh", "Token is blacklisted")
	return []wireCase{
		meCase("refresh class/good", "Bearer "+f.of("refresh", "31", nil), 200, aliceBody),
		meCase("refresh class/access token", "Bearer "+f.of("access", "31", nil), 401, noClass("RefreshToken", "refresh", "Token has wrong type")),
		blacklistCase("refresh class/blacklist", f.of("refresh", "31", nil), 200, `{}`),
		meCase("refresh class/blacklisted", "Bearer "+f.of("refresh", "31", nil), 401, blacklisted),
		meCase("refresh class/blacklisted, wrong type", "Bearer "+f.of("access", "31", nil), 401, blacklisted),
		meCase("refresh class/blacklisted, user gone", "Bearer "+f.of("refresh", "31", map[string]any{"user_id": strings.Repeat("9", 9)}), 401, blacklisted),
	}
}
