package store

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync/atomic"
)

// SQL is a [Store] over Django's tables in an SQLite file, a PostgreSQL database or Cloudflare D1. What takes more than one statement is
// handed to the [Database] as one batch. Safe for concurrent use when its Database is.
type SQL struct {
	db      Database
	dialect Dialect
	model   UserModel
	closed  atomic.Bool
	known   atomic.Pointer[statements] // nil until another model's table was looked at
}

var _ Store = (*SQL)(nil)

// statements are all that depend on the user table.
type statements struct {
	users   *userStatements
	tokens  *tokenStatements
	blocked *blockedStatements
}

func newStatements(dialect Dialect, table *userTable) *statements {
	users := newUserStatements(dialect, table)
	return &statements{users, newTokenStatements(users), newBlockedStatements(dialect, table)}
}

// NewSQL returns a store over db, which speaks the dialect, with its users in the model's table; the zero model is Django's auth_user.
// The tables must exist, or [SQL.CreateTables] makes them. Closing the store closes db when db is an io.Closer.
func NewSQL(db Database, dialect Dialect, model UserModel) *SQL {
	s := &SQL{db: db, dialect: dialect, model: model}
	if model == (UserModel{}) {
		s.model = UserModel{table: stockUsers.name, username: stockUsers.username}
		s.known.Store(newStatements(dialect, stockUsers))
	}
	return s
}

// Close implements [Store].
func (s *SQL) Close() error {
	if s.closed.Swap(true) {
		return nil
	}
	if closer, ok := s.db.(io.Closer); ok {
		return closer.Close()
	}
	return nil
}

// statements returns the statements. It looks at a table that is not Django's own once, the first time; holding no lock meanwhile, because
// at the edge the look ends the turn of whoever asks.
func (s *SQL) statements(ctx context.Context) (*statements, error) {
	if s.closed.Load() {
		return nil, ErrClosed
	}
	if known := s.known.Load(); known != nil {
		return known, nil
	}
	columns, err := s.columns(ctx, s.model.table)
	if err != nil {
		return nil, fmt.Errorf("store: look at the table %s: %w", s.model.table, err)
	}
	table, err := userTableFrom(s.model, s.dialect, columns)
	if err != nil {
		return nil, err
	}
	known := newStatements(s.dialect, table)
	s.known.Store(known)
	return known, nil
}

func (s *SQL) userStatements(ctx context.Context) (*userStatements, error) {
	known, err := s.statements(ctx)
	if err != nil {
		return nil, err
	}
	return known.users, nil
}

func (s *SQL) query(ctx context.Context, statement string, args ...any) ([][]any, error) {
	if s.closed.Load() {
		return nil, ErrClosed
	}
	return s.db.Query(ctx, statement, args...)
}

// batch hands over statements of the dialect, which may hold none for the database to run.
func (s *SQL) batch(ctx context.Context, statements ...Statement) ([]Result, error) {
	if s.closed.Load() {
		return nil, ErrClosed
	}
	results, err := s.db.Batch(ctx, statements)
	if err == nil && len(results) != len(statements) {
		err = fmt.Errorf("the database gave %d results for %d statements", len(results), len(statements))
	}
	return results, err
}

// quote returns a name as it stands in a statement.
func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
