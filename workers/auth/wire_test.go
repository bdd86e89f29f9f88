package auth_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/jeton-dev/jeton/workers/auth"
	"github.com/jeton-dev/jeton/workers/store"
)

// wireCase is a request and the answer to it, byte for byte. TestWire asks the service; TestDjango asks Django, where it is installed,
// so that the answers written down here stay true.
type wireCase struct {
	name         string
	method, path string
	query        string
	header       [][2]string
	body         string
	status       int
	want         string // with tokens and descriptions as normalise leaves them
	differs      string // why Django's answer is another one
	noView       bool   // no view answers: the headers of views are not asked for
}

// wireCases returns all cases for a fixture, whose tokens and password stand in them.
func (f *fixture) wireCases() []wireCase {
	var cases []wireCase
	for _, group := range []func() []wireCase{
		f.loginCases, fieldCases, jsonCases, f.formCases, contentTypeCases, methodCases, acceptCases, f.optionsCases, routeCases,
		f.badTokenCases, f.claimCases, f.refreshCases, f.userCases, f.headerCases,
	} {
		cases = append(cases, group()...)
	}
	return cases
}

func TestWire(t *testing.T) {
	eachStore(t, func(t *testing.T, users store.Store) {
		f := newFixture(t, options{users: users})
		for _, c := range f.wireCases() {
			t.Run(c.name, func(t *testing.T) {
				header := auth.Header{}
				for _, field := range c.header {
					header.Add(field[0], field[1])
				}
				response := f.service.Serve(context.Background(), &auth.Request{Method: c.method, Path: c.path, RawQuery: c.query, Header: header, Body: []byte(c.body)})
				if got := normalise(string(response.Body)); response.Status != c.status || got != c.want {
					t.Errorf("%s %s %q\n got  %d %s\n want %d %s", c.method, c.path, c.body, response.Status, got, c.status, c.want)
				}
				checkHeader(t, c, response.Header.Get)
			})
		}
	})
}

// checkHeader checks the header fields that every answer of a view has.
func checkHeader(t *testing.T, c wireCase, get func(name string) string) {
	t.Helper()
	want := map[string]string{"Content-Type": "application/json", "Vary": "Accept", "Allow": "POST, OPTIONS", "WWW-Authenticate": ""}
	if c.path == "/api/me/" {
		want["Allow"] = "GET, HEAD, OPTIONS"
	}
	if c.status == 401 {
		want["WWW-Authenticate"] = `Bearer realm="api"`
	}
	if c.noView {
		want = nil
	}
	for name, value := range want {
		if got := get(name); got != value {
			t.Errorf("%s is %q, want %q", name, got, value)
		}
	}
}

var (
	tokenPattern       = regexp.MustCompile(`eyJ[\w-]+\.(eyJ[\w-]+)\.[\w-]+`)
	idPattern          = regexp.MustCompile(`"jti":"[0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15}"`)
	descriptionPattern = regexp.MustCompile(`"description":( ?)"[^"]*"`)
)

// normalise replaces what differs from answer to answer: each token by its header and claims, its times relative to "iat", its ID by
// "UUID" if it is the hex of a random UUID; and the free text of descriptions.
func normalise(body string) string {
	body = tokenPattern.ReplaceAllStringFunc(body, func(token string) string {
		segments := strings.Split(token, ".")
		header, _ := base64.RawURLEncoding.DecodeString(segments[0])
		payload, _ := base64.RawURLEncoding.DecodeString(segments[1])
		var times struct{ Iat, Exp int64 }
		json.Unmarshal(payload, &times)
		text := strings.NewReplacer(
			fmt.Sprintf(`"exp":%d`, times.Exp), fmt.Sprintf(`"exp":iat+%d`, times.Exp-times.Iat),
			fmt.Sprintf(`"iat":%d`, times.Iat), `"iat":now`,
		).Replace(string(payload))
		return "<" + string(header) + idPattern.ReplaceAllString(text, `"jti":UUID`) + ">"
	})
	return descriptionPattern.ReplaceAllString(body, `"description":$1…`)
}

// post and get make the two most common kinds of case.
func postCase(name, path, body string, status int, want string) wireCase {
	return wireCase{name: name, method: "POST", path: path, header: [][2]string{{"Content-Type", "application/json"}}, body: body, status: status, want: want}
}

func meCase(name, authorization string, status int, want string) wireCase {
	return wireCase{name: name, method: "GET", path: "/api/me/", header: [][2]string{{"Authorization", authorization}}, status: status, want: want}
}

// djangoDiffers marks a case.
func (c wireCase) djangoDiffers(why string) wireCase {
	c.differs = why
	return c
}

// detail returns the body that tells one sentence; invalidToken the one with the code clients look at; required the one for fields.
func detail(text string) string {
	encoded, _ := json.Marshal(text)
	return `{"detail":` + string(encoded) + `}`
}

func invalidToken(text string) string {
	encoded, _ := json.Marshal(text)
	return `{"detail":` + string(encoded) + `,"code":"token_not_valid"}`
}

func notForAnyType(text string) string {
	encoded, _ := json.Marshal(text)
	return `{"detail":"Given token not valid for any token type","code":"token_not_valid","messages":[{"token_class":"AccessToken","token_type":"access","message":` + string(encoded) + `}]}`
}

const (
	pathToken, pathRefresh, pathVerify, pathMe = "/api/token/", "/api/token/refresh/", "/api/token/verify/", "/api/me/"

	isRequired    = `{"username":["This field is required."],"password":["This field is required."]}`
	noCredentials = `{"detail":"Authentication credentials were not provided."}`
	badLogin      = `{"detail":"No active account found with the given credentials"}`
	noAccount     = `{"detail":"No active account found for the given token."}`
)
