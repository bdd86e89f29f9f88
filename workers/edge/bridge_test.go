package main

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"log/slog"
	"math"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/jeton-dev/jeton/workers/auth"
	"github.com/jeton-dev/jeton/workers/store"
	"github.com/jeton-dev/jeton/workers/store/storetest"

	_ "modernc.org/sqlite" // the database behind the host
)

// TestStore holds the store over host operations to the same behaviour as every other, with real SQLite behind the host.
func TestStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T) store.Store {
		return store.NewSQL(bridge{sqliteHost{openSQLite(t)}.perform}, store.SQLite, store.UserModel{})
	})
}

func openSQLite(t *testing.T) store.Database {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(t.TempDir(), "users.sqlite3")+"?_pragma=busy_timeout(10000)&_pragma=foreign_keys(1)")
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { db.Close() })
	if _, err := db.Exec(store.Schema(store.SQLite, store.UserTables|store.TokenTables|store.BlockedTokenTables)); err != nil {
		t.Fatal(err)
	}
	return store.FromSQL(db, store.SQLite)
}

// bridge is a database whose calls are tasks, whose operations perform answers.
type bridge struct {
	perform func(ctx context.Context, operation []byte) []byte
}

// Query implements [store.Database].
func (b bridge) Query(ctx context.Context, statement string, args ...any) (rows [][]any, err error) {
	b.run(ctx, func(ctx context.Context) { rows, err = database{}.Query(ctx, statement, args...) })
	return rows, err
}

// Exec implements [store.Database].
func (b bridge) Exec(ctx context.Context, statement string, args ...any) (changed int64, err error) {
	b.run(ctx, func(ctx context.Context) { changed, err = database{}.Exec(ctx, statement, args...) })
	return changed, err
}

// Batch implements [store.Database].
func (b bridge) Batch(ctx context.Context, statements []store.Statement) (results []store.Result, err error) {
	b.run(ctx, func(ctx context.Context) { results, err = database{}.Batch(ctx, statements) })
	return results, err
}

// run calls work as a task. The caller's context reaches the database, as a Worker's request does.
func (b bridge) run(ctx context.Context, work func(ctx context.Context)) {
	t := newTask(func(ctx context.Context, _ *auth.Request) *auth.Response {
		work(ctx)
		return &auth.Response{Status: 200}
	}, nil, slog.New(slog.DiscardHandler))
	operation := resumeAlone(t, nil)
	for operation != nil {
		operation = resumeAlone(t, b.perform(ctx, operation))
	}
}

// turn is what the one thread of a module is: one task runs, and the others wait for the host or for their turn.
var turn sync.Mutex

func resumeAlone(t *task, answer []byte) (operation []byte) {
	turn.Lock()
	defer turn.Unlock()
	return t.resume(answer)
}

// sqliteHost is a host with an SQLite database.
type sqliteHost struct{ database store.Database }

// perform does what the shim does for statements.
func (h sqliteHost) perform(ctx context.Context, operation []byte) []byte {
	r := newFrameReader(operation)
	switch r.uint8() {
	case operationQuery:
		statement := readStatement(r)
		rows, err := h.database.Query(ctx, statement.SQL, statement.Arguments...)
		if err != nil {
			return failedAnswer(err)
		}
		return appendRows([]byte{0}, rows)
	case operationExec:
		statement := readStatement(r)
		changed, err := h.database.Exec(ctx, statement.SQL, statement.Arguments...)
		if err != nil {
			return failedAnswer(err)
		}
		return binary.LittleEndian.AppendUint64([]byte{0}, uint64(changed))
	case operationBatch:
		statements := make([]store.Statement, r.count(8))
		for i := range statements {
			statements[i] = readStatement(r)
			statements[i].Rows = strings.HasPrefix(statements[i].SQL, "SELECT ") || strings.Contains(statements[i].SQL, " RETURNING ")
		}
		results, err := h.database.Batch(ctx, statements)
		if err != nil || r.end() != nil {
			return failedAnswer(errors.Join(err, r.end()))
		}
		answer := []byte{0}
		for _, result := range results {
			answer = binary.LittleEndian.AppendUint64(answer, uint64(result.RowsAffected))
			answer = appendRows(answer, result.Rows)
		}
		return answer
	}
	return failedAnswer(errFrame)
}

func readStatement(r *frameReader) store.Statement {
	statement := store.Statement{SQL: r.text(), Arguments: make([]any, r.count(1))}
	for i := range statement.Arguments {
		statement.Arguments[i] = r.cell()
	}
	return statement
}

func failedAnswer(err error) []byte { return appendBytes([]byte{1}, err.Error()) }

func rowsAnswer(rows [][]any) []byte { return appendRows([]byte{0}, rows) }

func appendRows(answer []byte, rows [][]any) []byte {
	columns := 0
	if len(rows) > 0 {
		columns = len(rows[0])
	}
	answer = appendUint32(appendUint32(answer, len(rows)), columns)
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
