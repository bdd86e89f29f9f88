//go:build js

package main

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"syscall/js"

	"github.com/jeton-dev/jeton/workers/store"
	"github.com/syumai/workers/cloudflare"
	"github.com/syumai/workers/cloudflare/d1"
)

// openDatabase returns the D1 database bound as DB, or one that fails when there is none: what needs no user works without it.
//
// The library's driver has limits that package store keeps to: it binds an int64 as a floating-point number, and panics at a time.Time.
// It has no transactions either, so that a batch goes to the binding itself.
func openDatabase() store.Database {
	connector, err := d1.OpenConnector("DB")
	if err != nil {
		return missingDatabase{errors.New("the Worker has no D1 binding named DB")}
	}
	return database{store.FromSQL(sql.OpenDB(connector), store.SQLite), cloudflare.GetBinding("DB")}
}

// database is D1: single statements by the library's driver, and several by the binding.
type database struct {
	store.Database
	binding js.Value
}

// Batch implements [store.Database].
func (d database) Batch(_ context.Context, statements []store.Statement) (results []store.Result, err error) {
	prepared := make([]any, len(statements))
	for i, statement := range statements {
		prepared[i] = d.binding.Call("prepare", statement.SQL).Call("bind", bindable(statement.Arguments)...)
	}
	answer, err := await(d.binding.Call("batch", prepared))
	if err != nil {
		return nil, err
	}
	results = make([]store.Result, answer.Length())
	for i := range results {
		result := answer.Index(i)
		results[i].RowsAffected = int64(result.Get("meta").Get("changes").Float())
		if results[i].Rows, err = readRows(result.Get("results")); err != nil {
			return nil, err
		}
	}
	return results, nil
}

// bindable returns arguments as JavaScript has them: an int64 is a number.
func bindable(arguments []any) []any {
	bound := make([]any, len(arguments))
	for i, argument := range arguments {
		bound[i] = argument
		if n, ok := argument.(int64); ok {
			bound[i] = float64(n)
		}
	}
	return bound
}

// readRows reads rows that are objects, whose values stand in the order of the statement's columns.
func readRows(rows js.Value) ([][]any, error) {
	read := make([][]any, rows.Length())
	for i := range read {
		values := js.Global().Get("Object").Call("values", rows.Index(i))
		read[i] = make([]any, values.Length())
		for j := range read[i] {
			switch value := values.Index(j); value.Type() {
			case js.TypeNull:
			case js.TypeNumber:
				read[i][j] = value.Float()
			case js.TypeString:
				read[i][j] = value.String()
			default:
				return nil, errors.New("syumai: D1 gave a value of an unknown type")
			}
		}
	}
	return read, nil
}

// missingDatabase is a [store.Database] whose every statement fails.
type missingDatabase struct{ cause error }

// Query implements [store.Database].
func (d missingDatabase) Query(context.Context, string, ...any) ([][]any, error) { return nil, d.cause }

// Exec implements [store.Database].
func (d missingDatabase) Exec(context.Context, string, ...any) (int64, error) { return 0, d.cause }

// Batch implements [store.Database].
func (d missingDatabase) Batch(context.Context, []store.Statement) ([]store.Result, error) {
	return nil, d.cause
}

// databaseReason returns what may be logged of a rejected promise's reason: D1's own text, which names tables and columns.
func databaseReason(reason js.Value) (string, bool) {
	if reason.Type() != js.TypeObject {
		return "", false
	}
	message := reason.Get("message")
	if message.Type() != js.TypeString {
		return "", false
	}
	const referenceGone = "FOREIGN KEY constraint failed" // in the middle of D1's text
	switch text := message.String(); {
	case strings.HasPrefix(text, "D1_ERROR"):
		return text, true
	case strings.Contains(text, referenceGone):
		return referenceGone, true
	}
	return "", false
}
