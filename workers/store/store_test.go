package store_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/jeton-dev/jeton/workers/store"
	"github.com/jeton-dev/jeton/workers/store/storetest"
)

func TestMemory(t *testing.T) {
	storetest.Run(t, func(*testing.T) store.Store { return store.NewMemory() })
}

// TestPrintingKeepsSecrets checks that no way of printing a row shows a password's hash or a token.
func TestPrintingKeepsSecrets(t *testing.T) {
	user := storetest.Alice()
	user.Password = "pbkdf2_sha256$must$not$show"
	token, blocked := storetest.Outstanding("alice-jti", "1"), storetest.Blocked("header.must-not-show.signature", "alice-id", "1")
	token.Token = blocked.Token
	for _, row := range []any{user, &user, []store.User{user}, token, &token, blocked, &blocked, store.BlockedQuery{Token: blocked.Token, TokenIDs: []string{"alice-id"}}} {
		var log bytes.Buffer
		for _, handler := range []slog.Handler{slog.NewTextHandler(&log, nil), slog.NewJSONHandler(&log, nil)} {
			if reflect.TypeOf(row).Kind() != reflect.Slice { // of whose elements a JSON log asks nothing
				slog.New(handler).Info("login", "row", row)
			}
		}
		printed := log.String() + fmt.Sprintf("%v %+v %#v %s %q", row, row, row, row, row) + fmt.Sprint(row)
		if strings.Contains(printed, "must") || !strings.Contains(printed, "alice") {
			t.Errorf("a %T is printed as %s", row, printed)
		}
	}
}

// answers is a Database that gives the same rows to every query, and the same results to every batch.
type answers struct {
	rows    [][]any
	results []store.Result
	err     error
}

func (a answers) Query(context.Context, string, ...any) ([][]any, error) { return a.rows, a.err }
func (a answers) Exec(context.Context, string, ...any) (int64, error)    { return 0, a.err }
func (a answers) Batch(context.Context, []store.Statement) ([]store.Result, error) {
	return a.results, a.err
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

// TestSQLRefusesStrangeResults feeds batches with results that no database should give: none of them is a rotation.
func TestSQLRefusesStrangeResults(t *testing.T) {
	row := store.Result{Rows: [][]any{{int64(1)}}}
	old, next := storetest.Outstanding("old", "1"), storetest.Outstanding("next", "1")
	for name, results := range map[string][]store.Result{"none": nil, "too few": {row, row}, "too many": {row, row, row, row}} {
		stored := store.NewSQL(answers{results: results}, store.SQLite, store.UserModel{})
		if rotated, err := stored.RotateToken(t.Context(), old, next, old.CreatedAt); err == nil || rotated {
			t.Errorf("%s: RotateToken = %v, %v", name, rotated, err)
		}
		if added, err := stored.BlacklistToken(t.Context(), old, old.CreatedAt); (err == nil) != (len(results) == 2) || added && err != nil {
			t.Errorf("%s: BlacklistToken = %v, %v", name, added, err)
		}
		if err := stored.DeleteUser(t.Context(), "1"); err == nil {
			t.Errorf("%s: DeleteUser succeeds", name)
		}
	}
	for name, rows := range map[string][][]any{"no row": {}, "no cell": {{}}, "a number": {{1.5}}, "two rows": {{"1"}, {"2"}}} {
		stored := store.NewSQL(answers{rows: rows}, store.SQLite, store.UserModel{})
		if removed, err := stored.FlushExpiredTokens(t.Context(), old.ExpiresAt); err == nil || removed != 0 {
			t.Errorf("%s: FlushExpiredTokens = %d, %v", name, removed, err)
		}
	}
}

func TestNewUserModel(t *testing.T) {
	for _, name := range []string{"accounts_user", "User", "_x", "a1", strings.Repeat("n", 63)} {
		if _, err := store.NewUserModel(name, name); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	}
	for _, name := range []string{"", "1a", "a b", "a.b", `a"b`, "a;b", "ü", "a-b", "a\x00", strings.Repeat("n", 64)} {
		if _, err := store.NewUserModel(name, "username"); err == nil {
			t.Errorf("the table %q is accepted", name)
		}
		if _, err := store.NewUserModel("users", name); err == nil {
			t.Errorf("the column %q is accepted", name)
		}
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

func ExampleMemory_rotateToken() {
	ctx := context.Background()
	stored := store.NewMemory()
	defer stored.Close()
	now := time.Now()
	token := func(jti string) store.OutstandingToken {
		return store.OutstandingToken{JTI: jti, UserID: "1", CreatedAt: now, ExpiresAt: now.Add(time.Hour)}
	}
	fmt.Println(stored.RotateToken(ctx, token("first"), token("second"), now))
	fmt.Println(stored.RotateToken(ctx, token("first"), token("third"), now)) // replayed
	fmt.Println(stored.TokenBlacklisted(ctx, "second"))
	// Output:
	// true <nil>
	// false <nil>
	// false <nil>
}

func ExampleSchema() {
	schema := store.Schema(store.PostgreSQL, store.TokenTables)
	fmt.Println(strings.Count(schema, "CREATE TABLE"), strings.Count(schema, "CREATE INDEX"))
	// Output: 2 2
}

func ExampleNewUserModel() {
	model, err := store.NewUserModel("accounts_user", "email")
	fmt.Println(model != store.UserModel{}, err)
	_, err = store.NewUserModel("accounts_user; DROP TABLE accounts_user", "email")
	fmt.Println(err)
	// Output:
	// true <nil>
	// store: the user table's name is not letters, digits and underscores
}
