package store

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// userStatements are the statements about the users of one table.
type userStatements struct {
	dialect Dialect
	table   *userTable

	selection                 string // SELECT and all of a user's columns
	byUsername, byID, all     string
	none                      string // reads no row, and fails where a column is missing
	insert                    string // without what is to happen when the name is taken
	insertNew                 string
	insertColumns             []string
	setLastLogin, setPassword string // setLastLogin is empty when the table has no place for it
	exists                    string
	lockForDeletion, delete   string
}

func newUserStatements(dialect Dialect, table *userTable) *userStatements {
	s := &userStatements{dialect: dialect, table: table}
	name := quote(table.name)
	key := name + "." + quote(table.key)
	byKey := " WHERE " + key + " = " + table.kind.parameter(dialect)
	s.selection = "SELECT " + s.userColumns() + " FROM " + name
	s.byUsername = dialect.statement(s.selection + " WHERE " + name + "." + quote(table.username) + " = ?")
	s.byID = dialect.statement(s.selection + byKey)
	s.all = s.selection + " ORDER BY " + key
	s.none = s.selection + " LIMIT 0"
	s.exists = dialect.statement("SELECT 1 FROM " + name + byKey)
	s.lockForDeletion = dialect.statement("SELECT 1 AS found FROM " + name + byKey + dialect.grammar().deleting)
	s.delete = dialect.statement("DELETE FROM " + name + byKey)
	s.setPassword = dialect.statement("UPDATE " + name + ` SET "password" = ?` + byKey + " AND " + name + `."password" = ?`)
	if table.has("last_login") {
		s.setLastLogin = dialect.statement("UPDATE " + name + ` SET "last_login" = ` + dialect.grammar().moment + byKey)
	}
	s.insertStatements()
	return s
}

// userColumns are the columns of a user in the order that readUser takes them. Each is cast to the type it is read as, so that no driver
// guesses one from the column's declaration, and an ID beyond 2^53 survives a host whose numbers are floating-point. They stand behind
// the table's name because SQLite takes a quoted name that no column has for text, and a table without is_active would have every
// user active.
func (s *userStatements) userColumns() string {
	column := func(name, read, missing, null string) string {
		switch qualified := quote(s.table.name) + "." + quote(name); {
		case !s.table.has(name):
			return missing
		case read == "": // as the driver gives it
			return qualified
		case s.table.stock:
			return "CAST(" + qualified + " AS " + read + ")"
		default: // a column of another model may be NULL
			return "COALESCE(CAST(" + qualified + " AS " + read + "), " + null + ")"
		}
	}
	text := func(name string) string { return column(name, "TEXT", "''", "''") }
	truth := func(name, missing string) string { return column(name, "INTEGER", missing, "0") }
	moment := func(name string) string {
		if s.dialect == PostgreSQL {
			return column(name, "", "NULL", "") // its text would depend on the session's time zone
		}
		return column(name, "TEXT", "NULL", "NULL")
	}
	return strings.Join([]string{
		text(s.table.key), text(s.table.username), text("password"), text("email"), text("first_name"), text("last_name"),
		truth("is_active", "1"), truth("is_staff", "0"), truth("is_superuser", "0"), moment("date_joined"), moment("last_login"),
	}, ", ")
}

// insertStatements makes the statements that add a user, with those of the columns that the table has.
func (s *userStatements) insertStatements() {
	table := s.table
	columns := []string{table.username, "password", "email", "first_name", "last_name", "is_active", "is_staff", "is_superuser", "date_joined", "last_login"}
	if table.kind == keyUUID && table.key != table.username {
		columns = append(columns, table.key)
	}
	var names, parameters []string
	for _, column := range columns {
		if table.has(column) && !slices.Contains(s.insertColumns, column) {
			s.insertColumns = append(s.insertColumns, column)
			names = append(names, quote(column))
			parameters = append(parameters, s.insertParameter(column))
		}
	}
	s.insert = "INSERT INTO " + quote(table.name) + " (" + strings.Join(names, ", ") + ") VALUES (" + strings.Join(parameters, ", ") + ")"
	// The UNIQUE constraint decides who gets a name: no row comes back when it is taken, and no error text has to be understood. Another
	// model may want more to be unique than the name.
	conflict := " ON CONFLICT DO NOTHING"
	if table.stock {
		conflict = ` ON CONFLICT ("username") DO NOTHING`
	}
	s.insertNew = s.dialect.statement(s.insert + conflict + " RETURNING " + s.userColumns())
}

func (s *userStatements) insertParameter(column string) string {
	switch column {
	case s.table.username:
		return "?"
	case s.table.key:
		return s.table.kind.parameter(s.dialect)
	case "date_joined", "last_login":
		return s.dialect.grammar().moment
	}
	return "?"
}

// insertArguments returns the arguments of insert and insertNew.
func (s *userStatements) insertArguments(user User) []any {
	arguments := make([]any, len(s.insertColumns))
	for i, column := range s.insertColumns {
		arguments[i] = s.insertArgument(column, user)
	}
	return arguments
}

func (s *userStatements) insertArgument(column string, user User) any {
	switch column {
	case s.table.username:
		return user.Username
	case s.table.key:
		return s.table.kind.argument(s.dialect, user.ID)
	case "password":
		return user.Password
	case "email":
		return user.Email
	case "first_name":
		return user.FirstName
	case "last_name":
		return user.LastName
	case "is_active":
		return s.dialect.truth(user.IsActive)
	case "is_staff":
		return s.dialect.truth(user.IsStaff)
	case "is_superuser":
		return s.dialect.truth(user.IsSuperuser)
	case "date_joined":
		return s.dialect.time(user.DateJoined)
	}
	return s.dialect.time(user.LastLogin)
}

// read reads a row of userColumns.
func (s *userStatements) read(cells []any) (User, error) {
	user, err := readUser(cells)
	if err == nil && s.table.kind == keyUUID {
		id, ok := canonicalUUID(user.ID)
		if !ok {
			return User{}, errors.New("column 1 of the result is not a UUID")
		}
		user.ID = id
	}
	return user, err
}

// keyArgument returns the argument for the user's primary key, or false for a text that cannot be one.
func (s *userStatements) keyArgument(id string) (any, bool) {
	canonical, ok := s.table.kind.canonical(id)
	if !ok {
		return nil, false
	}
	return s.table.kind.argument(s.dialect, canonical), true
}

// UserByUsername implements [Store].
func (s *SQL) UserByUsername(ctx context.Context, username string) (User, error) {
	users, err := s.userStatements(ctx)
	if err != nil {
		return User{}, err
	}
	if !storable(username) {
		return User{}, ErrNotFound
	}
	return s.oneUser(ctx, users, users.byUsername, username)
}

// UserByID implements [Store].
func (s *SQL) UserByID(ctx context.Context, id string) (User, error) {
	users, err := s.userStatements(ctx)
	if err != nil {
		return User{}, err
	}
	key, ok := users.keyArgument(id)
	if !ok {
		return User{}, ErrNotFound
	}
	return s.oneUser(ctx, users, users.byID, key)
}

// UserBy implements [Store].
func (s *SQL) UserBy(ctx context.Context, field, value string) (User, error) {
	users, err := s.userStatements(ctx)
	if err != nil {
		return User{}, err
	}
	switch field {
	case users.table.key:
		return s.UserByID(ctx, value)
	case users.table.username:
		return s.UserByUsername(ctx, value)
	}
	declared, err := s.declaredType(ctx, users.table, field)
	if err != nil {
		return User{}, err
	}
	kind := kindOf(declared)
	canonical, ok := kind.canonical(value)
	if kind == keyText {
		canonical, ok = value, storable(value)
	}
	if !ok {
		return User{}, ErrNotFound
	}
	condition := " WHERE " + quote(users.table.name) + "." + quote(field) + " = " + kind.parameter(s.dialect) + " LIMIT 2"
	user, err := s.oneUser(ctx, users, s.dialect.statement(users.selection+condition), kind.argument(s.dialect, canonical))
	if s.dialect.isUnfitValue(err) {
		return User{}, ErrNotFound
	}
	return user, err
}

// declaredType returns the declared type of a column of the user table. Somebody may have added columns to Django's own.
func (s *SQL) declaredType(ctx context.Context, table *userTable, field string) (string, error) {
	if !plainName.MatchString(field) {
		return "", ErrUnknownField
	}
	if declared, ok := table.columns[field]; ok || !table.stock {
		if !ok {
			return "", ErrUnknownField
		}
		return declared, nil
	}
	columns, err := s.columns(ctx, table.name)
	if err != nil {
		return "", fmt.Errorf("store: find user: %w", err)
	}
	for _, column := range columns {
		if column.name == field {
			return column.declared, nil
		}
	}
	return "", ErrUnknownField
}

// oneUser returns the user of the only row that statement gives.
func (s *SQL) oneUser(ctx context.Context, users *userStatements, statement string, argument any) (User, error) {
	rows, err := s.query(ctx, statement, argument)
	if err != nil {
		return User{}, fmt.Errorf("store: find user: %w", err)
	}
	if err := onlyOne(len(rows)); err != nil {
		return User{}, err
	}
	user, err := users.read(rows[0])
	if err != nil {
		return User{}, fmt.Errorf("store: find user: %w", err)
	}
	return user, nil
}

// AddUser implements [Store]. Where the primary keys are UUIDs it makes a random one, as Django does.
func (s *SQL) AddUser(ctx context.Context, user User) (User, error) {
	users, err := s.userStatements(ctx)
	if err != nil {
		return User{}, err
	}
	user = prepare(user)
	switch {
	case users.table.key == users.table.username:
	case users.table.kind == keyText:
		return User{}, errors.New("store: add user: the table's primary key is text, and nobody says which")
	case users.table.kind == keyUUID:
		user.ID = newUUID()
	}
	rows, err := s.query(ctx, users.insertNew, users.insertArguments(user)...)
	if err != nil {
		return User{}, fmt.Errorf("store: add user: %w", err)
	}
	if len(rows) == 0 {
		return User{}, ErrExists
	}
	added, err := users.read(rows[0])
	if err != nil {
		return User{}, fmt.Errorf("store: add user: %w", err)
	}
	return added, nil
}

// Users implements [Store].
func (s *SQL) Users(ctx context.Context) ([]User, error) {
	users, err := s.userStatements(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := s.query(ctx, users.all)
	if err != nil {
		return nil, fmt.Errorf("store: list users: %w", err)
	}
	all := make([]User, len(rows))
	for i, cells := range rows {
		if all[i], err = users.read(cells); err != nil {
			return nil, fmt.Errorf("store: list users: %w", err)
		}
	}
	return all, nil
}

// SetLastLogin implements [Store]. A table without a last_login has no place for it, and stays as it is.
func (s *SQL) SetLastLogin(ctx context.Context, id string, at time.Time) error {
	users, err := s.userStatements(ctx)
	if err != nil {
		return err
	}
	key, ok := users.keyArgument(id)
	switch {
	case !ok:
		return ErrNotFound
	case users.setLastLogin == "":
		return s.userExists(ctx, users, key)
	}
	changed, err := s.db.Exec(ctx, users.setLastLogin, s.dialect.time(columnTime(at)), key)
	if err != nil {
		return fmt.Errorf("store: set last login: %w", err)
	}
	if changed == 0 {
		return ErrNotFound
	}
	return nil
}

// SetPassword implements [Store].
func (s *SQL) SetPassword(ctx context.Context, id, old, next string) (bool, error) {
	users, err := s.userStatements(ctx)
	if err != nil {
		return false, err
	}
	key, ok := users.keyArgument(id)
	if !ok {
		return false, ErrNotFound
	}
	changed, err := s.db.Exec(ctx, users.setPassword, next, key, old)
	if err != nil {
		return false, fmt.Errorf("store: set password: %w", err)
	}
	if changed == 0 {
		return false, s.userExists(ctx, users, key)
	}
	return true, nil
}

// userExists returns ErrNotFound unless there is a user of that key.
func (s *SQL) userExists(ctx context.Context, users *userStatements, key any) error {
	rows, err := s.query(ctx, users.exists, key)
	if err != nil {
		return fmt.Errorf("store: find user: %w", err)
	}
	if len(rows) == 0 {
		return ErrNotFound
	}
	return nil
}

// newUUID returns a random UUID, of version 4.
func newUUID() string {
	var b [16]byte
	rand.Read(b[:])
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	uuid, _ := canonicalUUID(hex.EncodeToString(b[:]))
	return uuid
}
