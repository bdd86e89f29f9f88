package storetest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/jeton-dev/jeton/workers/store"
)

var changeCases = []testCase{
	{"a login is recorded", lastLogin},
	{"a password is changed from the one it is", changePassword},
	{"parallel changes of one password", parallelPasswords},
	{"a user is deleted", deleteUser},
	{"an ID is not used again", idsAreNotReused},
	{"a deleted user's tokens belong to nobody", deletedUsersTokens},
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

func changePassword(t *testing.T, stored store.Store) {
	want, other := add(t, stored, "alice"), add(t, stored, "other")
	for _, step := range []struct {
		old, next string
		changed   bool
	}{
		{"!", "pbkdf2_sha256$1$a$b", true},
		{"!", "pbkdf2_sha256$1$c$d", false},
		{"PBKDF2_SHA256$1$a$b", "x", false},
		{"pbkdf2_sha256$1$a$b ", "x", false},
		{"", "x", false},
		{"pbkdf2_sha256$1$a$b", `'; DROP TABLE "auth_user"; --`, true},
		{`'; DROP TABLE "auth_user"; --`, "same", true},
		{"same", "same", true},
	} {
		changed, err := stored.SetPassword(t.Context(), want.ID, step.old, step.next)
		if err != nil || changed != step.changed {
			t.Errorf("SetPassword(%q, %q) = %v, %v; want %v", step.old, step.next, changed, err, step.changed)
		}
		if step.changed {
			want.Password = step.next
		}
		got, err := stored.UserByID(t.Context(), want.ID)
		if err != nil {
			t.Fatal(err)
		}
		Same(t, "after SetPassword", got, want)
	}
	if got, err := stored.UserByID(t.Context(), other.ID); err != nil || got.Password != "!" {
		t.Errorf("the other user's password is %q, %v afterwards", got.Password, err)
	}
	for _, id := range []string{"", "abc", "0", "-1", "0" + want.ID, want.ID + "0"} {
		if changed, err := stored.SetPassword(t.Context(), id, "same", "x"); changed || !errors.Is(err, store.ErrNotFound) {
			t.Errorf("SetPassword of user %q = %v, %v; want ErrNotFound", id, changed, err)
		}
	}
}

func parallelPasswords(t *testing.T, stored store.Store) {
	alice := add(t, stored, "alice")
	const calls = 50
	changed := make([]bool, calls)
	for i, err := range inParallel(calls, func(i int) (err error) {
		changed[i], err = stored.SetPassword(t.Context(), alice.ID, "!", fmt.Sprintf("hash%d", i))
		return err
	}) {
		if err != nil {
			t.Errorf("call %d: %v", i, err)
		}
	}
	got, err := stored.UserByID(t.Context(), alice.ID)
	if err != nil {
		t.Fatal(err)
	}
	won := 0
	for i := range changed {
		if changed[i] {
			won++
			if want := fmt.Sprintf("hash%d", i); got.Password != want {
				t.Errorf("call %d reports that it changed the password, which is %q", i, got.Password)
			}
		}
	}
	if won != 1 {
		t.Errorf("%d calls changed the password, want 1", won)
	}
}

func deleteUser(t *testing.T, stored store.Store) {
	alice, other := add(t, stored, "alice"), add(t, stored, "other")
	if err := stored.DeleteUser(t.Context(), alice.ID); err != nil {
		t.Fatal(err)
	}
	for what, err := range map[string]error{
		"UserByID":       second(stored.UserByID(t.Context(), alice.ID)),
		"UserByUsername": second(stored.UserByUsername(t.Context(), "alice")),
		"DeleteUser":     stored.DeleteUser(t.Context(), alice.ID),
		"SetLastLogin":   stored.SetLastLogin(t.Context(), alice.ID, alice.DateJoined),
	} {
		if !errors.Is(err, store.ErrNotFound) {
			t.Errorf("%s of the deleted user: %v, want ErrNotFound", what, err)
		}
	}
	for _, id := range []string{"", "abc", "0", "-1", "0" + other.ID, other.ID + "0", "' OR '1'='1"} {
		if err := stored.DeleteUser(t.Context(), id); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("DeleteUser(%q) = %v, want ErrNotFound", id, err)
		}
	}
	all, err := stored.Users(t.Context())
	if err != nil || len(all) != 1 {
		t.Fatalf("%d users are left (%v), want 1", len(all), err)
	}
	Same(t, "the other user", all[0], other)
}

func idsAreNotReused(t *testing.T, stored store.Store) {
	add(t, stored, "first")
	last := add(t, stored, "last")
	if err := stored.DeleteUser(t.Context(), last.ID); err != nil {
		t.Fatal(err)
	}
	again := add(t, stored, "last")
	if again.ID == last.ID {
		t.Errorf("the new user has the ID %s of the deleted one, and so their tokens", again.ID)
	}
}

func deletedUsersTokens(t *testing.T, stored store.Store) {
	alice, other := add(t, stored, "alice"), add(t, stored, "other")
	live, dead := Outstanding("live", alice.ID), Outstanding("dead", alice.ID)
	if err := stored.RecordToken(t.Context(), live); err != nil {
		t.Fatal(err)
	}
	blacklist(t, stored, dead, true)
	block(t, stored, Blocked("a-token", "", alice.ID), true)
	block(t, stored, Blocked("another-token", "", other.ID), true)
	if err := stored.DeleteUser(t.Context(), alice.ID); err != nil {
		t.Fatal(err)
	}
	isBlacklisted(t, stored, "live", false)
	isBlacklisted(t, stored, "dead", true)
	isBlocked(t, stored, store.BlockedQuery{Token: "a-token"}, false)
	isBlocked(t, stored, store.BlockedQuery{Token: "another-token"}, true)
	// The rows are still there, and a token of the deleted user can still be withdrawn.
	blacklist(t, stored, live, true)
	blacklist(t, stored, Outstanding("late", alice.ID), true)
	isBlacklisted(t, stored, "late", true)
	flush(t, stored, live.ExpiresAt, 3)
}
