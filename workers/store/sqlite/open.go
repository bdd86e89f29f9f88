// Package sqlite opens SQLite files as stores. It is apart from package store so that programs for other hosts do not carry SQLite.
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"sync"

	"github.com/jeton-dev/jeton/workers/store"
	driver "modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// smallestDatabase is the size of the smallest SQLite database that is not empty: one page, in bytes.
const smallestDatabase = 512

// Open opens the SQLite database at path for reading and writing, with its users in the model's table; the zero model is Django's
// auth_user. A missing file is created, readable by its owner alone and in write-ahead mode, and so are the tables that are missing in a
// database which no Django site has migrated. A site's is used as it is; any database that was there keeps its journal mode and its
// other tables.
//
// Open fails when path is not a database, is not writable, or has a user table without the columns a user needs.
func Open(ctx context.Context, path string, model store.UserModel) (*store.SQL, error) {
	created, err := createFile(path)
	if err != nil {
		return nil, explain(path, err)
	}
	file, err := connect(path, readWrite)
	if err != nil {
		return nil, explain(path, err)
	}
	users := store.NewSQL(file, store.SQLite, model)
	if err := prepare(ctx, file.writer, users, created); err != nil {
		users.Close()
		return nil, explain(path, err)
	}
	return users, nil
}

// OpenReadOnly opens the existing SQLite database at path for reading: nothing is created, and every change fails. A path that does
// not exist is an error that is fs.ErrNotExist.
func OpenReadOnly(ctx context.Context, path string, model store.UserModel) (*store.SQL, error) {
	if err := checkFile(path); err != nil {
		return nil, explain(path, err)
	}
	file, err := connect(path, readOnly)
	if err != nil {
		return nil, explain(path, err)
	}
	users := store.NewSQL(file, store.SQLite, model)
	if err := users.CheckTables(ctx); err != nil {
		users.Close()
		return nil, explain(path, err)
	}
	return users, nil
}

// creating keeps others in this process away from a file between its creation and its closing: a process that closes any descriptor of
// a file loses all its locks on it, SQLite's too. For the same reason nothing here opens a file that exists.
var creating sync.Mutex

// createFile makes path when there is nothing, and reports whether it did. The file is made here and not by SQLite, which would leave
// it readable by everyone.
func createFile(path string) (created bool, err error) {
	if path == "" || path == ":memory:" {
		return false, errors.New("not the name of a file")
	}
	creating.Lock()
	defer creating.Unlock()
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return false, checkFile(path)
	}
	if err != nil {
		return false, err
	}
	return true, file.Close()
}

// checkFile refuses what cannot be a database, as far as can be told from outside. A file smaller than any database SQLite would take
// for an empty one, and overwrite; of a larger one it checks the header itself.
func checkFile(path string) error {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return err
	case info.IsDir():
		return errors.New("a directory, not a file")
	case !info.Mode().IsRegular():
		return errors.New("not a regular file")
	case info.Size() > 0 && info.Size() < smallestDatabase:
		return errors.New("not an SQLite database")
	}
	return nil
}

// prepare makes the database ready for use and finds out now what would otherwise fail at the first login.
func prepare(ctx context.Context, db *sql.DB, users *store.SQL, created bool) error {
	if created {
		// Write-ahead mode is a matter of speed: when another process has opened the new file already, it is left to that one.
		if _, err := db.ExecContext(ctx, "PRAGMA journal_mode = WAL"); err != nil && resultCode(err) != sqlite3.SQLITE_BUSY {
			return err
		}
	}
	if err := users.Initialize(ctx); err != nil {
		return err
	}
	return checkWritable(ctx, db)
}

// checkWritable changes a page and takes it back. SQLite opens a file it may not write, or whose directory it may not write,
// without complaint, and even BEGIN IMMEDIATE succeeds there.
func checkWritable(ctx context.Context, db *sql.DB) error {
	connection, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer connection.Close()
	var version int64
	if err := connection.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
		return err
	}
	if _, err := connection.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		return err
	}
	_, writeErr := connection.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d", version))
	_, err = connection.ExecContext(context.WithoutCancel(ctx), "ROLLBACK")
	return errors.Join(writeErr, err)
}

// resultCode returns SQLite's primary result code in err, or 0.
func resultCode(err error) int {
	var failed *driver.Error
	if errors.As(err, &failed) {
		return failed.Code() & 0xff
	}
	return 0
}

// explain puts the path and a plain reason before an error.
func explain(path string, err error) error {
	switch resultCode(err) {
	case sqlite3.SQLITE_NOTADB:
		return fmt.Errorf("%s: not an SQLite database: %w", path, err)
	case sqlite3.SQLITE_READONLY:
		return fmt.Errorf("%s: the database is read-only: %w", path, err)
	case sqlite3.SQLITE_CANTOPEN:
		return fmt.Errorf("%s: the database cannot be opened: %w", path, err)
	case sqlite3.SQLITE_BUSY:
		return fmt.Errorf("%s: another program keeps the database locked: %w", path, err)
	}
	var pathError *fs.PathError
	if errors.As(err, &pathError) && pathError.Path == path {
		return fmt.Errorf("%s: %w", path, pathError.Err)
	}
	return fmt.Errorf("%s: %w", path, strip(err))
}

// strip leaves an error's cause without the package name this package's own errors begin with.
func strip(err error) error {
	if cause, ok := strings.CutPrefix(err.Error(), "store: "); ok {
		return stripped{cause, err}
	}
	return err
}

type stripped struct {
	text  string
	cause error
}

func (s stripped) Error() string { return s.text }
func (s stripped) Unwrap() error { return s.cause }
