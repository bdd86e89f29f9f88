package auth_test

import (
	"encoding/json"
	"fmt"
	"strings"
)

const (
	pathRegister, pathPasswordChange = "/api/register/", "/api/password/change/"

	// djangosValidators is the setting as Django's new projects have it.
	djangosValidators = `"AUTH_PASSWORD_VALIDATORS":[` +
		`{"NAME":"django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},` +
		`{"NAME":"django.contrib.auth.password_validation.MinimumLengthValidator"},` +
		`{"NAME":"django.contrib.auth.password_validation.CommonPasswordValidator"},` +
		`{"NAME":"django.contrib.auth.password_validation.NumericPasswordValidator"}]`
)

// accountSites are sites where users register and change their passwords.
func accountSites() []wireSite {
	const enabled = `"REGISTRATION":{"ENABLED":true},"PASSWORD_CHANGE":true,`
	sliding := `"AUTH_TOKEN_CLASSES":["rest_framework_simplejwt.tokens.AccessToken","rest_framework_simplejwt.tokens.SlidingToken"]`
	return []wireSite{
		{name: "accounts", site: enabled + djangosValidators, cases: []func(*fixture) []wireCase{
			plain(registerCases), plain(registerFieldCases), plain(usernameCases), plain(emailCases), (*fixture).passwordChangeCases, (*fixture).accountOptionsCases,
		}},
		{name: "accounts with e-mail, without validators", site: `"REGISTRATION":{"ENABLED":true,"EMAIL_REQUIRED":true},"PASSWORD_CHANGE":true,"AUTH_PASSWORD_VALIDATORS":[]`,
			cases: []func(*fixture) []wireCase{plain(registerWithEmailCases)}},
		{name: "accounts with tokens bound to the password", settings: `"CHECK_REVOKE_TOKEN":true,` + sliding, site: enabled + djangosValidators,
			cases: []func(*fixture) []wireCase{(*fixture).boundPasswordCases}},
	}
}

// registerCase is a registration with a good password. The fixture has four users, so that IDs begin with 5.
func registerCase(name, username, email string, status int, want string) wireCase {
	body, _ := json.Marshal(map[string]string{"username": username, "email": email, "password": "Xq7-longenough"})
	return postCase("register/"+name, pathRegister, string(body), status, want)
}

func registered(id int, username, email string) string {
	return fmt.Sprintf(`{"id":%d,"username":%q,"email":%q}`, id, username, email)
}

const (
	takenName = `{"username":["A user with that username already exists."]}`
	badName   = `"Enter a valid username. This value may contain only letters, numbers, and @/./+/-/_ characters."`
	badEmail  = `"Enter a valid email address."`
)

// registerCases are accounts made, and what can be done with them.
func registerCases() []wireCase {
	password := func(name, password, problems string) wireCase {
		body, _ := json.Marshal(map[string]string{"username": "newcomer", "email": "unrelated@somewhere.example", "password": password})
		return postCase("register/password "+name, pathRegister, string(body), 400, `{"password":[`+problems+`]}`)
	}
	loggedIn := `{"refresh":"<{"alg":"HS256","typ":"JWT"}{"token_type":"refresh","exp":iat+86400,"iat":now,"jti":UUID,"user_id":"5"}>",` +
		`"access":"` + access(`,"user_id":"5"`) + `"}`
	form := postCase("register/form", pathRegister, "username=form&password=+Xq7-longenough+&email=", 201, registered(6, "form", ""))
	form.header = [][2]string{{"Content-Type", "application/x-www-form-urlencoded"}}
	withToken := registerCase("a bad token is ignored", "token", "", 201, registered(8, "token", ""))
	withToken.header = append(withToken.header, [2]string{"Authorization", "Bearer broken"})
	return []wireCase{
		registerCase("good", "bob", "Bob@EXAMPLE.com", 201, registered(5, "bob", "Bob@example.com")),
		postCase("register/then login", pathToken, `{"username":"bob","password":" Xq7-longenough "}`, 200, loggedIn),
		registerCase("taken", "bob", "other@example.com", 400, takenName),
		registerCase("taken by one of before", "alice", "", 400, takenName),
		form,
		registerCase("an e-mail address of another user", "carol", "bob@example.com", 201, registered(7, "carol", "bob@example.com")),
		withToken,
		postCase("register/more than is asked for", pathRegister, `{"username":"dave","password":"Xq7-longenough","is_staff":true,"is_superuser":true,"is_active":false,"id":1,"last_name":"x"}`, 201,
			registered(9, "dave", "")),
		password("short", "q7-x", `"This password is too short. It must contain at least 8 characters."`),
		password("common", "password1", `"This password is too common."`),
		password("everything", "12345", `"This password is too short. It must contain at least 8 characters.","This password is too common.","This password is entirely numeric."`),
		password("like the name", "newcomer7", `"The password is too similar to the username."`),
		password("like the address", "unrelated1", `"The password is too similar to the email address."`),
		password("like the domain", "unrelated.somewhere", `"The password is too similar to the email address."`),
		postCase("register/taken tells before the password", pathRegister, `{"username":"bob","password":"12345"}`, 400, takenName),
		{name: "register/GET", method: "GET", path: pathRegister, status: 405, want: detail(`Method "GET" not allowed.`)},
	}
}

// registerFieldCases are what is wrong with the fields.
func registerFieldCases() []wireCase {
	field := func(name, body, want string) wireCase {
		return postCase("register/field "+name, pathRegister, body, 400, want)
	}
	const (
		required = `["This field is required."]`
		null     = `["This field may not be null."]`
		blank    = `["This field may not be blank."]`
		noText   = `["Not a valid string."]`
		length   = `"Ensure this field has no more than %d characters."`
		noNull   = `"Null characters are not allowed."`
		noHalf   = `"Surrogate characters are not allowed: U+D800."`
	)
	long := func(n int) string { return fmt.Sprintf(length, n) }
	return []wireCase{
		field("none", `{}`, `{"username":`+required+`,"password":`+required+`}`),
		field("null", `{"username":null,"email":null,"password":null}`, `{"username":`+null+`,"email":`+null+`,"password":`+null+`}`),
		field("blank", `{"username":" ","email":" ","password":""}`, `{"username":`+blank+`,"password":`+blank+`}`),
		field("no text", `{"username":true,"email":[],"password":{}}`, `{"username":`+noText+`,"email":[`+badEmail+`],"password":`+noText+`}`),
		field("numbers", `{"username":12,"email":12,"password":12}`, `{"email":[`+badEmail+`]}`),
		field("too long", `{"username":"`+strings.Repeat("é", 151)+`","email":"`+strings.Repeat("x", 244)+`@example.com","password":"`+strings.Repeat("𝄞", 129)+`"}`,
			`{"username":[`+long(150)+`],"email":[`+long(254)+`],"password":[`+long(128)+`]}`),
		field("too long for an address", `{"username":"x","email":"`+strings.Repeat("x", 310)+`@example.com","password":"x"}`, `{"email":[`+long(254)+`,`+badEmail+`]}`),
		field("all that is wrong with a name", `{"username":"`+strings.Repeat(" x", 200)+`\u0000\ud800","password":"x"}`, `{"username":[`+badName+`,`+long(150)+`,`+noNull+`,`+noHalf+`]}`),
		field("half a character in an address", `{"username":"x","email":"x@\ud800\ud800.com","password":"x"}`, `{"email":[`+noHalf+`]}`),
		field("taken and no password", `{"username":"alice"}`, `{"username":["A user with that username already exists."],"password":`+required+`}`),
		field("no object", `[]`, `{"non_field_errors":["Invalid data. Expected a dictionary, but got list."]}`),
		field("nothing", `null`, `{"non_field_errors":["No data provided"]}`),
	}
}

// usernameCases are names that may be, and in which form they are kept.
func usernameCases() []wireCase {
	cases := []wireCase{
		registerCase("name/ligature", "ﬁne", "", 201, registered(10, "fine", "")),
		registerCase("name/its normal form", "fine", "", 400, takenName),
		registerCase("name/taken in its normal form", "ａｌｉｃｅ", "", 400, takenName),
		registerCase("name/composed", "rene\u0301e", "", 201, registered(11, "renée", "")),
		registerCase("name/other case", "Alice", "", 201, registered(12, "Alice", "")),
		registerCase("name/as long as can be", strings.Repeat("n", 150), "", 201, registered(13, strings.Repeat("n", 150), "")),
		registerCase("name/longer in its normal form", strings.Repeat("ﷺ", 10), "", 400, `{"username":[`+badName+`,"Ensure this field has no more than 150 characters."]}`),
		registerCase("name/wide at", "a＠b", "", 201, registered(14, "a@b", "")),
		registerCase("name/all that may be", "名前_ñ.９+@-٣", "", 201, registered(15, "名前_ñ.9+@-٣", "")),
		registerCase("name/number in a circle", "①", "", 201, registered(16, "1", "")),
	}
	for _, name := range []string{"a b", "a\tb", "a,b", "a/b", "a\u0301\u0302\u0303!", "☃", "a\u200bb", "a—b", "x̱̂"} {
		cases = append(cases, registerCase(fmt.Sprintf("name/%+q", name), name, "", 400, `{"username":[`+badName+`]}`))
	}
	return cases
}

// emailCases are addresses that may not be. Which may, TestEmail asks of Django itself.
func emailCases() []wireCase {
	var cases []wireCase
	for _, email := range []string{"x", "@", "a@", "@b.de", "a@b", "a b@c.de", "a@b..de", "a@-b.de", "a@b.d", "a.@b.de", `"a@b.de`, "a@[1.2.3]", "a@b.c0m"} {
		cases = append(cases, registerCase(fmt.Sprintf("address/%q", email), "x", email, 400, `{"email":[`+badEmail+`]}`))
	}
	return append(cases, registerCase("address/quoted", "quoted", `"a b"@B.de`, 400, `{"email":[`+badEmail+`]}`),
		registerCase("address/literal", "literal", `o'x+y@[::1]`, 201, registered(17, "literal", `o'x+y@[::1]`)))
}

// registerWithEmailCases are registrations where an address must be given and any password will do.
func registerWithEmailCases() []wireCase {
	return []wireCase{
		postCase("register/e-mail missing", pathRegister, `{"username":"bob","password":"x"}`, 400, `{"email":["This field is required."]}`),
		postCase("register/e-mail blank", pathRegister, `{"username":"bob","password":"x","email":" "}`, 400, `{"email":["This field may not be blank."]}`),
		postCase("register/any password", pathRegister, `{"username":"bob","password":"x","email":"a@localhost"}`, 201, registered(5, "bob", "a@localhost")),
	}
}

// passwordChangeCases are changes of alice's password, and what is wrong with them. At the end it is what it was.
func (f *fixture) passwordChangeCases() []wireCase {
	authorization := [2]string{"Authorization", "Bearer " + f.token(f.claims("access", nil))}
	change := func(name, body string, status int, want string) wireCase {
		c := postCase("password/"+name, pathPasswordChange, body, status, want)
		c.header = append(c.header, authorization)
		return c
	}
	from := func(old, new string) string {
		body, _ := json.Marshal(map[string]string{"old_password": old, "new_password": new})
		return string(body)
	}
	const (
		next     = "Zk4-anotherword"
		required = `["This field is required."]`
		wrongOld = `"old_password":["Your old password was entered incorrectly. Please enter it again."]`
	)
	pair := `{"refresh":"<{"alg":"HS256","typ":"JWT"}{"token_type":"refresh","exp":iat+86400,"iat":now,"jti":UUID,"user_id":"1"}>",` +
		`"access":"` + access(`,"user_id":"1"`) + `"}`
	anonymous := postCase("password/anonymous", pathPasswordChange, from(f.password, next), 401, noCredentials)
	login := func(name, password string, status int, want string) wireCase {
		body, _ := json.Marshal(map[string]string{"username": "alice", "password": password})
		return postCase("password/"+name, pathToken, string(body), status, want)
	}
	get := wireCase{name: "password/GET", method: "GET", path: pathPasswordChange, header: [][2]string{authorization}, status: 405, want: detail(`Method "GET" not allowed.`)}
	return []wireCase{
		anonymous, get,
		change("none", `{}`, 400, `{"old_password":`+required+`,"new_password":`+required+`}`),
		change("too long", from(f.password, strings.Repeat("é", 129)), 400, `{"new_password":["Ensure this field has no more than 128 characters."]}`),
		change("wrong", from("x", next), 400, `{`+wrongOld+`}`),
		change("weak", from(f.password, "12345678"), 400, `{"new_password":["This password is too common.","This password is entirely numeric."]}`),
		change("like the name", from(f.password, "alice@example.co"), 400, `{"new_password":["The password is too similar to the email address."]}`),
		change("like the first name", from(f.password, "Ålice"), 400,
			`{"new_password":["The password is too similar to the username.","This password is too short. It must contain at least 8 characters."]}`),
		change("wrong and weak", from("x", "zqxk"), 400, `{`+wrongOld+`,"new_password":["This password is too short. It must contain at least 8 characters."]}`),
		login("still the old one", f.password, 200, pair),
		change("good", from(" "+f.password, next+" "), 200, pair),
		login("the old one is none any more", f.password, 401, badLogin),
		login("the new one is", next, 200, pair),
		change("the old one again", from(f.password, next), 400, `{`+wrongOld+`}`),
		change("back", from(next, f.password), 200, pair),
	}
}

// boundPasswordCases are changes of a password that tokens are bound to: those of before it end.
func (f *fixture) boundPasswordCases() []wireCase {
	bound := map[string]any{"hash_password": f.hash}
	body, _ := json.Marshal(map[string]string{"old_password": f.password, "new_password": f.password})
	change := func(name, token string, status int, want string) wireCase {
		c := postCase("bound/"+name, pathPasswordChange, string(body), status, want)
		c.header = append(c.header, [2]string{"Authorization", "Bearer " + token})
		return c
	}
	accessToken, other := f.token(f.claims("access", bound)), f.of("access", "a2", bound)
	refresh := f.of("refresh", "a3", bound)
	const changed = `{"detail":"The user's password has been changed.","code":"password_changed"}`
	claims := `,"user_id":"1","hash_password":MD5`
	return []wireCase{
		meCase("bound/another session before", "Bearer "+other, 200, aliceBody),
		change("change", accessToken, 200, `{"refresh":"<{"alg":"HS256","typ":"JWT"}{"token_type":"refresh","exp":iat+86400,"iat":now,"jti":UUID`+claims+`}>","access":"`+access(claims)+`"}`),
		meCase("bound/another session after", "Bearer "+other, 401, changed),
		meCase("bound/the token that changed it", "Bearer "+accessToken, 401, changed),
		refreshCase("bound/refresh of another session", refresh, 401, detail("The user's password has been changed.")).djangoDiffers("looks at it from the version after 5.5 on"),
		change("change by a token of before", other, 401, changed),
	}
}

// accountOptionsCases are descriptions.
func (f *fixture) accountOptionsCases() []wireCase {
	const types = `"renders":["application/json","text/html"],"parses":["application/json","application/x-www-form-urlencoded","multipart/form-data"],`
	options := func(path, want string) wireCase {
		return wireCase{name: "options " + path, method: "OPTIONS", path: path, status: 200, want: want, header: [][2]string{{"Authorization", "Bearer " + f.token(f.claims("access", nil))}}}
	}
	return []wireCase{
		options(pathRegister, `{"name":"Register","description":…,`+types+`"actions":{"POST":{"id":{"type":"integer","required":false,"read_only":true,"label":"ID"},`+
			`"username":{"type":"string","required":true,"read_only":false,"label":"Username","help_text":"Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.","max_length":150},`+
			`"email":{"type":"email","required":false,"read_only":false,"label":"Email address","max_length":254},`+
			`"password":{"type":"string","required":true,"read_only":false,"label":"Password","max_length":128}}}}`),
		options(pathPasswordChange, `{"name":"Password Change","description":…,`+types+`"actions":{"POST":{"old_password":{"type":"string","required":true,"read_only":false,"label":"Old password"},`+
			`"new_password":{"type":"string","required":true,"read_only":false,"label":"New password","max_length":128}}}}`),
	}
}
