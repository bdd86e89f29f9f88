package main

import (
	"context"
	"database/sql"
	"encoding/binary"
	"log/slog"
	"math"
	"path/filepath"
	"testing"
	"time"

	"github.com/jeton-dev/jeton/workers/auth"
	"github.com/jeton-dev/jeton/workers/store"
	"github.com/jeton-dev/jeton/workers/store/storetest"

	_ "modernc.org/sqlite" // the database behind the host
)

// TestStore holds the store over host operations to the same behaviour as every other, with real SQLite behind the host.
func TestStore(t *testing.T) {
	storetest.RunUsers(t, func(t *testing.T) store.Store {
		return &bridgedStore{SQL: store.NewSQL(database{}), host: openSQLite(t)}
	})
}

func openSQLite(t *testing.T) store.Database {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(t.TempDir(), "users.sqlite3")+"?_pragma=busy_timeout(10000)")
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { db.Close() })
	if _, err := db.Exec(store.SQLiteSchema()); err != nil {
		t.Fatal(err)
	}
	return store.FromSQL(db)
}

// bridgedStore runs each call of a store as a task whose operations it performs itself.
type bridgedStore struct {
	*store.SQL
	host store.Database
}

// run calls work as a task. The caller's context reaches the database, as a Worker's request does.
func (s *bridgedStore) run(ctx context.Context, work func(ctx context.Context)) {
	t := newTask(func(ctx context.Context, _ *auth.Request) *auth.Response {
		work(ctx)
		return &auth.Response{Status: 200}
	}, nil, slog.New(slog.DiscardHandler))
	operation := t.resume(nil)
	for operation != nil {
		operation = t.resume(s.perform(ctx, operation))
	}
}

// perform does what the shim does for a statement.
func (s *bridgedStore) perform(ctx context.Context, operation []byte) []byte {
	r := frameReader{rest: operation}
	kind, statement := r.uint8(), r.text()
	args := make([]any, r.count(1))
	for i := range args {
		args[i] = r.cell()
	}
	if err := r.end(); err != nil {
		return failedAnswer(err)
	}
	switch kind {
	case operationQuery:
		rows, err := s.host.Query(ctx, statement, args...)
		if err != nil {
			return failedAnswer(err)
		}
		return rowsAnswer(rows)
	case operationExec:
		changed, err := s.host.Exec(ctx, statement, args...)
		if err != nil {
			return failedAnswer(err)
		}
		return binary.LittleEndian.AppendUint64([]byte{0}, uint64(changed))
	}
	return failedAnswer(errFrame)
}

func failedAnswer(err error) []byte { return appendBytes([]byte{1}, err.Error()) }

func rowsAnswer(rows [][]any) []byte {
	columns := 0
	if len(rows) > 0 {
		columns = len(rows[0])
	}
	answer := appendUint32(appendUint32([]byte{0}, len(rows)), columns)
	for _, row := range rows {
		for _, cell := range row {
			switch v := cell.(type) {
			case float64:
				answer = binary.LittleEndian.AppendUint64(append(answer, cellFloat), math.Float64bits(v))
			case []byte:
				answer = appendBytes(append(answer, cellBytes), v)
			default:
				answer, _ = appendCell(answer, v)
			}
		}
	}
	return answer
}

func (s *bridgedStore) UserByUsername(ctx context.Context, username string) (user store.User, err error) {
	s.run(ctx, func(ctx context.Context) { user, err = s.SQL.UserByUsername(ctx, username) })
	return user, err
}

func (s *bridgedStore) UserByID(ctx context.Context, id string) (user store.User, err error) {
	s.run(ctx, func(ctx context.Context) { user, err = s.SQL.UserByID(ctx, id) })
	return user, err
}

func (s *bridgedStore) AddUser(ctx context.Context, user store.User) (added store.User, err error) {
	s.run(ctx, func(ctx context.Context) { added, err = s.SQL.AddUser(ctx, user) })
	return added, err
}

func (s *bridgedStore) Users(ctx context.Context) (users []store.User, err error) {
	s.run(ctx, func(ctx context.Context) { users, err = s.SQL.Users(ctx) })
	return users, err
}

func (s *bridgedStore) SetLastLogin(ctx context.Context, id string, at time.Time) (err error) {
	s.run(ctx, func(ctx context.Context) { err = s.SQL.SetLastLogin(ctx, id, at) })
	return err
}
