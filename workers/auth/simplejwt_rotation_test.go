package auth_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jeton-dev/jeton/core"
	"github.com/jeton-dev/jeton/workers/auth"
	"github.com/jeton-dev/jeton/workers/store"
)

const rotation = `"ROTATE_REFRESH_TOKENS":true,"BLACKLIST_AFTER_ROTATION":true`

// TestParallelRefresh sends one refresh token a hundred times at once: one request gets its successor, and the others are told that
// it is blacklisted.
func TestParallelRefresh(t *testing.T) {
	eachStore(t, func(t *testing.T, users store.Store) {
		f := newFixture(t, options{users: users, settings: rotation})
		for round := range 3 {
			refresh := f.login().Refresh
			responses := make([]*auth.Response, 100)
			start := make(chan struct{})
			var running sync.WaitGroup
			for i := range responses {
				running.Go(func() {
					<-start
					responses[i] = f.post(pathRefresh, map[string]string{"refresh": refresh})
				})
			}
			close(start)
			running.Wait()
			var winners []tokenPair
			for _, response := range responses {
				if response.Status != 200 {
					expect(t, response, 401, invalidToken("Token is blacklisted"))
					continue
				}
				winners = append(winners, f.pair(response))
			}
			if len(winners) != 1 {
				t.Fatalf("round %d: %d requests got a successor", round, len(winners))
			}
			if response := f.post(pathRefresh, map[string]string{"refresh": winners[0].Refresh}); response.Status != 200 {
				t.Errorf("the successor answers %d %s", response.Status, response.Body)
			}
		}
	})
}

// pair returns the tokens of an answer.
func (f *fixture) pair(response *auth.Response) tokenPair {
	f.t.Helper()
	var pair tokenPair
	if err := json.Unmarshal(response.Body, &pair); err != nil || response.Status != 200 {
		f.t.Fatalf("%d %s %v", response.Status, response.Body, err)
	}
	return pair
}

// TestRotationChain follows a token over many refreshes: each is good once, keeps its claims, and lives on from its own refresh.
func TestRotationChain(t *testing.T) {
	eachStore(t, func(t *testing.T, users store.Store) {
		f := newFixture(t, options{users: users, settings: rotation + `,"REFRESH_TOKEN_LIFETIME":1000`})
		custom := `{"roles":["a","b"],"n":1.50,"deep":{"x":[null]}}`
		current := f.token(f.claims("refresh", map[string]any{"custom": core.RawJSON(custom), "tenant": "zoë"}))
		seen := map[string]bool{}
		for range 20 {
			f.host.now = f.host.now.Add(500 * time.Second)
			pair := f.pair(f.post(pathRefresh, map[string]string{"refresh": current}))
			expect(t, f.post(pathRefresh, map[string]string{"refresh": current}), 401, invalidToken("Token is blacklisted"))
			want := map[string]string{"custom": custom, "tenant": `"zoë"`, "user_id": `"1"`, "exp": fmt.Sprint(f.host.now.Unix() + 1000), "iat": fmt.Sprint(f.host.now.Unix())}
			checkClaims(t, pair.Refresh, want)
			want["exp"] = fmt.Sprint(f.host.now.Unix() + 300)
			checkClaims(t, pair.Access, want)
			for _, token := range []string{pair.Refresh, pair.Access} {
				id := claim(t, token, "jti")
				if seen[id] {
					t.Fatal("an ID comes twice")
				}
				seen[id] = true
			}
			current = pair.Refresh
		}
		f.host.now = f.host.now.Add(1000 * time.Second)
		expect(t, f.post(pathRefresh, map[string]string{"refresh": current}), 401, invalidToken("Token is expired"))
	})
}

// recording is a store that counts what it is asked and keeps what it is told of tokens.
type recording struct {
	store.Store
	asked              atomic.Int64
	recorded           []store.OutstandingToken
	blacklisted        []store.OutstandingToken
	rotatedOld, rotate []store.OutstandingToken
}

func (r *recording) UserByID(ctx context.Context, id string) (store.User, error) {
	r.asked.Add(1)
	return r.Store.UserByID(ctx, id)
}

func (r *recording) TokenBlacklisted(ctx context.Context, jti string) (bool, error) {
	r.asked.Add(1)
	return r.Store.TokenBlacklisted(ctx, jti)
}

func (r *recording) TokenOwner(ctx context.Context, userID, jti string) (store.User, bool, error) {
	r.asked.Add(1)
	return r.Store.TokenOwner(ctx, userID, jti)
}

func (r *recording) RecordToken(ctx context.Context, token store.OutstandingToken) error {
	r.asked.Add(1)
	r.recorded = append(r.recorded, token)
	return r.Store.RecordToken(ctx, token)
}

func (r *recording) BlacklistToken(ctx context.Context, token store.OutstandingToken, at time.Time) (bool, error) {
	r.asked.Add(1)
	r.blacklisted = append(r.blacklisted, token)
	return r.Store.BlacklistToken(ctx, token, at)
}

func (r *recording) RotateToken(ctx context.Context, old, next store.OutstandingToken, at time.Time) (bool, error) {
	r.asked.Add(1)
	r.rotatedOld, r.rotate = append(r.rotatedOld, old), append(r.rotate, next)
	return r.Store.RotateToken(ctx, old, next, at)
}

// TestStoreCalls holds the endpoints to what they may ask of the store, which at the edge is a way over the network each.
func TestStoreCalls(t *testing.T) {
	for _, test := range []struct {
		name, settings, site string
		path, field, kind    string
		calls                int64
	}{
		{"verify", ``, ``, pathVerify, "token", "access", 0},
		{"verify, blacklist", `"BLACKLIST_AFTER_ROTATION":true`, ``, pathVerify, "token", "access", 1},
		{"refresh without the app", ``, `"INSTALLED_APPS":[]`, pathRefresh, "refresh", "refresh", 1},
		{"refresh", ``, ``, pathRefresh, "refresh", "refresh", 1},
		{"rotation", rotation, ``, pathRefresh, "refresh", "refresh", 2},
		{"blacklist", ``, ``, pathBlacklist, "refresh", "refresh", 1},
		{"wrong type", ``, `"INSTALLED_APPS":[]`, pathRefresh, "refresh", "access", 0},
	} {
		users := &recording{Store: store.NewMemory()}
		f := newFixture(t, options{users: users, settings: test.settings, site: test.site})
		response := f.post(test.path, map[string]string{test.field: f.token(f.claims(test.kind, nil))})
		if calls := users.asked.Load(); calls != test.calls {
			t.Errorf("%s: %d calls, want %d (%d %s)", test.name, calls, test.calls, response.Status, response.Body)
		}
	}
	users := &recording{Store: store.NewMemory()}
	f := newFixture(t, options{users: users})
	if response := f.me("Bearer " + f.token(f.claims("access", nil))); response.Status != 200 || users.asked.Load() != 1 {
		t.Errorf("me: %d calls (%d %s)", users.asked.Load(), response.Status, response.Body)
	}
}

// TestOutstandingRows checks what the store is told of tokens.
func TestOutstandingRows(t *testing.T) {
	users := &recording{Store: store.NewMemory()}
	f := newFixture(t, options{users: users, settings: rotation + `,"AUTH_TOKEN_CLASSES":["rest_framework_simplejwt.tokens.SlidingToken"]`})
	same := func(what string, row store.OutstandingToken, token, owner string, expires time.Time) {
		t.Helper()
		if row.Token != token || `"`+row.JTI+`"` != claim(t, token, "jti") || row.UserID != owner || !row.CreatedAt.Equal(f.host.now) || row.ExpiresAt.Unix() != expires.Unix() {
			t.Errorf("%s: %v from %v until %v, want user %q from %v until %v", what, row, row.CreatedAt, row.ExpiresAt, owner, f.host.now, expires)
		}
	}
	pair := f.login()
	if len(users.recorded) != 1 {
		t.Fatalf("a login records %d tokens", len(users.recorded))
	}
	same("login", users.recorded[0], pair.Refresh, "1", f.host.now.Add(24*time.Hour))

	next := f.pair(f.post(pathRefresh, map[string]string{"refresh": pair.Refresh}))
	same("rotated", users.rotatedOld[0], pair.Refresh, "1", f.host.now.Add(24*time.Hour))
	same("successor", users.rotate[0], next.Refresh, "1", f.host.now.Add(24*time.Hour))

	nobodys := f.of("refresh", "1", map[string]any{"user_id": nil})
	expect(t, f.post(pathBlacklist, map[string]string{"refresh": nobodys}), 200, `{}`)
	same("blacklisted", users.blacklisted[0], nobodys, "", f.host.now.Add(10*time.Minute))

	response := f.post(pathSliding, map[string]string{"username": "alice", "password": f.password})
	var sliding struct{ Token string }
	if err := json.Unmarshal(response.Body, &sliding); err != nil || response.Status != 200 {
		t.Fatalf("%d %s", response.Status, response.Body)
	}
	same("sliding", users.recorded[1], sliding.Token, "1", f.host.now.Add(24*time.Hour+5*time.Minute))
	if len(users.recorded) != 2 || len(users.rotate) != 1 || len(users.blacklisted) != 1 {
		t.Error("more was recorded than asked for")
	}
}

// TestRevocationWithdraws checks that a token of another password is blacklisted, and that a store that cannot do so is no 401.
func TestRevocationWithdraws(t *testing.T) {
	users := &recording{Store: store.NewMemory()}
	f := newFixture(t, options{users: users, settings: `"CHECK_REVOKE_TOKEN":true`})
	pair := f.login()
	user, err := users.UserByUsername(t.Context(), "alice")
	if err != nil {
		t.Fatal(err)
	}
	if ok, err := users.SetPassword(t.Context(), user.ID, user.Password, "!other"); !ok || err != nil {
		t.Fatal(ok, err)
	}
	expect(t, f.me("Bearer "+pair.Access), 401, `{"detail":"The user's password has been changed.","code":"password_changed"}`)
	expect(t, f.post(pathRefresh, map[string]string{"refresh": pair.Refresh}), 401, changed)
	expect(t, f.post(pathRefresh, map[string]string{"refresh": pair.Refresh}), 401, invalidToken("Token is blacklisted"))
	if len(users.blacklisted) != 1 || users.blacklisted[0].Token != pair.Refresh || users.blacklisted[0].UserID != user.ID {
		t.Errorf("blacklisted: %v", users.blacklisted)
	}
	f.users = unwritable{users}
	f.service = f.rebuild()
	expect(t, f.post(pathRefresh, map[string]string{"refresh": f.of("refresh", "2", nil)}), 503, unavailable)
	expect(t, f.post(pathBlacklist, map[string]string{"refresh": f.of("refresh", "3", nil)}), 503, unavailable)
}

// unwritable is a store that cannot blacklist.
type unwritable struct{ store.Store }

func (unwritable) BlacklistToken(context.Context, store.OutstandingToken, time.Time) (bool, error) {
	return false, store.ErrClosed
}

func (unwritable) RotateToken(context.Context, store.OutstandingToken, store.OutstandingToken, time.Time) (bool, error) {
	return false, store.ErrClosed
}

func (unwritable) RecordToken(context.Context, store.OutstandingToken) error { return store.ErrClosed }

// TestNothingWithoutRecord checks that no token is given out that could not be recorded.
func TestNothingWithoutRecord(t *testing.T) {
	for _, settings := range []string{``, rotation, `"ROTATE_REFRESH_TOKENS":true`} {
		f := newFixture(t, options{users: unwritable{store.NewMemory()}, settings: settings})
		response := f.post(pathToken, map[string]string{"username": "alice", "password": f.password})
		expect(t, response, 503, unavailable)
		if settings != "" {
			expect(t, f.post(pathRefresh, map[string]string{"refresh": f.token(f.claims("refresh", nil))}), 503, unavailable)
		}
		if strings.Contains(string(response.Body), "eyJ") {
			t.Error("a token got out")
		}
	}
}
