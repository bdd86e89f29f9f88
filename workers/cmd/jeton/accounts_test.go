package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// TestServeAccounts goes through the life of an account that its user makes: registration, login, another password; and what throttling
// and a list of common passwords refuse.
func TestServeAccounts(t *testing.T) {
	directory := t.TempDir()
	writeFile(t, directory, "common.txt", "a-very-common-one\n")
	writeFile(t, directory, "settings.json", `{"REGISTRATION": {"ENABLED": true}, "PASSWORD_CHANGE": true, "PASSWORD_ITERATIONS": 1000,
		"SIMPLE_JWT": {"CHECK_REVOKE_TOKEN": true}, "REST_FRAMEWORK": {"DEFAULT_THROTTLE_RATES": {"login_failed": "2/day"}},
		"AUTH_PASSWORD_VALIDATORS": [
			{"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
			{"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator", "OPTIONS": {"password_list_path": "common.txt"}}]}`)
	s := serve(t, directory, "--config", "settings.json")
	register := func(name, plain string, status int, want string) {
		t.Helper()
		if got, body := s.post(t, "/api/register/", fields{"username": name, "email": name + "@Example.com", "password": plain}); got != status || body != want {
			t.Errorf("register: %d %s, want %d %s", got, body, status, want)
		}
	}
	const tooCommon = `{"password":["This password is too common."]}`
	register("alice", "password1", 400, tooCommon)
	register("alice", "a-very-common-one", 400, tooCommon)
	register("alice", plainPassword, 201, `{"id":1,"username":"alice","email":"alice@example.com"}`)
	register("alice", plainPassword, 400, `{"username":["A user with that username already exists."]}`)

	pair := s.login(t, "alice", plainPassword)
	const next = "incorrect horse battery"
	request, err := http.NewRequestWithContext(t.Context(), "POST", s.url+"/api/password/change/",
		strings.NewReader(fmt.Sprintf(`{"old_password":%q,"new_password":%q}`, plainPassword, next)))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+pair.Access)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	if body := readBody(t, response); response.StatusCode != 200 || !strings.HasPrefix(body, `{"refresh":"ey`) {
		t.Errorf("change: %d %s", response.StatusCode, body)
	}
	if status, body := s.me(t, pair.Access); status != 401 {
		t.Errorf("a token of before: %d %s", status, body)
	}
	for range 2 {
		if status, _ := s.post(t, "/api/token/", fields{"username": "alice", "password": plainPassword}); status != 401 {
			t.Errorf("the old password: %d", status)
		}
	}
	if status, body := s.post(t, "/api/token/", fields{"username": "alice", "password": next}); status != 429 || !strings.Contains(body, "Expected available in 86") {
		t.Errorf("the third login: %d %s", status, body)
	}
	if code := s.stop(t); code != 0 {
		t.Errorf("it ends with %d", code)
	}
	for _, secret := range []string{plainPassword, next, "alice", "pbkdf2"} {
		if strings.Contains(s.log.String(), secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
}
