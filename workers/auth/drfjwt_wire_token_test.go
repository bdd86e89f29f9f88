package auth_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"github.com/jeton-dev/jeton/core"
	"github.com/jeton-dev/jeton/workers/auth"
	"github.com/jeton-dev/jeton/workers/store"
)

// malformedCases are texts that are no token, or one that somebody changed.
func (f *drfjwtFixture) malformedCases() []drfjwtCase {
	good := f.good(nil)
	segments := strings.Split(good, ".")
	claims := payload(f.t, f.claims(nil))
	other, err := core.NewHMACKey(core.HS256, []byte("another secret that is long enough to be one"))
	if err != nil {
		f.t.Fatal(err)
	}
	var cases []drfjwtCase
	for name, token := range map[string]string{
		"word": "x", "dots": "...", "three letters": "a.b.c", "no signature": segments[0] + "." + segments[1] + ".", "two segments": segments[0] + "." + segments[1],
		"four segments": good + ".x", "signature cut": good[:len(good)-2], "payload changed": segments[0] + "." + segments[1] + "x." + segments[2],
		"payload no object": f.signed(`[1]`), "payload no JSON": f.signed(`{`), "header no JSON": withHeader(f.t, `{`, claims, f.key), "header no object": withHeader(f.t, `[]`, claims, f.key),
		"other secret": withHeader(f.t, hs256, claims, other), "other secret, expired": withHeader(f.t, hs256, payload(f.t, f.claims(map[string]any{"exp": f.host.now.Add(-time.Hour)})), other),
	} {
		cases = append(cases, f.refusedCases("malformed/"+name, token, "decode")...)
	}
	for name, header := range map[string]string{
		"alg none": `{"alg":"none"}`, "alg of another secret": `{"alg":"HS512","typ":"JWT"}`, "alg of a key pair": `{"alg":"RS256"}`, "alg in lower case": `{"alg":"hs256"}`,
	} {
		cases = append(cases, f.refusedCases("header/"+name, withHeader(f.t, header, claims, f.key), "invalid")...)
	}
	for name, header := range map[string]string{"no alg": `{"typ":"JWT"}`, "alg a number": `{"alg":1}`, "crit": `{"alg":"HS256","crit":["x"],"x":1}`, "kid a number": `{"alg":"HS256","kid":1}`} {
		for _, c := range f.refusedCases("header/"+name, withHeader(f.t, header, claims, f.key), "invalid") {
			if name == "no alg" && !f.isJpadilla() {
				c = c.djangoDiffers("500")
			}
			if name != "no alg" && name != "alg a number" && f.isJpadilla() {
				c = c.djangoDiffers("does not look at it")
			}
			cases = append(cases, c)
		}
	}
	for name, header := range map[string]string{"old order": `{"typ":"JWT","alg":"HS256"}`, "no typ": `{"alg":"HS256"}`, "a kid that no key has": `{"alg":"HS256","kid":"x"}`, "kid empty": `{"alg":"HS256","kid":""}`} {
		token := withHeader(f.t, header, claims, f.key)
		cases = append(cases, f.acceptedCases("header/"+name, token, fmt.Sprint(f.host.now.Unix()), meAlice)...)
	}
	return cases
}

const hs256 = `{"alg":"HS256","typ":"JWT"}`

// claimsCases are the claims that PyJWT looks at, in its order.
func (f *drfjwtFixture) claimsCases() []drfjwtCase {
	past, future := f.host.now.Add(-10*time.Second), f.host.now.Add(1000*time.Second)
	now := f.host.now.Unix()
	raw := func(json string) core.RawJSON { return core.RawJSON(json) }
	var cases []drfjwtCase
	for _, test := range []struct {
		name    string
		changes map[string]any
		// problem is PyJWT's exception, empty for none.
		problem string
		// jpadilla is why djangorestframework-jwt answers otherwise, on its older PyJWT.
		jpadilla string
		issuedAt string
	}{
		{"fraction", map[string]any{"exp": raw(fmt.Sprintf("%d.5", future.Unix()))}, "", "", fmt.Sprint(now)},
		{"fraction of iat", map[string]any{"iat": raw(fmt.Sprintf("%d.50", past.Unix()))}, "", "", fmt.Sprintf("%d.5", past.Unix())},
		{"no exp", map[string]any{"exp": nil}, "", "", fmt.Sprint(now)},
		{"no iat", map[string]any{"iat": nil}, "", "", "null"},
		{"no jti", map[string]any{"jti": nil}, "", "", fmt.Sprint(now)},
		{"nbf passed", map[string]any{"nbf": past}, "", "", fmt.Sprint(now)},
		{"iss of others", map[string]any{"iss": "x"}, "", "", fmt.Sprint(now)},
		{"aud", map[string]any{"aud": "x"}, "invalid", "", ""},
		{"aud of several", map[string]any{"aud": []string{"x", "y"}}, "invalid", "", ""},
		{"expired", map[string]any{"exp": past}, "expired", "", ""},
		{"expired, aud", map[string]any{"exp": past, "aud": "x"}, "expired", "", ""},
		{"exp text", map[string]any{"exp": "soon"}, "decode", "", ""},
		{"exp null", map[string]any{"exp": raw("null")}, "decode", "500", ""},
		{"exp list", map[string]any{"exp": raw("[1]")}, "decode", "500", ""},
		{"nbf in the future", map[string]any{"nbf": future}, "invalid", "", ""},
		{"nbf text", map[string]any{"nbf": "x"}, "decode", "", ""},
		{"iat text", map[string]any{"iat": "x"}, "invalid", "", ""},
		{"iat in the future", map[string]any{"iat": future}, "invalid", "good there", ""},
		{"sub number", map[string]any{"sub": 1}, "invalid", "good there", ""},
		{"jti number", map[string]any{"jti": 1}, "invalid", "good there", ""},
		{"expired, iat text", map[string]any{"exp": past, "iat": "x"}, "invalid", "", ""},
		{"expired, nbf in the future", map[string]any{"exp": past, "nbf": future}, "invalid", "", ""},
		{"expired, nbf text", map[string]any{"exp": past, "nbf": "x"}, "decode", "", ""},
		{"expired, sub number", map[string]any{"exp": past, "sub": 1}, "expired", "", ""},
		{"nbf text, exp text", map[string]any{"nbf": "x", "exp": "x"}, "decode", "", ""},
	} {
		token := f.good(test.changes)
		group := f.acceptedCases("claims/"+test.name, token, test.issuedAt, meAlice)
		if test.problem != "" {
			group = f.refusedCases("claims/"+test.name, token, test.problem)
		}
		for _, c := range group {
			if f.isJpadilla() && test.jpadilla != "" {
				c = c.djangoDiffers(test.jpadilla)
			}
			cases = append(cases, c)
		}
	}
	empty := f.good(map[string]any{"aud": ""})
	if f.isJpadilla() {
		return append(cases, f.refusedCases("claims/aud empty", empty, "invalid")...)
	}
	return append(cases, f.acceptedCases("claims/aud empty", empty, fmt.Sprint(now), meAlice)...)
}

// ownerCases are whose a token is.
func (f *drfjwtFixture) ownerCases() []drfjwtCase {
	raw := func(json string) core.RawJSON { return core.RawJSON(json) }
	named := func(value any) string { return f.good(map[string]any{"username": value}) }
	var cases []drfjwtCase
	for name, value := range map[string]any{"missing": nil, "empty": "", "null": raw("null"), "0": 0, "false": false, "[]": raw("[]")} {
		cases = append(cases, f.tokenCases("user "+name, named(value), f.words.nameless, f.words.viewNameless)...)
	}
	cases = append(cases, f.tokenCases("user unknown", named("nobody"), f.words.nobody, f.words.viewNobody)...)
	cases = append(cases, f.tokenCases("user in another case", named("ALICE"), f.words.nobody, f.words.viewNobody)...)
	cases = append(cases, f.tokenCases("user inactive", named("gone"), "User account is disabled.", "User account is disabled.")...)
	number := `{"id":"3","username":"123","email":"","first_name":"","last_name":""}`
	cases = append(cases, f.acceptedCases("user as number", named(123), fmt.Sprint(f.host.now.Unix()), number)...)
	// The username alone says whose a token is.
	return append(cases, f.acceptedCases("user_id of another", f.good(map[string]any{"user_id": 99}), fmt.Sprint(f.host.now.Unix()), meAlice)...)
}

// lineCases are refreshes: what a new token takes over from the old one, and for how long there are new ones.
func (f *drfjwtFixture) lineCases() []drfjwtCase {
	now := f.host.now.Unix()
	raw := func(format string, args ...any) core.RawJSON { return core.RawJSON(fmt.Sprintf(format, args...)) }
	refresh := func(name string, changes map[string]any, further string) drfjwtCase {
		return drfPost("refresh/"+name, pathAgain, `{"token":"`+f.good(changes)+`"}`, f.words.status, f.handOut(f.newToken("1", "alice", further)))
	}
	refused := func(name string, began any, problem string) drfjwtCase {
		return drfPost("refresh/"+name, pathAgain, `{"token":"`+f.good(map[string]any{"orig_iat": began})+`"}`, 400, nonField(problem))
	}
	line := func(began, id string) string {
		if f.isJpadilla() {
			return `,"orig_iat":` + began
		}
		return fmt.Sprintf(`,"orig_iat":%s,"orig_jti":%q`, began, id)
	}
	const week = 7 * 24 * 3600
	const otherID = "0b2f1c58-3d4e-4f6a-8b7c-0d1e2f3a4b5c"
	began := fmt.Sprint(now - 10)
	zero := refused("line without a beginning", 0, f.words.notRefreshable)
	if !f.isJpadilla() {
		zero = refused("line from the epoch", 0, "Refresh has expired.")
	}
	noID := refresh("no ID", map[string]any{"jti": nil}, `,"orig_iat":`+began)
	return []drfjwtCase{
		refresh("first", nil, line(began, fixedID)),
		refresh("again", map[string]any{"orig_jti": otherID}, line(began, otherID)),
		refresh("orig_jti empty", map[string]any{"orig_jti": ""}, line(began, fixedID)),
		refresh("other claims go", map[string]any{"nbf": raw("5"), "custom": 1, "iss": "x"}, line(began, fixedID)),
		refresh("fraction", map[string]any{"orig_iat": raw("%d.25", now-10)}, line(began+".25", fixedID)),
		refresh("almost a week", map[string]any{"orig_iat": now - week + 100}, line(fmt.Sprint(now-week+100), fixedID)),
		noID, zero,
		refused("more than a week", now-week-100, "Refresh has expired."),
		refused("no beginning", nil, f.words.notRefreshable),
		refused("beginning null", raw("null"), f.words.notRefreshable),
		refused("beginning text", "x", f.words.notRefreshable).djangoDiffers("500"),
		refused("beginning list", raw("[1]"), f.words.notRefreshable).djangoDiffers("500"),
	}
}

// plainCases are the claims that a site leaves out.
func (f *drfjwtFixture) plainCases() []drfjwtCase {
	header := `{"alg":"HS256","typ":"JWT"}`
	token := `<` + header + `{"username":"alice","iat":now,"exp":iat+7}>`
	refreshed := fmt.Sprintf(`<%s{"username":"alice","iat":now,"exp":iat+7,"orig_iat":%d,"orig_jti":%q}>`, header, f.host.now.Unix()-10, fixedID)
	if f.isJpadilla() {
		token = f.newToken("1", "alice", "")
		refreshed = f.newToken("1", "alice", fmt.Sprintf(`,"orig_iat":%d`, f.host.now.Unix()-10))
	}
	return []drfjwtCase{
		drfPost("obtain", pathAuth, fmt.Sprintf(`{"username":"alice","password":%q}`, f.password), f.words.status, f.handOut(token)),
		drfPost("refresh", pathAgain, `{"token":"`+f.good(nil)+`"}`, f.words.status, f.handOut(refreshed)),
		drfPost("refresh of what cannot be", pathAgain, `{"token":"`+f.good(map[string]any{"orig_iat": nil})+`"}`, 400, nonField(f.words.notRefreshable)),
	}
}

// partyCases are JWT_AUDIENCE and JWT_ISSUER.
func (f *drfjwtFixture) partyCases() []drfjwtCase {
	const written = `,"orig_iat":now,"aud":["api","web"],"iss":"https://issuer.example"`
	past := f.host.now.Add(-10 * time.Second)
	token := func(aud, iss any) string { return f.good(map[string]any{"aud": aud, "iss": iss}) }
	began := fmt.Sprintf(`,"orig_iat":%d,"aud":["api","web"],"iss":"https://issuer.example"`, f.host.now.Unix()-10)
	if !f.isJpadilla() {
		began += fmt.Sprintf(`,"orig_jti":%q`, fixedID)
	}
	good := token("web", "https://issuer.example")
	return f.together(
		func() []drfjwtCase {
			return []drfjwtCase{
				drfPost("obtain", pathAuth, fmt.Sprintf(`{"username":"alice","password":%q}`, f.password), f.words.status, f.handOut(f.newToken("1", "alice", written))),
				drfPost("refresh", pathAgain, `{"token":"`+good+`"}`, f.words.status, f.handOut(f.newToken("1", "alice", began))),
			}
		},
		func() []drfjwtCase { return f.acceptedCases("good", good, fmt.Sprint(f.host.now.Unix()), meAlice) },
		func() []drfjwtCase {
			return f.acceptedCases("one of several", token([]string{"x", "api"}, "https://issuer.example"), fmt.Sprint(f.host.now.Unix()), meAlice)
		},
		func() []drfjwtCase { return f.refusedCases("no aud", token(nil, "https://issuer.example"), "invalid") },
		func() []drfjwtCase {
			return f.refusedCases("aud empty", token("", "https://issuer.example"), "invalid")
		},
		func() []drfjwtCase {
			return f.refusedCases("aud of others", token("x", "https://issuer.example"), "invalid")
		},
		func() []drfjwtCase { return f.refusedCases("no iss", token("web", nil), "invalid") },
		func() []drfjwtCase { return f.refusedCases("iss of others", token("web", "x"), "invalid") },
		func() []drfjwtCase {
			return f.refusedCases("expired, of others", f.good(map[string]any{"aud": "x", "iss": "y", "exp": past}), "expired")
		},
	)
}

// neverExpiresCases are tokens where nobody looks at exp.
func (f *drfjwtFixture) neverExpiresCases() []drfjwtCase {
	now := fmt.Sprint(f.host.now.Unix())
	cases := f.acceptedCases("long ago", f.good(map[string]any{"exp": 1}), now, meAlice)
	cases = append(cases, f.refusedCases("nbf in the future", f.good(map[string]any{"exp": 1, "nbf": f.host.now.Add(1000 * time.Second)}), "invalid")...)
	for _, c := range f.acceptedCases("exp text", f.good(map[string]any{"exp": "x"}), now, meAlice) {
		c.status, c.want = 400, nonField(f.words.undecodable)
		if c.path == pathMe {
			c.status, c.want = 401, detail(f.words.undecodable)
		}
		cases = append(cases, c.djangoDiffers("does not look at it"))
	}
	return cases
}

// leewayCases are clocks that differ, and a line of tokens that ends soon.
func (f *drfjwtFixture) leewayCases() []drfjwtCase {
	at := func(seconds int) time.Time { return f.host.now.Add(time.Duration(seconds) * time.Second) }
	now := fmt.Sprint(f.host.now.Unix())
	cases := f.acceptedCases("expired within it", f.good(map[string]any{"exp": at(-50)}), now, meAlice)
	cases = append(cases, f.acceptedCases("nbf within it", f.good(map[string]any{"nbf": at(50)}), now, meAlice)...)
	cases = append(cases, f.acceptedCases("iat within it", f.good(map[string]any{"iat": at(50)}), fmt.Sprint(at(50).Unix()), meAlice)...)
	cases = append(cases, f.refusedCases("expired", f.good(map[string]any{"exp": at(-200)}), "expired")...)
	cases = append(cases, f.refusedCases("nbf", f.good(map[string]any{"nbf": at(200)}), "invalid")...)
	return append(cases, drfPost("refresh too late", pathAgain, `{"token":"`+f.good(map[string]any{"orig_iat": at(-1100)})+`"}`, 400, nonField("Refresh has expired.")))
}

// secretOfUser is a secret that changes with the password. The site that it is compared with has the same in Python.
func secretOfUser(_ context.Context, user *store.User) (auth.Secret, error) {
	sum := sha256.Sum256([]byte("secret of " + user.Username + user.Password))
	return auth.Secret(hex.EncodeToString(sum[:])), nil
}

// userSecretCases are tokens that each user's own secret signs.
func (f *drfjwtFixture) userSecretCases() []drfjwtCase {
	signed := func(owner string, changes map[string]any) string {
		user, err := f.users.UserByUsername(f.t.Context(), owner)
		if err != nil {
			f.t.Fatal(err)
		}
		secret, _ := secretOfUser(f.t.Context(), &user)
		key, err := core.NewHMACKey(f.config.Algorithm(), []byte(secret))
		if err != nil {
			f.t.Fatal(err)
		}
		return withHeader(f.t, fmt.Sprintf(`{"alg":%q,"typ":"JWT"}`, f.config.Algorithm()), payload(f.t, f.claims(changes)), key)
	}
	now := fmt.Sprint(f.host.now.Unix())
	alice := f.newToken("1", "alice", `,"orig_iat":now`)
	if f.isJpadilla() {
		alice = f.newToken("1", "alice", "")
	}
	forged := map[string]any{"username": "root", "user_id": 5}
	cases := []drfjwtCase{drfPost("obtain", pathAuth, fmt.Sprintf(`{"username":"alice","password":%q}`, f.password), f.words.status, f.handOut(alice))}
	cases = append(cases, f.ownCases()...)
	cases = append(cases, f.acceptedCases("own secret", signed("alice", nil), now, meAlice)...)
	cases = append(cases, f.refusedCases("another user's name", signed("alice", forged), "decode")...)
	cases = append(cases, f.refusedCases("expired", signed("alice", map[string]any{"exp": 1}), "expired")...)
	for _, c := range f.refusedCases("another user's name over one's own ID", signed("alice", map[string]any{"username": "root"}), "decode") {
		if f.isJpadilla() {
			c = c.djangoDiffers("good for the other user there")
		}
		cases = append(cases, c)
	}
	for _, c := range f.refusedCases("a user there is not", signed("alice", map[string]any{"username": "nobody", "user_id": 99}), "decode") {
		cases = append(cases, c.djangoDiffers("says so, or 500"))
	}
	for _, c := range f.refusedCases("a token of nobody's", signed("alice", map[string]any{"username": nil, "user_id": nil}), "decode") {
		cases = append(cases, c.djangoDiffers("says so, or 500"))
	}
	return cases
}
