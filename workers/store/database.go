package store

import (
	"context"
	"errors"
)

// Database runs SQL statements in one [Dialect]. It is all that [SQL] needs, and little enough for Cloudflare D1: there is no transaction
// that could be left open, so that statements which belong together are handed over together.
//
// An argument is a string, an int64 or nil; PostgreSQL takes a string for any type. A cell of a result is a string, an int64, a float64
// (D1 gives numbers so), a []byte or nil. Implementations are safe for concurrent use, and their errors carry no argument and no
// stored value. An error of PostgreSQL has a method SQLState() string.
type Database interface {
	// Query runs a statement and returns its rows, each with a cell for every column in the statement's order.
	Query(ctx context.Context, statement string, args ...any) (rows [][]any, err error)
	// Exec runs a statement and returns how many rows it changed.
	Exec(ctx context.Context, statement string, args ...any) (rowsAffected int64, err error)
	// Batch runs statements in order and as one transaction: all of them happen, or with an error none. It returns what each gave.
	// Each statement sees what was committed before it began, and on SQLite nobody else writes meanwhile.
	Batch(ctx context.Context, statements []Statement) ([]Result, error)
}

// Statement is one of a batch.
type Statement struct {
	// SQL is the statement, and Arguments has one for each of its parameters.
	SQL       string
	Arguments []any
	// Rows says that the statement gives rows, whose columns must have names that differ and are not numbers.
	Rows bool
}

// Result is what one statement of a batch gave: its rows when it gives any, and else how many rows it changed.
type Result struct {
	Rows         [][]any
	RowsAffected int64
}

// sqlState returns PostgreSQL's five characters for err, or "".
func sqlState(err error) string {
	var coded interface{ SQLState() string }
	if errors.As(err, &coded) {
		return coded.SQLState()
	}
	return ""
}
