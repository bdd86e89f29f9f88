package auth_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/jeton-dev/jeton/core"
	"github.com/jeton-dev/jeton/workers/auth"
	"github.com/jeton-dev/jeton/workers/store"
)

// TestUserSecretForgery writes payloads of all kinds without knowing the victim's secret. None may pass, whatever other secrets sign it,
// and none may tell whether there is such a user.
func TestUserSecretForgery(t *testing.T) {
	for _, dialect := range []auth.Dialect{auth.DRFJWT, auth.DjangoRESTFrameworkJWT} {
		t.Run(string(dialect), func(t *testing.T) {
			f := newDRFJWTFixture(t, drfjwtSite{dialect: dialect, hooks: auth.Hooks{UserSecretKey: secretOfUser}}, nil)
			keyOf := func(secret auth.Secret) *core.Key {
				key, err := core.NewHMACKey(core.HS256, []byte(secret))
				if err != nil {
					t.Fatal(err)
				}
				return key
			}
			userKey := func(name string) *core.Key {
				user, err := f.users.UserByUsername(t.Context(), name)
				if err != nil {
					t.Fatal(err)
				}
				secret, _ := secretOfUser(t.Context(), &user)
				return keyOf(secret)
			}
			own, site := userKey("alice"), keyOf(f.config.SecretKey)
			victim := map[string]any{"username": "root", "user_id": 5}
			var answers []string
			for name, token := range map[string]string{
				"signed with one's own secret":        withHeader(t, hs256, payload(t, f.claims(victim)), own),
				"signed with SECRET_KEY":              withHeader(t, hs256, payload(t, f.claims(victim)), site),
				"name and ID of different users":      withHeader(t, hs256, payload(t, f.claims(map[string]any{"username": "root", "user_id": 1})), site),
				"ID and name of different users":      withHeader(t, hs256, payload(t, f.claims(map[string]any{"username": "alice", "user_id": 5})), site),
				"another's name over one's own ID":    withHeader(t, hs256, payload(t, f.claims(map[string]any{"username": "root", "user_id": 1})), own),
				"of a user there is not":              withHeader(t, hs256, payload(t, f.claims(map[string]any{"username": "nobody", "user_id": 99})), own),
				"of an inactive user":                 withHeader(t, hs256, payload(t, f.claims(map[string]any{"username": "gone", "user_id": 2})), own),
				"of nobody":                           withHeader(t, hs256, payload(t, f.claims(map[string]any{"username": nil, "user_id": nil})), own),
				"expired and of a user there is not":  withHeader(t, hs256, payload(t, f.claims(map[string]any{"username": "nobody", "user_id": 99, "exp": 1})), own),
				"expired and of another user":         withHeader(t, hs256, payload(t, f.claims(map[string]any{"username": "root", "user_id": 5, "exp": 1})), own),
				"a kid and a key of the sender's own": withHeader(t, `{"alg":"HS256","kid":"root","jwk":{"kty":"oct","k":"AAAA"}}`, payload(t, f.claims(victim)), own),
			} {
				response := f.me(f.words.word + " " + token)
				if response.Status != 401 {
					t.Errorf("%s opens a view: %d %s", name, response.Status, response.Body)
				}
				for _, path := range []string{pathCheck, pathAgain} {
					response := f.post(path, map[string]string{"token": token})
					if response.Status != 400 {
						t.Errorf("%s passes %s: %d %s", name, path, response.Status, response.Body)
					}
					answers = append(answers, string(response.Body))
				}
				answers = append(answers, strings.Replace(string(response.Body), `"detail":`, `"non_field_errors":[`, 1))
			}
			for _, got := range answers {
				if !strings.Contains(got, f.words.undecodable) {
					t.Errorf("an answer that tells more than a bad signature does: %s", got)
				}
			}
		})
	}
}

// TestUserSecretChange checks that a changed password ends the user's tokens, and nobody else's.
func TestUserSecretChange(t *testing.T) {
	f := newDRFJWTFixture(t, drfjwtSite{hooks: auth.Hooks{UserSecretKey: secretOfUser}}, nil)
	login := func(name string) string {
		response := f.post(pathAuth, map[string]string{"username": name, "password": f.password})
		return tokenPattern.FindString(string(response.Body))
	}
	alice, other := login("alice"), login("123")
	user, err := f.users.UserByUsername(t.Context(), "alice")
	if err != nil {
		t.Fatal(err)
	}
	if changed, err := f.users.SetPassword(t.Context(), user.ID, user.Password, "!"); err != nil || !changed {
		t.Fatal(changed, err)
	}
	if good, body := f.verifies(alice); good || body != nonField("Error decoding token.") {
		t.Errorf("a token from before: %s", body)
	}
	if good, body := f.verifies(other); !good {
		t.Errorf("another user's token: %s", body)
	}
}

// TestUserSecretFailures checks secrets that cannot be had, or not be used.
func TestUserSecretFailures(t *testing.T) {
	for name, hook := range map[string]func(context.Context, *store.User) (auth.Secret, error){
		"failing": func(context.Context, *store.User) (auth.Secret, error) { return "", errors.New("away") },
		"short":   func(context.Context, *store.User) (auth.Secret, error) { return "short", nil },
		"none":    func(context.Context, *store.User) (auth.Secret, error) { return "", nil },
	} {
		f := newDRFJWTFixture(t, drfjwtSite{hooks: auth.Hooks{UserSecretKey: hook}}, nil)
		for _, response := range []*auth.Response{
			f.post(pathAuth, map[string]string{"username": "alice", "password": f.password}), f.post(pathCheck, map[string]string{"token": f.good(nil)}), f.me("Bearer " + f.good(nil)),
		} {
			if response.Status != 503 || string(response.Body) != unavailable {
				t.Errorf("%s: %d %s", name, response.Status, response.Body)
			}
		}
	}
	pair := testKeys()["rsa"]
	for _, test := range []struct{ settings, want string }{
		{`"JWT_DIALECT":"drf-jwt","JWT_AUTH":{"JWT_ALGORITHM":"RS256","JWT_PRIVATE_KEY":` + asJSON(pair.private) + `}`, "JWT_GET_USER_SECRET_KEY: is for HMAC, and JWT_ALGORITHM accepts none of it"},
		{`"JWT_DIALECT":"djangorestframework-jwt","JWT_AUTH":{"JWT_PUBLIC_KEY":"` + vectorSecret + `"}`, "JWT_GET_USER_SECRET_KEY: plays no part where there is JWT_PRIVATE_KEY or JWT_PUBLIC_KEY"},
		{`"JWT_DIALECT":"drf-jwt","JWT_AUTH":{}`, ""}, // SECRET_KEY is not needed
	} {
		config, err := auth.ParseConfig([]byte("{" + test.settings + "}"))
		if err != nil {
			t.Fatal(err)
		}
		config.Hooks.UserSecretKey = secretOfUser
		if _, err := auth.New(config, store.NewMemory(), auth.NativeHost(), nil); test.want == "" && err != nil || test.want != "" && (err == nil || err.Error() != test.want) {
			t.Errorf("got %v, want %q", err, test.want)
		}
	}
}
