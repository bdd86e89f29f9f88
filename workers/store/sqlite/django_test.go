package sqlite_test

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/jeton-dev/jeton/workers/store"
	"github.com/jeton-dev/jeton/workers/store/internal/djangosite"
	"github.com/jeton-dev/jeton/workers/store/sqlite"
)

// TestDjango shares an SQLite file with Django itself.
func TestDjango(t *testing.T) {
	djangosite.Suite(t, func(t *testing.T) djangosite.Database {
		return djangosite.Database{"ENGINE": "django.db.backends.sqlite3", "NAME": filepath.Join(t.TempDir(), "site.sqlite3")}
	}, func(ctx context.Context, database djangosite.Database) (*store.SQL, error) {
		return sqlite.Open(ctx, database["NAME"], store.UserModel{})
	})
}

// TestDjangoModels shares a file with sites whose users are of their own kind.
func TestDjangoModels(t *testing.T) {
	djangosite.Models(t, func(t *testing.T) djangosite.Database {
		return djangosite.Database{"ENGINE": "django.db.backends.sqlite3", "NAME": filepath.Join(t.TempDir(), "site.sqlite3")}
	}, func(ctx context.Context, database djangosite.Database, model store.UserModel) (*store.SQL, error) {
		return sqlite.Open(ctx, database["NAME"], model)
	})
}

func open(t *testing.T, path string) *store.SQL {
	t.Helper()
	users, err := sqlite.Open(context.Background(), path, store.UserModel{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { users.Close() })
	return users
}
