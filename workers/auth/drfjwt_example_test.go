package auth_test

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"log"

	"github.com/jeton-dev/jeton/workers/auth"
	"github.com/jeton-dev/jeton/workers/store"
)

func ExampleParseConfig_drfJWT() {
	config, err := auth.ParseConfig([]byte(`{
		"SECRET_KEY": "…",
		"JWT_AUTH": {"JWT_EXPIRATION_DELTA": "0:10:00", "JWT_SECRET_KEY": {"2026": "…", "2025": "…"}, "JWT_AUTH_COOKIE": "session"}
	}`))
	fmt.Println(config.Dialect, config.DRFJWT.ExpirationDelta, config.DRFJWT.SecretKeys, err)
	// Output: drf-jwt 10m0s [{2026 [secret]} {2025 [secret]}] <nil>
}

func ExampleDefaultDRFJWTConfig() {
	config := auth.DefaultConfig()
	config.Dialect, config.DRFJWT = auth.DjangoRESTFrameworkJWT, auth.DefaultDRFJWTConfig(auth.DjangoRESTFrameworkJWT)
	config.SecretKey = auth.Secret(rand.Text() + rand.Text())
	service, err := auth.New(config, store.NewMemory(), auth.NativeHost(), nil)
	if err != nil {
		log.Fatal(err)
	}
	response := service.Serve(context.Background(), &auth.Request{
		Method: "POST",
		Path:   "/api-token-verify/",
		Header: auth.Header{"Content-Type": {"application/json"}},
		Body:   []byte(`{"token": "nonsense"}`),
	})
	fmt.Println(response.Status, string(response.Body))
	// Output: 400 {"non_field_errors":["Error decoding signature."]}
}

// A secret of each user's, made from one of the program's and the stored hash of the password: who changes the password logs out
// everywhere.
func ExampleHooks_userSecretKey() {
	config := auth.DefaultConfig()
	config.Dialect = auth.DRFJWT
	master := []byte(rand.Text() + rand.Text())
	config.Hooks.UserSecretKey = func(_ context.Context, user *store.User) (auth.Secret, error) {
		mac := hmac.New(sha256.New, master)
		mac.Write([]byte(user.ID + " " + user.Password))
		return auth.Secret(hex.EncodeToString(mac.Sum(nil))), nil
	}
	_, err := auth.New(config, store.NewMemory(), auth.NativeHost(), nil)
	fmt.Println(err)
	// Output: <nil>
}
