package postgres

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jeton-dev/jeton/workers/store"
)

// database is a [store.Database] on a pool of connections.
type database struct{ pool *pgxpool.Pool }

// Query implements [store.Database].
func (d database) Query(ctx context.Context, statement string, args ...any) ([][]any, error) {
	rows, err := d.pool.Query(ctx, statement, args...)
	if err != nil {
		return nil, explain(err)
	}
	return readAll(rows)
}

// Exec implements [store.Database].
func (d database) Exec(ctx context.Context, statement string, args ...any) (int64, error) {
	tag, err := d.pool.Exec(ctx, statement, args...)
	return tag.RowsAffected(), explain(err)
}

// Batch implements [store.Database]. The statements go to the server in one piece with one synchronization point at the end, which makes
// them a transaction there: it ends with the last of them, or with the first that fails, and what is cut off on its way never commits.
func (d database) Batch(ctx context.Context, statements []store.Statement) (results []store.Result, err error) {
	var batch pgx.Batch
	for _, statement := range statements {
		batch.Queue(statement.SQL, statement.Arguments...)
	}
	answers := d.pool.SendBatch(ctx, &batch)
	defer func() {
		if closed := answers.Close(); err == nil && closed != nil { // where a deferred constraint fails
			results, err = nil, explain(closed)
		}
	}()
	results = make([]store.Result, len(statements))
	for i, statement := range statements {
		if !statement.Rows {
			tag, err := answers.Exec()
			if err != nil {
				return nil, explain(err)
			}
			results[i].RowsAffected = tag.RowsAffected()
			continue
		}
		rows, err := answers.Query()
		if err != nil {
			return nil, explain(err)
		}
		if results[i].Rows, err = readAll(rows); err != nil {
			return nil, err
		}
	}
	return results, nil
}

// Close closes the connections, when those in use are given back.
func (d database) Close() error {
	d.pool.Close()
	return nil
}

// readAll reads the rows of a query and closes them.
func readAll(rows pgx.Rows) (result [][]any, err error) {
	defer rows.Close()
	for rows.Next() {
		cells, err := rows.Values()
		if err != nil {
			return nil, explain(err)
		}
		for i := range cells {
			if cells[i], err = store.PlainCell(cells[i]); err != nil {
				return nil, err
			}
		}
		result = append(result, cells)
	}
	return result, explain(rows.Err())
}

// explain returns an error that quotes no value of a statement or a row.
func explain(err error) error {
	var refused *pgconn.PgError
	var unconnected *pgconn.ConnectError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &refused):
		return &Error{refused}
	case errors.As(err, &unconnected), pgconn.Timeout(err), errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	}
	return &driverError{err}
}

// Error is what PostgreSQL answered instead of a result. Its text has the code, and the names that the server gives; its message only
// where that quotes no value.
type Error struct{ cause *pgconn.PgError }

// Error implements error.
func (e *Error) Error() string {
	text := "PostgreSQL: SQLSTATE " + e.cause.Code
	for _, part := range []struct{ name, value string }{
		{"table", e.cause.TableName}, {"column", e.cause.ColumnName}, {"constraint", e.cause.ConstraintName},
	} {
		if part.value != "" {
			text += ", " + part.name + " " + part.value
		}
	}
	switch class := e.cause.Code[:min(2, len(e.cause.Code))]; class {
	case "08", "25", "28", "3D", "3F", "40", "42", "53", "54", "55", "57", "58":
		text += ": " + e.cause.Message
	}
	return text
}

// SQLState returns PostgreSQL's code of five characters.
func (e *Error) SQLState() string { return e.cause.Code }

// driverError is an error of the driver, whose text may quote an argument.
type driverError struct{ cause error }

func (e *driverError) Error() string {
	return "PostgreSQL: the connection failed, or an answer cannot be understood"
}

func (e *driverError) Unwrap() error { return e.cause }
