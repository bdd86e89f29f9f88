//go:build js

package main

import (
	"context"
	"database/sql"
	"errors"

	"github.com/jeton-dev/jeton/workers/store"
	"github.com/syumai/workers/cloudflare/d1"
)

// openDatabase returns the D1 database bound as DB, or one that fails when there is none: what needs no user works without it.
//
// The library's driver has limits that package store keeps to: it has no transactions, binds an int64 as a floating-point number, and
// panics at a time.Time.
func openDatabase() store.Database {
	connector, err := d1.OpenConnector("DB")
	if err != nil {
		return missingDatabase{errors.New("the Worker has no D1 binding named DB")}
	}
	return store.FromSQL(sql.OpenDB(connector))
}

// missingDatabase is a [store.Database] whose every statement fails.
type missingDatabase struct{ cause error }

// Query implements [store.Database].
func (d missingDatabase) Query(context.Context, string, ...any) ([][]any, error) { return nil, d.cause }

// Exec implements [store.Database].
func (d missingDatabase) Exec(context.Context, string, ...any) (int64, error) { return 0, d.cause }
