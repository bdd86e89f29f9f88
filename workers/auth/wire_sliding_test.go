package auth_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/jeton-dev/jeton/core"
)

const aliceBody = `{"id":"1","username":"alice","email":"alice@example.com","first_name":"Ålice","last_name":"<\u2028>"}`

// farFuture is 2100-01-01: a time that normalise leaves alone.
const farFuture = 4102444800

func slidingCase(name, token string, status int, want string) wireCase {
	return postCase(name, pathSlidingRefresh, `{"token":"`+token+`"}`, status, want)
}

// noClass is the 401 of a token that is of none of the classes, which stand with their types and problems one behind the other.
func noClass(classes ...string) string {
	var messages []string
	for i := 0; i < len(classes); i += 3 {
		problem, _ := json.Marshal(classes[i+2])
		messages = append(messages, fmt.Sprintf(`{"token_class":"%s","token_type":"%s","message":%s}`, classes[i], classes[i+1], problem))
	}
	return `{"detail":"Given token not valid for any token type","code":"token_not_valid","messages":[` + strings.Join(messages, ",") + `]}`
}

// slidingCases are sliding tokens at all places that know them.
func (f *fixture) slidingCases() []wireCase {
	login := func(name, username, password string, status int, want string) wireCase {
		return postCase("sliding login/"+name, pathSliding, fmt.Sprintf(`{"username":%q,"password":%q}`, username, password), status, want)
	}
	sliding := func(claims string) string {
		return `{"token":"<{"alg":"HS256","typ":"JWT"}{"token_type":"sliding","exp":iat+300,"iat":now,"jti":` + claims + `}>"}`
	}
	until := func(at any) map[string]any { return map[string]any{"refresh_exp": at} }
	past := f.host.now.Add(-10 * time.Second).Unix()
	one := f.of("sliding", "a1", map[string]any{"refresh_exp": farFuture, "custom": core.RawJSON(`[1]`)})
	id := func(prefix string) string { return `"` + prefix + strings.Repeat("0", 32-len(prefix)) + `"` }
	both := func(problem string) string {
		return noClass("AccessToken", "access", problem, "SlidingToken", "sliding", problem)
	}
	return []wireCase{
		login("good", "alice", f.password, 200, sliding(`UUID,"refresh_exp":iat+86400,"user_id":"1"`)),
		login("wrong password", "alice", "x", 401, badLogin),
		login("inactive", "gone", f.password, 401, badLogin),
		postCase("sliding login/fields", pathSliding, `{}`, 400, isRequired),
		postCase("sliding login/pair too", pathToken, `{"username":"alice","password":"x"}`, 401, badLogin),

		slidingCase("sliding/good", one, 200, sliding(id("a1")+`,"user_id":"1","custom":[1],"refresh_exp":4102444800`)),
		slidingCase("sliding/again", one, 200, sliding(id("a1")+`,"user_id":"1","custom":[1],"refresh_exp":4102444800`)),
		slidingCase("sliding/nobody's", f.of("sliding", "a2", map[string]any{"refresh_exp": farFuture, "user_id": nil}), 200, sliding(id("a2")+`,"refresh_exp":4102444800`)),
		slidingCase("sliding/refresh_exp passed", f.of("sliding", "a3", until(past)), 401, invalidToken("Token 'refresh_exp' claim has expired")),
		slidingCase("sliding/refresh_exp missing", f.of("sliding", "a3", nil), 401, invalidToken("Token has no 'refresh_exp' claim")),
		slidingCase("sliding/refresh_exp text", f.of("sliding", "a3", until("soon")), 401, invalidToken("Token is invalid")).djangoDiffers("500"),
		slidingCase("sliding/refresh_exp null", f.of("sliding", "a3", until(core.RawJSON("null"))), 401, invalidToken("Token is invalid")).djangoDiffers("500"),
		slidingCase("sliding/expired", f.of("sliding", "a3", map[string]any{"exp": past, "refresh_exp": farFuture}), 401, invalidToken("Token is expired")),
		slidingCase("sliding/no ID", f.of("sliding", "a3", map[string]any{"jti": nil, "refresh_exp": farFuture}), 401, invalidToken("Token has no id")).djangoDiffers(needsID),
		slidingCase("sliding/access token", f.of("access", "a3", until(farFuture)), 401, invalidToken("Token has wrong type")),
		slidingCase("sliding/refresh token", f.of("refresh", "a3", until(farFuture)), 401, invalidToken("Token has wrong type")),
		slidingCase("sliding/no type", f.of("sliding", "a3", map[string]any{"token_type": nil}), 401, invalidToken("Token has no type")),
		slidingCase("sliding/no token", "x.y.z", 401, invalidToken("Token is invalid")),
		slidingCase("sliding/blank", "", 400, `{"token":["This field may not be blank."]}`),
		slidingCase("sliding/inactive user", f.of("sliding", "a4", map[string]any{"refresh_exp": farFuture, "user_id": "2"}), 401, noAccount).djangoDiffers(nextVersion),
		slidingCase("sliding/deleted user", f.of("sliding", "a4", map[string]any{"refresh_exp": farFuture, "user_id": "99"}), 401, noAccount).djangoDiffers(nextVersion),
		slidingCase("sliding/user before refresh_exp", f.of("sliding", "a4", map[string]any{"refresh_exp": past, "user_id": "2"}), 401, noAccount).djangoDiffers(nextVersion),

		meCase("sliding me/good", "Bearer "+one, 200, aliceBody),
		meCase("sliding me/access token", "Bearer "+f.of("access", "a5", nil), 200, aliceBody),
		meCase("sliding me/refresh token", "Bearer "+f.of("refresh", "a5", nil), 401, both("Token has wrong type")),
		meCase("sliding me/expired", "Bearer "+f.of("sliding", "a5", map[string]any{"exp": past}), 401, both("Token is expired")),
		meCase("sliding me/no token", "Bearer x", 401, both("Token is invalid")),
		meCase("sliding me/no type", "Bearer "+f.of("sliding", "a5", map[string]any{"token_type": nil}), 401, both("Token has no type")),

		// A refresh token with the same ID is one way to have a sliding token blacklisted.
		blacklistCase("sliding blacklisted", f.of("refresh", "a1", nil), 200, `{}`),
		slidingCase("sliding blacklisted/refresh", one, 401, invalidToken("Token is blacklisted")),
		meCase("sliding blacklisted/me", "Bearer "+one, 401, noClass("AccessToken", "access", "Token has wrong type", "SlidingToken", "sliding", "Token is blacklisted")),
		meCase("sliding blacklisted/access token", "Bearer "+f.of("access", "a1", nil), 200, aliceBody),
		meCase("sliding blacklisted/refresh token", "Bearer "+f.of("refresh", "a1", nil), 401, noClass("AccessToken", "access", "Token has wrong type", "SlidingToken", "sliding", "Token is blacklisted")),
		{name: "sliding OPTIONS", method: "OPTIONS", path: pathSliding, status: 200, want: metadata("Token Obtain Sliding", "username", "password")},
		{name: "sliding refresh OPTIONS", method: "OPTIONS", path: pathSlidingRefresh, status: 200, want: metadata("Token Refresh Sliding", "token")},
	}
}

// needsID and nextVersion mark what released versions of djangorestframework-simplejwt answer otherwise.
const (
	needsID     = "500: the blacklist app needs an ID"
	nextVersion = "looks at no user up to version 5.5"
)

// metadata is the answer to OPTIONS.
func metadata(view string, fields ...string) string {
	var described []string
	for _, field := range fields {
		described = append(described, `"`+field+`":{"type":"string","required":true,"read_only":false,"label":"`+strings.ToUpper(field[:1])+field[1:]+`"}`)
	}
	return `{"name":"` + view + `","description":…,"renders":["application/json","text/html"],"parses":["application/json","application/x-www-form-urlencoded","multipart/form-data"],` +
		`"actions":{"POST":{` + strings.Join(described, ",") + `}}}`
}

// revokeCases are tokens that were made under another password.
func (f *fixture) revokeCases() []wireCase {
	hash := func(tokenType, id string, hash any) string {
		return f.of(tokenType, id, map[string]any{"user_id": "3", "refresh_exp": farFuture, "hash_password": hash})
	}
	good := f.hash
	body := `{"id":"3","username":"123","email":"","first_name":"","last_name":""}`
	me := `{"detail":"The user's password has been changed.","code":"password_changed"}`
	inClaims := `,"user_id":"3","hash_password":MD5,"refresh_exp":4102444800`
	return []wireCase{
		refreshCase("revoke/good", hash("refresh", "71", good), 200, `{"access":"`+access(inClaims)+`"}`),
		meCase("revoke/me", "Bearer "+hash("access", "71", good), 200, body),
		meCase("revoke/me sliding", "Bearer "+hash("sliding", "71", good), 200, body),
		meCase("revoke/me, other", "Bearer "+hash("access", "71", strings.ToLower(good)), 401, me),
		meCase("revoke/me, none", "Bearer "+hash("access", "71", nil), 401, me),
		meCase("revoke/me, null", "Bearer "+hash("access", "71", core.RawJSON("null")), 401, me),
		meCase("revoke/me, inactive first", "Bearer "+f.of("access", "71", map[string]any{"user_id": "2"}), 401, `{"detail":"User is inactive","code":"user_inactive"}`),
		verifyCase("revoke/verify does not care", hash("access", "71", "x"), 200, `{}`),
		slidingCase("revoke/sliding good", hash("sliding", "72", good), 200, `{"token":"<{"alg":"HS256","typ":"JWT"}{"token_type":"sliding","exp":iat+300,"iat":now,"jti":"72000000000000000000000000000000"`+inClaims+`}>"}`),

		refreshCase("revoke/other", hash("refresh", "73", "x"), 401, changed).djangoDiffers(nextVersion),
		refreshCase("revoke/other, then blacklisted", hash("refresh", "73", good), 401, invalidToken("Token is blacklisted")).djangoDiffers(nextVersion),
		refreshCase("revoke/none", hash("refresh", "74", nil), 401, changed).djangoDiffers(nextVersion),
		refreshCase("revoke/nobody's", f.of("refresh", "75", map[string]any{"user_id": nil}), 200, `{"access":"`+access(``)+`"}`),
		refreshCase("revoke/inactive first", f.of("refresh", "75", map[string]any{"user_id": "2"}), 401, noAccount),
		slidingCase("revoke/sliding other", hash("sliding", "76", "x"), 401, changed).djangoDiffers(nextVersion),
		slidingCase("revoke/sliding other, then blacklisted", hash("sliding", "76", good), 401, invalidToken("Token is blacklisted")).djangoDiffers(nextVersion),

		postCase("revoke/login", pathToken, fmt.Sprintf(`{"username":"alice","password":%q}`, f.password), 200,
			`{"refresh":"<{"alg":"HS256","typ":"JWT"}{"token_type":"refresh","exp":iat+86400,"iat":now,"jti":UUID,"user_id":"1","hash_password":MD5}>","access":"`+access(`,"user_id":"1","hash_password":MD5`)+`"}`),
		postCase("revoke/sliding login", pathSliding, fmt.Sprintf(`{"username":"alice","password":%q}`, f.password), 200,
			`{"token":"<{"alg":"HS256","typ":"JWT"}{"token_type":"sliding","exp":iat+300,"iat":now,"jti":UUID,"refresh_exp":iat+86400,"user_id":"1","hash_password":MD5}>"}`),
	}
}
