package httpauth_test

import (
	"crypto/rand"
	"net/http"
	"strings"
	"testing"

	"github.com/jeton-dev/jeton/workers/auth"
	"github.com/jeton-dev/jeton/workers/password"
	"github.com/jeton-dev/jeton/workers/store"
)

// TestCookies logs in by a cookie, as drf-jwt does, opens a protected route with it, and logs out.
func TestCookies(t *testing.T) {
	users, host, secretWord := store.NewMemory(), auth.NativeHost(), rand.Text()
	config := auth.DefaultConfig()
	config.Dialect, config.SecretKey = auth.DRFJWT, auth.Secret(rand.Text()+rand.Text())
	config.DRFJWT.AuthCookie = "session"
	hashers, err := password.New(password.Options{Iterations: 1000}, host)
	if err != nil {
		t.Fatal(err)
	}
	hash, err := hashers.Make(t.Context(), secretWord)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := users.AddUser(t.Context(), store.User{Username: "alice", Password: hash, IsActive: true}); err != nil {
		t.Fatal(err)
	}
	service, err := auth.New(config, users, host, nil)
	if err != nil {
		t.Fatal(err)
	}
	server := serveService(t, service)
	response, body := send(t, "POST", server.URL+"/api-token-auth/", `{"username":"alice","password":"`+secretWord+`"}`, http.Header{"Content-Type": {"application/json"}})
	cookies := response.Cookies()
	if response.StatusCode != 201 || len(cookies) != 1 {
		t.Fatalf("%d %s %v", response.StatusCode, body, cookies)
	}
	session := cookies[0]
	if session.Name != "session" || !session.HttpOnly || !session.Secure || session.SameSite != http.SameSiteLaxMode || session.MaxAge != 300 || !strings.Contains(body, session.Value) {
		t.Errorf("the cookie is %v", session)
	}
	header := http.Header{"Cookie": {"theme=dark; session=" + session.Value}}
	for _, test := range []struct {
		method, path, want string
		status             int
	}{
		{"GET", "/hello", "true alice", 200},
		{"POST", "/api-token-blacklist/", `{"token":"` + session.Value + `"}`, 201},
		{"GET", "/hello", `{"detail":"Token is blacklisted."}`, 403},
	} {
		response, body := send(t, test.method, server.URL+test.path, "", header)
		if response.StatusCode != test.status || body != test.want || response.Header.Get("WWW-Authenticate") != "" {
			t.Errorf("%s %s: %d %s", test.method, test.path, response.StatusCode, body)
		}
	}
}
