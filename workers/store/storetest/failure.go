package storetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/jeton-dev/jeton/workers/store"
)

var failureCases = []testCase{
	{"a cancelled context fails", cancelled},
	{"a closed store fails", closed},
}

func cancelled(t *testing.T, users store.Store) {
	alice := add(t, users, "alice")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	everyCallFails(ctx, t, users, alice.ID)
	if all, err := users.Users(t.Context()); err != nil || len(all) != 1 || all[0] != alice {
		t.Errorf("afterwards: %v, %v; want alice alone and unchanged", all, err)
	}
	flush(t, users, Outstanding("token", "").ExpiresAt, 0)
	deleteStale(t, users, Blocked("token", "", "").ExpiresAt.Add(time.Hour), 0)
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
	token, next, blocked := Outstanding("token", id), Outstanding("next", id), Blocked("token", "", id)
	calls := map[string]func() error{
		"UserByUsername":           func() error { return second(users.UserByUsername(ctx, "alice")) },
		"UserByID":                 func() error { return second(users.UserByID(ctx, id)) },
		"UserBy":                   func() error { return second(users.UserBy(ctx, "email", "alice@example.com")) },
		"AddUser new":              func() error { return second(users.AddUser(ctx, store.User{Username: "new"})) },
		"AddUser taken":            func() error { return second(users.AddUser(ctx, store.User{Username: "alice"})) },
		"Users":                    func() error { return second(users.Users(ctx)) },
		"SetLastLogin":             func() error { return users.SetLastLogin(ctx, id, time.Now()) },
		"SetPassword":              func() error { return second(users.SetPassword(ctx, id, "!", "x")) },
		"DeleteUser":               func() error { return users.DeleteUser(ctx, id) },
		"RecordToken":              func() error { return users.RecordToken(ctx, token) },
		"RotateToken":              func() error { return second(users.RotateToken(ctx, token, next, time.Now())) },
		"BlacklistToken":           func() error { return second(users.BlacklistToken(ctx, token, time.Now())) },
		"TokenBlacklisted":         func() error { return second(users.TokenBlacklisted(ctx, "token")) },
		"TokenOwner":               func() error { _, _, err := users.TokenOwner(ctx, id, "token"); return err },
		"FlushExpiredTokens":       func() error { return second(users.FlushExpiredTokens(ctx, token.ExpiresAt)) },
		"BlockToken":               func() error { return second(users.BlockToken(ctx, blocked)) },
		"TokenBlocked":             func() error { return second(users.TokenBlocked(ctx, store.BlockedQuery{Token: "token"})) },
		"TokenBlocked nothing":     func() error { return second(users.TokenBlocked(ctx, store.BlockedQuery{})) },
		"DeleteStaleBlockedTokens": func() error { return second(users.DeleteStaleBlockedTokens(ctx, token.ExpiresAt)) },
		"HasTables":                func() error { return second(users.HasTables(ctx, store.UserTables)) },
	}
	for name, call := range calls {
		if err := call(); err == nil || errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrExists) {
			t.Errorf("%s = %v; want another error", name, err)
		}
	}
}
