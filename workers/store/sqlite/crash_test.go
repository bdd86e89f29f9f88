package sqlite_test

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"testing"

	"github.com/jeton-dev/jeton/workers/store"
	"github.com/jeton-dev/jeton/workers/store/internal/crashtest"
	"github.com/jeton-dev/jeton/workers/store/sqlite"
)

func TestMain(m *testing.M) {
	crashtest.Main(map[string]crashtest.Opener{
		"file": func(ctx context.Context, path string, _ func()) (store.Store, error) {
			return sqlite.Open(ctx, path, store.UserModel{})
		},
		"steps": func(_ context.Context, path string, step func()) (store.Store, error) {
			db, err := sql.Open("sqlite", path)
			if err != nil {
				return nil, err
			}
			stepping := crashtest.Stepping(db.Driver(), path, step)
			return store.NewSQL(store.FromSQL(stepping, store.SQLite), store.SQLite, store.UserModel{}), nil
		},
	})
	os.Exit(m.Run())
}

// TestCrash kills processes that use a file, in both journal modes.
func TestCrash(t *testing.T) {
	for name, prepare := range map[string]func(path string){
		"write-ahead log":  func(string) {},
		"rollback journal": func(path string) { execute(t, path, `CREATE TABLE "other" ("id" integer)`) },
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "users.sqlite3")
			prepare(path)
			stored := open(t, path)
			settle := func() {} // a lock ends with its process
			t.Run("at every statement", func(t *testing.T) {
				crashtest.AtEveryStep(t, crashtest.Place{Opener: "steps", Location: path, Stored: stored, Settle: settle})
			})
			t.Run("at any moment", func(t *testing.T) {
				crashtest.AtRandom(t, crashtest.Place{Opener: "file", Location: path, Stored: stored, Settle: settle}, 25)
			})
		})
	}
}
