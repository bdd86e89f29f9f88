package store_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/jeton-dev/jeton/workers/store"
	"github.com/jeton-dev/jeton/workers/store/storetest"
)

func TestMemory(t *testing.T) {
	storetest.Run(t, func(*testing.T) store.Store { return store.NewMemory() })
}

// TestUserKeepsItsHash checks that no way of printing a user shows the password's hash.
func TestUserKeepsItsHash(t *testing.T) {
	user := storetest.Alice()
	user.Password = "pbkdf2_sha256$must$not$show"
	var log bytes.Buffer
	for _, handler := range []slog.Handler{slog.NewTextHandler(&log, nil), slog.NewJSONHandler(&log, nil)} {
		slog.New(handler).Info("login", "user", user)
	}
	printed := log.String() + fmt.Sprintf("%v %+v %#v %s %q", user, user, user, user, user) + fmt.Sprint(&user) + fmt.Sprintf("%+v", []store.User{user})
	if strings.Contains(printed, "must") || !strings.Contains(printed, "alice") {
		t.Errorf("printed: %s", printed)
	}
}

// answers is a Database that gives the same rows to every query.
type answers struct {
	rows [][]any
	err  error
}

func (a answers) Query(context.Context, string, ...any) ([][]any, error) { return a.rows, a.err }
func (a answers) Exec(context.Context, string, ...any) (int64, error)    { return 0, a.err }
func (a answers) Batch(context.Context, []store.Statement) ([]store.Result, error) {
	return nil, a.err
}

// TestSQLRefusesStrangeAnswers feeds what no database should give: a host's bridge may be wrong, and must not become a login.
func TestSQLRefusesStrangeAnswers(t *testing.T) {
	row := func(change func(cells []any)) [][]any {
		cells := []any{"1", "alice", "!", "", "", "", int64(1), int64(0), int64(0), "2026-11-24 10:00:00", nil}
		change(cells)
		return [][]any{cells}
	}
	good := row(func([]any) {})
	if user, err := store.NewSQL(answers{rows: good}, store.SQLite, store.UserModel{}).UserByUsername(t.Context(), "alice"); err != nil || user.ID != "1" {
		t.Fatalf("the row all cases are made from gives %v, %v", user, err)
	}
	for name, rows := range map[string][][]any{
		"two rows":            {good[0], good[0]},
		"no cell":             {{}},
		"a cell too few":      {good[0][:10]},
		"a number as text":    row(func(cells []any) { cells[1] = int64(5) }),
		"NULL as text":        row(func(cells []any) { cells[2] = nil }),
		"text as flag":        row(func(cells []any) { cells[6] = "1" }),
		"NULL as flag":        row(func(cells []any) { cells[6] = nil }),
		"a number as a time":  row(func(cells []any) { cells[9] = int64(1795000000) }),
		"an impossible time":  row(func(cells []any) { cells[9] = "2026-02-30 10:00:00" }),
		"an unexpected value": row(func(cells []any) { cells[1] = struct{}{} }),
	} {
		t.Run(name, func(t *testing.T) {
			users := store.NewSQL(answers{rows: rows}, store.SQLite, store.UserModel{})
			if user, err := users.UserByUsername(t.Context(), "alice"); err == nil || errors.Is(err, store.ErrNotFound) {
				t.Errorf("UserByUsername = %v, %v; want an error of the database", user, err)
			}
			if name == "two rows" {
				return
			}
			if all, err := users.Users(t.Context()); err == nil {
				t.Errorf("Users = %v, want an error", all)
			}
		})
	}
}

func ExampleMemory() {
	ctx := context.Background()
	users := store.NewMemory()
	defer users.Close()
	added, err := users.AddUser(ctx, store.User{Username: "alice", IsActive: true})
	fmt.Println(added, err)
	_, err = users.UserByUsername(ctx, "Alice")
	fmt.Println(errors.Is(err, store.ErrNotFound))
	// Output:
	// user 1 "alice" <nil>
	// true
}

func ExampleInsertStatement() {
	statement, err := store.InsertStatement(storetest.Alice())
	fmt.Println(statement, err)
	// Output:
	// INSERT INTO "auth_user" ("username", "password", "email", "first_name", "last_name", "is_active", "is_staff", "is_superuser", "date_joined", "last_login") VALUES ('alice', '!unusable', 'alice@example.com', 'Alice', 'Example', 1, 1, 0, '2026-11-24 10:00:00.123456', '2026-11-25 00:00:00'); <nil>
}
