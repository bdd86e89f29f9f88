package store

import (
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"
)

// InsertStatement returns the SQL statement that adds user to auth_user in an SQLite or D1 database, for tools that take SQL and no arguments
// (`wrangler d1 execute`). The database chooses the ID; a zero DateJoined becomes the present; the statement fails where the username
// is taken. Text that has no literal in SQL, with a NUL in it or not valid UTF-8, is an error.
//
// The statement holds the password's hash: treat it as the user table itself.
func InsertStatement(user User) (string, error) {
	users := newUserStatements(SQLite, stockUsers)
	parts := strings.Split(users.insert, "?")
	var b strings.Builder
	for i, argument := range users.insertArguments(prepare(user)) {
		b.WriteString(parts[i])
		switch v := argument.(type) {
		case nil:
			b.WriteString("NULL")
		case int64:
			b.WriteString(strconv.FormatInt(v, 10))
		case string:
			if strings.ContainsRune(v, 0) || !utf8.ValidString(v) {
				return "", errors.New("store: a text of the user has no SQL literal")
			}
			b.WriteString("'" + strings.ReplaceAll(v, "'", "''") + "'")
		}
	}
	b.WriteString(parts[len(parts)-1])
	b.WriteString(";")
	return b.String(), nil
}
