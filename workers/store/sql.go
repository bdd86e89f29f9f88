package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync/atomic"
	"time"
)

// SQL is a [Store] over Django's auth_user table in SQLite's dialect: a file, or Cloudflare D1. Every change is one statement, so it
// happens wholly or not at all without a transaction. Safe for concurrent use when its [Database] is.
type SQL struct {
	db     Database
	closed atomic.Bool
}

// NewSQL returns a store over db, whose table must exist ([SQL.CreateTables] makes it). Closing the store closes db when db is an
// io.Closer.
func NewSQL(db Database) *SQL { return &SQL{db: db} }

// Each column is cast to the type it is read as. So no driver guesses one from the column's declaration, and an ID beyond 2^53 survives
// a host whose numbers are floating-point. The names stand without quotes because SQLite takes a quoted name that no column has for
// text, and a table without is_active would have every user active.
const userColumns = `CAST(id AS TEXT), CAST(username AS TEXT), CAST(password AS TEXT), CAST(email AS TEXT), ` +
	`CAST(first_name AS TEXT), CAST(last_name AS TEXT), ` +
	`CAST(is_active AS INTEGER), CAST(is_staff AS INTEGER), CAST(is_superuser AS INTEGER), ` +
	`CAST(date_joined AS TEXT), CAST(last_login AS TEXT)`

const (
	selectByUsername = `SELECT ` + userColumns + ` FROM auth_user WHERE username = ?`
	selectByID       = `SELECT ` + userColumns + ` FROM auth_user WHERE id = CAST(? AS INTEGER)`
	selectAll        = `SELECT ` + userColumns + ` FROM auth_user ORDER BY id`
	selectNothing    = `SELECT ` + userColumns + ` FROM auth_user LIMIT 0`

	insertUser = `INSERT INTO auth_user (username, password, email, first_name, last_name, ` +
		`is_active, is_staff, is_superuser, date_joined, last_login) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	// The UNIQUE constraint decides who gets a name: no row comes back when it is taken, and no error text has to be understood.
	insertNewUser = insertUser + ` ON CONFLICT (username) DO NOTHING RETURNING CAST(id AS TEXT)`

	updateLastLogin = `UPDATE auth_user SET last_login = ? WHERE id = CAST(? AS INTEGER)`
)

// CreateTables makes the tables of [SQLiteSchema] where they are missing, and then checks that auth_user has the columns a User needs.
func (s *SQL) CreateTables(ctx context.Context) error {
	if _, err := s.db.Exec(ctx, SQLiteSchema()); err != nil {
		return fmt.Errorf("store: create tables: %w", err)
	}
	return s.CheckTables(ctx)
}

// CheckTables returns an error unless the table auth_user exists and has the columns a User needs. It reads no row.
func (s *SQL) CheckTables(ctx context.Context) error {
	if _, err := s.db.Query(ctx, selectNothing); err != nil {
		return fmt.Errorf("store: the table auth_user is not usable: %w", err)
	}
	return nil
}

// UserByUsername implements [Store].
func (s *SQL) UserByUsername(ctx context.Context, username string) (User, error) {
	return s.one(ctx, selectByUsername, username)
}

// UserByID implements [Store].
func (s *SQL) UserByID(ctx context.Context, id string) (User, error) {
	if _, ok := parseID(id); !ok {
		return User{}, s.unlessClosed(ErrNotFound)
	}
	return s.one(ctx, selectByID, id)
}

// AddUser implements [Store].
func (s *SQL) AddUser(ctx context.Context, user User) (User, error) {
	user = prepare(user)
	rows, err := s.query(ctx, insertNewUser, insertArguments(user)...)
	if err != nil {
		return User{}, fmt.Errorf("store: add user: %w", err)
	}
	if len(rows) == 0 {
		return User{}, ErrExists
	}
	reader := rowReader{cells: rows[0]}
	user.ID = reader.text()
	if reader.err != nil {
		return User{}, fmt.Errorf("store: add user: %w", reader.err)
	}
	return user, nil
}

// Users implements [Store].
func (s *SQL) Users(ctx context.Context) ([]User, error) {
	rows, err := s.query(ctx, selectAll)
	if err != nil {
		return nil, fmt.Errorf("store: list users: %w", err)
	}
	users := make([]User, len(rows))
	for i, cells := range rows {
		if users[i], err = readUser(cells); err != nil {
			return nil, fmt.Errorf("store: list users: %w", err)
		}
	}
	return users, nil
}

// SetLastLogin implements [Store].
func (s *SQL) SetLastLogin(ctx context.Context, id string, at time.Time) error {
	if _, ok := parseID(id); !ok {
		return s.unlessClosed(ErrNotFound)
	}
	if s.closed.Load() {
		return ErrClosed
	}
	changed, err := s.db.Exec(ctx, updateLastLogin, datetimeOrNull(at), id)
	if err != nil {
		return fmt.Errorf("store: set last login: %w", err)
	}
	if changed == 0 {
		return ErrNotFound
	}
	return nil
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

func (s *SQL) unlessClosed(err error) error {
	if s.closed.Load() {
		return ErrClosed
	}
	return err
}

func (s *SQL) query(ctx context.Context, statement string, args ...any) ([][]any, error) {
	if s.closed.Load() {
		return nil, ErrClosed
	}
	return s.db.Query(ctx, statement, args...)
}

// one returns the user of the only row that statement gives.
func (s *SQL) one(ctx context.Context, statement, argument string) (User, error) {
	rows, err := s.query(ctx, statement, argument)
	switch {
	case err != nil:
		return User{}, fmt.Errorf("store: find user: %w", err)
	case len(rows) == 0:
		return User{}, ErrNotFound
	case len(rows) > 1:
		return User{}, errors.New("store: find user: more than one row has that key")
	}
	user, err := readUser(rows[0])
	if err != nil {
		return User{}, fmt.Errorf("store: find user: %w", err)
	}
	return user, nil
}

// insertArguments returns the arguments of insertUser.
func insertArguments(user User) []any {
	return []any{
		user.Username, user.Password, user.Email, user.FirstName, user.LastName,
		integer(user.IsActive), integer(user.IsStaff), integer(user.IsSuperuser),
		formatDatetime(user.DateJoined), datetimeOrNull(user.LastLogin),
	}
}

func integer(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

func datetimeOrNull(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return formatDatetime(t)
}
