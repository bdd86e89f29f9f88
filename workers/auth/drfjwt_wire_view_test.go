package auth_test

import "fmt"

const (
	notPermitted  = `{"detail":"You do not have permission to perform this action."}`
	isBlacklisted = `{"detail":"Token is blacklisted."}`
)

// impersonateCases are the view for superusers.
func (f *drfjwtFixture) impersonateCases() []drfjwtCase {
	root := "Bearer " + f.good(map[string]any{"username": "root", "user_id": 5})
	alice := f.newToken("1", "alice", `,"orig_iat":now`)
	ask := func(value string, status int, want string) drfjwtCase {
		return drfPost("impersonate/"+value, pathImpersonate, `{"user":`+value+`}`, status, want).with("Authorization", root)
	}
	invalid := func(value string) string {
		return fmt.Sprintf(`{"user":["Invalid pk \"%s\" - object does not exist."]}`, value)
	}
	wrongType := func(kind string) string {
		return fmt.Sprintf(`{"user":["Incorrect type. Expected pk value, received %s."]}`, kind)
	}
	form := ask(`"form"`, 201, `{"token":"`+alice+`"}`)
	form.header[0][1], form.body = "application/x-www-form-urlencoded", "user=1"
	options := ask("", 200, `{"name":"Impersonate Json Web Token","description":"","renders":["application/json","text/html"],"parses":["application/json",`+
		`"application/x-www-form-urlencoded","multipart/form-data"],"actions":{"POST":{"user":{"type":"field","required":true,"read_only":false,"label":"User"}}}}`)
	options.method, options.body, options.name = "OPTIONS", "", "impersonate by OPTIONS"
	get := ask("", 405, detail(`Method "GET" not allowed.`))
	get.method, get.body, get.name = "GET", "", "impersonate by GET"
	forbidden := drfPost("impersonate/no superuser", pathImpersonate, `{"user":5}`, 403, notPermitted).with("Authorization", "Bearer "+f.good(nil))
	forbiddenGet := forbidden
	forbiddenGet.method, forbiddenGet.body, forbiddenGet.name = "GET", "", "impersonate/no superuser by GET"
	return []drfjwtCase{
		ask(`1`, 201, `{"token":"`+alice+`"}`), ask(`"1"`, 201, `{"token":"`+alice+`"}`), form, options, get,
		ask(`5`, 201, `{"token":"`+f.newToken("5", "root", `,"orig_iat":now`)+`"}`),
		ask(`99`, 400, invalid("99")), ask(`"99"`, 400, invalid("99")), ask(`-1`, 400, invalid("-1")), ask(`"1_0"`, 400, invalid("1_0")),
		ask(`1000000000000000000000000000000`, 400, invalid("1000000000000000000000000000000")),
		ask(`"abc"`, 400, wrongType("str")), ask(`"1.0"`, 400, wrongType("str")), ask(`" "`, 400, wrongType("str")), ask(`"é"`, 400, wrongType("str")),
		ask(`true`, 400, wrongType("bool")), ask(`[]`, 400, wrongType("list")), ask(`{}`, 400, wrongType("dict")),
		ask(`null`, 400, `{"user":["This field may not be null."]}`), ask(`""`, 400, `{"user":["This field may not be null."]}`),
		ask(`1.5`, 400, wrongType("float")).djangoDiffers("cuts it to 1"), ask(`"01"`, 400, invalid("01")).djangoDiffers("takes it for 1"), ask(`" 1"`, 400, invalid(" 1")).djangoDiffers("takes it for 1"),
		ask(`2`, 400, nonField("User account is disabled.")),
		drfPost("impersonate/nobody", pathImpersonate, `{}`, 400, `{"user":["This field is required."]}`).with("Authorization", root),
		drfPost("impersonate/no dictionary", pathImpersonate, `[]`, 400, nonField("Invalid data. Expected a dictionary, but got list.")).with("Authorization", root),
		drfPost("impersonate/anonymous", pathImpersonate, `{"user":1}`, 401, noCredentials),
		drfPost("impersonate/bad token", pathImpersonate, `{"user":1}`, 401, detail("Error decoding token.")).with("Authorization", "Bearer x"),
		forbidden, forbiddenGet,
	}
}

// blacklistCases are withdrawn tokens where JWT_TOKEN_ID is "include". They come in their order.
func (f *drfjwtFixture) blacklistCases() []drfjwtCase {
	token := func(id, original any) string { return f.good(map[string]any{"jti": id, "orig_jti": original}) }
	own, ownID := "", newID(f.t)
	own = token(ownID, nil)
	refreshed := token(newID(f.t), ownID)
	withoutID := f.good(map[string]any{"jti": nil, "custom": 1})
	other := f.good(map[string]any{"username": "123", "user_id": 3, "jti": newID(f.t)})
	keeper := f.good(nil)
	as := func(name, bearer, body string, status int, want string) drfjwtCase {
		return drfPost("blacklist/"+name, pathWithdraw, body, status, want).with("Authorization", "Bearer "+bearer)
	}
	given := func(name, token string) drfjwtCase {
		return as(name, keeper, `{"token":"`+token+`"}`, 201, `{"token":"`+token+`"}`)
	}
	blocked := func(name, token string) []drfjwtCase { return f.blockedCases(name, token) }
	options := as("by OPTIONS", keeper, "", 200, `{"name":"Blacklist","description":"","renders":["application/json","text/html"],"parses":["application/json",`+
		`"application/x-www-form-urlencoded","multipart/form-data"],"actions":{"POST":{"token":{"type":"string","required":false,"read_only":false,"label":"Token"}}}}`)
	options.method, options.body = "OPTIONS", ""
	get := as("by GET", keeper, "", 405, detail(`Method "GET" not allowed.`))
	get.method, get.body = "GET", ""
	formID := newID(f.t)
	form := as("form without a token", token(formID, nil), "a=b", 201, `{"token":"`+token(formID, nil)+`"}`).djangoDiffers("500")
	form.header[0][1] = "application/x-www-form-urlencoded"
	return f.together(
		func() []drfjwtCase {
			return []drfjwtCase{
				drfPost("blacklist/anonymous", pathWithdraw, `{}`, 401, noCredentials), options, get,
				as("own", own, ``, 201, `{"token":"`+own+`"}`),
				as("own again", own, ``, 403, isBlacklisted),
				as("by a refreshed one", refreshed, ``, 403, isBlacklisted),
				given("again by another", own),
				given("another's", other),
				given("without an ID", withoutID),
				as("nonsense", keeper, `{"token":"x"}`, 400, nonField("Error decoding token.")).djangoDiffers("500"),
				as("expired", keeper, `{"token":"`+f.good(map[string]any{"exp": 1})+`"}`, 400, nonField("Token has expired.")).djangoDiffers("500"),
				as("null", keeper, `{"token":null}`, 400, `{"token":["This field may not be null."]}`).djangoDiffers("500"),
				as("blank", keeper, `{"token":" "}`, 400, `{"token":["This field may not be blank."]}`),
				as("list", keeper, `{"token":[]}`, 400, `{"token":["Not a valid string."]}`),
				as("no dictionary", keeper, `[]`, 400, nonField("Invalid data. Expected a dictionary, but got list.")).djangoDiffers("500"),
				as("nothing", keeper, `null`, 400, nonField("No data provided")).djangoDiffers("500"),
				as("inactive user's", keeper, `{"token":"`+f.good(map[string]any{"username": "gone"})+`"}`, 400, `["User account is disabled."]`),
				as("nobody's", keeper, `{"token":"`+f.good(map[string]any{"username": "nobody"})+`"}`, 400, `["User doesn't exist."]`),
				form,
			}
		},
		func() []drfjwtCase { return blocked("own", own) },
		func() []drfjwtCase { return blocked("refreshed", refreshed) },
		func() []drfjwtCase { return blocked("another's", other) },
		func() []drfjwtCase { return blocked("without an ID", withoutID) },
		func() []drfjwtCase {
			return f.acceptedCases("blacklist/others stay", keeper, fmt.Sprint(f.host.now.Unix()), meAlice)
		},
		func() []drfjwtCase {
			return f.acceptedCases("blacklist/others without an ID stay", f.good(map[string]any{"jti": nil}), fmt.Sprint(f.host.now.Unix()), meAlice)
		},
		func() []drfjwtCase {
			expired := f.good(map[string]any{"jti": ownID, "exp": 1})
			return f.refusedCases("blacklist/expired is told first", expired, "expired")
		},
	)
}

// blockedCases are a withdrawn token at every place.
func (f *drfjwtFixture) blockedCases(name, token string) []drfjwtCase {
	cases := f.tokenCases("withdrawn/"+name, token, "Token is blacklisted.", "")
	cases[2].status, cases[2].want = 403, isBlacklisted
	return cases
}

// requiredIDCases are a site that knows tokens by their IDs alone.
func (f *drfjwtFixture) requiredIDCases() []drfjwtCase {
	id := newID(f.t)
	own, sameID := f.good(map[string]any{"jti": id}), f.good(map[string]any{"jti": newID(f.t), "orig_jti": id})
	withoutID, keeper := f.good(map[string]any{"jti": nil}), f.good(nil)
	as := func(name, bearer, body string, status int, want string) drfjwtCase {
		return drfPost(name, pathWithdraw, body, status, want).with("Authorization", "Bearer "+bearer)
	}
	cases := f.tokenCases("no ID", withoutID, "Invalid token.", "")
	cases[2].status, cases[2].want = 200, meAlice // as there: the view asks for no ID
	cases = append(cases,
		as("own", own, ``, 201, `{"token":null}`),
		as("given", keeper, `{"token":"`+f.good(map[string]any{"jti": newID(f.t)})+`"}`, 201, `{"token":null}`),
		as("given without an ID", keeper, `{"token":"`+withoutID+`"}`, 400, `["Invalid token."]`),
		as("given with an ID that is none", keeper, `{"token":"`+f.good(map[string]any{"jti": "x"})+`"}`, 400, nonField("Invalid token.")).djangoDiffers("500"),
	)
	cases = append(cases, f.blockedCases("own", own)...)
	cases = append(cases, f.blockedCases("same line", sameID)...)
	return append(cases, f.acceptedCases("others stay", keeper, fmt.Sprint(f.host.now.Unix()), meAlice)...)
}

// noIDCases are a site that knows tokens by their text alone.
func (f *drfjwtFixture) noIDCases() []drfjwtCase {
	id := newID(f.t)
	own, sameID := f.good(map[string]any{"jti": id}), f.good(map[string]any{"jti": id, "custom": 1})
	cases := []drfjwtCase{drfPost("own", pathWithdraw, ``, 201, `{"token":"`+own+`"}`).with("Authorization", "Bearer "+own)}
	cases = append(cases, f.blockedCases("own", own)...)
	cases = append(cases, f.acceptedCases("same ID", sameID, fmt.Sprint(f.host.now.Unix()), meAlice)...)
	refreshed := fmt.Sprintf(`<{"alg":"HS256","typ":"JWT"}{"username":"alice","iat":now,"exp":iat+300,"user_id":1,"orig_iat":%d,"orig_jti":%q}>`, f.host.now.Unix()-10, id)
	return append(cases, drfPost("refresh", pathAgain, `{"token":"`+sameID+`"}`, 201, f.handOut(refreshed)))
}

// noBlacklistCases are a site without the app.
func (f *drfjwtFixture) noBlacklistCases() []drfjwtCase {
	gone := drfPost("no view", pathWithdraw, ``, 404, `{"detail":"Not found."}`).with("Authorization", "Bearer "+f.good(nil)).djangoDiffers("HTML")
	gone.noView = true
	return append(f.acceptedCases("good", f.good(nil), fmt.Sprint(f.host.now.Unix()), meAlice), gone)
}
