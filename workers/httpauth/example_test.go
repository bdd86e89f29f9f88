package httpauth_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"

	"github.com/jeton-dev/jeton/workers/auth"
	"github.com/jeton-dev/jeton/workers/httpauth"
	"github.com/jeton-dev/jeton/workers/password"
	"github.com/jeton-dev/jeton/workers/store"
)

// exampleService returns a service with one user, alice, and her password.
func exampleService() (service *auth.Service, secretWord string) {
	ctx, host, users := context.Background(), auth.NativeHost(), store.NewMemory()
	secretWord = rand.Text()
	hashers, err := password.New(password.Options{Iterations: 1000}, host) // so few iterations are for examples only
	if err != nil {
		log.Fatal(err)
	}
	hash, err := hashers.Make(ctx, secretWord)
	if err != nil {
		log.Fatal(err)
	}
	if _, err := users.AddUser(ctx, store.User{Username: "alice", Password: hash, IsActive: true}); err != nil {
		log.Fatal(err)
	}
	config := auth.DefaultConfig()
	config.SecretKey = auth.Secret(rand.Text() + rand.Text())
	config.PasswordIterations = 1000
	service, err = auth.New(config, users, host, nil)
	if err != nil {
		log.Fatal(err)
	}
	return service, secretWord
}

func ExampleHandler() {
	service, secretWord := exampleService()
	server := httptest.NewServer(httpauth.Handler(service))
	defer server.Close()

	body, _ := json.Marshal(map[string]string{"username": "alice", "password": secretWord})
	response, err := http.Post(server.URL+"/api/token/", "application/json", bytes.NewReader(body))
	if err != nil {
		log.Fatal(err)
	}
	defer response.Body.Close()
	var pair struct{ Refresh, Access string }
	if err := json.NewDecoder(response.Body).Decode(&pair); err != nil {
		log.Fatal(err)
	}
	fmt.Println(response.StatusCode, pair.Refresh != "", pair.Access != "")
	// Output: 200 true true
}

// A service that knows the key and not the users lets in whom the token says, and others as guests.
func ExampleStateless() {
	service, _ := exampleService()
	protect := httpauth.Middleware(service, httpauth.Stateless(), httpauth.AllowAnonymous())
	server := httptest.NewServer(protect(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if identity, ok := httpauth.IdentityFrom(r.Context()); ok {
			fmt.Fprintf(w, "Hello, user %s", identity.User.ID)
			return
		}
		fmt.Fprint(w, "Hello, guest")
	})))
	defer server.Close()

	response, err := http.Get(server.URL)
	if err != nil {
		log.Fatal(err)
	}
	defer response.Body.Close()
	body, _ := io.ReadAll(response.Body)
	fmt.Println(response.StatusCode, string(body))
	// Output: 200 Hello, guest
}

func ExampleMiddleware() {
	service, _ := exampleService()
	mux := http.NewServeMux()
	mux.Handle("/api/", httpauth.Handler(service))
	mux.Handle("/greeting", httpauth.Middleware(service)(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		identity, _ := httpauth.IdentityFrom(r.Context())
		fmt.Fprintf(w, "Hello, %s", identity.User.Username)
	})))
	server := httptest.NewServer(mux)
	defer server.Close()

	response, err := http.Get(server.URL + "/greeting") // without a token
	if err != nil {
		log.Fatal(err)
	}
	defer response.Body.Close()
	body, _ := io.ReadAll(response.Body)
	fmt.Println(response.StatusCode, response.Header.Get("WWW-Authenticate"))
	fmt.Println(string(body))
	// Output:
	// 401 Bearer realm="api"
	// {"detail":"Authentication credentials were not provided."}
}
