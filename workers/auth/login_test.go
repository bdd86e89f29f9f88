package auth_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jeton-dev/jeton/core"
	"github.com/jeton-dev/jeton/workers/auth"
	"github.com/jeton-dev/jeton/workers/store"
)

// TestLoginWork checks that every refused login costs one derivation of the same work, whoever it was for.
func TestLoginWork(t *testing.T) {
	f := newFixture(t, options{})
	for _, username := range []string{"alice", "gone", "nopass", "nobody"} {
		f.host.derivations = nil
		expect(t, f.post(pathToken, map[string]string{"username": username, "password": "wrong"}), 401, badLogin)
		if !slices.Equal(f.host.derivations, []int{iterations}) {
			t.Errorf("%s: derivations of %v iterations", username, f.host.derivations)
		}
	}
}

// TestPair checks that both tokens of a login are of one moment, with IDs of their own and whole seconds.
func TestPair(t *testing.T) {
	f := newFixture(t, options{settings: `"ACCESS_TOKEN_LIFETIME":1.9,"REFRESH_TOKEN_LIFETIME":"P7DT1M"`})
	f.host.now = time.Unix(1_800_000_000, 999_999_999)
	pair := f.login()
	want := map[string]string{"exp": "1800000002", "iat": "1800000000", "token_type": `"access"`, "user_id": `"1"`}
	checkClaims(t, pair.Access, want)
	want["exp"], want["token_type"] = "1800604860", `"refresh"`
	checkClaims(t, pair.Refresh, want)
	if claim(t, pair.Access, "jti") == claim(t, pair.Refresh, "jti") {
		t.Error("both tokens have one ID")
	}
	f.host.now = f.host.now.Add(time.Second)
	expect(t, f.post(pathVerify, map[string]string{"token": pair.Access}), 200, `{}`)
	f.host.now = f.host.now.Add(time.Nanosecond)
	expect(t, f.post(pathVerify, map[string]string{"token": pair.Access}), 401, invalidToken("Token is expired"))
}

// claim returns the JSON of a claim, "" when it is absent.
func claim(t *testing.T, token, name string) string {
	t.Helper()
	decoded, err := core.Decode(token)
	if err != nil {
		t.Fatal(err)
	}
	value, _ := decoded.UnverifiedClaim(name)
	return string(value.Raw())
}

func checkClaims(t *testing.T, token string, want map[string]string) {
	t.Helper()
	for name, value := range want {
		if got := claim(t, token, name); got != value {
			t.Errorf("%s is %s, want %s", name, got, value)
		}
	}
}

func TestLastLogin(t *testing.T) {
	eachStore(t, func(t *testing.T, users store.Store) {
		f := newFixture(t, options{users: users})
		f.login()
		if at := lastLogin(t, users); !at.IsZero() {
			t.Errorf("recorded without being asked to: %v", at)
		}
		f.config.SimpleJWT.UpdateLastLogin = true
		f.service = f.rebuild()
		refresh := f.login().Refresh
		if at := lastLogin(t, users); at.Sub(f.host.now).Abs() > time.Microsecond {
			t.Errorf("recorded %v, want %v", at, f.host.now)
		}
		f.host.now = f.host.now.Add(time.Minute)
		f.post(pathRefresh, map[string]string{"refresh": refresh})
		if at := lastLogin(t, users); at.Sub(f.host.now) > -time.Second {
			t.Errorf("a refresh was recorded as a login: %v", at)
		}
	})
}

func (f *fixture) rebuild() *auth.Service {
	f.t.Helper()
	service, err := auth.New(f.config, f.users, f.host, nil)
	if err != nil {
		f.t.Fatal(err)
	}
	return service
}

func lastLogin(t *testing.T, users store.Store) time.Time {
	t.Helper()
	user, err := users.UserByUsername(context.Background(), "alice")
	if err != nil {
		t.Fatal(err)
	}
	return user.LastLogin
}

const unavailable = `{"detail":"Service temporarily unavailable, try again later."}`

// TestStoreFailure checks that nothing is given out once the store has failed.
func TestStoreFailure(t *testing.T) {
	eachStore(t, func(t *testing.T, users store.Store) {
		f := newFixture(t, options{users: users})
		pair := f.login()
		if err := users.Close(); err != nil {
			t.Fatal(err)
		}
		for _, response := range []*auth.Response{
			f.post(pathToken, map[string]string{"username": "alice", "password": f.password}),
			f.post(pathRefresh, map[string]string{"refresh": pair.Refresh}),
			f.me("Bearer " + pair.Access),
		} {
			expect(t, response, 503, unavailable)
			if response.Header.Get("Retry-After") == "" {
				t.Error("Retry-After is missing")
			}
		}
		expect(t, f.post(pathVerify, map[string]string{"token": pair.Access}), 200, `{}`) // asks no store
	})
}

// readOnly is a store whose logins cannot be recorded.
type readOnly struct{ store.Store }

func (readOnly) SetLastLogin(context.Context, string, time.Time) error {
	return errors.New("read-only")
}

func TestLastLoginFailure(t *testing.T) {
	f := newFixture(t, options{users: readOnly{store.NewMemory()}, settings: `"UPDATE_LAST_LOGIN":true`})
	response := f.post(pathToken, map[string]string{"username": "alice", "password": f.password})
	expect(t, response, 503, unavailable)
}

// brokenRandom is a host without random bytes.
type brokenRandom struct{ *testHost }

func (brokenRandom) Random([]byte) error { return errors.New("no entropy") }

func TestRandomFailure(t *testing.T) {
	f := newFixture(t, options{})
	service, err := auth.New(f.config, f.users, brokenRandom{f.host}, nil)
	if err != nil {
		t.Fatal(err)
	}
	f.service = service
	expect(t, f.post(pathToken, map[string]string{"username": "alice", "password": f.password}), 503, unavailable)
	expect(t, f.post(pathRefresh, map[string]string{"refresh": f.token(f.claims("refresh", nil))}), 503, unavailable)
}

func TestBodyTooLarge(t *testing.T) {
	f := newFixture(t, options{})
	largest := `{"token":"` + strings.Repeat(" ", auth.MaxBodyBytes-12) + `"}`
	expect(t, f.serve("POST", pathVerify, "application/json", largest), 400, `{"token":["This field may not be blank."]}`)
	expect(t, f.serve("POST", pathVerify, "application/json", largest+" "), 413, `{"detail":"Request body too large."}`)
	expect(t, f.serve("GET", pathVerify, "application/json", largest+" "), 405, `{"detail":"Method \"GET\" not allowed."}`)
}

// TestTokenTooLarge checks that a token over core's limit is refused as any other bad token.
func TestTokenTooLarge(t *testing.T) {
	f := newFixture(t, options{})
	token := f.token(f.claims("access", map[string]any{"padding": strings.Repeat("x", 8192)}))
	expect(t, f.post(pathVerify, map[string]string{"token": token}), 401, invalidToken("Token is invalid"))
}
