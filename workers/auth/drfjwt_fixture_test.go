package auth_test

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/jeton-dev/jeton/core"
	"github.com/jeton-dev/jeton/core/keys"
	"github.com/jeton-dev/jeton/workers/auth"
	"github.com/jeton-dev/jeton/workers/store"
)

const (
	pathAuth, pathAgain, pathCheck = "/api-token-auth/", "/api-token-refresh/", "/api-token-verify/"
	pathImpersonate, pathWithdraw  = "/api-token-impersonate/", "/api-token-blacklist/"
)

// drfjwtSite is a site with one of the two packages.
type drfjwtSite struct {
	name     string
	dialect  auth.Dialect
	settings string // members of JWT_AUTH
	noApp    bool   // without the blacklist app
	hooks    auth.Hooks
	// tokenHeader is the header of new tokens: without a key ID by default.
	tokenHeader string
	withSQL     bool // ask over SQLite too
	cases       func(f *drfjwtFixture) []drfjwtCase
}

// drfjwtFixture is a fixture whose service speaks for a drfjwtSite. Beside the users of any fixture there is root (5), a superuser.
type drfjwtFixture struct {
	*fixture
	site  drfjwtSite
	words drfjwtWords
}

func newDRFJWTFixture(t testing.TB, site drfjwtSite, users store.Store) *drfjwtFixture {
	t.Helper()
	if site.dialect == "" {
		site.dialect = auth.DRFJWT
	}
	f := &drfjwtFixture{site: site, words: drfjwtPackages[site.dialect]}
	f.fixture = newFixture(t, options{users: users, config: func(c *auth.Config) {
		apps := `null`
		if site.noApp {
			apps = `["rest_framework_jwt"]`
		}
		settings := fmt.Sprintf(`{"SECRET_KEY":%q,"PASSWORD_ITERATIONS":%d,"JWT_DIALECT":%q,"URLS":{"api-token-impersonate":%q},"INSTALLED_APPS":%s,"JWT_AUTH":{%s}}`,
			string(c.SecretKey), iterations, site.dialect, pathImpersonate, apps, site.settings)
		if site.dialect != auth.DRFJWT {
			settings = strings.Replace(settings, `"URLS":{"api-token-impersonate":"`+pathImpersonate+`"},`, "", 1)
		}
		settings = strings.Replace(settings, `"INSTALLED_APPS":null,`, "", 1)
		parsed, err := auth.ParseConfig([]byte(settings))
		if err != nil {
			t.Fatalf("%s: %v", site.name, err)
		}
		*c = parsed
		c.Hooks, c.PEMParser = site.hooks, keys.ParsePEM
	}})
	alice, err := f.users.UserByID(t.Context(), "1")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.users.AddUser(t.Context(), store.User{Username: "root", Password: alice.Password, IsActive: true, IsSuperuser: true}); err != nil {
		t.Fatal(err)
	}
	return f
}

// drfjwtWords is what the packages' answers differ in.
type drfjwtWords struct {
	status                                     int
	word                                       string // before a token
	expired, undecodable, refused, viewRefused string
	nameless, viewNameless, nobody, viewNobody string
	notRefreshable                             string
}

var drfjwtPackages = map[auth.Dialect]drfjwtWords{
	auth.DRFJWT: {
		status: 201, word: "Bearer",
		expired: "Token has expired.", undecodable: "Error decoding token.", refused: "Invalid token.", viewRefused: "Invalid token.",
		nameless: "Invalid token.", viewNameless: "Invalid payload.", nobody: "User doesn't exist.", viewNobody: "Invalid token.",
		notRefreshable: "orig_iat field not found in token.",
	},
	auth.DjangoRESTFrameworkJWT: {
		status: 200, word: "JWT",
		expired: "Signature has expired.", undecodable: "Error decoding signature.", refused: "Error decoding signature.", viewRefused: "Incorrect authentication credentials.",
		nameless: "Invalid payload.", viewNameless: "Invalid payload.", nobody: "User doesn't exist.", viewNobody: "Invalid signature.",
		notRefreshable: "orig_iat field is required.",
	},
}

// isJpadilla reports whether the site is one of djangorestframework-jwt.
func (f *drfjwtFixture) isJpadilla() bool { return f.site.dialect == auth.DjangoRESTFrameworkJWT }

const fixedID = "9b2f1c58-3d4e-4f6a-8b7c-0d1e2f3a4b5c"

// claims returns good claims, changed as asked: a nil value takes a claim away, core.RawJSON("null") is null.
func (f *drfjwtFixture) claims(changes map[string]any) *core.Claims {
	claims := core.NewClaims().Set("username", "alice").SetIssuedAt(f.host.now).SetExpiration(f.host.now.Add(time.Minute)).SetID(fixedID).
		Set("user_id", 1).Set("orig_iat", f.host.now.Add(-10*time.Second))
	for name, value := range changes {
		if value == nil {
			claims.Remove(name)
		} else {
			claims.Set(name, value)
		}
	}
	return claims
}

// good returns a good token, changed as asked.
func (f *drfjwtFixture) good(changes map[string]any) string { return f.token(f.claims(changes)) }

// withHeader makes a token of any header and payload, signed with a key.
func withHeader(t testing.TB, header, payload string, key *core.Key) string {
	t.Helper()
	encode := base64.RawURLEncoding.EncodeToString
	signingInput := encode([]byte(header)) + "." + encode([]byte(payload))
	signature, err := key.Sign([]byte(signingInput))
	if err != nil {
		t.Fatal(err)
	}
	return signingInput + "." + encode(signature)
}

// payload returns the JSON of claims.
func payload(t testing.TB, claims *core.Claims) string {
	t.Helper()
	text, err := claims.AppendJSON(nil)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// newID returns a random UUID.
func newID(t testing.TB) string {
	t.Helper()
	var id [16]byte
	rand.Read(id[:])
	id[6], id[8] = id[6]&0x0F|0x40, id[8]&0x3F|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:])
}

var (
	dashedIDPattern  = regexp.MustCompile(`"jti":"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"`)
	textPattern      = regexp.MustCompile(`"description":"(\\.|[^"\\])*"`)
	oldHeaderPattern = regexp.MustCompile(`^{"typ":"JWT","alg":("\w+")}$`) // as PyJWT before 2.5 writes it
	expiresPattern   = regexp.MustCompile(`expires=\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT`)
)

// normaliseDRFJWT replaces what differs from answer to answer: each token by its header and claims, its times relative to "iat", or to
// its end where it has none, its ID by UUID; "pk" where it is the iat of the token beside it; the date of a cookie and descriptions.
func normaliseDRFJWT(body string) string {
	var issued []int64
	body = tokenPattern.ReplaceAllStringFunc(body, func(token string) string {
		segments := strings.Split(token, ".")
		header, _ := base64.RawURLEncoding.DecodeString(segments[0])
		payload, _ := base64.RawURLEncoding.DecodeString(segments[1])
		var times struct{ Iat, Exp int64 }
		json.Unmarshal(payload, &times)
		base := times.Iat
		if base == 0 {
			base = times.Exp - 300
		}
		issued = append(issued, times.Iat)
		text := strings.NewReplacer(
			fmt.Sprintf(`"exp":%d`, times.Exp), fmt.Sprintf(`"exp":iat+%d`, times.Exp-base),
			fmt.Sprintf(`iat":%d`, base), `iat":now`,
		).Replace(string(payload))
		return "<" + oldHeaderPattern.ReplaceAllString(string(header), `{"alg":$1,"typ":"JWT"}`) + dashedIDPattern.ReplaceAllString(text, `"jti":UUID`) + ">"
	})
	for _, at := range issued {
		body = strings.Replace(body, fmt.Sprintf(`"pk":%d`, at), `"pk":now`, 1)
	}
	body = expiresPattern.ReplaceAllString(body, "expires=DATE")
	return textPattern.ReplaceAllString(body, `"description":…`)
}

// nonField returns the body about the data as a whole.
func nonField(text string) string {
	encoded, _ := json.Marshal(text)
	return `{"non_field_errors":[` + string(encoded) + `]}`
}
