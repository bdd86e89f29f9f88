package auth_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"log"

	"github.com/jeton-dev/jeton/workers/auth"
	"github.com/jeton-dev/jeton/workers/store"
)

func ExampleParseConfig() {
	config, err := auth.ParseConfig([]byte(`{
		"SECRET_KEY": "…",
		"SIMPLE_JWT": {"ACCESS_TOKEN_LIFETIME": "0:10:00", "ISSUER": "https://login.example"}
	}`))
	fmt.Println(config.SimpleJWT.AccessTokenLifetime, config.SimpleJWT.Issuer, config.SecretKey, err)

	_, err = auth.ParseConfig([]byte(`{"SIMPLE_JWT": {"ACESS_TOKEN_LIFETIME": 600}}`))
	fmt.Println(err)
	// Output:
	// 10m0s https://login.example [secret] <nil>
	// ACESS_TOKEN_LIFETIME: is not a setting of SIMPLE_JWT
}

func ExampleService_Serve() {
	config := auth.DefaultConfig()
	config.SecretKey = auth.Secret(rand.Text() + rand.Text())
	service, err := auth.New(config, store.NewMemory(), auth.NativeHost(), nil)
	if err != nil {
		log.Fatal(err)
	}
	response := service.Serve(context.Background(), &auth.Request{
		Method: "POST",
		Path:   "/api/token/verify/",
		Header: auth.Header{"Content-Type": {"application/json"}},
		Body:   []byte(`{"token": "nonsense"}`),
	})
	fmt.Println(response.Status, string(response.Body))
	// Output: 401 {"detail":"Token is invalid","code":"token_not_valid"}
}

func ExampleService_Authenticate() {
	config := auth.DefaultConfig()
	config.SecretKey = auth.Secret(rand.Text() + rand.Text())
	service, err := auth.New(config, store.NewMemory(), auth.NativeHost(), nil)
	if err != nil {
		log.Fatal(err)
	}
	request := &auth.Request{Method: "GET", Path: "/articles/", Header: auth.Header{}}
	if _, refusal := service.Authenticate(context.Background(), request); refusal != nil {
		fmt.Println(refusal.Status, string(refusal.Body))
	}
	// Output: 401 {"detail":"Authentication credentials were not provided."}
}

func ExampleService_AuthenticateStateless() {
	config := auth.DefaultConfig()
	config.SecretKey = vectorSecret                                             // what the issuer of the token signs with
	service, err := auth.New(config, store.NewMemory(), auth.NativeHost(), nil) // no users here
	if err != nil {
		log.Fatal(err)
	}
	request := &auth.Request{Method: "GET", Path: "/articles/", Header: auth.Header{"Authorization": {"Bearer " + vectorAccess}}}
	identity, refusal := service.AuthenticateStateless(context.Background(), request)
	if refusal != nil {
		log.Fatal(string(refusal.Body))
	}
	fmt.Println(identity.User.ID)
	// Output: 1
}

func ExampleService_IssuePair() {
	ctx, users := context.Background(), store.NewMemory()
	alice, err := users.AddUser(ctx, store.User{Username: "alice", IsActive: true})
	if err != nil {
		log.Fatal(err)
	}
	config := auth.DefaultConfig()
	config.SecretKey = auth.Secret(rand.Text() + rand.Text())
	service, err := auth.New(config, users, auth.NativeHost(), nil)
	if err != nil {
		log.Fatal(err)
	}
	_, access, err := service.IssuePair(ctx, alice)
	if err != nil {
		log.Fatal(err)
	}
	identity, _ := service.Authenticate(ctx, &auth.Request{Method: "GET", Header: auth.Header{"Authorization": {"Bearer " + access}}})
	fmt.Println(identity.User.Username)
	// Output: alice
}
