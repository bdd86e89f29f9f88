package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// Database runs single SQL statements in SQLite's dialect. It is all that [SQL] needs, and little enough for Cloudflare D1: there are
// no transactions, so each statement must be complete in itself.
//
// Parameters are "?" in the statement; an argument is a string, an int64 or nil. A cell of a result is a string, an int64, a float64
// (D1 gives numbers so), a []byte or nil. Implementations are safe for concurrent use, and their errors carry no argument.
type Database interface {
	// Query runs a statement and returns its rows, each with a cell for every column in the statement's order.
	Query(ctx context.Context, statement string, args ...any) (rows [][]any, err error)
	// Exec runs a statement and returns how many rows it changed.
	Exec(ctx context.Context, statement string, args ...any) (rowsAffected int64, err error)
}

// FromSQL returns db as a [Database]. The Database also has a Close method, which closes db.
func FromSQL(db *sql.DB) Database { return sqlDatabase{db} }

type sqlDatabase struct{ db *sql.DB }

// Query implements [Database].
func (d sqlDatabase) Query(ctx context.Context, statement string, args ...any) ([][]any, error) {
	rows, err := d.db.QueryContext(ctx, statement, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	var result [][]any
	for rows.Next() {
		cells := make([]any, len(columns))
		targets := make([]any, len(columns))
		for i := range cells {
			targets[i] = &cells[i]
		}
		if err := rows.Scan(targets...); err != nil {
			return nil, err
		}
		for i := range cells {
			if cells[i], err = plainCell(cells[i]); err != nil {
				return nil, fmt.Errorf("column %s: %w", columns[i], err)
			}
		}
		result = append(result, cells)
	}
	return result, rows.Err()
}

// Exec implements [Database].
func (d sqlDatabase) Exec(ctx context.Context, statement string, args ...any) (int64, error) {
	result, err := d.db.ExecContext(ctx, statement, args...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// Close closes the database/sql handle.
func (d sqlDatabase) Close() error { return d.db.Close() }

// plainCell returns a driver's value as one of the types a [Database] may give.
func plainCell(value any) (any, error) {
	switch v := value.(type) {
	case nil, string, int64, float64, []byte:
		return v, nil
	case bool:
		if v {
			return int64(1), nil
		}
		return int64(0), nil
	case time.Time:
		return formatDatetime(v), nil
	}
	return nil, fmt.Errorf("the driver gave a %T", value)
}
