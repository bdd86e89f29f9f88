package store

import (
	"errors"
	"strconv"
	"strings"
)

// InsertStatement returns the SQL statement that adds user to auth_user in an SQLite or D1 database, for tools that take SQL and no arguments
// (`wrangler d1 execute`). The database chooses the ID; a zero DateJoined becomes the present; the statement fails where the username
// is taken. Text that has no literal in SQL, with a NUL in it or not valid UTF-8, is an error.
//
// The statement holds the password's hash: treat it as the user table itself.
func InsertStatement(user User) (string, error) {
	users := newUserStatements(SQLite, stockUsers)
	return literal(users.insert, users.insertArguments(prepare(user)))
}

// literal returns a statement of SQLite with its arguments in the place of its parameters.
func literal(statement string, arguments []any) (string, error) {
	parts := strings.Split(statement, "?")
	var b strings.Builder
	for i, argument := range arguments {
		b.WriteString(parts[i])
		switch v := argument.(type) {
		case nil:
			b.WriteString("NULL")
		case int64:
			b.WriteString(strconv.FormatInt(v, 10))
		case string:
			if !storable(v) {
				return "", errors.New("store: a text has no SQL literal")
			}
			b.WriteString("'" + strings.ReplaceAll(v, "'", "''") + "'")
		}
	}
	b.WriteString(parts[len(parts)-1])
	b.WriteString(";")
	return b.String(), nil
}
