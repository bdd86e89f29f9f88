package auth_test

import (
	"context"
	"crypto"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/jeton-dev/jeton/workers/auth"
	"github.com/jeton-dev/jeton/workers/password"
	"github.com/jeton-dev/jeton/workers/store"
)

// hashOf returns a hash of the fixture's password as a site with other hashers would have made it.
func (f *fixture) hashOf(options password.Options) string {
	f.t.Helper()
	hashers, err := password.New(options, password.Native())
	if err != nil {
		f.t.Fatal(err)
	}
	hash, err := hashers.Make(context.Background(), f.password)
	if err != nil {
		f.t.Fatal(err)
	}
	return hash
}

// addUser adds an active user with a hash.
func (f *fixture) addUser(name, hash string) store.User {
	f.t.Helper()
	user, err := f.users.AddUser(context.Background(), store.User{Username: name, Password: hash, IsActive: true})
	if err != nil {
		f.t.Fatal(err)
	}
	return user
}

func (f *fixture) storedHash(name string) string {
	f.t.Helper()
	user, err := f.users.UserByUsername(context.Background(), name)
	if err != nil {
		f.t.Fatal(err)
	}
	return user.Password
}

// loginAs logs a user in with the fixture's password.
func (f *fixture) loginAs(name string) *auth.Response {
	f.t.Helper()
	return f.post(pathToken, map[string]string{"username": name, "password": f.password})
}

const djangoHashers = "django.contrib.auth.hashers."

// outdated are hashers whose hashes a login makes anew.
var outdated = map[string]password.Options{
	"fewer iterations": {Iterations: 400},
	"more iterations":  {Iterations: 1001},
	"pbkdf2_sha1":      {Iterations: iterations, Hashers: []string{djangoHashers + "PBKDF2SHA1PasswordHasher"}},
	"scrypt":           {Hashers: []string{djangoHashers + "ScryptPasswordHasher"}},
}

// TestLoginUpgrade checks that a login puts a hash of the present kind and cost in the place of an older one, and that a refused one does not.
func TestLoginUpgrade(t *testing.T) {
	eachStore(t, func(t *testing.T, users store.Store) {
		f := newFixture(t, options{users: users, settings: `"CHECK_REVOKE_TOKEN":true`})
		for name, hashers := range outdated {
			old := f.hashOf(hashers)
			user := f.addUser(name, old)
			expect(t, f.post(pathToken, map[string]string{"username": name, "password": "x"}), 401, badLogin)
			if f.storedHash(name) != old {
				t.Errorf("%s: a wrong password changed the hash", name)
			}
			response := f.loginAs(name)
			upgraded := f.storedHash(name)
			if response.Status != 200 || !strings.HasPrefix(upgraded, fmt.Sprintf("pbkdf2_sha256$%d$", iterations)) {
				t.Fatalf("%s: %d, the hash begins with %.20s", name, response.Status, upgraded)
			}
			// The tokens are bound to the new hash: a login that upgrades does not end its own session.
			access := tokenOf(t, response, "access")
			if me := f.me("Bearer " + access); me.Status != 200 {
				t.Errorf("%s: the new token is refused: %s", name, me.Body)
			}
			if got := claim(t, access, "user_id"); got != `"`+user.ID+`"` {
				t.Errorf("%s: the token is of user %s", name, got)
			}
			if f.loginAs(name).Status != 200 || f.storedHash(name) != upgraded {
				t.Errorf("%s: the next login changed the hash again", name)
			}
		}
	})
}

// TestLoginUpgradeInactive checks that an inactive user's hash is made anew too, as by Django, and that nobody learns of it.
func TestLoginUpgradeInactive(t *testing.T) {
	f := newFixture(t, options{})
	user := store.User{Username: "old and gone", Password: f.hashOf(outdated["fewer iterations"])}
	if _, err := f.users.AddUser(t.Context(), user); err != nil {
		t.Fatal(err)
	}
	expect(t, f.loginAs(user.Username), 401, badLogin)
	if !strings.HasPrefix(f.storedHash(user.Username), "pbkdf2_sha256$1000$") {
		t.Error("the hash was left as it was")
	}
}

// TestLoginWorkByHash checks that a refused login costs what the present hasher costs, whatever hash there is to compare with.
func TestLoginWorkByHash(t *testing.T) {
	f := newFixture(t, options{})
	f.addUser("fewer", f.hashOf(outdated["fewer iterations"]))
	for name, hash := range map[string]string{"empty": "", "malformed": "pbkdf2_sha256$x", "unknown kind": "sha512$x$y", "unusable": "!x", "over the limit": "pbkdf2_sha256$10000001$salt$" + strings.Repeat("A", 43) + "="} {
		f.addUser(name, hash)
	}
	for name, want := range map[string][]int{
		"fewer": {400, 600}, "empty": {1000}, "malformed": {1000}, "unknown kind": {1000}, "unusable": {1000}, "over the limit": {1000}, "nobody": {1000}, "gone": {1000}, "alice": {1000},
	} {
		f.host.derivations = nil
		expect(t, f.post(pathToken, map[string]string{"username": name, "password": "x"}), 401, badLogin)
		if !slices.Equal(f.host.derivations, want) {
			t.Errorf("%s: derivations of %v iterations, want %v", name, f.host.derivations, want)
		}
	}
}

// meddling is a store in which something happens just before a hash is put in the place of another.
type meddling struct {
	store.Store
	before func(id string) error
}

func (m *meddling) SetPassword(ctx context.Context, id, old, next string) (bool, error) {
	if m.before != nil {
		if err := m.before(id); err != nil {
			return false, err
		}
	}
	return m.Store.SetPassword(ctx, id, old, next)
}

// TestLoginUpgradeRaces checks what a login does whose user changes while the password is hashed.
func TestLoginUpgradeRaces(t *testing.T) {
	for _, test := range []struct {
		name    string
		meddle  func(f *fixture, users store.Store, times int, id string) error
		status  int
		meddled int // how often a hash was to be put in place
	}{
		{"another login was faster", func(f *fixture, users store.Store, _ int, id string) error {
			return replaceHash(users, id, f.storedHash("alice"))
		}, 200, 1},
		{"the password was changed", func(_ *fixture, users store.Store, _ int, id string) error {
			return replaceHash(users, id, "pbkdf2_sha256$1000$"+strings.Repeat("s", 22)+"$"+strings.Repeat("A", 43)+"=")
		}, 401, 1},
		{"the password was taken away", func(_ *fixture, users store.Store, _ int, id string) error { return replaceHash(users, id, "!") }, 401, 1},
		{"the user was deleted", func(_ *fixture, users store.Store, _ int, id string) error {
			return users.DeleteUser(context.Background(), id)
		}, 401, 1},
		{"an older hash came back, once", func(f *fixture, users store.Store, times int, id string) error {
			if times == 1 {
				return replaceHash(users, id, f.hashOf(outdated["more iterations"]))
			}
			return nil
		}, 200, 2},
		{"the hash keeps changing", func(f *fixture, users store.Store, _ int, id string) error {
			return replaceHash(users, id, f.hashOf(outdated["more iterations"]))
		}, 503, 3},
		{"the store fails", func(*fixture, store.Store, int, string) error { return errors.New("read-only") }, 503, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			users := &meddling{Store: store.NewMemory()}
			f := newFixture(t, options{users: users, settings: `"CHECK_REVOKE_TOKEN":true`})
			f.addUser("old", f.hashOf(outdated["fewer iterations"]))
			times := 0
			users.before = func(id string) error {
				times++
				return test.meddle(f, users.Store, times, id)
			}
			response := f.loginAs("old")
			switch test.status {
			case 200:
				if access := tokenOf(t, response, "access"); f.me("Bearer "+access).Status != 200 {
					t.Error("the token is bound to another hash than the stored one")
				}
			case 401:
				expect(t, response, 401, badLogin)
			case 503:
				expect(t, response, 503, unavailable)
			}
			if times != test.meddled {
				t.Errorf("the hash was to be replaced %d times", times)
			}
		})
	}
}

// replaceHash puts a hash in the place of whatever there is.
func replaceHash(users store.Store, id, hash string) error {
	user, err := users.UserByID(context.Background(), id)
	if err != nil {
		return err
	}
	_, err = users.SetPassword(context.Background(), id, user.Password, hash)
	return err
}

// TestLoginUpgradeAtOnce checks that of many logins at once all succeed, with tokens bound to the one hash that is stored then.
func TestLoginUpgradeAtOnce(t *testing.T) {
	eachStore(t, func(t *testing.T, users store.Store) {
		f := newFixture(t, options{users: users, settings: `"CHECK_REVOKE_TOKEN":true`})
		f.addUser("old", f.hashOf(outdated["fewer iterations"]))
		service, err := auth.New(f.config, users, auth.NativeHost(), nil) // which is safe for concurrent use
		if err != nil {
			t.Fatal(err)
		}
		f.service = service
		responses := make([]*auth.Response, 12)
		var group sync.WaitGroup
		for i := range responses {
			group.Go(func() { responses[i] = f.loginAs("old") })
		}
		group.Wait()
		for _, response := range responses {
			if response.Status != 200 {
				t.Fatalf("%d %s", response.Status, response.Body)
			}
			if me := f.me("Bearer " + tokenOf(t, response, "access")); me.Status != 200 {
				t.Errorf("a token is refused: %s", me.Body)
			}
		}
	})
}

// stuckHost is a host whose derivations wait, over a pool that takes one at a time and lets nobody wait.
type stuckHost struct {
	auth.Host
	pool    *password.Pool
	started chan struct{}
	release chan struct{}
}

func (h *stuckHost) Run(ctx context.Context, work func() error) error { return h.pool.Run(ctx, work) }

func (h *stuckHost) PBKDF2(ctx context.Context, hash crypto.Hash, given, salt []byte, iterations, keyLength int) ([]byte, error) {
	h.started <- struct{}{}
	<-h.release
	return h.Host.PBKDF2(ctx, hash, given, salt, iterations, keyLength)
}

// TestLoginBusy checks that a login for which there is no room is told to come back, and is no failed login.
func TestLoginBusy(t *testing.T) {
	f := newFixture(t, options{config: func(c *auth.Config) {
		c.RESTFramework.ThrottleRates[auth.ThrottleLoginFailed] = auth.Rate{Count: 2, Period: 1e12}
	}})
	host := &stuckHost{auth.NativeHost(), password.NewPool(password.Native(), password.PoolOptions{Workers: 1, Queue: -1}), make(chan struct{}), make(chan struct{})}
	service, err := auth.New(f.config, f.users, host, nil)
	if err != nil {
		t.Fatal(err)
	}
	f.service = service
	first := make(chan *auth.Response)
	go func() { first <- f.loginAs("alice") }()
	<-host.started
	for range 5 {
		response := f.loginAs("alice")
		expect(t, response, 503, unavailable)
		if response.Header.Get("Retry-After") == "" {
			t.Error("Retry-After is missing")
		}
	}
	host.release <- struct{}{}
	if response := <-first; response.Status != 200 {
		t.Errorf("%d %s", response.Status, response.Body)
	}
}
