package httpauth_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"testing"

	"github.com/jeton-dev/jeton/workers/auth"
	"github.com/jeton-dev/jeton/workers/password"
	"github.com/jeton-dev/jeton/workers/store"
)

// newService returns a service that records logins, with users user0, user1 and so on in the store, all of one password.
func newService(t *testing.T, users store.Store, count int) (service *auth.Service, secretWord string) {
	t.Helper()
	ctx, host := context.Background(), auth.NativeHost()
	secretWord = rand.Text()
	hashers, err := password.New(password.Options{Iterations: 1000}, host)
	if err != nil {
		t.Fatal(err)
	}
	hash, err := hashers.Make(ctx, secretWord)
	if err != nil {
		t.Fatal(err)
	}
	for i := range count {
		if _, err := users.AddUser(ctx, store.User{Username: fmt.Sprintf("user%d", i), Password: hash, IsActive: true}); err != nil {
			t.Fatal(err)
		}
	}
	config := auth.DefaultConfig()
	config.SecretKey = auth.Secret(rand.Text() + rand.Text())
	config.PasswordIterations = 1000 // of the hashes above, so that no login renews one
	config.SimpleJWT.UpdateLastLogin = true
	service, err = auth.New(config, users, host, nil)
	if err != nil {
		t.Fatal(err)
	}
	return service, secretWord
}
