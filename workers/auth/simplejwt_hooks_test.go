package auth_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"slices"
	"testing"
	"time"

	"github.com/jeton-dev/jeton/core"
	"github.com/jeton-dev/jeton/workers/auth"
	"github.com/jeton-dev/jeton/workers/store"
)

// TestClaimsHook adds claims at login and at refresh, and shortens a token's life.
func TestClaimsHook(t *testing.T) {
	var asked []string
	f := newFixture(t, options{settings: rotation + `,"AUTH_TOKEN_CLASSES":["rest_framework_simplejwt.tokens.AccessToken","rest_framework_simplejwt.tokens.SlidingToken"]`})
	count := 0
	f.config.Hooks.Claims = func(_ context.Context, request auth.ClaimsRequest, claims *core.Claims) error {
		asked = append(asked, fmt.Sprint(request.TokenType, " ", request.Refresh, " ", request.User))
		if request.User != nil && request.User.Password != "" {
			t.Error("the hook sees the password's hash")
		}
		if request.TokenType == "refresh" && !request.Refresh {
			claims.Set("tenant", "a").SetExpiration(f.host.now.Add(time.Hour))
		}
		count++
		claims.Set("count", count)
		return nil
	}
	f.service = f.rebuild()
	pair := f.login()
	checkClaims(t, pair.Refresh, map[string]string{"tenant": `"a"`, "count": "1", "exp": fmt.Sprint(f.host.now.Unix() + 3600)})
	checkClaims(t, pair.Access, map[string]string{"tenant": `"a"`, "count": "2", "exp": fmt.Sprint(f.host.now.Unix() + 300)})
	pair = f.pair(f.post(pathRefresh, map[string]string{"refresh": pair.Refresh}))
	checkClaims(t, pair.Access, map[string]string{"tenant": `"a"`, "count": "3"})
	checkClaims(t, pair.Refresh, map[string]string{"tenant": `"a"`, "count": "4"})
	f.post(pathSliding, map[string]string{"username": "alice", "password": f.password})
	f.post(pathSlidingRefresh, map[string]string{"token": f.of("sliding", "1", map[string]any{"user_id": nil, "refresh_exp": farFuture})})
	want := []string{
		`refresh false user 1 "alice"`, `access false user 1 "alice"`, `access true user 1 "alice"`, `refresh true user 1 "alice"`,
		`sliding false user 1 "alice"`, `sliding true <nil>`,
	}
	if !slices.Equal(asked, want) {
		t.Errorf("asked %q, want %q", asked, want)
	}
	f.config.Hooks.Claims = func(context.Context, auth.ClaimsRequest, *core.Claims) error { return errors.New("away") }
	f.service = f.rebuild()
	expect(t, f.post(pathToken, map[string]string{"username": "alice", "password": f.password}), 503, unavailable)
	expect(t, f.post(pathRefresh, map[string]string{"refresh": pair.Refresh}), 503, unavailable)
	// Nothing was rotated for an answer that nobody got.
	f.config.Hooks.Claims = nil
	f.service = f.rebuild()
	f.pair(f.post(pathRefresh, map[string]string{"refresh": pair.Refresh}))
}

// TestClaimsHookSpoils takes away what a token cannot be recorded without.
func TestClaimsHookSpoils(t *testing.T) {
	for _, name := range []string{"jti", "exp"} {
		f := newFixture(t, options{config: func(c *auth.Config) {
			c.Hooks.Claims = func(_ context.Context, _ auth.ClaimsRequest, claims *core.Claims) error {
				claims.Remove(name)
				return nil
			}
		}})
		expect(t, f.post(pathToken, map[string]string{"username": "alice", "password": f.password}), 503, unavailable)
	}
}

// TestAuthenticationRule decides who may have tokens, at login and at refresh but not on protected views.
func TestAuthenticationRule(t *testing.T) {
	var failed int
	f := newFixture(t, options{config: func(c *auth.Config) {
		c.Hooks.AuthenticationRule = func(user *store.User) bool { return user.Username == "123" || user.Username == "gone" }
		c.Hooks.OnLoginFailed = func(context.Context, auth.LoginEvent) { failed++ }
	}})
	login := func(username string) *auth.Response {
		return f.post(pathToken, map[string]string{"username": username, "password": f.password})
	}
	expect(t, login("alice"), 401, badLogin)
	expect(t, login("gone"), 401, badLogin) // inactive
	if response := login("123"); response.Status != 200 || failed != 2 {
		t.Errorf("%d %s, %d failures told", response.Status, response.Body, failed)
	}
	expect(t, f.post(pathRefresh, map[string]string{"refresh": f.token(f.claims("refresh", nil))}), 401, noAccount)
	if response := f.post(pathRefresh, map[string]string{"refresh": f.token(f.claims("refresh", map[string]any{"user_id": "2"}))}); response.Status != 200 {
		t.Errorf("the rule takes the place of the default one: %d %s", response.Status, response.Body)
	}
	if response := f.me("Bearer " + f.token(f.claims("access", nil))); response.Status != 200 {
		t.Errorf("%d %s", response.Status, response.Body)
	}
}

// TestTokenUser makes a user of a site's own from a token.
func TestTokenUser(t *testing.T) {
	type tenantUser struct{ tenant string }
	f := newFixture(t, options{config: func(c *auth.Config) {
		c.Hooks.TokenUser = func(_ context.Context, token *core.Token) (any, error) {
			claim, found := token.Claim("tenant")
			if !found {
				return nil, errors.New("no tenant")
			}
			tenant, _ := claim.Text()
			return tenantUser{tenant}, nil
		}
	}})
	request := func(changes map[string]any) *auth.Request {
		return &auth.Request{Method: "GET", Header: auth.Header{"Authorization": {"Bearer " + f.token(f.claims("access", changes))}}}
	}
	identity, refusal := f.service.AuthenticateStateless(t.Context(), request(map[string]any{"tenant": "a", "user_id": "77"}))
	if refusal != nil || identity.TokenUser != (tenantUser{"a"}) || identity.User.ID != "77" || !identity.User.IsActive {
		t.Errorf("%+v %v", identity, refusal)
	}
	if _, refusal := f.service.AuthenticateStateless(t.Context(), request(nil)); refusal == nil || refusal.Status != 503 {
		t.Errorf("%+v", refusal)
	}
	if identity, _ := f.service.Authenticate(t.Context(), request(nil)); identity.TokenUser != nil {
		t.Error("the hook is for stateless authentication")
	}
}

// TestIssuePair makes tokens without a login.
func TestIssuePair(t *testing.T) {
	users := &recording{Store: store.NewMemory()}
	f := newFixture(t, options{users: users, settings: rotation + `,"UPDATE_LAST_LOGIN":true`})
	gone, err := users.UserByUsername(t.Context(), "gone")
	if err != nil {
		t.Fatal(err)
	}
	refresh, access, err := f.service.IssuePair(t.Context(), gone)
	if err != nil {
		t.Fatal(err)
	}
	checkClaims(t, refresh, map[string]string{"token_type": `"refresh"`, "user_id": `"2"`})
	checkClaims(t, access, map[string]string{"token_type": `"access"`, "user_id": `"2"`})
	if len(users.recorded) != 1 || users.recorded[0].Token != refresh || users.recorded[0].UserID != "2" {
		t.Errorf("recorded %v", users.recorded)
	}
	if user, _ := users.UserByID(t.Context(), "2"); !user.LastLogin.IsZero() {
		t.Error("a login was recorded")
	}
	f.config.SimpleJWT.Algorithm = core.ES256
	_, f.config.SimpleJWT.VerifyingKey = jwkPair(t, core.ES256, "")
	var wrong *auth.SettingError
	if _, _, err := f.rebuild().IssuePair(t.Context(), gone); !errors.As(err, &wrong) || wrong.Name != "SIGNING_KEY" {
		t.Errorf("without a key to sign with: %v", err)
	}
	f.users = unwritable{users}
	f.config.SimpleJWT.Algorithm = core.HS256
	if _, _, err := f.rebuild().IssuePair(t.Context(), gone); !errors.Is(err, store.ErrClosed) {
		t.Errorf("with a store that takes nothing: %v", err)
	}
}

func ExampleHooks_findUser() {
	users := store.NewMemory()
	hooks := auth.Hooks{FindUser: func(ctx context.Context, login string) (store.User, error) { return users.UserBy(ctx, "email", login) }}
	_, err := hooks.FindUser(context.Background(), "alice@example.com")
	fmt.Println(errors.Is(err, store.ErrNotFound))
	// Output: true
}

func ExampleHooks_onLoginFailed() {
	config := auth.DefaultConfig()
	config.SecretKey, config.PasswordIterations = vectorSecret, 1000 // so few iterations are for examples only
	config.Hooks.OnLoginFailed = func(_ context.Context, event auth.LoginEvent) {
		fmt.Println("refused:", event.Username, "from", event.Request.RemoteAddress)
	}
	service, err := auth.New(config, store.NewMemory(), auth.NativeHost(), nil)
	if err != nil {
		log.Fatal(err)
	}
	service.Serve(context.Background(), &auth.Request{
		Method: "POST", Path: "/api/token/", RemoteAddress: "192.0.2.1:1024",
		Header: auth.Header{"Content-Type": {"application/json"}}, Body: []byte(`{"username": "alice", "password": "x"}`),
	})
	// Output: refused: alice from 192.0.2.1:1024
}

func ExampleHooks_authenticationRule() {
	hooks := auth.Hooks{AuthenticationRule: func(user *store.User) bool { return user.IsActive && user.IsStaff }}
	fmt.Println(hooks.AuthenticationRule(&store.User{Username: "alice", IsActive: true}))
	// Output: false
}

func ExampleHooks_tokenUser() {
	type tenant struct{ id, role string }
	config := auth.DefaultConfig()
	config.SecretKey = vectorSecret
	config.Hooks.TokenUser = func(_ context.Context, token *core.Token) (any, error) {
		user, _ := token.Claim("user_id")
		id, _ := user.Text()
		return tenant{id: id, role: "reader"}, nil
	}
	service, err := auth.New(config, store.NewMemory(), auth.NativeHost(), nil)
	if err != nil {
		log.Fatal(err)
	}
	identity, _ := service.AuthenticateStateless(context.Background(), &auth.Request{Method: "GET", Header: auth.Header{"Authorization": {"Bearer " + vectorAccess}}})
	fmt.Println(identity.TokenUser.(tenant).id, identity.TokenUser.(tenant).role)
	// Output: 1 reader
}

func ExampleHooks_claims() {
	config := auth.DefaultConfig()
	config.SecretKey = vectorSecret
	config.Hooks.Claims = func(_ context.Context, request auth.ClaimsRequest, claims *core.Claims) error {
		if request.User != nil {
			claims.Set("email", request.User.Email)
		}
		return nil
	}
	users := store.NewMemory()
	if _, err := users.AddUser(context.Background(), store.User{Username: "alice", Email: "alice@example.com", IsActive: true}); err != nil {
		log.Fatal(err)
	}
	service, err := auth.New(config, users, auth.NativeHost(), nil)
	if err != nil {
		log.Fatal(err)
	}
	response := service.Serve(context.Background(), &auth.Request{
		Method: "POST", Path: "/api/token/refresh/", Header: auth.Header{"Content-Type": {"application/json"}}, Body: []byte(`{"refresh": "` + vectorRefresh + `"}`),
	})
	access, err := core.Decode(tokenPattern.FindString(string(response.Body)))
	if err != nil {
		log.Fatal(err)
	}
	email, _ := access.UnverifiedClaim("email")
	fmt.Println(string(email.Raw()))
	// Output: "alice@example.com"
}
