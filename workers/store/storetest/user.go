package storetest

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"testing"
	"time"

	"github.com/jeton-dev/jeton/workers/store"
)

var userCases = []testCase{
	{"a user comes back as added", roundTrip},
	{"defaults are filled in", defaults},
	{"usernames are compared exactly", exactUsernames},
	{"text is data", textIsData},
	{"unknown users are not found", notFound},
	{"users are found by any field", byField},
	{"a username is taken once", duplicate},
	{"parallel adds of one username", parallelSame},
	{"parallel adds of many usernames", parallelDistinct},
	{"users are listed in order", listed},
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

func byField(t *testing.T, stored store.Store) {
	want := Alice()
	want.FirstName = "O'Neill"
	alice, err := stored.AddUser(t.Context(), want)
	if err != nil {
		t.Fatal(err)
	}
	want.Username, want.FirstName, want.Email = "other", "Bob", "bob@example.com"
	other, err := stored.AddUser(t.Context(), want)
	if err != nil {
		t.Fatal(err)
	}
	for _, look := range []struct {
		field, value string
		want         store.User
		err          error
	}{
		{"id", alice.ID, alice, nil},
		{"username", "other", other, nil},
		{"email", "alice@example.com", alice, nil},
		{"first_name", "O'Neill", alice, nil},
		{"first_name", "Bob", other, nil},
		{"last_name", "Example", store.User{}, store.ErrAmbiguous},
		{"id", "0" + alice.ID, store.User{}, store.ErrNotFound},
		{"id", alice.ID + ".0", store.User{}, store.ErrNotFound},
		{"id", "alice", store.User{}, store.ErrNotFound},
		{"id", "99999999999999999999", store.User{}, store.ErrNotFound},
		{"username", "Other", store.User{}, store.ErrNotFound},
		{"email", "ALICE@example.com", store.User{}, store.ErrNotFound},
		{"email", "", store.User{}, store.ErrNotFound},
		{"email", "' OR '1'='1", store.User{}, store.ErrNotFound},
		{"ID", alice.ID, store.User{}, store.ErrUnknownField},
		{"no_such_column", "x", store.User{}, store.ErrUnknownField},
		{"", "x", store.User{}, store.ErrUnknownField},
		{"username = username OR username", "x", store.User{}, store.ErrUnknownField},
		{`id" = 1 OR "id`, "x", store.User{}, store.ErrUnknownField},
		{"1", "1", store.User{}, store.ErrUnknownField},
		{"NULL", "x", store.User{}, store.ErrUnknownField},
		{"current_user", "x", store.User{}, store.ErrUnknownField},
	} {
		got, err := stored.UserBy(t.Context(), look.field, look.value)
		if !errors.Is(err, look.err) || (err == nil) != (look.err == nil) {
			t.Errorf("UserBy(%q, %q): %v, want %v", look.field, look.value, err, look.err)
		}
		Same(t, fmt.Sprintf("UserBy(%q, %q)", look.field, look.value), got, look.want)
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
