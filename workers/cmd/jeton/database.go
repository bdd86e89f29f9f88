package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"strings"

	"github.com/jeton-dev/jeton/workers/store"
	"github.com/jeton-dev/jeton/workers/store/sqlite"
	"github.com/spf13/cobra"
)

const defaultDatabase = "jeton.sqlite3"

func addDatabaseFlag(cmd *cobra.Command, path *string) {
	cmd.Flags().StringVar(path, "db", defaultDatabase, "the SQLite database, a `FILE`; a Django site's is used as it is")
}

// checkDatabasePath refuses what is not the name of a file. A URL is not quoted: it may hold a password.
func checkDatabasePath(path string) error {
	scheme, _, isURL := strings.Cut(path, "://")
	switch {
	case path == "":
		return usageError("--db: the file name is empty")
	case isURL && (strings.EqualFold(scheme, "postgres") || strings.EqualFold(scheme, "postgresql")):
		return usageError("--db: PostgreSQL is not supported yet; name an SQLite file")
	case isURL:
		return usageError("--db: URLs of this kind are not supported; name an SQLite file")
	}
	return nil
}

// openDatabase opens the users' database, and makes it when it is missing: with the tables of every blacklist, whatever the settings will
// ask for.
func openDatabase(ctx context.Context, path string) (*store.SQL, error) {
	if err := checkDatabasePath(path); err != nil {
		return nil, err
	}
	_, err := os.Stat(path)
	made := errors.Is(err, fs.ErrNotExist)
	users, err := sqlite.Open(ctx, path, store.UserModel{})
	if err != nil {
		return nil, usageError("--db %w", err)
	}
	if made {
		if err := users.CreateTables(ctx, store.BlockedTokenTables); err != nil {
			users.Close()
			return nil, usageError("--db %s: %w", path, err)
		}
	}
	return users, nil
}
