package storetest

import (
	"context"
	"errors"
	"testing"

	"github.com/jeton-dev/jeton/workers/store"
)

// RunReferences checks what becomes of a user whom rows of tables refer to that the store has no rule for. The database is empty, speaks
// the dialect, and enforces foreign keys.
func RunReferences(t *testing.T, database store.Database, dialect store.Dialect) {
	ctx := t.Context()
	racing := &racingDatabase{Database: database}
	stored := store.NewSQL(racing, dialect, store.UserModel{})
	if err := stored.CreateTables(ctx, store.UserTables|store.TokenTables|store.BlockedTokenTables); err != nil {
		t.Fatal(err)
	}
	exec := func(statement string) {
		t.Helper()
		if _, err := database.Exec(ctx, statement); err != nil {
			t.Fatal(err)
		}
	}
	// As Django makes one, and with names that need quotes.
	exec(`CREATE TABLE "Shop ""Orders""" ("id" integer PRIMARY KEY, "the owner" integer NULL REFERENCES "auth_user" ("id") DEFERRABLE INITIALLY DEFERRED)`)
	const insert = `INSERT INTO "Shop ""Orders""" VALUES (1, `

	alice, bob := add(t, stored, "alice"), add(t, stored, "bob")
	for _, user := range []store.User{alice, bob} {
		if err := stored.RecordToken(ctx, Outstanding("token of "+user.Username, user.ID)); err != nil {
			t.Fatal(err)
		}
		block(t, stored, Blocked("blocked of "+user.Username, "", user.ID), true)
	}
	unchanged := func(when string) {
		t.Helper()
		if got, err := stored.UserByID(ctx, alice.ID); err != nil || got != alice {
			t.Errorf("%s: alice is %v, %v", when, got, err)
		}
		isBlocked(t, stored, store.BlockedQuery{Token: "blocked of alice"}, true)
		rows, err := database.Query(ctx, `SELECT 1 FROM token_blacklist_outstandingtoken WHERE user_id IS NULL`)
		if err != nil || len(rows) != 0 {
			t.Errorf("%s: %d tokens belong to nobody, %v", when, len(rows), err)
		}
	}

	exec(insert + alice.ID + ")")
	if err := stored.DeleteUser(ctx, alice.ID); !errors.Is(err, store.ErrReferenced) {
		t.Errorf("DeleteUser = %v, want ErrReferenced", err)
	}
	unchanged("referred to")
	if err := stored.DeleteUser(ctx, bob.ID); err != nil {
		t.Errorf("DeleteUser of another user: %v", err)
	}
	if _, err := database.Exec(ctx, `UPDATE token_blacklist_outstandingtoken SET user_id = `+alice.ID+` WHERE user_id IS NULL`); err != nil {
		t.Fatal(err)
	}

	// A reference that comes after the look for it.
	exec(`DELETE FROM "Shop ""Orders"""`)
	racing.beforeBatch = func() { exec(insert + alice.ID + ")") }
	if err := stored.DeleteUser(ctx, alice.ID); !errors.Is(err, store.ErrReferenced) {
		t.Errorf("DeleteUser with a late reference = %v, want ErrReferenced", err)
	}
	racing.beforeBatch = nil
	unchanged("referred to late")

	exec(`UPDATE "Shop ""Orders""" SET "the owner" = NULL`)
	if err := stored.DeleteUser(ctx, alice.ID); err != nil {
		t.Errorf("DeleteUser when nothing refers to the user any more: %v", err)
	}
}

// racingDatabase lets somebody else in before a batch.
type racingDatabase struct {
	store.Database
	beforeBatch func()
}

func (d *racingDatabase) Batch(ctx context.Context, statements []store.Statement) ([]store.Result, error) {
	if d.beforeBatch != nil {
		d.beforeBatch()
	}
	return d.Database.Batch(ctx, statements)
}
