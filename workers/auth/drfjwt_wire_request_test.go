package auth_test

import (
	"fmt"
	"strings"
)

const cannotLogIn = `{"non_field_errors":["Unable to log in with provided credentials."]}`

// obtainCases are logins.
func (f *drfjwtFixture) obtainCases() []drfjwtCase {
	login := func(name, username, password string, status int, want string) drfjwtCase {
		return drfPost("login/"+name, pathAuth, fmt.Sprintf(`{"username":%s,"password":%s}`, username, password), status, want)
	}
	quoted := `"` + f.password + `"`
	alice := f.handOut(f.newToken("1", "alice", `,"orig_iat":now`))
	form := drfPost("login/form", pathAuth, "username=alice&password="+strings.ReplaceAll(f.password, " ", "+"), f.words.status, alice)
	form.header[0][1] = "application/x-www-form-urlencoded"
	return []drfjwtCase{
		login("good", `"alice"`, quoted, f.words.status, alice),
		login("space around", `" alice\t"`, quoted, f.words.status, alice),
		login("a number as name", `123`, quoted, f.words.status, f.handOut(f.newToken("3", "123", `,"orig_iat":now`))),
		login("a bad token is ignored", `"alice"`, quoted, f.words.status, alice).with("Authorization", f.words.word+" broken"),
		form,
		login("wrong password", `"alice"`, `"x"`, 400, cannotLogIn),
		login("unknown", `"nobody"`, quoted, 400, cannotLogIn),
		login("inactive", `"gone"`, quoted, 400, cannotLogIn),
		login("unusable password", `"nopass"`, `"!unusable"`, 400, cannotLogIn),
	}
}

// drfFieldCases are the fields of each endpoint, and the order in which what is wrong with them is told.
func (f *drfjwtFixture) drfFieldCases() []drfjwtCase {
	both := func(problem string) string {
		if f.isJpadilla() {
			return fmt.Sprintf(`{"username":[%q],"password":[%q]}`, problem, problem)
		}
		return fmt.Sprintf(`{"password":[%q],"username":[%q]}`, problem, problem)
	}
	return []drfjwtCase{
		drfPost("fields/none", pathAuth, `{}`, 400, both("This field is required.")),
		drfPost("fields/blank", pathAuth, `{"username":" ","password":""}`, 400, both("This field may not be blank.")),
		drfPost("fields/null", pathAuth, `{"username":null,"password":null}`, 400, both("This field may not be null.")),
		drfPost("fields/no text", pathAuth, `{"username":[],"password":true}`, 400, both("Not a valid string.")),
		drfPost("fields/verify", pathCheck, `{}`, 400, `{"token":["This field is required."]}`),
		drfPost("fields/refresh", pathAgain, `{"token":null}`, 400, `{"token":["This field may not be null."]}`),
		drfPost("fields/list", pathAgain, `[]`, 400, nonField("Invalid data. Expected a dictionary, but got list.")),
		drfPost("fields/null as a whole", pathCheck, `null`, 400, nonField("No data provided")),
	}
}

// requestCases are methods, descriptions and media types.
func (f *drfjwtFixture) requestCases() []drfjwtCase {
	const media = `"renders":["application/json","text/html"],"parses":["application/json","application/x-www-form-urlencoded","multipart/form-data"]`
	field := func(name string, readOnly bool) string {
		return fmt.Sprintf(`%q:{"type":"string","required":%v,"read_only":%v,"label":%q}`, name, !readOnly, readOnly, strings.ToUpper(name[:1])+name[1:])
	}
	login := field("password", false) + "," + field("token", true) + "," + field("username", false)
	if f.isJpadilla() {
		login = field("username", false) + "," + field("password", false)
	}
	var cases []drfjwtCase
	for _, view := range []struct{ path, name, fields string }{
		{pathAuth, "Obtain Json Web Token", login}, {pathAgain, "Refresh Json Web Token", field("token", false)}, {pathCheck, "Verify Json Web Token", field("token", false)},
	} {
		request := func(name, method, contentType, body string, status int, want string) {
			c := drfjwtCase{wireCase: wireCase{name: name + " " + view.path, method: method, path: view.path, body: body, status: status, want: want}}
			if contentType != "" {
				c = c.with("Content-Type", contentType)
			}
			cases = append(cases, c)
		}
		request("options", "OPTIONS", "", "", 200, fmt.Sprintf(`{"name":%q,"description":"",%s,"actions":{"POST":{%s}}}`, view.name, media, view.fields))
		request("get", "GET", "", "", 405, detail(`Method "GET" not allowed.`))
		request("head", "HEAD", "", "", 405, "")
		request("text", "POST", "text/plain", "x", 415, detail(`Unsupported media type "text/plain" in request.`))
		request("broken JSON", "POST", "application/json", "{", 400, detail("JSON parse error - Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"))
	}
	return cases
}

// styriaHeaderCases are Authorization headers for drf-jwt. Without a cookie, most count as none.
func (f *drfjwtFixture) styriaHeaderCases() []drfjwtCase {
	good := f.good(nil)
	cases := []drfjwtCase{
		drfMe("header/none", "", 401, noCredentials),
		drfMe("header/good", "Bearer "+good, 200, meAlice),
		drfMe("header/lower case", "bearer "+good, 200, meAlice),
		drfMe("header/upper case", "BEARER "+good, 200, meAlice),
		drfMe("header/broken", "Bearer x", 401, detail("Error decoding token.")),
	}
	for name, value := range map[string]string{
		"word alone": "Bearer", "word and space": "Bearer ", "two spaces": "Bearer  " + good, "space behind": "Bearer " + good + " ", "three": "Bearer a b",
		"tab": "Bearer\t" + good, "other word": "Basic dTpw", "JWT": "JWT " + good, "empty": "", "not UTF-8": "Bearer \xe9", "token alone": good, "list": "Bearer " + good + ", Bearer " + good,
	} {
		cases = append(cases, drfMe("header/"+name, "", 401, noCredentials).with("Authorization", value))
	}
	return append(cases,
		drfMe("header/twice", "Bearer "+good, 401, noCredentials).with("Authorization", "Bearer "+good),
		drfMe("header/a cookie where none is configured", "", 401, noCredentials).with("Cookie", "jwt="+good))
}

// jpadillaHeaderCases are Authorization headers for djangorestframework-jwt.
func (f *drfjwtFixture) jpadillaHeaderCases() []drfjwtCase {
	good := f.good(nil)
	const none, spaces = "Invalid Authorization header. No credentials provided.", "Invalid Authorization header. Credentials string should not contain spaces."
	return []drfjwtCase{
		drfMe("header/none", "", 401, noCredentials),
		drfMe("header/empty", "", 401, noCredentials).with("Authorization", ""),
		drfMe("header/good", "JWT "+good, 200, meAlice),
		drfMe("header/lower case", "jwt "+good, 200, meAlice),
		drfMe("header/white space", " JWT \t"+good+" ", 200, meAlice),
		drfMe("header/word alone", "JWT", 401, detail(none)),
		drfMe("header/word and space", "JWT ", 401, detail(none)),
		drfMe("header/three", "JWT a b", 401, detail(spaces)),
		drfMe("header/twice", "JWT "+good, 401, detail(spaces)).with("Authorization", "JWT "+good),
		drfMe("header/other word", "Basic dTpw", 401, noCredentials),
		drfMe("header/Bearer", "Bearer "+good, 401, noCredentials),
		drfMe("header/broken", "JWT x", 401, detail("Error decoding signature.")),
		drfMe("header/a cookie where none is configured", "", 401, noCredentials).with("Cookie", "jwt="+good),
	}
}

// otherWordCases are a word of the site's own.
func (f *drfjwtFixture) otherWordCases() []drfjwtCase {
	good := f.good(nil)
	return []drfjwtCase{
		drfMe("good", "Token "+good, 200, meAlice), drfMe("lower case", "token "+good, 200, meAlice), drfMe("usual word", "Bearer "+good, 401, noCredentials),
		drfMe("broken", "Token x", 401, detail("Error decoding token.")),
	}
}

// attributes are those of a cookie of drf-jwt by default.
const attributes = "; expires=DATE; HttpOnly; Max-Age=300; Path=/; SameSite=Lax; Secure"

// cookieCases are the cookies of drf-jwt: which answers set them, and which of header and cookies counts.
func (f *drfjwtFixture) cookieCases() []drfjwtCase {
	good, root := f.good(nil), f.good(map[string]any{"username": "root", "user_id": 5})
	alice := f.newToken("1", "alice", `,"orig_iat":now`)
	refreshed := f.newToken("1", "alice", fmt.Sprintf(`,"orig_iat":%d,"orig_jti":%q`, f.host.now.Unix()-10, fixedID))
	withdrawn, cookieOnly := f.good(map[string]any{"jti": newID(f.t)}), f.good(map[string]any{"jti": newID(f.t)})
	badDecode := detail("Error decoding token.")
	cookies := func(name, value string, status int, want string) drfjwtCase {
		return drfMe("cookies/"+name, "", status, want).with("Cookie", value)
	}
	return []drfjwtCase{
		drfPost("obtain", pathAuth, fmt.Sprintf(`{"username":"alice","password":%q}`, f.password), 201, f.handOut(alice)).sets("jwt-auth=" + alice + attributes),
		drfPost("verify", pathCheck, `{"token":"`+good+`"}`, 201, fmt.Sprintf(`{"pk":%d,"token":"%s"}`, f.host.now.Unix(), good)).sets("jwt-auth=" + good + attributes),
		drfPost("refresh", pathAgain, `{"token":"`+good+`"}`, 201, f.handOut(refreshed)).sets("jwt-auth=" + refreshed + attributes),
		drfPost("refused", pathCheck, `{"token":"x"}`, 400, nonField("Error decoding token.")),
		drfPost("body alone counts", pathAgain, `{}`, 400, `{"token":["This field is required."]}`).with("Cookie", "jwt-auth="+good),
		drfPost("impersonate", pathImpersonate, `{"user":1}`, 201, `{"token":"`+alice+`"}`).with("Cookie", "jwt-auth="+root).sets("jwt-imp=" + alice + attributes),
		drfPost("blacklist sets none", pathWithdraw, `{"token":"`+withdrawn+`"}`, 201, `{"token":"`+withdrawn+`"}`).with("Cookie", "jwt-auth="+good),
		drfPost("blacklist the cookie's", pathWithdraw, ``, 201, `{"token":"`+cookieOnly+`"}`).with("Cookie", "jwt-auth="+cookieOnly),
		cookies("good", "jwt-auth="+good, 200, meAlice),
		cookies("among others", "a=b; jwt-auth="+good+"; c", 200, meAlice),
		cookies("white space", " jwt-auth =\t"+good+" ", 200, meAlice),
		cookies("quoted", `jwt-auth="`+good+`"`, 200, meAlice),
		cookies("last counts", "jwt-auth=x; jwt-auth="+good, 200, meAlice),
		cookies("impersonation first", "jwt-auth="+root+"; jwt-imp="+good, 200, meAlice),
		cookies("impersonation broken", "jwt-auth="+root+"; jwt-imp=x", 401, badDecode),
		cookies("impersonation empty", "jwt-auth="+root+"; jwt-imp=", 200, meRoot),
		cookies("impersonation alone", "jwt-imp="+good, 200, meAlice),
		cookies("empty", "jwt-auth=", 401, badDecode),
		cookies("name alone", "jwt-auth", 401, noCredentials),
		cookies("other", "jwt="+good, 401, noCredentials),
		cookies("broken", "jwt-auth=x", 401, badDecode),
		cookies("header goes first", "jwt-imp="+root+"; jwt-auth="+root, 200, meAlice).with("Authorization", "Bearer "+good),
		cookies("broken header goes first", "jwt-auth="+good, 401, badDecode).with("Authorization", "Bearer x"),
		cookies("other word", "jwt-auth="+good, 401, noCredentials).with("Authorization", "Basic dTpw"),
		cookies("word alone", "jwt-auth="+good, 200, meAlice).with("Authorization", "Bearer"),
		cookies("three words", "jwt-auth="+good, 200, meAlice).with("Authorization", "Bearer a b"),
		cookies("two headers", "jwt-auth="+good, 200, meAlice).with("Authorization", "Bearer "+root).with("Authorization", "Bearer "+root),
		cookies("not UTF-8", "jwt-auth="+good, 200, meAlice).with("Authorization", "Bearer \xe9"),
	}
}

// cookieAttributeCases are attributes that the site chose.
func (f *drfjwtFixture) cookieAttributeCases() []drfjwtCase {
	good := f.good(nil)
	want := fmt.Sprintf(`{"pk":%d,"token":"%s"}`, f.host.now.Unix(), good)
	return []drfjwtCase{
		drfPost("verify", pathCheck, `{"token":"`+good+`"}`, 201, want).sets("jwt=" + good + "; Domain=.example.com; expires=DATE; HttpOnly; Max-Age=2; Path=/api; SameSite=Strict"),
		drfMe("read", "", 200, meAlice).with("Cookie", "jwt="+good),
	}
}

// jpadillaCookieCases are the cookie of djangorestframework-jwt.
func (f *drfjwtFixture) jpadillaCookieCases() []drfjwtCase {
	const attributes = "; expires=DATE; HttpOnly; Max-Age=300; Path=/"
	good := f.good(nil)
	alice := f.newToken("1", "alice", "")
	refreshed := f.newToken("1", "alice", fmt.Sprintf(`,"orig_iat":%d`, f.host.now.Unix()-10))
	cookie := func(name, value string, status int, want string) drfjwtCase {
		return drfMe("cookie/"+name, "", status, want).with("Cookie", value)
	}
	return []drfjwtCase{
		drfPost("obtain", pathAuth, fmt.Sprintf(`{"username":"alice","password":%q}`, f.password), 200, f.handOut(alice)).sets("jwt-auth=" + alice + attributes),
		drfPost("verify", pathCheck, `{"token":"`+good+`"}`, 200, f.handOut(good)).sets("jwt-auth=" + good + attributes),
		drfPost("refresh", pathAgain, `{"token":"`+good+`"}`, 200, f.handOut(refreshed)).sets("jwt-auth=" + refreshed + attributes),
		cookie("good", "jwt-auth="+good, 200, meAlice),
		cookie("empty", "jwt-auth=", 401, detail("Error decoding signature.")),
		cookie("broken", "jwt-auth=x", 401, detail("Error decoding signature.")),
		cookie("header goes first", "jwt-auth=x", 200, meAlice).with("Authorization", "JWT "+good),
		cookie("other word", "jwt-auth="+good, 401, noCredentials).with("Authorization", "Basic dTpw"),
		cookie("word alone", "jwt-auth="+good, 401, detail("Invalid Authorization header. No credentials provided.")).with("Authorization", "JWT"),
		cookie("blank header", "jwt-auth="+good, 200, meAlice).with("Authorization", " "),
	}
}
