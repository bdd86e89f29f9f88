package auth_test

import (
	"fmt"
	"maps"
	"strings"

	"github.com/jeton-dev/jeton/core"
)

// simplejwtSites are sites with settings of djangorestframework-simplejwt that are not the default.
func simplejwtSites() []wireSite {
	const (
		rotate  = `"ROTATE_REFRESH_TOKENS":true`
		sliding = `"AUTH_TOKEN_CLASSES":["rest_framework_simplejwt.tokens.AccessToken","rest_framework_simplejwt.tokens.SlidingToken"]`
		revoke  = `"CHECK_REVOKE_TOKEN":true`
	)
	group := func(cases ...func(*fixture) []wireCase) []func(*fixture) []wireCase { return cases }
	return []wireSite{
		{name: "rotation", settings: rotate + `,"BLACKLIST_AFTER_ROTATION":true`, cases: group((*fixture).rotationCases)},
		{name: "rotation without blacklisting", settings: rotate, cases: group((*fixture).freeRotationCases)},
		{name: "rotation without the app", settings: rotate + `,"BLACKLIST_AFTER_ROTATION":true`, site: `"INSTALLED_APPS":["django.contrib.auth"]`, withoutBlacklist: true,
			cases: group((*fixture).withoutAppCases)},
		{name: "verify looks at the blacklist", settings: `"BLACKLIST_AFTER_ROTATION":true`, cases: group((*fixture).verifyBlacklistCases)},
		{name: "sliding", settings: sliding, cases: group((*fixture).slidingCases)},
		{name: "revoke", settings: revoke + `,` + sliding, cases: group((*fixture).revokeCases)},
		{name: "other names", settings: `"USER_ID_CLAIM":"sub","USER_ID_FIELD":"username","JTI_CLAIM":"id","TOKEN_TYPE_CLAIM":"kind","AUDIENCE":["api","web"],"ISSUER":"https://issuer.example",` +
			`"AUTH_HEADER_TYPES":["JWT","Bearer"],"AUTH_HEADER_NAME":"HTTP_X_ACCESS_TOKEN",` + rotate + `,"BLACKLIST_AFTER_ROTATION":true`, cases: group((*fixture).otherNameCases)},
		{name: "one header type", settings: `"AUTH_HEADER_TYPES":"Token"`, cases: group((*fixture).headerTypeCases)},
		{name: "inactive users", settings: `"CHECK_USER_IS_ACTIVE":false`, cases: group((*fixture).inactiveCases)},
		{name: "classes", settings: `"AUTH_TOKEN_CLASSES":["rest_framework_simplejwt.tokens.RefreshToken","rest_framework_simplejwt.tokens.UntypedToken"]`, cases: group((*fixture).classCases)},
		{name: "refresh tokens alone", settings: `"AUTH_TOKEN_CLASSES":["rest_framework_simplejwt.tokens.RefreshToken"]`, cases: group((*fixture).refreshClassCases)},
		{name: "leeway", settings: `"LEEWAY":300,` + sliding, cases: group((*fixture).leewayCases)},
	}
}

// of returns a good token of a type with an ID of its own, changed as asked.
func (f *fixture) of(tokenType, id string, changes map[string]any) string {
	all := map[string]any{"jti": id + strings.Repeat("0", 32-len(id))}
	maps.Copy(all, changes)
	return f.token(f.claims(tokenType, all))
}

// refreshCase, verifyCase and blacklistCase send a token where it belongs.
func refreshCase(name, token string, status int, want string) wireCase {
	return postCase(name, pathRefresh, `{"refresh":"`+token+`"}`, status, want)
}

func verifyCase(name, token string, status int, want string) wireCase {
	return postCase(name, pathVerify, `{"token":"`+token+`"}`, status, want)
}

func blacklistCase(name, token string, status int, want string) wireCase {
	return postCase(name, pathBlacklist, `{"refresh":"`+token+`"}`, status, want)
}

// access and rotated are the tokens of an answer, as normalise leaves them. claims are those behind the token's ID.
func access(claims string) string {
	return `<{"alg":"HS256","typ":"JWT"}{"token_type":"access","exp":iat+300,"iat":now,"jti":UUID` + claims + `}>`
}

func rotated(claims string) string {
	return fmt.Sprintf(`{"access":"%s","refresh":"<{"alg":"HS256","typ":"JWT"}{"token_type":"refresh","exp":iat+86400,"iat":now,"jti":UUID%s}>"}`, access(claims), claims)
}

// blacklistCases are logouts, and what is left of a token after one.
func (f *fixture) blacklistCases() []wireCase {
	blacklisted := invalidToken("Token is blacklisted")
	one, two := f.of("refresh", "b1", nil), f.of("refresh", "b2", map[string]any{"user_id": "2"})
	expired := map[string]any{"exp": f.host.now.Add(-10e9)}
	return []wireCase{
		blacklistCase("blacklist/good", one, 200, `{}`),
		blacklistCase("blacklist/again", one, 401, blacklisted),
		refreshCase("blacklist/then refresh", one, 401, blacklisted),
		verifyCase("blacklist/then verify", one, 200, `{}`),
		meCase("blacklist/then the access token of that ID", "Bearer "+f.of("access", "b1", nil), 200, aliceBody),
		refreshCase("blacklist/the ID decides, not the token", f.of("refresh", "b1", map[string]any{"custom": "x"}), 401, blacklisted),
		refreshCase("blacklist/before the type", f.of("sliding", "b1", nil), 401, blacklisted),
		refreshCase("blacklist/before the missing type", f.of("refresh", "b1", map[string]any{"token_type": nil}), 401, blacklisted),
		refreshCase("blacklist/before the missing exp", f.of("refresh", "b1", map[string]any{"exp": nil}), 401, blacklisted),
		refreshCase("blacklist/behind the signature", one[:len(one)-3]+"AAA", 401, invalidToken("Token is invalid")),
		refreshCase("blacklist/behind the expiry", f.of("refresh", "b1", expired), 401, invalidToken("Token is expired")),
		blacklistCase("blacklist/inactive user's", two, 200, `{}`),
		refreshCase("blacklist/before the user", two, 401, blacklisted),
		blacklistCase("blacklist/deleted user's", f.of("refresh", "b3", map[string]any{"user_id": "99"}), 200, `{}`),
		blacklistCase("blacklist/nobody's", f.of("refresh", "b4", map[string]any{"user_id": nil}), 200, `{}`),
		blacklistCase("blacklist/user null", f.of("refresh", "b5", map[string]any{"user_id": core.RawJSON("null")}), 200, `{}`),
		blacklistCase("blacklist/user no key", f.of("refresh", "b6", map[string]any{"user_id": "abc"}), 200, `{}`).djangoDiffers("500"),
		refreshCase("blacklist/user no key, then refresh", f.of("refresh", "b6", nil), 401, blacklisted).djangoDiffers("was not blacklisted"),
		blacklistCase("blacklist/long ID", f.of("refresh", "b7", map[string]any{"jti": strings.Repeat("x", 256)}), 401, invalidToken("Token is invalid")).djangoDiffers("SQLite takes it, PostgreSQL 500"),
		refreshCase("blacklist/long ID, refreshed", f.of("refresh", "b7", map[string]any{"jti": strings.Repeat("x", 257)}), 200, `{"access":"`+access(`,"user_id":"1"`)+`"}`),
		blacklistCase("blacklist/empty ID", f.of("refresh", "b8", map[string]any{"jti": ""}), 401, invalidToken("Token is invalid")).djangoDiffers("takes it"),
		blacklistCase("blacklist/access token", f.of("access", "b9", nil), 401, invalidToken("Token has wrong type")),
		blacklistCase("blacklist/expired", f.of("refresh", "b9", expired), 401, invalidToken("Token is expired")),
		blacklistCase("blacklist/no token", "x", 401, invalidToken("Token is invalid")),
		blacklistCase("blacklist/blank", " ", 400, `{"refresh":["This field may not be blank."]}`),
		postCase("blacklist/missing", pathBlacklist, `{"token":"x"}`, 400, `{"refresh":["This field is required."]}`),
		{name: "blacklist/GET", method: "GET", path: pathBlacklist, status: 405, want: detail(`Method "GET" not allowed.`)},
	}
}

// rotationCases are refreshes that hand out a new refresh token and blacklist the old one.
func (f *fixture) rotationCases() []wireCase {
	blacklisted := invalidToken("Token is blacklisted")
	onVerify := `{"non_field_errors":["Token is blacklisted"]}`
	custom := map[string]any{"custom": core.RawJSON(`{"a":[1,"x"]}`), "nbf": 5}
	one := f.of("refresh", "c1", custom)
	bare := f.token(core.NewClaims().Set("user_id", "1").Set("token_type", "refresh").SetID("c2" + strings.Repeat("0", 30)).SetExpiration(f.host.now.Add(600e9)))
	inactive := f.of("refresh", "c5", map[string]any{"user_id": "2"})
	return []wireCase{
		verifyCase("rotation/verify before", one, 200, `{}`),
		refreshCase("rotation/good", one, 200, rotated(`,"user_id":"1","custom":{"a":[1,"x"]},"nbf":5`)),
		refreshCase("rotation/again", one, 401, blacklisted),
		verifyCase("rotation/verify after", one, 400, onVerify),
		verifyCase("rotation/access token of that ID", f.of("access", "c1", nil), 400, onVerify),
		meCase("rotation/me with that ID", "Bearer "+f.of("access", "c1", nil), 200, aliceBody),
		blacklistCase("rotation/blacklist after", one, 401, blacklisted),
		refreshCase("rotation/order kept, iat behind", bare, 200, fmt.Sprintf(`{"access":"%s",`, access(`,"user_id":"1"`))+
			`"refresh":"<{"alg":"HS256","typ":"JWT"}{"user_id":"1","token_type":"refresh","jti":UUID,"exp":iat+86400,"iat":now}>"}`),
		refreshCase("rotation/nobody's", f.of("refresh", "c3", map[string]any{"user_id": nil}), 200, rotated(``)),
		refreshCase("rotation/nobody's, again", f.of("refresh", "c3", map[string]any{"user_id": nil}), 401, blacklisted),
		refreshCase("rotation/user as number", f.of("refresh", "c4", map[string]any{"user_id": 1}), 200, rotated(`,"user_id":1`)),
		refreshCase("rotation/inactive user", inactive, 401, noAccount),
		verifyCase("rotation/inactive user's is not blacklisted", inactive, 200, `{}`),
		refreshCase("rotation/wrong type", f.of("access", "c6", nil), 401, invalidToken("Token has wrong type")),
		verifyCase("rotation/wrong type is not blacklisted", f.of("access", "c6", nil), 200, `{}`),
		blacklistCase("rotation/blacklist", f.of("refresh", "c7", nil), 200, `{}`),
		refreshCase("rotation/blacklisted before", f.of("refresh", "c7", nil), 401, blacklisted),
		verifyCase("rotation/verify, no ID", f.of("access", "c8", map[string]any{"jti": nil}), 401, invalidToken("Token has no id")),
	}
}

// freeRotationCases are refreshes that hand out a new refresh token and leave the old one alone.
func (f *fixture) freeRotationCases() []wireCase {
	one := f.of("refresh", "d1", nil)
	return []wireCase{
		refreshCase("free rotation/good", one, 200, rotated(`,"user_id":"1"`)),
		refreshCase("free rotation/again", one, 200, rotated(`,"user_id":"1"`)),
		verifyCase("free rotation/verify", one, 200, `{}`),
		blacklistCase("free rotation/blacklist", one, 200, `{}`),
		refreshCase("free rotation/blacklisted", one, 401, invalidToken("Token is blacklisted")),
		verifyCase("free rotation/verify blacklisted", one, 200, `{}`),
	}
}

// withoutAppCases are those of a site without the blacklist's tables.
func (f *fixture) withoutAppCases() []wireCase {
	one := f.of("refresh", "e1", nil)
	noID := f.of("refresh", "e2", map[string]any{"jti": nil})
	return []wireCase{
		refreshCase("no app/good", one, 200, rotated(`,"user_id":"1"`)),
		refreshCase("no app/again", one, 200, rotated(`,"user_id":"1"`)),
		blacklistCase("no app/blacklist", one, 200, `{}`),
		blacklistCase("no app/blacklist again", one, 200, `{}`),
		verifyCase("no app/verify", one, 200, `{}`),
		refreshCase("no app/no ID", noID, 401, invalidToken("Token has no id")),
		blacklistCase("no app/blacklist no ID", noID, 401, invalidToken("Token has no id")),
	}
}

func (f *fixture) verifyBlacklistCases() []wireCase {
	one := f.of("refresh", "f1", nil)
	return []wireCase{
		refreshCase("verify/no rotation", one, 200, `{"access":"`+access(`,"user_id":"1"`)+`"}`),
		verifyCase("verify/good", one, 200, `{}`),
		blacklistCase("verify/blacklist", one, 200, `{}`),
		verifyCase("verify/blacklisted", one, 400, `{"non_field_errors":["Token is blacklisted"]}`),
		verifyCase("verify/expired goes first", f.of("refresh", "f1", map[string]any{"exp": f.host.now.Add(-10e9)}), 401, invalidToken("Token is expired")),
	}
}

// inactiveCases are inactive users where nobody asks whether they are active. They cannot log in all the same.
func (f *fixture) inactiveCases() []wireCase {
	gone := map[string]any{"user_id": "2"}
	return []wireCase{
		postCase("inactive/login", pathToken, fmt.Sprintf(`{"username":"gone","password":%q}`, f.password), 401, badLogin),
		refreshCase("inactive/refresh", f.of("refresh", "91", gone), 200, `{"access":"`+access(`,"user_id":"2"`)+`"}`),
		meCase("inactive/me", "Bearer "+f.of("access", "92", gone), 200, `{"id":"2","username":"gone","email":"","first_name":"","last_name":""}`),
	}
}

// leewayCases are tokens that have expired a little. f.host.now and Django's clock are a few seconds apart.
func (f *fixture) leewayCases() []wireCase {
	at := func(seconds int64) map[string]any {
		return map[string]any{"exp": f.host.now.Add(600e9), "refresh_exp": f.host.now.Unix() + seconds}
	}
	return []wireCase{
		verifyCase("leeway/within", f.of("access", "81", map[string]any{"exp": f.host.now.Add(-200e9)}), 200, `{}`),
		verifyCase("leeway/beyond", f.of("access", "81", map[string]any{"exp": f.host.now.Add(-310e9)}), 401, invalidToken("Token is expired")),
		verifyCase("leeway/iat", f.of("access", "81", map[string]any{"iat": f.host.now.Add(200e9)}), 200, `{}`),
		postCase("leeway/refresh_exp beyond", pathSlidingRefresh, `{"token":"`+f.of("sliding", "82", at(-310))+`"}`, 401, invalidToken("Token 'refresh_exp' claim has expired")),
	}
}
