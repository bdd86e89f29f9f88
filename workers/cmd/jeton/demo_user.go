package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"math/big"

	"github.com/jeton-dev/jeton/workers/password"
	"github.com/jeton-dev/jeton/workers/store"
)

// demoName is the username of the demo user.
const demoName = "demo"

// demoUser is the content of the file beside the database. With an empty password the account is somebody's own.
type demoUser struct {
	Username string `json:"username"`
	Password string `json:"password"`
}

// keepDemoUser makes sure that there is a demo user, and returns what to log in with. The password is kept in a file beside the
// database, written before the user is added, so that a start that is cut short loses nothing.
func keepDemoUser(ctx context.Context, users store.Store, database string, iterations int) (*demoUser, error) {
	path := database + ".demo-user"
	stored, err := users.UserByUsername(ctx, demoName)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return nil, failure("--db %s: %w", database, err)
	}
	missing := err != nil
	demo, err := readDemoUser(path, missing)
	if err != nil {
		return nil, failure("%s: %w", path, reason(err))
	}
	if missing {
		stored, err = addUser(ctx, users, store.User{Username: demoName, IsActive: true}, demo.Password, iterations)
		if err != nil {
			return nil, failure("--db %s: the demo user could not be added: %w", database, err)
		}
	}
	// The password may have been changed since.
	hashers, err := password.New(password.Options{Iterations: iterations}, password.Native())
	if err != nil {
		return nil, failure("the demo user's password could not be checked: %w", err)
	}
	ok, err := hashers.Check(ctx, demo.Password, stored.Password)
	if err != nil && !errors.Is(err, password.ErrLimit) {
		return nil, failure("the demo user's password could not be checked: %w", err)
	}
	if !ok {
		demo.Password = ""
	}
	return demo, nil
}

// readDemoUser reads the file, and makes it when it is missing and may be made.
func readDemoUser(path string, mayCreate bool) (*demoUser, error) {
	generate := newDemoUser
	if !mayCreate {
		generate = func() ([]byte, error) { return nil, errUnknownPassword }
	}
	content, _, err := keepSecretFile(path, generate)
	if errors.Is(err, errUnknownPassword) {
		return &demoUser{Username: demoName}, nil
	}
	if err != nil {
		return nil, err
	}
	demo := new(demoUser)
	if err := json.Unmarshal(content, demo); err != nil || demo.Username != demoName || demo.Password == "" {
		return nil, errors.New(`not {"username":"demo","password":"..."}; delete the file, and the user if there is one`)
	}
	return demo, nil
}

var errUnknownPassword = errors.New("the demo user's password is not known")

// newDemoUser returns the file's content with a password of 20 characters, about 114 bits.
func newDemoUser() ([]byte, error) {
	const alphabet = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789" // none that look alike
	text := make([]byte, 20)
	for i := range text {
		n, err := rand.Int(rand.Reader, big.NewInt(int64(len(alphabet))))
		if err != nil {
			return nil, err
		}
		text[i] = alphabet[n.Int64()]
	}
	content, err := json.Marshal(demoUser{demoName, string(text)})
	return append(content, '\n'), err
}
