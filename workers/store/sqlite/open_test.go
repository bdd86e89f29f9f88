package sqlite_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/jeton-dev/jeton/workers/store"
	"github.com/jeton-dev/jeton/workers/store/sqlite"
	"github.com/jeton-dev/jeton/workers/store/storetest"
)

func TestStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T) store.Store { return open(t, filepath.Join(t.TempDir(), "users.sqlite3")) })
}

// TestStoreOnRollbackJournal runs the suite on a file that was there before, in the journal mode Django leaves it in.
func TestStoreOnRollbackJournal(t *testing.T) {
	storetest.Run(t, func(t *testing.T) store.Store {
		path := filepath.Join(t.TempDir(), "users.sqlite3")
		execute(t, path, `CREATE TABLE "other" ("id" integer)`)
		return open(t, path)
	})
}

func TestOpenCreates(t *testing.T) {
	for _, name := range []string{"users.sqlite3", "with space.db", "100%25.db", "a?mode=ro.db", "a#b.db", "':memory:", "ünï.db", "file:x.db"} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), name)
			users := open(t, path)
			if _, err := users.AddUser(t.Context(), storetest.Alice()); err != nil {
				t.Fatal(err)
			}
			if err := users.Close(); err != nil {
				t.Fatal(err)
			}
			info, err := os.Stat(path)
			if err != nil {
				t.Fatal(err)
			}
			if info.Mode().Perm() != 0o600 {
				t.Errorf("the file's mode is %04o, want 0600", info.Mode().Perm())
			}
			entries, err := os.ReadDir(filepath.Dir(path))
			if err != nil || len(entries) != 1 {
				t.Errorf("besides the file there is something else: %v, %v", entries, err)
			}
			again := open(t, path)
			if _, err := again.UserByUsername(t.Context(), "alice"); err != nil {
				t.Errorf("after opening again: %v", err)
			}
		})
	}
}

func TestOpenRelativePath(t *testing.T) {
	t.Chdir(t.TempDir())
	open(t, "users.sqlite3")
	if _, err := os.Stat("users.sqlite3"); err != nil {
		t.Error(err)
	}
}

func TestJournalMode(t *testing.T) {
	created := filepath.Join(t.TempDir(), "created.sqlite3")
	open(t, created).Close()
	if mode := query(t, created, "PRAGMA journal_mode"); mode != "wal" {
		t.Errorf("a file made here is in mode %s, want wal", mode)
	}
	found := filepath.Join(t.TempDir(), "found.sqlite3")
	execute(t, found, `CREATE TABLE "other" ("id" integer)`)
	open(t, found).Close()
	if mode := query(t, found, "PRAGMA journal_mode"); mode != "delete" {
		t.Errorf("a file found is in mode %s afterwards, want delete as before", mode)
	}
}

func TestOpenLeavesOthersAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "site.sqlite3")
	execute(t, path, `CREATE TABLE "other" ("id" integer, "text" text); INSERT INTO "other" VALUES (1, 'one'); PRAGMA user_version = 41`)
	if err := os.Chmod(path, 0o640); err != nil {
		t.Fatal(err)
	}
	users := open(t, path)
	if _, err := users.AddUser(t.Context(), storetest.Alice()); err != nil {
		t.Fatal(err)
	}
	users.Close()
	for statement, want := range map[string]string{
		`SELECT "id" || "text" FROM "other"`: "1one",
		`PRAGMA user_version`:                "41",
		`SELECT group_concat("name", ' ') FROM "sqlite_master" WHERE "type" = 'table' AND "name" NOT LIKE 'sqlite\_%' ESCAPE '\'`: "other " +
			"django_content_type auth_permission auth_group auth_group_permissions auth_user auth_user_groups auth_user_user_permissions " +
			"token_blacklist_outstandingtoken token_blacklist_blacklistedtoken blacklist_blacklistedtoken",
	} {
		if got := query(t, path, statement); got != want {
			t.Errorf("%s gives %s, want %s", statement, got, want)
		}
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("the mode is %v afterwards (%v), want 0640 as before", info.Mode(), err)
	}
}

func TestOpenRefuses(t *testing.T) {
	directory := t.TempDir()
	write := func(name, content string) string {
		path := filepath.Join(directory, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	lacking := filepath.Join(directory, "lacking.sqlite3")
	execute(t, lacking, `CREATE TABLE "auth_user" ("id" integer PRIMARY KEY, "username" text)`)

	for name, test := range map[string]struct{ path, reason string }{
		"a text file":              {write("text", strings.Repeat("not a database\n", 100)), "not an SQLite database"},
		"a short text file":        {write("short", "x"), "not an SQLite database"},
		"a directory":              {directory, "a directory, not a file"},
		"a missing directory":      {filepath.Join(directory, "missing", "x"), "no such file or directory"},
		"a file as directory":      {filepath.Join(write("plain", ""), "x"), "not a directory"},
		"a place nobody may write": {"/proc/jeton.sqlite3", ""},
		"no name":                  {"", "not the name of a file"},
		"a database in memory":     {":memory:", "not the name of a file"},
		"a table without columns":  {lacking, "the table auth_user is not usable"},
	} {
		t.Run(name, func(t *testing.T) {
			users, err := sqlite.Open(t.Context(), test.path, store.UserModel{})
			if err == nil {
				users.Close()
				t.Fatal("Open succeeds")
			}
			if !strings.HasPrefix(err.Error(), test.path+": ") || !strings.Contains(err.Error(), test.reason) {
				t.Errorf("the error is %q, want the path and %q", err, test.reason)
			}
		})
	}
	if content, err := os.ReadFile(filepath.Join(directory, "short")); err != nil || string(content) != "x" {
		t.Errorf("the refused file of 1 byte holds %d afterwards (%v)", len(content), err)
	}
}

func TestOpenReadOnly(t *testing.T) {
	path := filepath.Join(t.TempDir(), "users.sqlite3")
	if _, err := sqlite.OpenReadOnly(t.Context(), path, store.UserModel{}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing file: %v, want fs.ErrNotExist", err)
	}
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the file was made: %v", err)
	}
	if _, err := open(t, path).AddUser(t.Context(), storetest.Alice()); err != nil {
		t.Fatal(err)
	}
	users, err := sqlite.OpenReadOnly(t.Context(), path, store.UserModel{})
	if err != nil {
		t.Fatal(err)
	}
	defer users.Close()
	alice, err := users.UserByUsername(t.Context(), "alice")
	if err != nil {
		t.Fatal(err)
	}
	_, addErr := users.AddUser(t.Context(), store.User{Username: "new"})
	for what, err := range map[string]error{"AddUser": addErr, "SetLastLogin": users.SetLastLogin(t.Context(), alice.ID, alice.DateJoined)} {
		if err == nil || errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrExists) {
			t.Errorf("%s = %v, want an error of the database", what, err)
		}
	}
}

// TestOpenAtOnce opens a file that is not there from many places at once, as programs that start together do.
func TestOpenAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "users.sqlite3")
	const programs = 16
	errs := make([]error, programs)
	added := make([]error, programs)
	var group sync.WaitGroup
	for i := range programs {
		group.Go(func() {
			users, err := sqlite.Open(context.Background(), path, store.UserModel{})
			if errs[i] = err; err != nil {
				return
			}
			defer users.Close()
			_, added[i] = users.AddUser(context.Background(), store.User{Username: "alice", Email: fmt.Sprint(i)})
		})
	}
	group.Wait()
	won := 0
	for i := range programs {
		if errs[i] != nil || added[i] != nil && !errors.Is(added[i], store.ErrExists) {
			t.Errorf("program %d: %v, %v", i, errs[i], added[i])
		}
		if errs[i] == nil && added[i] == nil {
			won++
		}
	}
	if won != 1 {
		t.Errorf("%d programs added alice, want 1", won)
	}
}

func TestBrokenDatabase(t *testing.T) {
	path := filepath.Join(t.TempDir(), "users.sqlite3")
	users := open(t, path)
	alice, err := users.AddUser(t.Context(), storetest.Alice())
	if err != nil {
		t.Fatal(err)
	}
	execute(t, path, `DROP TABLE "auth_user"`)
	_, byName := users.UserByUsername(t.Context(), "alice")
	_, byID := users.UserByID(t.Context(), alice.ID)
	_, add := users.AddUser(t.Context(), store.User{Username: "alice", Password: "!a-hash-that-must-not-show"})
	_, list := users.Users(t.Context())
	for what, err := range map[string]error{
		"UserByUsername": byName, "UserByID": byID, "AddUser": add, "Users": list, "SetLastLogin": users.SetLastLogin(t.Context(), alice.ID, alice.DateJoined),
	} {
		if err == nil || errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrExists) {
			t.Errorf("%s = %v, want an error of the database", what, err)
		} else if strings.Contains(err.Error(), "must-not-show") || strings.Contains(err.Error(), "alice") {
			t.Errorf("%s's error carries an argument: %v", what, err)
		}
	}
}

// TestForeignRows reads rows as other programs may have written them.
func TestForeignRows(t *testing.T) {
	path := filepath.Join(t.TempDir(), "users.sqlite3")
	users := open(t, path)
	const insert = `INSERT INTO "auth_user" ("id", "username", "password", "email", "first_name", "last_name", "is_active", "is_staff", "is_superuser", "date_joined", "last_login") VALUES `
	execute(t, path, insert+`
		(9007199254740993, 'large', '!', '', '', '', 1, 0, 0, '2026-11-24 10:00:00', NULL),
		(-5, 'negative', '!', '', '', '', 1, 0, 0, '2026-11-24 10:00:00.5', '2026-11-24T10:00:00Z'),
		(7, 12345, '!', '', '', '', 1, 0, 0, '2026-11-24 15:30:00+05:30', '2026-11-24 10:00:00.123456+00:00'),
		(8, 'broken', '!', '', '', '', 1, 0, 0, 'yesterday', NULL)`)
	for id, want := range map[string]string{"9007199254740993": "large", "-5": "negative", "7": "12345"} {
		got, err := users.UserByID(t.Context(), id)
		if err != nil || got.ID != id || got.Username != want || got.DateJoined.Hour() != 10 {
			t.Errorf("UserByID(%s) = %v joined %v, %v; want %s", id, got, got.DateJoined, err, want)
		}
		if got, err = users.UserByUsername(t.Context(), want); err != nil || got.ID != id {
			t.Errorf("UserByUsername(%s) = %v, %v; want ID %s", want, got, err, id)
		}
	}
	for _, id := range []string{"9007199254740992", "9007199254740994"} { // its neighbours as floating-point numbers
		if got, err := users.UserByID(t.Context(), id); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("UserByID(%s) = %v, %v; want ErrNotFound", id, got, err)
		}
	}
	if _, err := users.UserByUsername(t.Context(), "broken"); err == nil || errors.Is(err, store.ErrNotFound) || strings.Contains(err.Error(), "yesterday") {
		t.Errorf("a row that cannot be read gives %v, want an error of the database without the cell", err)
	}
}

func TestInsertStatement(t *testing.T) {
	path := filepath.Join(t.TempDir(), "users.sqlite3")
	users := open(t, path)
	tricky := storetest.Alice()
	tricky.Username, tricky.FirstName, tricky.LastName = `o'neill`, `'); DROP TABLE "auth_user"; --`, "two\nlines ? $1 :a \\"
	plain := storetest.Alice()
	for _, want := range []store.User{tricky, plain} {
		statement, err := store.InsertStatement(want)
		if err != nil {
			t.Fatal(err)
		}
		execute(t, path, statement)
		got, err := users.UserByUsername(t.Context(), want.Username)
		if err != nil {
			t.Fatal(err)
		}
		want.ID = got.ID
		storetest.Same(t, statement, got, want)
	}
	for _, text := range []string{"nul\x00", "\xff"} {
		if statement, err := store.InsertStatement(store.User{Username: text}); err == nil {
			t.Errorf("InsertStatement of %q = %s, want an error", text, statement)
		}
	}
}

// execute runs SQL on the file as another program would.
func execute(t *testing.T, path, statements string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), statements); err != nil {
		t.Fatal(err)
	}
}

// query returns the one cell that a statement gives.
func query(t *testing.T, path, statement string) (cell string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.QueryRowContext(t.Context(), statement).Scan(&cell); err != nil {
		t.Fatal(err)
	}
	return cell
}
