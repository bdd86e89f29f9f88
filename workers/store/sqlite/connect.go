package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/jeton-dev/jeton/workers/store"
)

const (
	// busyTimeout is how long a statement waits for another process's lock, in milliseconds, before it fails.
	busyTimeout = "5000"
	// maxReaders bounds how many reads run beside each other.
	maxReaders = 8
)

// readersAtOnce returns how many reads run beside each other: two for each processor, so that one is ready when another has ended.
func readersAtOnce() int { return min(2*runtime.GOMAXPROCS(0), maxReaders) }

// access says what a file is opened for.
type access bool

const (
	readOnly  access = false
	readWrite access = true
)

// file is a store.Database on one SQLite file, with one connection for writing and several for reading. SQLite lets one writer through
// at a time, and those who wait ask again at random moments, so that under load one of many may never get its turn. Here they queue.
type file struct {
	readers, writer  *sql.DB
	reading, writing store.Database // the same
}

// connect returns a Database on the file at path, which exists. For reading alone both of its handles refuse changes.
func connect(path string, mode access) (*file, error) {
	absolute, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	atOnce := readersAtOnce()
	readers, err := handle(absolute, atOnce, readOnly)
	if err != nil {
		return nil, err
	}
	writer, err := handle(absolute, 1, mode)
	if err != nil {
		readers.Close()
		return nil, err
	}
	return &file{
		readers: readers,
		reading: newQueue(store.FromSQL(readers, store.SQLite), atOnce),
		writer:  writer,
		writing: newQueue(store.FromSQL(writer, store.SQLite), 1),
	}, nil
}

// handle returns a handle with at most so many connections. SQLite falls back to reading where it may not write; a handle for reading
// opens the file for writing all the same, because only then are the files of the write-ahead log removed at the end.
func handle(path string, connections int, mode access) (*sql.DB, error) {
	pragmas := []string{"busy_timeout(" + busyTimeout + ")", "foreign_keys(1)"} // as in Django's own connections
	if mode == readOnly {
		pragmas = append(pragmas, "query_only(1)")
	}
	name := url.URL{Scheme: "file", Path: filepath.ToSlash(path)}
	name.RawQuery = url.Values{"mode": {"rw"}, "_pragma": pragmas}.Encode()
	db, err := sql.Open("sqlite", name.String())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections) // one that is opened anew reads the whole schema and prepares every statement again
	return db, nil
}

// Query implements [store.Database].
func (f *file) Query(ctx context.Context, statement string, args ...any) ([][]any, error) {
	if strings.HasPrefix(statement, "SELECT ") {
		return f.reading.Query(ctx, statement, args...)
	}
	return f.writing.Query(ctx, statement, args...)
}

// Exec implements [store.Database].
func (f *file) Exec(ctx context.Context, statement string, args ...any) (int64, error) {
	return f.writing.Exec(ctx, statement, args...)
}

// Batch implements [store.Database].
func (f *file) Batch(ctx context.Context, statements []store.Statement) ([]store.Result, error) {
	return f.writing.Batch(ctx, statements)
}

// Close closes both handles, the writer last: it removes the files of the write-ahead log.
func (f *file) Close() error {
	return errors.Join(f.readers.Close(), f.writer.Close())
}
