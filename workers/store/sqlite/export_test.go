package sqlite_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jeton-dev/jeton/workers/store"
	"github.com/jeton-dev/jeton/workers/store/sqlite"
	"github.com/jeton-dev/jeton/workers/store/storetest"
)

// exportInto runs the statements of an export on a file as another tool would, and returns them.
func exportInto(t *testing.T, users *store.SQL, now time.Time, path string) (statements []string) {
	t.Helper()
	err := users.Export(t.Context(), now, func(statement string) error {
		statements = append(statements, statement)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	execute(t, path, "PRAGMA foreign_keys = ON;\n"+strings.Join(statements, "\n"))
	return statements
}

func TestExport(t *testing.T) {
	ctx, now := t.Context(), time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC)
	users := open(t, filepath.Join(t.TempDir(), "from.sqlite3"))
	other := filepath.Join(t.TempDir(), "to.sqlite3")
	execute(t, other, store.Schema(store.SQLite, store.UserTables|store.TokenTables|store.BlockedTokenTables))

	tricky := storetest.Alice()
	tricky.Username, tricky.FirstName, tricky.LastName = `o'neill`, `'); DROP TABLE "auth_user"; --`, "two\nlines ? $1 :a \\"
	tricky.LastLogin = now.Add(-time.Hour + time.Microsecond)
	var ids []string
	for _, user := range []store.User{{Username: "gone"}, tricky, storetest.Alice()} {
		added, err := users.AddUser(ctx, user)
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, added.ID)
	}
	if err := users.DeleteUser(ctx, ids[0]); err != nil {
		t.Fatal(err)
	}
	token := func(jti, user string, left time.Duration) store.OutstandingToken {
		return store.OutstandingToken{JTI: jti, Token: "secret-token-" + jti, UserID: user, CreatedAt: now.Add(-time.Hour), ExpiresAt: now.Add(left)}
	}
	if err := users.RecordToken(ctx, token("good", ids[1], time.Hour)); err != nil {
		t.Fatal(err)
	}
	for _, withdrawn := range []store.OutstandingToken{token("withdrawn", ids[1], time.Hour), token("nobody's", "", time.Hour), token("over", ids[1], 0)} {
		if _, err := users.BlacklistToken(ctx, withdrawn, now); err != nil {
			t.Fatal(err)
		}
	}
	const family = "3f2504e0-4f89-41d3-9a0c-0305e82c3301"
	for _, blocked := range []store.BlockedToken{
		{Token: "blocked-whole", UserID: ids[1], ExpiresAt: now.Add(time.Hour), BlacklistedAt: now},
		{TokenID: family, UserID: ids[2], ExpiresAt: now.Add(time.Hour), BlacklistedAt: now},
		{Token: "blocked-over", UserID: ids[1], ExpiresAt: now, BlacklistedAt: now},
	} {
		if _, err := users.BlockToken(ctx, blocked); err != nil {
			t.Fatal(err)
		}
	}

	for _, round := range []string{"first", "again", "after a change"} {
		if round == "after a change" {
			if changed, err := users.SetPassword(ctx, ids[2], storetest.Alice().Password, "!next"); err != nil || !changed {
				t.Fatal(changed, err)
			}
		}
		statements := exportInto(t, users, now, other)
		for _, statement := range statements {
			if !strings.HasSuffix(statement, ";") || strings.Contains(statement, "secret-token") {
				t.Errorf("%s: the statement is %s", round, statement)
			}
		}
		want, err := users.Users(ctx)
		if err != nil {
			t.Fatal(err)
		}
		moved := open(t, other)
		got, err := moved.Users(ctx)
		if err != nil || fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", want) || len(got) != 2 {
			t.Errorf("%s: the users are %v (%v), want %v", round, got, err, want)
		}
		for i := range got {
			storetest.Same(t, round, got[i], want[i])
		}
		for jti, want := range map[string]bool{"withdrawn": true, "nobody's": true, "over": false, "good": false} {
			if got, err := moved.TokenBlacklisted(ctx, jti); err != nil || got != want {
				t.Errorf("%s: the token %s is blacklisted: %v, %v", round, jti, got, err)
			}
		}
		for _, query := range []store.BlockedQuery{{Token: "blocked-whole"}, {TokenIDs: []string{family}}} {
			if got, err := moved.TokenBlocked(ctx, query); err != nil || !got {
				t.Errorf("%s: %v: %v, %v", round, query, got, err)
			}
		}
		if got, err := moved.TokenBlocked(ctx, store.BlockedQuery{Token: "blocked-over"}); err != nil || got {
			t.Errorf("%s: a blocked token that expired was exported: %v", round, err)
		}
		moved.Close()
		for _, table := range []string{"auth_user", "token_blacklist_outstandingtoken", "token_blacklist_blacklistedtoken", "blacklist_blacklistedtoken"} {
			if n := query(t, other, "SELECT count(*) FROM "+table); n != "2" {
				t.Errorf("%s: %s has %s rows, want 2", round, table, n)
			}
		}
	}

	stop := errors.New("enough")
	if err := users.Export(ctx, now, func(string) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("the error of emit comes back as %v", err)
	}
	users.Close()
	if err := users.Export(ctx, now, func(string) error { return nil }); !errors.Is(err, store.ErrClosed) {
		t.Errorf("a closed store gives %v", err)
	}
}

// TestExportWithoutTokens exports from a site without the apps of tokens.
func TestExportWithoutTokens(t *testing.T) {
	path := filepath.Join(t.TempDir(), "from.sqlite3")
	execute(t, path, store.Schema(store.SQLite, store.UserTables))
	users := open(t, path)
	if _, err := users.AddUser(t.Context(), storetest.Alice()); err != nil {
		t.Fatal(err)
	}
	other := filepath.Join(t.TempDir(), "to.sqlite3")
	execute(t, other, store.Schema(store.SQLite, store.UserTables))
	if statements := exportInto(t, users, time.Now(), other); len(statements) != 1 {
		t.Errorf("there are %d statements, want 1", len(statements))
	}
}

func ExampleOpen_export() {
	ctx := context.Background()
	users, err := sqlite.OpenReadOnly(ctx, "site.sqlite3", store.UserModel{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer users.Close()
	err = users.Export(ctx, time.Now(), func(statement string) error {
		_, err := fmt.Println(statement) // for wrangler d1 execute
		return err
	})
	if err != nil {
		fmt.Println(err)
	}
}
