package auth_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jeton-dev/jeton/core"
	"github.com/jeton-dev/jeton/workers/auth"
	"github.com/jeton-dev/jeton/workers/password/validate"
	"github.com/jeton-dev/jeton/workers/store"
)

const accounts = `"REGISTRATION":{"ENABLED":true},"PASSWORD_CHANGE":true`

// tokenOf returns a token of an answer's body.
func tokenOf(t *testing.T, response *auth.Response, name string) string {
	t.Helper()
	var body map[string]any
	if err := json.Unmarshal(response.Body, &body); err != nil {
		t.Fatalf("%d %s: %v", response.Status, response.Body, err)
	}
	token, _ := body[name].(string)
	if token == "" {
		t.Fatalf("no %s in %d %s", name, response.Status, response.Body)
	}
	return token
}

// register sends a registration from an address.
func (f *fixture) register(address, username, password string) *auth.Response {
	f.t.Helper()
	body, err := json.Marshal(map[string]string{"username": username, "password": password})
	if err != nil {
		f.t.Fatal(err)
	}
	request := &auth.Request{Method: "POST", Path: pathRegister, Header: auth.Header{"Content-Type": {"application/json"}}, Body: body, RemoteAddress: address}
	return f.service.Serve(context.Background(), request)
}

// changePassword sends a change with an access token.
func (f *fixture) changePassword(access, old, new string) *auth.Response {
	f.t.Helper()
	body, err := json.Marshal(map[string]string{"old_password": old, "new_password": new})
	if err != nil {
		f.t.Fatal(err)
	}
	header := auth.Header{"Content-Type": {"application/json"}, "Authorization": {"Bearer " + access}}
	return f.service.Serve(context.Background(), &auth.Request{Method: "POST", Path: pathPasswordChange, Header: header, Body: body, RemoteAddress: "192.0.2.1"})
}

const goodPassword = "Xq7-longenough"

// TestAccountsOff checks that a site which does not ask for the endpoints does not have them.
func TestAccountsOff(t *testing.T) {
	f := newFixture(t, options{site: `"REGISTRATION":{"ENABLED":false,"EMAIL_REQUIRED":true},"PASSWORD_CHANGE":false`})
	for _, path := range []string{pathRegister, pathPasswordChange} {
		if response := f.post(path, nil); response.Status != 404 {
			t.Errorf("%s: %d", path, response.Status)
		}
	}
}

// TestRegisteredUser checks what is stored.
func TestRegisteredUser(t *testing.T) {
	eachStore(t, func(t *testing.T, users store.Store) {
		f := newFixture(t, options{users: users, site: accounts})
		response := f.post(pathRegister, map[string]string{"username": "ﬁona", "email": "Fi@Example.COM", "password": goodPassword})
		expect(t, response, 201, `{"id":5,"username":"fiona","email":"Fi@example.com"}`)
		user, err := users.UserByUsername(t.Context(), "fiona")
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(user.Password, "pbkdf2_sha256$1000$") || user.DateJoined.Sub(f.host.now).Abs() > time.Microsecond || !user.LastLogin.IsZero() {
			t.Errorf("stored: %s, joined %v, last login %v", user.Password[:14], user.DateJoined, user.LastLogin)
		}
		user.Password, user.DateJoined = "", time.Time{}
		if want := (store.User{ID: "5", Username: "fiona", Email: "Fi@example.com", IsActive: true}); user != want {
			t.Errorf("stored %#v", user)
		}
	})
}

// TestRegisterAtOnce checks that of many who ask for one name at once one gets it, and the others are told so.
func TestRegisterAtOnce(t *testing.T) {
	eachStore(t, func(t *testing.T, users store.Store) {
		f := newFixture(t, options{users: users, site: accounts})
		service, err := auth.New(f.config, users, auth.NativeHost(), nil) // which is safe for concurrent use
		if err != nil {
			t.Fatal(err)
		}
		f.service = service
		var mutex sync.Mutex
		var group sync.WaitGroup
		count := make(map[string]int)
		for range 10 {
			group.Go(func() {
				response := f.register("192.0.2.1", "bob", goodPassword)
				mutex.Lock()
				defer mutex.Unlock()
				count[fmt.Sprint(response.Status, " ", string(response.Body))]++
			})
		}
		group.Wait()
		if count[`201 {"id":5,"username":"bob","email":""}`] != 1 || count["400 "+takenName] != 9 {
			t.Errorf("%v", count)
		}
	})
}

// takenMeanwhile is a store in which a name is taken between the question and the insert.
type takenMeanwhile struct{ store.Store }

func (takenMeanwhile) AddUser(context.Context, store.User) (store.User, error) {
	return store.User{}, fmt.Errorf("insert: %w", store.ErrExists)
}

// fullDisk is a store that nothing can be added to.
type fullDisk struct{ store.Store }

func (fullDisk) AddUser(context.Context, store.User) (store.User, error) {
	return store.User{}, errors.New("disk full")
}

func (fullDisk) SetPassword(context.Context, string, string, string) (bool, error) {
	return false, errors.New("disk full")
}

func TestRegisterFailure(t *testing.T) {
	f := newFixture(t, options{site: accounts})
	for _, test := range []struct {
		users  store.Store
		status int
		body   string
	}{
		{takenMeanwhile{f.users}, 400, takenName},
		{fullDisk{f.users}, 503, unavailable},
		{failingStore{f.users}, 503, unavailable},
	} {
		service, err := auth.New(f.config, test.users, f.host, nil)
		if err != nil {
			t.Fatal(err)
		}
		f.service = service
		expect(t, f.register("192.0.2.1", "bob", goodPassword), test.status, test.body)
	}
}

// TestRegisterWork checks that what is refused costs no hashing.
func TestRegisterWork(t *testing.T) {
	f := newFixture(t, options{site: accounts})
	f.host.derivations = nil
	for _, password := range []string{"short", "", "12345678", strings.Repeat("x", 129)} {
		if response := f.register("192.0.2.1", "bob", password); response.Status != 400 {
			t.Errorf("%d", response.Status)
		}
	}
	expect(t, f.register("192.0.2.1", "alice", goodPassword), 400, takenName)
	if len(f.host.derivations) > 0 {
		t.Errorf("derivations of %v iterations", f.host.derivations)
	}
	f.register("192.0.2.1", "bob", goodPassword)
	if !slices.Equal(f.host.derivations, []int{iterations}) {
		t.Errorf("derivations of %v iterations", f.host.derivations)
	}
}

// TestRegisterThrottled checks the rate of registrations by address, good and bad, before anything is looked at.
func TestRegisterThrottled(t *testing.T) {
	o := throttled(auth.ThrottleRegister, 3, time.Minute)
	o.site = accounts
	f := newFixture(t, o)
	for _, username := range []string{"", "alice", "bob"} {
		f.register("192.0.2.1", username, goodPassword)
	}
	f.host.derivations = nil
	f.expectThrottled(f.register("192.0.2.1", "alice", goodPassword), "60")
	f.expectThrottled(f.register("192.0.2.1:9", "carol", goodPassword), "60")
	if response := f.serve("GET", pathRegister, "", ""); response.Status != 405 {
		t.Errorf("GET: %d", response.Status)
	}
	if response := f.register("192.0.2.2", "carol", goodPassword); response.Status != 201 {
		t.Errorf("%d %s", response.Status, response.Body)
	}
}

// TestPasswordChangeThrottled checks the rate of changes by user, from wherever they come.
func TestPasswordChangeThrottled(t *testing.T) {
	o := throttled(auth.ThrottlePasswordChange, 2, time.Minute)
	o.site = accounts
	f := newFixture(t, o)
	access := f.login().Access
	other := f.token(f.claims("access", map[string]any{"user_id": "3"}))
	for range 2 {
		f.changePassword(access, "x", goodPassword)
	}
	f.host.derivations = nil
	f.expectThrottled(f.changePassword(access, f.password, goodPassword), "60")
	if response := f.changePassword(other, f.password, goodPassword); response.Status != 200 {
		t.Errorf("%d %s", response.Status, response.Body)
	}
}

// TestPasswordChangeTokens checks that whoever changes a password goes on with tokens of the kind they came with.
func TestPasswordChangeTokens(t *testing.T) {
	const classes = `"AUTH_TOKEN_CLASSES":["rest_framework_simplejwt.tokens.AccessToken","rest_framework_simplejwt.tokens.SlidingToken"]`
	f := newFixture(t, options{settings: `"CHECK_REVOKE_TOKEN":true,` + classes, site: accounts})
	pair := f.login()
	sliding := tokenOf(t, f.post(pathSliding, map[string]string{"username": "alice", "password": f.password}), "token")
	response := f.changePassword(sliding, f.password, goodPassword)
	next := tokenOf(t, response, "token")
	checkClaims(t, next, map[string]string{"token_type": `"sliding"`, "user_id": `"1"`})
	if me := f.me("Bearer " + next); me.Status != 200 {
		t.Errorf("the new token is refused: %s", me.Body)
	}
	for _, old := range []string{pair.Access, sliding} {
		if me := f.me("Bearer " + old); me.Status != 401 {
			t.Errorf("a token of before is taken: %d", me.Status)
		}
	}
	expect(t, f.post(pathRefresh, map[string]string{"refresh": pair.Refresh}), 401, detail("The user's password has been changed."))
	f.password = goodPassword
	access := f.login().Access
	checkClaims(t, tokenOf(t, f.changePassword(access, goodPassword, goodPassword), "access"), map[string]string{"token_type": `"access"`})
}

// TestDRFJWTAccounts checks what is left to a dialect: the tokens of whoever changed a password, and throttled and upgraded logins.
func TestDRFJWTAccounts(t *testing.T) {
	for dialect, words := range drfjwtPackages {
		t.Run(string(dialect), func(t *testing.T) {
			f := newDRFJWTFixture(t, drfjwtSite{dialect: dialect, settings: `"JWT_AUTH_COOKIE":"session"`}, store.NewMemory())
			f.config.PasswordChange, f.config.Registration.Enabled = true, true
			f.config.RESTFramework.ThrottleRates = map[string]auth.Rate{auth.ThrottleLoginFailed: {Count: 2, Period: time.Minute}}
			f.service = f.rebuild()
			f.addUser("old", f.hashOf(outdated["more iterations"]))
			login := func(password string) *auth.Response {
				return f.post(pathAuth, map[string]string{"username": "old", "password": password})
			}
			response := login(f.password)
			if response.Status != words.status || !strings.HasPrefix(f.storedHash("old"), "pbkdf2_sha256$1000$") {
				t.Errorf("login: %d %s, hash %.20s", response.Status, response.Body, f.storedHash("old"))
			}
			header := auth.Header{"Content-Type": {"application/json"}, "Cookie": {"session=" + tokenOf(t, response, "token")}}
			body := fmt.Sprintf(`{"old_password":%q,"new_password":%q}`, f.password, goodPassword)
			changed := f.service.Serve(t.Context(), &auth.Request{Method: "POST", Path: pathPasswordChange, Header: header, Body: []byte(body)})
			token := tokenOf(t, changed, "token")
			if cookie := changed.Header.Get("Set-Cookie"); changed.Status != 200 || !strings.HasPrefix(cookie, "session="+token+";") {
				t.Errorf("change: %d %s, cookie %s", changed.Status, changed.Body, cookie)
			}
			for range 2 {
				if response := login(f.password); response.Status != 400 {
					t.Errorf("the old password: %d %s", response.Status, response.Body)
				}
			}
			f.host.derivations = nil
			f.expectThrottled(login(goodPassword), "60")
			if response := f.register("192.0.2.1", "bob", goodPassword); response.Status != 201 {
				t.Errorf("register: %d %s", response.Status, response.Body)
			}
		})
	}
}

// TestPasswordChangeRaces checks what a change does when something else changes the password meanwhile.
func TestPasswordChangeRaces(t *testing.T) {
	const wrongOld = `{"old_password":["Your old password was entered incorrectly. Please enter it again."]}`
	for _, test := range []struct {
		name   string
		meddle func(f *fixture, users store.Store, times int, id string) error
		status int
		body   string
	}{
		{"a login renewed the hash", func(f *fixture, users store.Store, times int, id string) error {
			if times == 1 {
				return replaceHash(users, id, f.storedHash("123"))
			}
			return nil
		}, 200, ""},
		{"another change was faster", func(_ *fixture, users store.Store, _ int, id string) error { return replaceHash(users, id, "!") }, 400, wrongOld},
		{"the user was deleted", func(_ *fixture, users store.Store, _ int, id string) error {
			return users.DeleteUser(context.Background(), id)
		}, 400, wrongOld},
		{"the hash keeps changing", func(f *fixture, users store.Store, _ int, id string) error {
			return replaceHash(users, id, f.hashOf(outdated["fewer iterations"]))
		}, 503, unavailable},
		{"the store fails", func(*fixture, store.Store, int, string) error { return errors.New("read-only") }, 503, unavailable},
	} {
		t.Run(test.name, func(t *testing.T) {
			users := &meddling{Store: store.NewMemory()}
			f := newFixture(t, options{users: users, site: accounts})
			access := f.login().Access
			times := 0
			users.before = func(id string) error {
				times++
				return test.meddle(f, users.Store, times, id)
			}
			response := f.changePassword(access, f.password, goodPassword)
			if test.body == "" {
				tokenOf(t, response, "access")
			} else {
				expect(t, response, test.status, test.body)
			}
		})
	}
}

// TestPasswordChangesAtOnce checks that of many changes at once one is made, and the others are told that their old password is none.
func TestPasswordChangesAtOnce(t *testing.T) {
	eachStore(t, func(t *testing.T, users store.Store) {
		f := newFixture(t, options{users: users, site: accounts})
		access := f.login().Access
		service, err := auth.New(f.config, users, auth.NativeHost(), nil) // which is safe for concurrent use
		if err != nil {
			t.Fatal(err)
		}
		f.service = service
		statuses := make([]int, 10)
		var group sync.WaitGroup
		for i := range statuses {
			group.Go(func() { statuses[i] = f.changePassword(access, f.password, fmt.Sprint("Xq7-longenough ", i)).Status })
		}
		group.Wait()
		slices.Sort(statuses)
		if statuses[0] != 200 || statuses[1] != 400 || statuses[9] != 400 {
			t.Errorf("%v", statuses)
		}
		winners := 0
		for i := range statuses {
			if f.post(pathToken, map[string]string{"username": "alice", "password": fmt.Sprint("Xq7-longenough ", i)}).Status == 200 {
				winners++
			}
		}
		if winners != 1 {
			t.Errorf("%d passwords log in", winners)
		}
	})
}

// TestPasswordTooLong checks what a hasher does not take in.
func TestPasswordTooLong(t *testing.T) {
	f := newFixture(t, options{site: accounts + `,"PASSWORD_HASHERS":["django.contrib.auth.hashers.BCryptPasswordHasher","django.contrib.auth.hashers.PBKDF2PasswordHasher"]`})
	long := strings.Repeat("Xq7-", 20)
	expect(t, f.register("192.0.2.1", "bob", long), 400, `{"password":["This password is too long."]}`)
	expect(t, f.changePassword(f.token(f.claims("access", nil)), f.password, long), 400, `{"new_password":["This password is too long."]}`)
	// A login with such a password stays what it was: its hash is not the first hasher's.
	f.password = long
	hash := f.hashOf(outdated["more iterations"])
	f.addUser("long", hash)
	if response := f.loginAs("long"); response.Status != 200 || f.storedHash("long") != hash {
		t.Errorf("%d %s", response.Status, response.Body)
	}
}

// TestValidators checks which validators a site has.
func TestValidators(t *testing.T) {
	for _, test := range []struct {
		name   string
		site   string
		config func(*auth.Config)
		want   string // of the password "12345"
	}{
		{"none named", accounts, nil,
			`{"password":["This password is too short. It must contain at least 8 characters.","This password is entirely numeric.","This password is too common."]}`},
		{"none named, no list", accounts, func(c *auth.Config) { c.PasswordLists = validate.Sources{} },
			`{"password":["This password is too short. It must contain at least 8 characters.","This password is entirely numeric."]}`},
		{"one named", accounts + `,"AUTH_PASSWORD_VALIDATORS":[{"NAME":"django.contrib.auth.password_validation.MinimumLengthValidator","OPTIONS":{"min_length":6}}]`, nil,
			`{"password":["This password is too short. It must contain at least 6 characters."]}`},
		{"an empty list", accounts + `,"AUTH_PASSWORD_VALIDATORS":[]`, nil, `{"id":5,"username":"bob","email":""}`},
		{"the program's", accounts, func(c *auth.Config) { c.PasswordValidators = []validate.Validator{} }, `{"id":5,"username":"bob","email":""}`},
	} {
		f := newFixture(t, options{site: test.site, config: test.config})
		if response := f.register("192.0.2.1", "bob", "12345"); string(response.Body) != test.want {
			t.Errorf("%s: got %s", test.name, response.Body)
		}
	}
}

// TestAccountSettingErrors checks that what is wrong is named.
func TestAccountSettingErrors(t *testing.T) {
	const common = `[{"NAME":"django.contrib.auth.password_validation.CommonPasswordValidator"}]`
	for _, test := range []struct{ settings, name string }{
		{`"REGISTRATION": true`, "REGISTRATION"},
		{`"REGISTRATION": {"ENABLED": 1}`, "ENABLED"},
		{`"REGISTRATION": {"EMAIL": true}`, "EMAIL"},
		{`"PASSWORD_CHANGE": "yes"`, "PASSWORD_CHANGE"},
		{`"PASSWORD_CHANGE": true, "SIMPLE_JWT": {"ALGORITHM": "ES256", "JWK_URL": "https://keys.example/"}`, "PASSWORD_CHANGE"},
		{`"AUTH_PASSWORD_VALIDATORS": {}`, "AUTH_PASSWORD_VALIDATORS"},
		{accounts + `,"AUTH_PASSWORD_VALIDATORS": [1]`, "AUTH_PASSWORD_VALIDATORS[0]"},
		{accounts + `,"AUTH_PASSWORD_VALIDATORS": ` + common, "AUTH_PASSWORD_VALIDATORS[0]"}, // there is no list
		{`"URLS": {"register": "/join/"}`, "URLS"},                                           // which is off
		{accounts + `,"URLS": {"register": "/api/token/"}`, "URLS"},
	} {
		config, err := auth.ParseConfig([]byte(`{"SECRET_KEY": "` + strings.Repeat("x", 32) + `",` + test.settings + `}`))
		if err == nil {
			config.RemoteKeys = func(string, core.Algorithm) (core.KeySetFunc, error) {
				return func(core.Header) (*core.KeySet, error) { return nil, errors.New("away") }, nil
			}
			_, err = auth.New(config, store.NewMemory(), auth.NativeHost(), nil)
		}
		var wrong *auth.SettingError
		if !errors.As(err, &wrong) || wrong.Name != test.name {
			t.Errorf("%s: got %v", test.settings, err)
		}
	}
	// The setting may stand there with a list that this build lacks, when nobody sets passwords here.
	config, err := auth.ParseConfig([]byte(`{"SECRET_KEY": "` + strings.Repeat("x", 32) + `","AUTH_PASSWORD_VALIDATORS":` + common + `}`))
	if err == nil {
		_, err = auth.New(config, store.NewMemory(), auth.NativeHost(), nil)
	}
	if err != nil {
		t.Error(err)
	}
}

// TestAccountsLeak checks that no password, name or address of an account is logged.
func TestAccountsLeak(t *testing.T) {
	var log bytes.Buffer
	f := newFixture(t, options{site: accounts, logger: slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	f.post(pathRegister, map[string]string{"username": "secretname", "email": "secret@mail.example", "password": goodPassword})
	f.post(pathRegister, map[string]string{"username": "secretname", "email": "secret@mail.example", "password": goodPassword})
	f.post(pathRegister, map[string]string{"username": "secretname2", "email": "secret@mail.example", "password": "short"})
	access := f.login().Access
	f.changePassword(access, "x", goodPassword)
	f.changePassword(access, f.password, goodPassword)
	f.service, _ = auth.New(f.config, fullDisk{f.users}, f.host, slog.New(slog.NewJSONHandler(&log, nil)))
	f.post(pathRegister, map[string]string{"username": "secretname3", "email": "secret@mail.example", "password": goodPassword})
	f.changePassword(access, goodPassword, f.password)
	for _, phrase := range []string{"a user registered", "a password was changed", "disk full"} {
		if !strings.Contains(log.String(), phrase) {
			t.Errorf("the log has no %q: the test does not reach it", phrase)
		}
	}
	for _, secret := range []string{"secretname", "secret@", goodPassword, f.password, "pbkdf2_sha256$", "eyJ", "alice"} {
		if strings.Contains(log.String(), secret) {
			t.Errorf("the log holds %q: %s", secret, log.String())
		}
	}
}
