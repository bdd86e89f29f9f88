package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"strings"

	"github.com/jeton-dev/jeton/workers/store"
	"github.com/jeton-dev/jeton/workers/store/postgres"
	"github.com/jeton-dev/jeton/workers/store/sqlite"
	"github.com/spf13/cobra"
)

const defaultDatabase = "jeton.sqlite3"

// database is the database that the flags name, and where in it the users are.
type database struct {
	name           string // an SQLite file or a postgres:// URL
	userTable      string
	usernameColumn string
}

func (d *database) addFlags(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&d.name, "db", defaultDatabase, "the database, an SQLite `FILE` or a postgres:// URL; a Django site's is used as it is")
	flags.StringVar(&d.userTable, "user-table", "auth_user", "the `TABLE` of the users: another one where the site's AUTH_USER_MODEL is its own")
	flags.StringVar(&d.usernameColumn, "username-column", "username", "the `COLUMN` that is the USERNAME_FIELD of that table")
	for flag, variable := range map[string]string{"db": "JETON_DATABASE_URL", "user-table": "JETON_USER_TABLE", "username-column": "JETON_USERNAME_COLUMN"} {
		bindEnvironment(cmd, flag, variable)
	}
}

// String is what an error calls the database. A URL is not shown: it may hold a password.
func (d *database) String() string {
	if postgres.IsURL(d.name) {
		return "postgres://..."
	}
	return d.name
}

// isFile reports whether the database is a file, beside which others may be kept.
func (d *database) isFile() bool { return !postgres.IsURL(d.name) }

// check refuses what names no database.
func (d *database) check() error {
	switch {
	case d.name == "":
		return usageError("--db: the file name is empty")
	case postgres.IsURL(d.name):
		if err := postgres.CheckURL(d.name); err != nil {
			return usageError("--db: %w", err)
		}
	case strings.Contains(d.name, "://"):
		return usageError("--db: URLs of this kind are not supported; name an SQLite file, or a postgres:// URL")
	}
	_, err := d.model()
	return err
}

// model returns where the users are.
func (d *database) model() (store.UserModel, error) {
	if d.userTable == "auth_user" && d.usernameColumn == "username" {
		return store.UserModel{}, nil
	}
	for flag, name := range map[string]string{"user-table": d.userTable, "username-column": d.usernameColumn} {
		if _, err := store.NewUserModel(name, name); err != nil {
			return store.UserModel{}, usageError("--%s: not a name of at most 63 letters, digits and underscores", flag)
		}
	}
	return store.NewUserModel(d.userTable, d.usernameColumn)
}

// isMissing reports whether the database is a file that is not there.
func (d *database) isMissing() bool {
	if !d.isFile() {
		return false
	}
	_, err := os.Stat(d.name)
	return errors.Is(err, fs.ErrNotExist)
}

// open opens the database for reading and writing. A file that is missing is made, and so are the tables of one that is no site's.
func (d *database) open(ctx context.Context) (*store.SQL, error) {
	return d.openBy(ctx, sqlite.Open, postgres.Open)
}

// openExisting is open, but a missing file is an error.
func (d *database) openExisting(ctx context.Context) (*store.SQL, error) {
	if err := d.checkExisting(); err != nil {
		return nil, err
	}
	return d.open(ctx)
}

// openReadOnly opens the database for reading, and makes nothing.
func (d *database) openReadOnly(ctx context.Context) (*store.SQL, error) {
	if err := d.checkExisting(); err != nil {
		return nil, err
	}
	return d.openBy(ctx, sqlite.OpenReadOnly, postgres.OpenReadOnly)
}

func (d *database) checkExisting() error {
	if err := d.check(); err != nil {
		return err
	}
	if d.isMissing() {
		return usageError("--db %s: there is no such file; 'jeton serve' and 'jeton user add' make it", d)
	}
	return nil
}

type opener func(ctx context.Context, name string, model store.UserModel) (*store.SQL, error)

func (d *database) openBy(ctx context.Context, openFile, connect opener) (*store.SQL, error) {
	if err := d.check(); err != nil {
		return nil, err
	}
	model, err := d.model()
	if err != nil {
		return nil, err
	}
	if !d.isFile() {
		stored, err := connect(ctx, d.name, model)
		if err != nil {
			return nil, usageError("--db %s: %w", d, err)
		}
		return stored, nil
	}
	stored, err := openFile(ctx, d.name, model)
	if err != nil {
		return nil, usageError("--db %w", err)
	}
	return stored, nil
}
