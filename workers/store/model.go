package store

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// UserModel says which table the users are in. The zero value is Django's own auth_user; any other is made by [NewUserModel]. It never
// changes, and is safe for concurrent use.
type UserModel struct{ table, username string }

// plainName is a name that no database needs quoted for anything but its case.
var plainName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]{0,62}$`)

// NewUserModel returns the model of a site with its own AUTH_USER_MODEL: the name of its table, such as accounts_user, and the column
// that is its USERNAME_FIELD, such as email. Both are plain names, of at most 63 letters, digits and underscores.
//
// The table is looked at before it is used, and never made. It must have a primary key of one column, which holds integers, UUIDs or
// text, the username's column and password. Without is_active every user is active, as in Django; email, first_name, last_name,
// is_staff, is_superuser, date_joined and last_login are empty where the table lacks them.
func NewUserModel(table, usernameColumn string) (UserModel, error) {
	if !plainName.MatchString(table) {
		return UserModel{}, errors.New("store: the user table's name is not letters, digits and underscores")
	}
	if !plainName.MatchString(usernameColumn) {
		return UserModel{}, errors.New("store: the username column's name is not letters, digits and underscores")
	}
	return UserModel{table, usernameColumn}, nil
}

// keyKind is what a primary key, or any other column, holds.
type keyKind uint8

const (
	keyInteger keyKind = iota
	keyUUID
	keyText
)

// kindOf returns what a column of that declared type holds. A char(32) is how Django keeps a UUID where there is no type for it.
func kindOf(declared string) keyKind {
	switch {
	case strings.Contains(declared, "int"):
		return keyInteger
	case declared == "uuid", declared == "char(32)":
		return keyUUID
	}
	return keyText
}

// canonical returns the one form that a key of that kind is known by, or false for what no such column can hold.
func (k keyKind) canonical(text string) (string, bool) {
	switch k {
	case keyInteger:
		_, ok := parseID(text)
		return text, ok
	case keyUUID:
		return canonicalUUID(text)
	}
	return text, text != "" && storable(text)
}

// argument returns the argument for a key in its canonical form.
func (k keyKind) argument(dialect Dialect, canonical string) any {
	if k == keyUUID {
		return dialect.uuidArgument(canonical)
	}
	return canonical
}

// parameter returns the parameter for such an argument.
func (k keyKind) parameter(dialect Dialect) string {
	switch k {
	case keyInteger:
		return dialect.grammar().integer
	case keyUUID:
		return dialect.grammar().uuid
	}
	return "?"
}

// column is a column of a table that was looked at.
type column struct {
	name, declared string
	primary        int64 // its rank in the primary key, from 1; 0 when it is no part of it
}

// userTable is what is known of the user table.
type userTable struct {
	name, key, username string
	kind                keyKind
	keyDeclared         string // the declared type of key
	columns             map[string]string
	// exactTypes says that a declared type tells an integer's width.
	exactTypes bool
	// stock says that the table is Django's own, whose columns need no looking at.
	stock bool
}

// stockUsers is Django's auth_user.
var stockUsers = &userTable{
	name: "auth_user", key: "id", username: "username", kind: keyInteger, keyDeclared: "integer", stock: true,
	columns: map[string]string{
		"id": "integer", "username": "varchar(150)", "password": "varchar(128)", "email": "varchar(254)", "first_name": "varchar(150)",
		"last_name": "varchar(150)", "is_active": "bool", "is_staff": "bool", "is_superuser": "bool", "date_joined": "datetime",
		"last_login": "datetime",
	},
}

// userTableFrom returns what is known of the model's table from its columns.
func userTableFrom(model UserModel, dialect Dialect, columns []column) (*userTable, error) {
	table := &userTable{name: model.table, username: model.username, columns: map[string]string{}, exactTypes: dialect == PostgreSQL}
	keys := 0
	for _, column := range columns {
		table.columns[column.name] = column.declared
		if column.primary > 0 {
			keys++
			table.key, table.kind, table.keyDeclared = column.name, kindOf(column.declared), column.declared
		}
	}
	switch {
	case len(columns) == 0:
		return nil, fmt.Errorf("store: there is no table %s; the site's migrate makes it", model.table)
	case keys != 1:
		return nil, fmt.Errorf("store: the table %s has no primary key of one column", model.table)
	}
	for _, required := range []string{model.username, "password"} {
		if !table.has(required) {
			return nil, fmt.Errorf("store: the table %s has no column %s", model.table, required)
		}
	}
	return table, nil
}

func (t *userTable) has(column string) bool {
	_, ok := t.columns[column]
	return ok
}
