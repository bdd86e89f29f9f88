// Package storetest is the conformance suite of [store.Store]: every implementation, wherever it runs, must pass [Run].
package storetest

import (
	"sync"
	"testing"
	"time"

	"github.com/jeton-dev/jeton/workers/store"
)

// testCase is one behaviour; its store has no rows.
type testCase struct {
	name string
	run  func(t *testing.T, stored store.Store)
}

// Run checks that the stores open gives behave as [store.Store] says. Each call of open must give a store without rows that shares
// nothing with the others and has a place for all of [store.Tables]; Run closes it.
func Run(t *testing.T, open func(t *testing.T) store.Store) {
	for _, group := range []struct {
		name  string
		cases []testCase
	}{
		{"users", userCases},
		{"changes of users", changeCases},
		{"tokens", tokenCases},
		{"blocked tokens", blockedTokenCases},
		{"failures", failureCases},
	} {
		t.Run(group.name, func(t *testing.T) {
			for _, test := range group.cases {
				t.Run(test.name, func(t *testing.T) {
					stored := open(t)
					t.Cleanup(func() { stored.Close() })
					test.run(t, stored)
				})
			}
		})
	}
}

// Alice returns a user with every field filled but the ID.
func Alice() store.User {
	return store.User{
		Username: "alice", Password: "!unusable", Email: "alice@example.com", FirstName: "Alice", LastName: "Example",
		IsActive: true, IsStaff: true, IsSuperuser: false,
		DateJoined: time.Date(2026, 11, 24, 10, 0, 0, 123456000, time.UTC),
		LastLogin:  time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC),
	}
}

// Same reports each field in which two users differ.
func Same(t *testing.T, what string, got, want store.User) {
	t.Helper()
	for _, field := range []struct {
		name      string
		got, want any
	}{
		{"ID", got.ID, want.ID}, {"Username", got.Username, want.Username}, {"Password", got.Password, want.Password},
		{"Email", got.Email, want.Email}, {"FirstName", got.FirstName, want.FirstName}, {"LastName", got.LastName, want.LastName},
		{"IsActive", got.IsActive, want.IsActive}, {"IsStaff", got.IsStaff, want.IsStaff}, {"IsSuperuser", got.IsSuperuser, want.IsSuperuser},
		{"DateJoined", got.DateJoined, want.DateJoined}, {"LastLogin", got.LastLogin, want.LastLogin},
	} {
		if field.got != field.want {
			t.Errorf("%s: %s is %v, want %v", what, field.name, field.got, field.want)
		}
	}
}

func add(t *testing.T, users store.Store, username string) store.User {
	t.Helper()
	user, err := users.AddUser(t.Context(), store.User{Username: username, Password: "!", IsActive: true})
	if err != nil {
		t.Fatalf("AddUser(%q): %v", username, err)
	}
	return user
}

// inParallel starts n calls at one moment and returns their errors.
func inParallel(n int, call func(i int) error) []error {
	errs := make([]error, n)
	start := make(chan struct{})
	var group sync.WaitGroup
	for i := range n {
		group.Go(func() {
			<-start
			errs[i] = call(i)
		})
	}
	close(start)
	group.Wait()
	return errs
}

// second returns the error of a call that also gives something else.
func second[T any](_ T, err error) error { return err }

func count(answers []bool) (n int) {
	for _, answer := range answers {
		if answer {
			n++
		}
	}
	return n
}
