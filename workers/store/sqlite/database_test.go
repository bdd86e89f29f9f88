package sqlite_test

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"sync"
	"testing"

	"github.com/jeton-dev/jeton/workers/store"
	"github.com/jeton-dev/jeton/workers/store/storetest"
)

// TestStoreWithFloatingPointNumbers runs the suite on a database that knows only floating-point numbers, as Cloudflare D1 appears to its
// callers.
func TestStoreWithFloatingPointNumbers(t *testing.T) {
	storetest.Run(t, func(t *testing.T) store.Store {
		users := store.NewSQL(floatingPoint{rawDatabase(t)}, store.SQLite, store.UserModel{})
		if err := users.CreateTables(t.Context(), store.UserTables|store.TokenTables|store.BlockedTokenTables); err != nil {
			t.Fatal(err)
		}
		return users
	})
}

// floatingPoint passes every number as a float64, in both directions.
type floatingPoint struct{ store.Database }

func (d floatingPoint) Query(ctx context.Context, statement string, args ...any) ([][]any, error) {
	rows, err := d.Database.Query(ctx, statement, withFloats(args)...)
	for _, cells := range rows {
		withFloats(cells)
	}
	return rows, err
}

func (d floatingPoint) Exec(ctx context.Context, statement string, args ...any) (int64, error) {
	return d.Database.Exec(ctx, statement, withFloats(args)...)
}

func (d floatingPoint) Batch(ctx context.Context, statements []store.Statement) ([]store.Result, error) {
	for _, statement := range statements {
		withFloats(statement.Arguments)
	}
	results, err := d.Database.Batch(ctx, statements)
	for _, result := range results {
		for _, cells := range result.Rows {
			withFloats(cells)
		}
	}
	return results, err
}

func withFloats(values []any) []any {
	for i, value := range values {
		if n, ok := value.(int64); ok {
			values[i] = float64(n)
		}
	}
	return values
}

func TestReferences(t *testing.T) { storetest.RunReferences(t, rawDatabase(t), store.SQLite) }

// TestFromSQL checks that only the promised types come out, whatever the driver makes of a column's declaration.
func TestFromSQL(t *testing.T) {
	db := rawDatabase(t)
	if _, err := db.Exec(t.Context(), `CREATE TABLE cells (whole integer, truth boolean, yes bool, moment datetime, stamp timestamp, data blob, ratio real, words text, blank text)`); err != nil {
		t.Fatal(err)
	}
	changed, err := db.Exec(t.Context(), `INSERT INTO cells VALUES (?, 1, 0, ?, ?, x'00ff', 1.5, ?, ?)`, int64(1<<62+1), "2026-11-24 10:00:00.5", "2026-11-24 10:00:00", "text", nil)
	if err != nil || changed != 1 {
		t.Fatalf("Exec = %d, %v; want 1", changed, err)
	}
	rows, err := db.Query(t.Context(), `SELECT * FROM cells`)
	if err != nil || len(rows) != 1 {
		t.Fatalf("Query gives %d rows (%v), want 1", len(rows), err)
	}
	want := []any{int64(1<<62 + 1), int64(1), int64(0), "2026-11-24 10:00:00.500000", "2026-11-24 10:00:00", nil, 1.5, "text", nil}
	for i, cell := range rows[0] {
		if i == 5 {
			if data, ok := cell.([]byte); !ok || string(data) != "\x00\xff" {
				t.Errorf("the blob is %v", cell)
			}
		} else if cell != want[i] {
			t.Errorf("cell %d is %T %v, want %T %v", i, cell, cell, want[i], want[i])
		}
	}
	if _, err := db.Query(t.Context(), `SELECT missing FROM cells`); err == nil {
		t.Error("Query of a missing column gives no error")
	}
	if _, err := db.Exec(t.Context(), `no SQL`); err == nil {
		t.Error("Exec of no SQL gives no error")
	}
}

// TestPreparedQueries asks more different queries than are kept prepared, many times at once, and once more after the table has changed.
func TestPreparedQueries(t *testing.T) {
	db := rawDatabase(t)
	if _, err := db.Exec(t.Context(), `CREATE TABLE numbers (n integer); INSERT INTO numbers VALUES (7)`); err != nil {
		t.Fatal(err)
	}
	ask := func(i int, want int64) {
		rows, err := db.Query(t.Context(), fmt.Sprintf(`SELECT n + %d + ? FROM numbers`, i), int64(1))
		if err != nil || len(rows) != 1 || rows[0][0] != want {
			t.Errorf("query %d gives %v, %v; want %d", i, rows, err, want)
		}
	}
	var running sync.WaitGroup
	for range 4 {
		running.Go(func() {
			for i := range 200 {
				ask(i, int64(i)+8)
			}
		})
	}
	running.Wait()
	if _, err := db.Exec(t.Context(), `ALTER TABLE numbers ADD COLUMN more text; UPDATE numbers SET n = 70`); err != nil {
		t.Fatal(err)
	}
	ask(0, 71)
	ask(199, 270)
}

// rawDatabase returns a Database on a new file, past Open.
func rawDatabase(t *testing.T) store.Database {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(t.TempDir(), "raw.sqlite3")+"?_pragma=busy_timeout(5000)&_pragma=foreign_keys(1)")
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { db.Close() })
	return store.FromSQL(db, store.SQLite)
}
