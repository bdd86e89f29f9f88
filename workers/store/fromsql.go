package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"sync"
	"time"
)

// FromSQL returns db, which speaks the dialect, as a [Database]. It keeps queries prepared, so it is to be made once for each db. The
// Database also has a Close method, which closes db. Its errors are the driver's own; one for PostgreSQL may quote values in them, which
// the Database of package postgres does not.
func FromSQL(db *sql.DB, dialect Dialect) Database {
	return &sqlDatabase{db: db, dialect: dialect, prepared: map[string]*sql.Stmt{}}
}

type sqlDatabase struct {
	db      *sql.DB
	dialect Dialect

	mutex    sync.RWMutex
	prepared map[string]*sql.Stmt // queries by their text
}

// maxPrepared is how many queries are kept prepared: all that a store has, several times over.
const maxPrepared = 64

// Query implements [Database]. Preparing takes a database longer than running what is asked here, so it is done once.
func (d *sqlDatabase) Query(ctx context.Context, statement string, args ...any) ([][]any, error) {
	prepared, err := d.prepare(ctx, statement)
	if err != nil {
		return nil, err
	}
	if prepared == nil {
		return readAll(d.db.QueryContext(ctx, statement, args...))
	}
	return readAll(prepared.QueryContext(ctx, args...))
}

// prepare returns a query that stays prepared, or nil when there are enough of them. Closing db closes it.
func (d *sqlDatabase) prepare(ctx context.Context, statement string) (*sql.Stmt, error) {
	d.mutex.RLock()
	prepared, count := d.prepared[statement], len(d.prepared)
	d.mutex.RUnlock()
	if prepared != nil || count >= maxPrepared {
		return prepared, nil
	}
	prepared, err := d.db.PrepareContext(ctx, statement)
	if err != nil {
		return nil, err
	}
	d.mutex.Lock()
	defer d.mutex.Unlock()
	if other := d.prepared[statement]; other != nil {
		return other, prepared.Close()
	}
	d.prepared[statement] = prepared
	return prepared, nil
}

// Exec implements [Database].
func (d *sqlDatabase) Exec(ctx context.Context, statement string, args ...any) (int64, error) {
	return affected(d.db.ExecContext(ctx, statement, args...))
}

// Batch implements [Database]. It opens and ends the transaction by statements: database/sql cannot ask for one that locks at once, and
// gives a connection back with its transaction open when a deferred constraint fails the commit.
func (d *sqlDatabase) Batch(ctx context.Context, statements []Statement) (results []Result, err error) {
	connection, err := d.db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	defer connection.Close()
	if _, err := connection.ExecContext(ctx, d.dialect.grammar().begin); err != nil {
		return nil, err
	}
	uncancelled := context.WithoutCancel(ctx)
	defer func() {
		if err == nil {
			return
		}
		if _, failed := connection.ExecContext(uncancelled, "ROLLBACK"); failed != nil {
			connection.Raw(func(any) error { return driver.ErrBadConn }) // it is not used again
		}
	}()
	results = make([]Result, len(statements))
	for i, statement := range statements {
		if statement.Rows {
			results[i].Rows, err = readAll(connection.QueryContext(ctx, statement.SQL, statement.Arguments...))
		} else {
			results[i].RowsAffected, err = affected(connection.ExecContext(ctx, statement.SQL, statement.Arguments...))
		}
		if err != nil {
			return nil, err
		}
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if _, err := connection.ExecContext(uncancelled, "COMMIT"); err != nil {
		return nil, err
	}
	return results, nil
}

// Close closes the database/sql handle.
func (d *sqlDatabase) Close() error { return d.db.Close() }

func affected(result sql.Result, err error) (int64, error) {
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// readAll reads the rows of a query and closes them.
func readAll(rows *sql.Rows, err error) (result [][]any, _ error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	targets := make([]any, len(columns))
	for rows.Next() {
		cells := make([]any, len(columns))
		for i := range cells {
			targets[i] = &cells[i]
		}
		if err := rows.Scan(targets...); err != nil {
			return nil, err
		}
		for i := range cells {
			if cells[i], err = PlainCell(cells[i]); err != nil {
				return nil, fmt.Errorf("column %s: %w", columns[i], err)
			}
		}
		result = append(result, cells)
	}
	return result, errors.Join(rows.Err(), rows.Close())
}

// PlainCell returns a driver's value as one of the types that a [Database] may give, or an error that names its type. It is for those
// who write a Database.
func PlainCell(value any) (any, error) {
	switch v := value.(type) {
	case nil, string, int64, float64, []byte:
		return v, nil
	case int32:
		return int64(v), nil
	case int16:
		return int64(v), nil
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
