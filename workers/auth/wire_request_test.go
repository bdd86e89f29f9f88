package auth_test

import (
	"fmt"
	"strings"
)

// loginCases are logins that succeed, and those that do not because of who logs in.
func (f *fixture) loginCases() []wireCase {
	pair := func(id string) string {
		return fmt.Sprintf(`{"refresh":"<{"alg":"HS256","typ":"JWT"}{"token_type":"refresh","exp":iat+86400,"iat":now,"jti":UUID,"user_id":"%s"}>",`+
			`"access":"<{"alg":"HS256","typ":"JWT"}{"token_type":"access","exp":iat+300,"iat":now,"jti":UUID,"user_id":"%s"}>"}`, id, id)
	}
	login := func(name, username, password string, status int, want string) wireCase {
		return postCase("login/"+name, pathToken, fmt.Sprintf(`{"username":%s,"password":%s}`, username, password), status, want)
	}
	quoted := `"` + f.password + `"`
	withToken := login("a bad token is ignored", `"alice"`, quoted, 200, pair("1"))
	withToken.header = append(withToken.header, [2]string{"Authorization", "Bearer broken"})
	return []wireCase{
		login("good", `"alice"`, quoted, 200, pair("1")),
		login("space around", `" \talice\u2003"`, `"\u001f`+f.password+`\u00a0"`, 200, pair("1")),
		login("a number as name", `123`, quoted, 200, pair("3")),
		withToken,
		login("wrong password", `"alice"`, `"x"`, 401, badLogin),
		login("other case", `"ALICE"`, quoted, 401, badLogin),
		login("unknown", `"nobody"`, quoted, 401, badLogin),
		login("inactive", `"gone"`, quoted, 401, badLogin),
		login("unusable password", `"nopass"`, `"!unusable"`, 401, badLogin),
	}
}

// fieldCases are the rules of a text field.
func fieldCases() []wireCase {
	var cases []wireCase
	for _, test := range []struct{ value, problems string }{
		{`null`, `"This field may not be null."`},
		{`""`, `"This field may not be blank."`},
		{`" \u001c\u001d\u001e\u001f\u0085\u00a0\u3000\n"`, `"This field may not be blank."`},
		{`true`, `"Not a valid string."`},
		{`[]`, `"Not a valid string."`},
		{`["x"]`, `"Not a valid string."`},
		{`{}`, `"Not a valid string."`},
		{`"a\u0000b"`, `"Null characters are not allowed."`},
		{`"\ud800x"`, `"Surrogate characters are not allowed: U+D800."`},
		{`"x\udfff\ud801"`, `"Surrogate characters are not allowed: U+DFFF."`},
		{`"\u0000\ud800"`, `"Null characters are not allowed.","Surrogate characters are not allowed: U+D800."`},
	} {
		body := fmt.Sprintf(`{"username":%s,"password":%s,"other":1}`, test.value, test.value)
		cases = append(cases, postCase("field "+test.value, pathToken, body, 400, fmt.Sprintf(`{"username":[%s],"password":[%s]}`, test.problems, test.problems)))
	}
	for _, value := range []string{`1`, `-0`, `1.50`, `1e16`, `1e400`, `123456789012345678901234567890`, `"\ud834\udd1e"`, `"\u200b"`} {
		cases = append(cases, postCase("field as text "+value, pathToken, fmt.Sprintf(`{"username":%s,"password":%s}`, value, value), 401, badLogin))
	}
	return append(cases,
		postCase("fields/none", pathToken, `{}`, 400, isRequired),
		postCase("fields/one", pathToken, `{"password":"x"}`, 400, `{"username":["This field is required."]}`),
		postCase("fields/refresh", pathRefresh, `{"access":"x"}`, 400, `{"refresh":["This field is required."]}`),
		postCase("fields/verify", pathVerify, `{"token":" "}`, 400, `{"token":["This field may not be blank."]}`),
		postCase("fields/last of a name", pathVerify, `{"token":"x","token":null}`, 400, `{"token":["This field may not be null."]}`),
	)
}

// jsonCases are bodies that are not a JSON object.
func jsonCases() []wireCase {
	wrongType := func(name string) string {
		return `{"non_field_errors":["Invalid data. Expected a dictionary, but got ` + name + `."]}`
	}
	parseError := func(message string) string { return detail("JSON parse error - " + message) }
	cases := []wireCase{
		postCase("json/null", pathToken, `null`, 400, `{"non_field_errors":["No data provided"]}`),
		postCase("json/list", pathToken, `[{}]`, 400, wrongType("list")),
		postCase("json/str", pathToken, `"x"`, 400, wrongType("str")),
		postCase("json/int", pathToken, `1`, 400, wrongType("int")),
		postCase("json/float", pathToken, `1.5`, 400, wrongType("float")),
		postCase("json/bool", pathToken, `true`, 400, wrongType("bool")),
		postCase("json/space", pathToken, "  ", 400, parseError("Expecting value: line 1 column 3 (char 2)")),
		postCase("json/word", pathToken, `x`, 400, parseError("Expecting value: line 1 column 1 (char 0)")),
		postCase("json/open", pathToken, `{`, 400, parseError("Expecting property name enclosed in double quotes: line 1 column 2 (char 1)")),
		postCase("json/extra", pathToken, `{} {}`, 400, parseError("Extra data: line 1 column 4 (char 3)")),
		postCase("json/line and column", pathToken, "{\n\"é\": x}", 400, parseError("Expecting value: line 2 column 6 (char 7)")),
		postCase("json/NaN", pathToken, `{"username":NaN}`, 400, parseError("Out of range float values are not JSON compliant: 'NaN'")),
		postCase("json/mark", pathToken, "\ufeff{}", 400, parseError("Unexpected UTF-8 BOM (decode using utf-8-sig): line 1 column 1 (char 0)")),
		postCase("json/not UTF-8", pathToken, "{\"username\":\"\xff\"}", 400, parseError("'utf-8' codec can't decode byte 0xff in position 13: invalid start byte")),
		postCase("json/cut UTF-8", pathToken, "{}\xc3", 400, parseError("'utf-8' codec can't decode byte 0xc3 in position 2: unexpected end of data")).djangoDiffers("drops the half character"),
		postCase("json/deep", pathToken, strings.Repeat("[", 5000), 400, parseError("Nested too deeply: line 1 column 101 (char 100)")).djangoDiffers("runs out of stack: 500"),
	}
	latin1 := postCase("json/latin-1", pathVerify, "{\"token\":\"\xe9\"}", 401, invalidToken("Token is invalid"))
	latin1.header = [][2]string{{"Content-Type", "application/json; charset=latin-1"}}
	utf16 := postCase("json/utf-16", pathToken, "\xff\xfe{\x00}\x00", 400, detail(`Unsupported charset "utf-16" in request Content-Type header.`)).djangoDiffers("reads it")
	utf16.header = [][2]string{{"Content-Type", "application/json; charset=UTF-16"}}
	utf16.want = detail(`Unsupported charset "UTF-16" in request Content-Type header.`)
	return append(cases, latin1, utf16)
}

// formCases are the two form encodings.
func (f *fixture) formCases() []wireCase {
	form := func(name, body string, status int, want string) wireCase {
		c := postCase("form/"+name, pathVerify, body, status, want)
		c.header = [][2]string{{"Content-Type", "application/x-www-form-urlencoded"}}
		return c
	}
	multipart := func(name, boundary, body string, status int, want string) wireCase {
		c := postCase("multipart/"+name, pathVerify, strings.ReplaceAll(body, "\n", "\r\n"), status, want)
		c.header = [][2]string{{"Content-Type", "multipart/form-data" + boundary}}
		return c
	}
	part := func(parameters, content string) string {
		return "--XX\nContent-Disposition: form-data; " + parameters + "\n\n" + content + "\n"
	}
	const (
		end        = "--XX--\n"
		missing    = `{"token":["This field is required."]}`
		blank      = `{"token":["This field may not be blank."]}`
		notText    = `{"token":["Not a valid string."]}`
		nullInside = `{"token":["Null characters are not allowed."]}`
	)
	good := f.token(f.claims("access", nil))
	invalid := invalidToken("Token is invalid")
	return []wireCase{
		form("good", "a=b&token=x&token=+"+strings.ReplaceAll(good, ".", "%2E")+"%20", 200, `{}`),
		form("missing", "a=token", 400, missing),
		form("empty", "token=", 400, blank),
		form("no value", "&&token", 400, blank),
		form("last one counts", "token="+good+"&token=", 400, blank),
		form("null", "token=%00", 400, nullInside),
		form("bad escape", "token=%zz%1", 401, invalid),
		form("not UTF-8", "token=%ff%ED%A0%80", 401, invalid),
		form("semicolon", "a=b;token="+good, 400, missing),
		multipart("good", "; boundary=XX", part(`name="token"`, good)+end, 200, `{}`),
		multipart("quoted boundary", `; charset=utf-8; boundary="XX"`, part(`name="token"`, good)+end, 200, `{}`),
		multipart("last one counts", "; boundary=XX", part(`name="token"`, good)+part(`name="token"`, " ")+end, 400, blank),
		multipart("file", "; boundary=XX", part(`name="token"; filename="t"`, good)+part(`name="token"`, good)+end, 400, notText),
		multipart("nothing", "; boundary=XX", end, 400, missing),
		multipart("no boundary", "", part(`name="token"`, good)+end, 400, detail("Multipart form parse error - Invalid boundary in multipart: None")),
		multipart("bad boundary", `; boundary="X "`, end, 400, detail("Multipart form parse error - Invalid boundary in multipart: X ")),
		multipart("garbage", "; boundary=XX", "garbage", 400, detail("Multipart form parse error - The body does not consist of the parts its boundary announces.")).djangoDiffers("takes it for no fields"),
		multipart("cut short", "; boundary=XX", part(`name="token"`, good), 400, detail("Multipart form parse error - A part does not end.")).djangoDiffers("takes what is there"),
	}
}

// contentTypeCases are content types, understood and not.
func contentTypeCases() []wireCase {
	var cases []wireCase
	add := func(contentType, body string, status int, want string) {
		c := postCase(fmt.Sprintf("content type %.40q %q", contentType, body), pathToken, body, status, want)
		c.header = [][2]string{{"Content-Type", contentType}}
		cases = append(cases, c)
	}
	for _, contentType := range []string{"application/json; charset=utf-8", "APPLICATION/JSON", "application/*", "*/*", `application/json;"`} {
		add(contentType, `{}`, 400, isRequired)
	}
	for _, contentType := range []string{"text/plain", "text/plain; charset=utf-8", "", "json", "application/vnd.api+json", "application/json, text/plain", strings.Repeat("x", 300)} {
		add(contentType, `{}`, 415, detail(`Unsupported media type "`+contentType+`" in request.`))
	}
	for _, contentType := range []string{"text/plain", "multipart/form-data", "application/x-www-form-urlencoded", "application/json"} {
		add(contentType, ``, 400, isRequired)
	}
	none := postCase("no content type", pathToken, `{}`, 415, detail(`Unsupported media type "" in request.`))
	none.header = nil
	return append(cases, none)
}

// methodCases are methods that the token views do not have.
func methodCases() []wireCase {
	var cases []wireCase
	for _, path := range []string{pathToken, pathRefresh, pathVerify} {
		for _, method := range []string{"GET", "PUT", "PATCH", "DELETE", "TRACE", "FOO"} {
			cases = append(cases, wireCase{name: method + " " + path, method: method, path: path, status: 405, want: detail(`Method "` + method + `" not allowed.`)})
		}
		cases = append(cases,
			wireCase{name: "HEAD " + path, method: "HEAD", path: path, status: 405},
			wireCase{name: "get " + path, method: "get", path: path, status: 405, want: detail(`Method "GET" not allowed.`)})
	}
	return cases
}

// acceptCases are the ways to ask for a form of the answer.
func acceptCases() []wireCase {
	accept := func(value string, status int, want string) wireCase {
		c := postCase(fmt.Sprintf("accept %.40q", value), pathVerify, `{}`, status, want)
		c.header = append(c.header, [2]string{"Accept", value})
		return c
	}
	format := func(query string, status int, want string) wireCase {
		c := postCase("format "+query, pathVerify, `{}`, status, want)
		c.query = query
		return c
	}
	const (
		compact       = `{"token":["This field is required."]}`
		notAcceptable = `{"detail":"Could not satisfy the request Accept header."}`
		notFound      = `{"detail":"Not found."}`
	)
	indented := func(n int) string {
		space := strings.Repeat(" ", n)
		return "{\n" + space + "\"token\": [\n" + space + space + "\"This field is required.\"\n" + space + "]\n}"
	}
	html := accept("text/html,application/xhtml+xml,*/*;q=0.8", 400, compact).djangoDiffers("serves its HTML page")
	long := accept(strings.Repeat("text/plain,", 70)+"application/json", 406, notAcceptable)
	formatAndAccept := accept("text/plain", 406, notAcceptable)
	formatAndAccept.name, formatAndAccept.query = "format=json against accept", "format=json"
	head := wireCase{name: "HEAD not acceptable", method: "HEAD", path: pathVerify, header: [][2]string{{"Accept", "text/plain"}}, status: 406}
	return []wireCase{
		accept("application/json", 400, compact), accept("*/*", 400, compact), accept("application/*", 400, compact),
		accept("application/json; indent=4", 400, indented(4)), accept("*/*;indent=3", 400, indented(3)),
		accept("application/json; indent=99", 400, indented(8)), accept(`application/json; INDENT=" 2 "`, 400, indented(2)),
		accept("application/json; indent=0", 400, compact), accept("application/json; indent=-1", 400, compact), accept("application/json; indent=x", 400, compact),
		accept("application/json, application/json; indent=1", 400, indented(1)), accept("application/json;q=0", 400, compact),
		accept("text/plain, application/json", 400, compact), accept("*/json", 400, compact),
		accept("text/plain", 406, notAcceptable), accept("application/xml;q=1, text/*;q=0.5, ", 400, compact).djangoDiffers("serves its HTML page"),
		accept("", 406, notAcceptable), accept(" , ", 406, notAcceptable), accept("json", 406, notAcceptable),
		html, long, formatAndAccept, head,
		format("format=json", 400, compact), format("format=", 400, compact), format("x=xml", 400, compact), format("format=xml&format=json", 400, compact),
		format("format=xml", 404, notFound), format("fo%72mat=xml", 404, notFound), format("format=json&format=xml", 404, notFound),
	}
}

// optionsCases are what OPTIONS tells about each view.
func (f *fixture) optionsCases() []wireCase {
	options := func(path, view, actions string) wireCase {
		return wireCase{name: "OPTIONS " + path, method: "OPTIONS", path: path, status: 200, want: `{"name":"` + view + `","description":…,"renders":["application/json","text/html"],` +
			`"parses":["application/json","application/x-www-form-urlencoded","multipart/form-data"]` + actions + `}`}
	}
	field := func(name, label string) string {
		return `"` + name + `":{"type":"string","required":true,"read_only":false,"label":"` + label + `"}`
	}
	me := options(pathMe, "Me", "")
	me.header = [][2]string{{"Authorization", "Bearer " + f.token(f.claims("access", nil))}}
	return []wireCase{
		options(pathToken, "Token Obtain Pair", `,"actions":{"POST":{`+field("username", "Username")+`,`+field("password", "Password")+`}}`),
		options(pathRefresh, "Token Refresh", `,"actions":{"POST":{`+field("refresh", "Refresh")+`,"access":{"type":"string","required":false,"read_only":true,"label":"Access"}}}`),
		options(pathVerify, "Token Verify", `,"actions":{"POST":{`+field("token", "Token")+`}}`),
		me,
	}
}

// routeCases are paths that are no view's.
func routeCases() []wireCase {
	var cases []wireCase
	for _, path := range []string{"/api/token", "/api/token/refresh", "/api/token/verify", "/api/me"} {
		for _, method := range []string{"POST", "GET", "HEAD"} {
			cases = append(cases, wireCase{name: method + " " + path, method: method, path: path, status: 301, noView: true})
		}
	}
	for _, path := range []string{"/", "/api/", "/api/token/x/", "/api/token//", ""} {
		cases = append(cases, wireCase{name: "path " + path, method: "GET", path: path, status: 404, want: `{"detail":"Not found."}`, noView: true, differs: "serves an HTML page"})
	}
	return cases
}
