package auth_test

import (
	"context"
	"crypto"
	"crypto/md5"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/jeton-dev/jeton/core"
	"github.com/jeton-dev/jeton/workers/auth"
	"github.com/jeton-dev/jeton/workers/password"
	"github.com/jeton-dev/jeton/workers/password/validate/common"
	"github.com/jeton-dev/jeton/workers/store"
	"github.com/jeton-dev/jeton/workers/store/postgres"
	"github.com/jeton-dev/jeton/workers/store/sqlite"
	"github.com/jeton-dev/jeton/workers/store/storetest/postgrestest"
)

// iterations is the work of the password hashes in these tests.
const iterations = 1000

// fixture is a service over a store with four users, and what a test needs to know about them.
type fixture struct {
	t       testing.TB
	service *auth.Service
	users   store.Store
	host    *testHost
	config  auth.Config
	// password is that of alice (1), gone (2, inactive) and 123 (3). nopass (4) has none.
	password string
	// hash is the claim hash_password of them.
	hash string
	key  *core.Key
}

// testHost is the native host with a clock that stands still, and counts what is asked of it.
type testHost struct {
	auth.Host
	now         time.Time
	derivations []int // the iterations of each
	fail        error // of Sign and VerifySignature
}

func (h *testHost) Now() time.Time { return h.now }

func (h *testHost) PBKDF2(ctx context.Context, hash crypto.Hash, password, salt []byte, iterations, keyLength int) ([]byte, error) {
	h.derivations = append(h.derivations, iterations)
	return h.Host.PBKDF2(ctx, hash, password, salt, iterations, keyLength)
}

func (h *testHost) Sign(ctx context.Context, key *core.Key, signingInput []byte) ([]byte, error) {
	if h.fail != nil {
		return nil, h.fail
	}
	return h.Host.Sign(ctx, key, signingInput)
}

func (h *testHost) VerifySignature(ctx context.Context, key *core.Key, signingInput, signature []byte) (bool, error) {
	if h.fail != nil {
		return false, h.fail
	}
	return h.Host.VerifySignature(ctx, key, signingInput, signature)
}

// options are what fixtures differ in. The zero value is the default settings over a memory store.
type options struct {
	secret   string // generated when empty
	settings string // members of SIMPLE_JWT
	site     string // members beside SIMPLE_JWT
	config   func(*auth.Config)
	users    store.Store
	logger   *slog.Logger
}

func newFixture(t testing.TB, o options) *fixture {
	t.Helper()
	f := &fixture{t: t, users: o.users, password: "pässword " + rand.Text(), host: &testHost{Host: auth.NativeHost(), now: time.Now()}}
	if f.users == nil {
		f.users = store.NewMemory()
	}
	if o.secret == "" {
		o.secret = rand.Text() + rand.Text()
	}
	f.addUsers()
	settings := fmt.Sprintf(`{"SECRET_KEY":%q,"PASSWORD_ITERATIONS":%d,"SIMPLE_JWT":{%s}`, o.secret, iterations, o.settings)
	if o.site != "" {
		settings += "," + o.site
	}
	settings += "}"
	var err error
	if f.config, err = auth.ParseConfig([]byte(settings)); err != nil {
		t.Fatal(err)
	}
	f.config.PasswordLists.Common = common.List
	if o.config != nil {
		o.config(&f.config)
	}
	if f.service, err = auth.New(f.config, f.users, f.host, o.logger); err != nil {
		t.Fatal(err)
	}
	if f.config.SimpleJWT.Algorithm.Symmetric() {
		if f.key, err = core.NewHMACKey(f.config.SimpleJWT.Algorithm, []byte(f.secret())); err != nil {
			t.Fatal(err)
		}
	}
	return f
}

// secret is what signs: SIGNING_KEY, or SECRET_KEY when that is not set.
func (f *fixture) secret() string {
	if key := f.config.SimpleJWT.SigningKey; key != "" {
		return string(key)
	}
	return string(f.config.SecretKey)
}

func (f *fixture) addUsers() {
	f.t.Helper()
	hashers, err := password.New(password.Options{Iterations: iterations}, password.Native())
	if err != nil {
		f.t.Fatal(err)
	}
	hash, err := hashers.Make(context.Background(), f.password)
	if err != nil {
		f.t.Fatal(err)
	}
	f.hash = fmt.Sprintf("%X", md5.Sum([]byte(hash)))
	for _, user := range []store.User{
		{Username: "alice", Password: hash, IsActive: true, Email: "alice@example.com", FirstName: "Ålice", LastName: "<\u2028>"},
		{Username: "gone", Password: hash},
		{Username: "123", Password: hash, IsActive: true},
		{Username: "nopass", Password: "!unusable", IsActive: true},
	} {
		if _, err := f.users.AddUser(context.Background(), user); err != nil {
			f.t.Fatal(err)
		}
	}
}

// TestMain stops the PostgreSQL server that tests may have started.
func TestMain(m *testing.M) { os.Exit(postgrestest.Run(m)) }

// eachStore runs a test over every store there is; PostgreSQL where JETON_POSTGRES says where its programs are.
func eachStore(t *testing.T, test func(t *testing.T, users store.Store)) {
	t.Run("memory", func(t *testing.T) { test(t, store.NewMemory()) })
	t.Run("sqlite", func(t *testing.T) {
		users, err := sqlite.Open(context.Background(), filepath.Join(t.TempDir(), "users.sqlite3"), store.UserModel{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { users.Close() })
		test(t, users)
	})
	t.Run("postgresql", func(t *testing.T) {
		users, err := postgres.Open(context.Background(), postgrestest.Start(t).NewSchema(t), store.UserModel{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { users.Close() })
		if err := users.CreateTables(context.Background(), store.BlockedTokenTables); err != nil {
			t.Fatal(err)
		}
		test(t, users)
	})
}

// serve sends a request.
func (f *fixture) serve(method, path, contentType, body string) *auth.Response {
	f.t.Helper()
	request := &auth.Request{Method: method, Path: path, Header: auth.Header{}, Body: []byte(body), RemoteAddress: "192.0.2.1:1024"}
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	return f.service.Serve(context.Background(), request)
}

// post sends an object of texts as JSON.
func (f *fixture) post(path string, values map[string]string) *auth.Response {
	f.t.Helper()
	body, err := json.Marshal(values)
	if err != nil {
		f.t.Fatal(err)
	}
	return f.serve("POST", path, "application/json", string(body))
}

// me asks for the user of the token in an Authorization header.
func (f *fixture) me(authorization ...string) *auth.Response {
	f.t.Helper()
	return f.service.Serve(context.Background(), &auth.Request{Method: "GET", Path: "/api/me/", Header: auth.Header{"Authorization": authorization}})
}

type tokenPair struct{ Refresh, Access string }

// login logs alice in.
func (f *fixture) login() tokenPair {
	f.t.Helper()
	response := f.post("/api/token/", map[string]string{"username": "alice", "password": f.password})
	var pair tokenPair
	if err := json.Unmarshal(response.Body, &pair); err != nil || response.Status != 200 {
		f.t.Fatalf("login: %d %s %v", response.Status, response.Body, err)
	}
	return pair
}

// claims returns good claims of a token of a type, changed as asked in the order of the names: a nil value takes a claim
// away, core.RawJSON("null") is null.
func (f *fixture) claims(tokenType string, changes map[string]any) *core.Claims {
	claims := core.NewClaims().Set("token_type", tokenType).SetExpiration(f.host.now.Add(10*time.Minute)).SetIssuedAt(f.host.now).
		SetID("0123456789abcdef0123456789abcdef").Set("user_id", "1")
	for _, name := range slices.Sorted(maps.Keys(changes)) {
		if value := changes[name]; value == nil {
			claims.Remove(name)
		} else {
			claims.Set(name, value)
		}
	}
	return claims
}

// token signs claims with the service's own secret, also claims that a core.Signer would refuse.
func (f *fixture) token(claims *core.Claims) string {
	f.t.Helper()
	payload, err := claims.AppendJSON(nil)
	if err != nil {
		f.t.Fatal(err)
	}
	return f.signed(string(payload))
}

// signed makes a token of any payload.
func (f *fixture) signed(payload string) string {
	f.t.Helper()
	encode := base64.RawURLEncoding.EncodeToString
	signingInput := encode([]byte(`{"alg":"`+string(f.key.Algorithm())+`","typ":"JWT"}`)) + "." + encode([]byte(payload))
	signature, err := f.key.Sign([]byte(signingInput))
	if err != nil {
		f.t.Fatal(err)
	}
	return signingInput + "." + encode(signature)
}

// expect checks the status and the body of a response, and the headers that every answer of a view has.
func expect(t *testing.T, response *auth.Response, status int, body string) {
	t.Helper()
	if response.Status != status || string(response.Body) != body {
		t.Errorf("got %d %s\nwant %d %s", response.Status, response.Body, status, body)
	}
	challenge := ""
	if status == 401 {
		challenge = `Bearer realm="api"`
	}
	for name, want := range map[string]string{"Content-Type": "application/json", "Vary": "Accept", "WWW-Authenticate": challenge} {
		if got := response.Header.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if response.Header.Get("Allow") == "" {
		t.Error("Allow is missing")
	}
}
