package main

import (
	"context"
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

// openDatabase opens the users' database, and makes it when it is missing.
func openDatabase(ctx context.Context, path string) (store.Store, error) {
	if err := checkDatabasePath(path); err != nil {
		return nil, err
	}
	users, err := sqlite.Open(ctx, path, store.UserModel{})
	if err != nil {
		return nil, usageError("--db %w", err)
	}
	return users, nil
}
