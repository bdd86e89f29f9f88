package auth_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"github.com/jeton-dev/jeton/workers/auth"
	"github.com/jeton-dev/jeton/workers/password"
	"github.com/jeton-dev/jeton/workers/store"
)

// TestHashOverTheLimit checks that a stored hash that orders too much is a wrong password to the client, at its cost, and news to the
// operator.
func TestHashOverTheLimit(t *testing.T) {
	var log bytes.Buffer
	users := store.NewMemory()
	f := newFixture(t, options{users: users, logger: slog.New(slog.NewTextHandler(&log, nil))})
	const stored = "pbkdf2_sha256$10000001$abcdefghijABCDEFGHIJ12$cqGs/a3K3IrRi9sSoKfcUsiRwQyKuCI6PuhOexBs+YI="
	if _, err := users.AddUser(context.Background(), store.User{Username: "costly", Password: stored, IsActive: true}); err != nil {
		t.Fatal(err)
	}
	f.host.derivations = nil
	expect(t, f.post(pathToken, map[string]string{"username": "costly", "password": f.password}), 401, badLogin)
	if !slices.Equal(f.host.derivations, []int{iterations}) {
		t.Errorf("derivations of %v iterations", f.host.derivations)
	}
	if line := log.String(); !strings.Contains(line, "a user cannot log in here") || !strings.Contains(line, "10000001") || strings.Contains(line, "abcdefghij") {
		t.Errorf("the log is %q", line)
	}
}

// TestPoolThatIsFull checks what a login gets when too many passwords wait, and that nothing else waits with it.
func TestPoolThatIsFull(t *testing.T) {
	f := newFixture(t, options{})
	pair := f.login()
	pool := password.NewPool(password.Native(), password.PoolOptions{Workers: 1, Queue: -1})
	service, err := auth.New(f.config, f.users, auth.WithDeriver(f.host, pool), nil)
	if err != nil {
		t.Fatal(err)
	}
	f.service = service
	err = pool.Run(context.Background(), func() error { // which takes the only place
		response := f.post(pathToken, map[string]string{"username": "alice", "password": f.password})
		if response.Status != 503 {
			t.Errorf("a login got %d %s", response.Status, response.Body)
		}
		if response := f.post(pathRefresh, map[string]string{"refresh": pair.Refresh}); response.Status != 200 {
			t.Errorf("a refresh got %d %s", response.Status, response.Body)
		}
		if response := f.post(pathVerify, map[string]string{"token": pair.Access}); response.Status != 200 {
			t.Errorf("a verification got %d %s", response.Status, response.Body)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	f.login()
}

// TestPasswordSettings checks that what the hashers refuse is refused by the setting's name.
func TestPasswordSettings(t *testing.T) {
	for name, members := range map[string]string{
		"PASSWORD_HASHERS":        `"PASSWORD_HASHERS": ["site.hashers.Own"]`,
		"PASSWORD_ITERATIONS":     `"PASSWORD_ITERATIONS": 10000001`,
		"PASSWORD_LEGACY_HASHERS": `"PASSWORD_LEGACY_HASHERS": 1`,
		"PASSWORD_MEMORY_LIMIT":   `"PASSWORD_HASHERS": ["django.contrib.auth.hashers.Argon2PasswordHasher"], "PASSWORD_MEMORY_LIMIT": 67108864`,
	} {
		config, err := auth.ParseConfig([]byte(`{"SECRET_KEY": "` + rand.Text() + rand.Text() + `", ` + members + `}`))
		if err == nil {
			_, err = auth.New(config, store.NewMemory(), auth.NativeHost(), nil)
		}
		var setting *auth.SettingError
		if !errors.As(err, &setting) || setting.Name != name {
			t.Errorf("%s: got %v", members, err)
		}
	}
	if _, err := auth.ParseConfig([]byte(`{"PASSWORD_HASHERS": "django.contrib.auth.hashers.MD5PasswordHasher"}`)); err == nil {
		t.Error("a text is accepted for a list")
	}
}
