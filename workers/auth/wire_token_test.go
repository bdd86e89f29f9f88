package auth_test

import (
	"fmt"
	"strings"
	"time"

	"github.com/jeton-dev/jeton/core"
)

// tokenCases are one token at the three places that read one: at verify, at refresh if it is to be read there, and in a header.
func (f *fixture) tokenCases(name, access, refresh, problem string) []wireCase {
	if problem == "" {
		return []wireCase{postCase(name+"/verify", pathVerify, `{"token":"`+access+`"}`, 200, `{}`)}
	}
	atRefresh := postCase(name+"/refresh", pathRefresh, `{"refresh":"`+refresh+`"}`, 401, invalidToken(problem))
	if strings.Contains(name, "no jti") && problem != "Token is expired" {
		atRefresh = atRefresh.djangoDiffers(needsID)
	}
	return []wireCase{
		postCase(name+"/verify", pathVerify, `{"token":"`+access+`"}`, 401, invalidToken(problem)),
		atRefresh,
		meCase(name+"/me", "Bearer "+access, 401, notForAnyType(problem)),
	}
}

// badTokenCases are texts that are no token, or one that somebody changed.
func (f *fixture) badTokenCases() []wireCase {
	good := f.token(f.claims("access", nil))
	segments := strings.Split(good, ".")
	none := "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0"
	var cases []wireCase
	for name, token := range map[string]string{
		"word": "x", "dots": "...", "three letters": "a.b.c", "non-ASCII": "é.é.é",
		"no signature": segments[0] + "." + segments[1] + ".", "two segments": segments[0] + "." + segments[1], "four segments": good + ".x",
		"signature cut": good[:len(good)-2], "payload changed": segments[0] + "." + segments[1] + "x." + segments[2],
		"alg none": none + "." + segments[1] + ".", "alg none, signed": none + "." + segments[1] + "." + segments[2],
		"payload no object": f.signed(`[1]`), "payload no JSON": f.signed(`{`),
	} {
		cases = append(cases, f.tokenCases("bad token/"+name, token, token, "Token is invalid")...)
	}
	return append(cases,
		postCase("bad token/space inside", pathVerify, `{"token":"`+segments[0]+` .`+segments[1]+`.`+segments[2]+`"}`, 401, invalidToken("Token is invalid")),
		postCase("bad token/number", pathVerify, `{"token":1.5}`, 401, invalidToken("Token is invalid")),
		postCase("good token/space around", pathVerify, `{"token":"\n `+good+`\t"}`, 200, `{}`))
}

// claimCases are the claims a token must or must not have, in the order in which they are looked at.
func (f *fixture) claimCases() []wireCase {
	past, future := f.host.now.Add(-10*time.Second), f.host.now.Add(1000*time.Second)
	raw := func(json string) core.RawJSON { return core.RawJSON(json) }
	var cases []wireCase
	for _, test := range []struct {
		name    string
		changes map[string]any
		problem string
	}{
		{"fraction", map[string]any{"exp": raw(fmt.Sprintf("%d.5", future.Unix()))}, ""},
		{"no iat", map[string]any{"iat": nil}, ""},
		{"nbf passed", map[string]any{"nbf": past}, ""},
		{"aud and iss of others", map[string]any{"aud": "x", "iss": "y"}, ""},
		{"expired", map[string]any{"exp": past}, "Token is expired"},
		{"expires now", map[string]any{"exp": f.host.now}, "Token is expired"},
		{"no exp", map[string]any{"exp": nil}, "Token has no 'exp' claim"},
		{"no exp, no jti", map[string]any{"exp": nil, "jti": nil}, "Token has no 'exp' claim"},
		{"no jti", map[string]any{"jti": nil}, "Token has no id"},
		{"no jti, no type", map[string]any{"jti": nil, "token_type": nil}, "Token has no id"},
		{"exp null", map[string]any{"exp": raw("null")}, "Token is invalid"},
		{"exp text", map[string]any{"exp": "soon"}, "Token is invalid"},
		{"exp list", map[string]any{"exp": raw("[1]")}, "Token is invalid"},
		{"iat in the future", map[string]any{"iat": future}, "Token is invalid"},
		{"iat text", map[string]any{"iat": "x"}, "Token is invalid"},
		{"nbf in the future", map[string]any{"nbf": future}, "Token is invalid"},
		{"sub number", map[string]any{"sub": 1}, "Token is invalid"},
		{"jti number", map[string]any{"jti": 1}, "Token is invalid"},
		{"jti null", map[string]any{"jti": raw("null")}, "Token is invalid"},
		{"expired, iat in the future", map[string]any{"exp": past, "iat": future}, "Token is invalid"},
		{"expired, iat text", map[string]any{"exp": past, "iat": "x"}, "Token is invalid"},
		{"expired, nbf in the future", map[string]any{"exp": past, "nbf": future}, "Token is invalid"},
		{"expired, sub number", map[string]any{"exp": past, "sub": 1}, "Token is expired"},
		{"expired, jti number", map[string]any{"exp": past, "jti": 1}, "Token is expired"},
		{"expired, no jti", map[string]any{"exp": past, "jti": nil}, "Token is expired"},
		{"no exp, sub number", map[string]any{"exp": nil, "sub": 1}, "Token is invalid"},
	} {
		access, refresh := f.token(f.claims("access", test.changes)), f.token(f.claims("refresh", test.changes))
		cases = append(cases, f.tokenCases("claims/"+test.name, access, refresh, test.problem)...)
	}
	return append(cases, f.typeCases()...)
}

// typeCases are the types of tokens: verify takes any, the others one.
func (f *fixture) typeCases() []wireCase {
	var cases []wireCase
	for _, test := range []struct {
		name                string
		value               any
		atRefresh, inAccess string
	}{
		{"access", "access", "Token has wrong type", ""},
		{"refresh", "refresh", "", "Token has wrong type"},
		{"sliding", "sliding", "Token has wrong type", "Token has wrong type"},
		{"null", core.RawJSON("null"), "Token has wrong type", "Token has wrong type"},
		{"number", 1, "Token has wrong type", "Token has wrong type"},
		{"none", nil, "Token has no type", "Token has no type"},
	} {
		token := f.token(f.claims("", map[string]any{"token_type": test.value}))
		cases = append(cases, postCase("type "+test.name+"/verify", pathVerify, `{"token":"`+token+`"}`, 200, `{}`))
		if test.atRefresh != "" {
			cases = append(cases, postCase("type "+test.name+"/refresh", pathRefresh, `{"refresh":"`+token+`"}`, 401, invalidToken(test.atRefresh)))
		}
		if test.inAccess != "" {
			cases = append(cases, meCase("type "+test.name+"/me", "Bearer "+token, 401, notForAnyType(test.inAccess)))
		}
	}
	return cases
}

// refreshCases are refreshes that succeed: what is copied, and for whom.
func (f *fixture) refreshCases() []wireCase {
	refresh := func(name string, changes map[string]any, claims string) wireCase {
		return postCase("refresh/"+name, pathRefresh, `{"refresh":"`+f.token(f.claims("refresh", changes))+`"}`, 200,
			`{"access":"<{"alg":"HS256","typ":"JWT"}{"token_type":"access","exp":iat+300,"iat":now,"jti":UUID`+claims+`}>"}`)
	}
	raw := func(json string) core.RawJSON { return core.RawJSON(json) }
	return []wireCase{
		refresh("good", nil, `,"user_id":"1"`),
		refresh("user as number", map[string]any{"user_id": 1}, `,"user_id":1`),
		refresh("claims copied", map[string]any{"custom": raw(`{"a":[1,2.5,null,"x"],"b":{}}`)}, `,"user_id":"1","custom":{"a":[1,2.5,null,"x"],"b":{}}`),
		refresh("nbf copied", map[string]any{"nbf": raw("5")}, `,"user_id":"1","nbf":5`),
		refresh("foreign aud copied", map[string]any{"aud": []string{"x"}}, `,"user_id":"1","aud":["x"]`),
		refresh("nobody's", map[string]any{"user_id": nil}, ``),
		refresh("user empty", map[string]any{"user_id": ""}, `,"user_id":""`),
		refresh("user null", map[string]any{"user_id": raw("null")}, `,"user_id":null`),
		refresh("user 0", map[string]any{"user_id": 0}, `,"user_id":0`),
		refresh("user 0.0", map[string]any{"user_id": raw("0.0")}, `,"user_id":0.0`),
		refresh("user false", map[string]any{"user_id": false}, `,"user_id":false`),
		refresh("user []", map[string]any{"user_id": raw("[]")}, `,"user_id":[]`),
		refresh("user {}", map[string]any{"user_id": raw("{}")}, `,"user_id":{}`),
	}
}

// userCases are tokens whose user there is no more, or never was.
func (f *fixture) userCases() []wireCase {
	notFound := `{"detail":"User not found","code":"user_not_found"}`
	unidentified := `{"detail":"Token contained no recognizable user identification","code":"token_not_valid"}`
	inactive := `{"detail":"User is inactive","code":"user_inactive"}`
	me := `{"id":"1","username":"alice","email":"alice@example.com","first_name":"Ålice","last_name":"<\u2028>"}`
	raw := func(json string) core.RawJSON { return core.RawJSON(json) }
	var cases []wireCase
	add := func(name string, value any, differs string, refreshed bool, status int, want string) {
		if !refreshed {
			token := f.token(f.claims("refresh", map[string]any{"user_id": value}))
			cases = append(cases, postCase("user "+name+"/refresh", pathRefresh, `{"refresh":"`+token+`"}`, 401, noAccount).djangoDiffers(differs))
		}
		if differs == deletedUser {
			differs = ""
		}
		token := f.token(f.claims("access", map[string]any{"user_id": value}))
		cases = append(cases, meCase("user "+name+"/me", "Bearer "+token, status, want).djangoDiffers(differs))
	}
	add("1", "1", "", true, 200, me)
	add("as number", 1, "", true, 200, me)
	add("inactive", "2", "", false, 401, inactive)
	add("deleted", "99", deletedUser, false, 401, notFound)
	add("missing", nil, "", true, 401, unidentified)
	add("null", raw("null"), "", true, 401, notFound)
	add("0", 0, "", true, 401, notFound)
	add("no key", "abc", "500", false, 401, notFound)
	add("empty", "", "500", true, 401, notFound)
	add("list", raw(`["1"]`), "500", false, 401, notFound)
	add("true", true, "takes it for 1", false, 401, notFound)
	add("fraction", raw("1.5"), "cuts it to 1", false, 401, notFound)
	add("spelt otherwise", "01", "takes it for 1", false, 401, notFound)
	return cases
}

// deletedUser marks what djangorestframework-simplejwt 5.5 answers with 500 and its next version like this.
const deletedUser = "500 up to version 5.5"

// headerCases are Authorization headers.
func (f *fixture) headerCases() []wireCase {
	good := f.token(f.claims("access", nil))
	me := `{"id":"1","username":"alice","email":"alice@example.com","first_name":"Ålice","last_name":"<\u2028>"}`
	bad := `{"detail":"Authorization header must contain two space-delimited values","code":"bad_authorization_header"}`
	method := func(method string, status int, want string) wireCase {
		c := meCase("me by "+method, "Bearer "+good, status, want)
		c.method = method
		return c
	}
	anonymous := func(method string) wireCase {
		want := noCredentials
		if method == "HEAD" {
			want = ""
		}
		return wireCase{name: "anonymous by " + method, method: method, path: pathMe, status: 401, want: want}
	}
	twice := meCase("header twice", "Bearer "+good, 401, bad)
	twice.header = append(twice.header, twice.header[0])
	foreignFirst := meCase("header twice, foreign first", "Basic dTpw", 401, bad).djangoDiffers("sees the first word only")
	foreignFirst.header = append(foreignFirst.header, [2]string{"Authorization", "Bearer " + good})
	badByPost := method("POST", 401, notForAnyType("Token is invalid"))
	badByPost.name, badByPost.header[0][1] = "bad token by POST", "Bearer x"
	notAcceptable := method("GET", 406, detail("Could not satisfy the request Accept header."))
	notAcceptable.name, notAcceptable.header = "bad token, not acceptable", [][2]string{{"Authorization", "Bearer x"}, {"Accept", "text/plain"}}
	return []wireCase{
		method("GET", 200, me), method("HEAD", 200, ""), method("POST", 405, detail(`Method "POST" not allowed.`)), method("FOO", 405, detail(`Method "FOO" not allowed.`)),
		anonymous("GET"), anonymous("HEAD"), anonymous("POST"), anonymous("OPTIONS"), twice, foreignFirst, badByPost, notAcceptable,
		meCase("header space", "Bearer \t"+good+"  ", 200, me), meCase("header tab", "\tBearer\v"+good, 200, me),
		meCase("header empty", "", 401, noCredentials), meCase("header blank", "  ", 401, noCredentials),
		meCase("header bare", "Bearer", 401, bad), meCase("header three", "Bearer a b", 401, bad), meCase("header list", "Bearer "+good+", Bearer "+good, 401, bad),
		meCase("header lower", "bearer "+good, 401, noCredentials), meCase("header basic", "Basic dTpw", 401, noCredentials),
		meCase("header prefix alone", good, 401, noCredentials), meCase("header comma", "Bearer,"+good, 401, noCredentials),
		meCase("header comma behind", "Bearer "+good+",", 401, notForAnyType("Token is invalid")),
	}
}
