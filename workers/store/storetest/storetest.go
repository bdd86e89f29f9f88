// Package storetest is the conformance suite of [store.Store]: every implementation, wherever it runs, must pass [Run].
package storetest

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/jeton-dev/jeton/workers/store"
)

// Run checks that the stores open gives behave as [store.Store] says. Each call of open must give a store without users that shares
// nothing with the others; Run closes it.
func Run(t *testing.T, open func(t *testing.T) store.Store) {
	for _, test := range []struct {
		name string
		run  func(t *testing.T, users store.Store)
	}{
		{"a user comes back as added", roundTrip},
		{"defaults are filled in", defaults},
		{"usernames are compared exactly", exactUsernames},
		{"text is data", textIsData},
		{"unknown users are not found", notFound},
		{"a username is taken once", duplicate},
		{"parallel adds of one username", parallelSame},
		{"parallel adds of many usernames", parallelDistinct},
		{"users are listed in order", listed},
		{"a login is recorded", lastLogin},
		{"a cancelled context fails", cancelled},
		{"a closed store fails", closed},
	} {
		t.Run(test.name, func(t *testing.T) {
			users := open(t)
			t.Cleanup(func() { users.Close() })
			test.run(t, users)
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

func roundTrip(t *testing.T, users store.Store) {
	want := Alice()
	want.ID = "777" // not the caller's to choose
	added, err := users.AddUser(t.Context(), want)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := strconv.ParseInt(added.ID, 10, 64); err != nil || strconv.FormatInt(n, 10) != added.ID || n == 777 {
		t.Fatalf("the ID is %q, want a decimal integer of the store's choice", added.ID)
	}
	want.ID = added.ID
	Same(t, "AddUser", added, want)

	byName, err := users.UserByUsername(t.Context(), "alice")
	if err != nil {
		t.Fatal(err)
	}
	Same(t, "UserByUsername", byName, want)
	byID, err := users.UserByID(t.Context(), added.ID)
	if err != nil {
		t.Fatal(err)
	}
	Same(t, "UserByID", byID, want)

	// Each flag is its own column.
	for i, flags := range [][3]bool{{true, false, false}, {false, true, false}, {false, false, true}} {
		user := store.User{Username: fmt.Sprintf("flags%d", i), IsActive: flags[0], IsStaff: flags[1], IsSuperuser: flags[2]}
		if _, err := users.AddUser(t.Context(), user); err != nil {
			t.Fatal(err)
		}
		got, err := users.UserByUsername(t.Context(), user.Username)
		if err != nil {
			t.Fatal(err)
		}
		if [3]bool{got.IsActive, got.IsStaff, got.IsSuperuser} != flags {
			t.Errorf("flags %v came back as active %v, staff %v, superuser %v", flags, got.IsActive, got.IsStaff, got.IsSuperuser)
		}
	}
}

func defaults(t *testing.T, users store.Store) {
	before := time.Now().Add(-time.Second)
	added := add(t, users, "bare")
	after := time.Now().Add(time.Second)
	if added.DateJoined.Before(before) || added.DateJoined.After(after) {
		t.Errorf("DateJoined is %v, want the present", added.DateJoined)
	}
	if !added.LastLogin.IsZero() {
		t.Errorf("LastLogin is %v, want never", added.LastLogin)
	}

	// A time is kept to the microsecond and in UTC, whatever it came in.
	zone := time.FixedZone("", -5*3600)
	user := store.User{Username: "zoned", DateJoined: time.Date(2026, 1, 1, 20, 30, 0, 999_999_999, zone)}
	stored, err := users.AddUser(t.Context(), user)
	if err != nil {
		t.Fatal(err)
	}
	read, err := users.UserByUsername(t.Context(), "zoned")
	if err != nil {
		t.Fatal(err)
	}
	want := time.Date(2026, 1, 2, 1, 30, 0, 999_999_000, time.UTC)
	for _, got := range []time.Time{stored.DateJoined, read.DateJoined} {
		if !got.Equal(want) || got.Location() != time.UTC {
			t.Errorf("DateJoined is %v, want %v", got, want)
		}
	}
}

func exactUsernames(t *testing.T, users store.Store) {
	composed, decomposed := "caf\u00e9", "cafe\u0301"
	names := []string{"alice", "Alice", "ALICE", "alice ", " alice", composed, decomposed, "ﬁ", "fi", "1", "01", "1.0", "%", "_"}
	for _, name := range names {
		added := add(t, users, name)
		got, err := users.UserByUsername(t.Context(), name)
		if err != nil || got.ID != added.ID || got.Username != name {
			t.Errorf("UserByUsername(%q) = %v, %v; want %v", name, got, err, added)
		}
	}
	for _, name := range []string{"aLICE", "alice\t", "ALIC\u0130", "a%", "alic_", "", "1e0"} {
		if got, err := users.UserByUsername(t.Context(), name); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("UserByUsername(%q) = %v, %v; want ErrNotFound", name, got, err)
		}
	}
}

func textIsData(t *testing.T, users store.Store) {
	alice := add(t, users, "alice")
	for _, text := range []string{
		`' OR '1'='1`, `"; DROP TABLE "auth_user"; --`, `alice'--`, `alice\`, `?`, `?1`, `:name`, `$1`, "a\nb", "\u2028", "𝕒lice", "a;b",
	} {
		if got, err := users.UserByUsername(t.Context(), text); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("UserByUsername(%q) = %v, %v; want ErrNotFound", text, got, err)
		}
		user := store.User{Username: text, Password: text, Email: text, FirstName: text, LastName: text}
		added, err := users.AddUser(t.Context(), user)
		if err != nil {
			t.Errorf("AddUser(%q): %v", text, err)
			continue
		}
		got, err := users.UserByID(t.Context(), added.ID)
		if err != nil || got.Username != text || got.Password != text || got.Email != text || got.FirstName != text || got.LastName != text {
			t.Errorf("%q came back as %q, %q, %q, %q, %q (%v)", text, got.Username, got.Password, got.Email, got.FirstName, got.LastName, err)
		}
	}
	if got, err := users.UserByUsername(t.Context(), "alice"); err != nil || got.ID != alice.ID {
		t.Errorf("alice is %v, %v afterwards; want %v", got, err, alice)
	}
}

func notFound(t *testing.T, users store.Store) {
	alice := add(t, users, "alice")
	ids := []string{
		"", "abc", "1.5", "1.0", "1e0", "99999999999999999999", "-99999999999999999999", "0x1", "0", "-1", "01", "+1", " 1", "1 ", "1\x00", "１", "true", "NULL",
		"1; DROP TABLE auth_user", strconv.FormatInt(math.MaxInt64, 10), strconv.FormatInt(math.MinInt64, 10),
		alice.ID + "0", alice.ID + ".0", "0" + alice.ID, alice.Username,
	}
	for _, id := range ids {
		if got, err := users.UserByID(t.Context(), id); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("UserByID(%q) = %v, %v; want ErrNotFound", id, got, err)
		}
		if err := users.SetLastLogin(t.Context(), id, time.Now()); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("SetLastLogin(%q) = %v; want ErrNotFound", id, err)
		}
	}
	if got, err := users.UserByUsername(t.Context(), "bob"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("UserByUsername = %v, %v; want ErrNotFound", got, err)
	}
	if got, err := users.UserByID(t.Context(), alice.ID); err != nil || !got.LastLogin.IsZero() {
		t.Errorf("alice's last login is %v (%v) after logins of others", got.LastLogin, err)
	}
}

func duplicate(t *testing.T, users store.Store) {
	first, err := users.AddUser(t.Context(), Alice())
	if err != nil {
		t.Fatal(err)
	}
	second := Alice()
	second.Email, second.Password, second.IsSuperuser = "other@example.com", "!other", true
	if got, err := users.AddUser(t.Context(), second); !errors.Is(err, store.ErrExists) {
		t.Fatalf("the second AddUser = %v, %v; want ErrExists", got, err)
	}
	got, err := users.UserByUsername(t.Context(), "alice")
	if err != nil {
		t.Fatal(err)
	}
	Same(t, "the first user, after the second was refused,", got, first)
	if all, err := users.Users(t.Context()); err != nil || len(all) != 1 {
		t.Errorf("there are %d users (%v), want 1", len(all), err)
	}
}

func parallelSame(t *testing.T, users store.Store) {
	const calls = 100
	errs := inParallel(calls, func(i int) error {
		user := Alice()
		user.Email = fmt.Sprintf("alice%d@example.com", i)
		_, err := users.AddUser(t.Context(), user)
		return err
	})
	won := 0
	for i, err := range errs {
		switch {
		case err == nil:
			won++
		case !errors.Is(err, store.ErrExists):
			t.Errorf("call %d: %v; want ErrExists", i, err)
		}
	}
	all, err := users.Users(t.Context())
	if won != 1 || err != nil || len(all) != 1 {
		t.Errorf("%d of %d calls succeeded and %d users are stored (%v); want 1 and 1", won, calls, len(all), err)
	}
}

func parallelDistinct(t *testing.T, users store.Store) {
	const calls = 50
	name := func(i int) string { return fmt.Sprintf("user%d", i) }
	errs := inParallel(calls, func(i int) error {
		added, err := users.AddUser(t.Context(), store.User{Username: name(i)})
		if err != nil {
			return err
		}
		if err := users.SetLastLogin(t.Context(), added.ID, Alice().LastLogin); err != nil {
			return err
		}
		got, err := users.UserByUsername(t.Context(), name(i))
		if err == nil && (got.ID != added.ID || !got.LastLogin.Equal(Alice().LastLogin)) {
			err = fmt.Errorf("got %v with last login %v, want ID %s", got, got.LastLogin, added.ID)
		}
		return err
	})
	for i, err := range errs {
		if err != nil {
			t.Errorf("%s: %v", name(i), err)
		}
	}
	all, err := users.Users(t.Context())
	if err != nil || len(all) != calls {
		t.Fatalf("there are %d users (%v), want %d", len(all), err, calls)
	}
	ids := map[string]bool{}
	for _, user := range all {
		ids[user.ID] = true
	}
	if len(ids) != calls {
		t.Errorf("%d users have %d IDs", calls, len(ids))
	}
}

func listed(t *testing.T, users store.Store) {
	if all, err := users.Users(t.Context()); err != nil || len(all) != 0 {
		t.Fatalf("an empty store lists %d users (%v)", len(all), err)
	}
	var want []store.User
	for _, name := range []string{"zoe", "alice", "mallory", "n4", "n5", "n6", "n7", "n8", "n9", "n10", "n11"} {
		want = append(want, add(t, users, name))
	}
	got, err := users.Users(t.Context())
	if err != nil || len(got) != len(want) {
		t.Fatalf("%d users are listed (%v), want %d", len(got), err, len(want))
	}
	for i := range want {
		Same(t, fmt.Sprintf("Users()[%d]", i), got[i], want[i])
	}
}

func lastLogin(t *testing.T, users store.Store) {
	want, err := users.AddUser(t.Context(), Alice())
	if err != nil {
		t.Fatal(err)
	}
	other := add(t, users, "other")
	want.LastLogin = time.Date(2027, 2, 3, 4, 5, 6, 7000, time.UTC)
	if err := users.SetLastLogin(t.Context(), want.ID, want.LastLogin.Add(999*time.Nanosecond)); err != nil {
		t.Fatal(err)
	}
	got, err := users.UserByID(t.Context(), want.ID)
	if err != nil {
		t.Fatal(err)
	}
	Same(t, "after SetLastLogin", got, want)
	if got, err = users.UserByID(t.Context(), other.ID); err != nil || !got.LastLogin.IsZero() {
		t.Errorf("the other user's last login is %v (%v), want never", got.LastLogin, err)
	}
}

func cancelled(t *testing.T, users store.Store) {
	alice := add(t, users, "alice")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	everyCallFails(ctx, t, users, alice.ID)
	if all, err := users.Users(t.Context()); err != nil || len(all) != 1 || !all[0].LastLogin.IsZero() {
		t.Errorf("afterwards: %v, %v; want alice alone and unchanged", all, err)
	}
}

func closed(t *testing.T, users store.Store) {
	alice := add(t, users, "alice")
	if err := users.Close(); err != nil {
		t.Fatal(err)
	}
	everyCallFails(t.Context(), t, users, alice.ID)
	everyCallFails(t.Context(), t, users, "abc")
	if err := users.Close(); err != nil {
		t.Errorf("the second Close: %v", err)
	}
}

// everyCallFails checks that each method fails without an answer about the user.
func everyCallFails(ctx context.Context, t *testing.T, users store.Store, id string) {
	t.Helper()
	calls := map[string]func() error{
		"UserByUsername": func() error { _, err := users.UserByUsername(ctx, "alice"); return err },
		"UserByID":       func() error { _, err := users.UserByID(ctx, id); return err },
		"AddUser new":    func() error { _, err := users.AddUser(ctx, store.User{Username: "new"}); return err },
		"AddUser taken":  func() error { _, err := users.AddUser(ctx, store.User{Username: "alice"}); return err },
		"Users":          func() error { _, err := users.Users(ctx); return err },
		"SetLastLogin":   func() error { return users.SetLastLogin(ctx, id, time.Now()) },
	}
	for name, call := range calls {
		if err := call(); err == nil || errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrExists) {
			t.Errorf("%s = %v; want another error", name, err)
		}
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
