// Package postgres opens PostgreSQL databases as stores. It is apart from package store so that programs for other hosts do not carry a
// driver.
package postgres

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jeton-dev/jeton/workers/store"
)

// What a connection is limited to, unless the URL says otherwise.
const (
	maxConnections   = 10
	connectTimeout   = 5 * time.Second
	statementTimeout = "10s"
	lockTimeout      = "5s"
)

// Open opens the PostgreSQL database that a postgres:// or postgresql:// URL names, with its users in the model's table; the zero model is
// Django's auth_user. The tables that are missing are created in a database which no Django site has migrated; a site's is used as it is.
//
// The URL is libpq's, and what it leaves out comes from the PG… environment variables and the password file, as there. Unless it says
// otherwise (pool_max_conns, connect_timeout, statement_timeout, lock_timeout) there are at most 10 connections, a connection attempt
// ends after 5 seconds, a statement after 10 and the wait for a lock after 5.
//
// Open fails when the database cannot be reached, or has a user table without the columns a user needs. No error carries the URL.
func Open(ctx context.Context, databaseURL string, model store.UserModel) (*store.SQL, error) {
	config, err := configure(databaseURL)
	if err != nil {
		return nil, err
	}
	return open(ctx, config, model, (*store.SQL).Initialize)
}

// OpenReadOnly is Open for reading: nothing is created, and every change fails.
func OpenReadOnly(ctx context.Context, databaseURL string, model store.UserModel) (*store.SQL, error) {
	config, err := configure(databaseURL)
	if err != nil {
		return nil, err
	}
	config.ConnConfig.RuntimeParams["default_transaction_read_only"] = "on"
	return open(ctx, config, model, (*store.SQL).CheckTables)
}

// CheckURL returns an error unless databaseURL is one that Open could use. It connects to nothing, and the error does not quote it.
func CheckURL(databaseURL string) error {
	_, err := configure(databaseURL)
	return err
}

// IsURL reports whether text is meant for Open: whether it begins with postgres:// or postgresql://.
func IsURL(text string) bool {
	scheme, _, found := strings.Cut(text, "://")
	return found && (strings.EqualFold(scheme, "postgres") || strings.EqualFold(scheme, "postgresql"))
}

func configure(databaseURL string) (*pgxpool.Config, error) {
	if !IsURL(databaseURL) {
		return nil, errors.New("not a postgres:// URL")
	}
	parsed, err := url.Parse(databaseURL)
	if err != nil {
		return nil, errors.New("not a well-formed postgres:// URL: special characters of a user name or password are written as %XX")
	}
	config, err := pgxpool.ParseConfig(databaseURL)
	if err != nil { // its text quotes the URL
		return nil, errors.New("a part of the postgres:// URL, or of the PG environment variables, has a value that cannot be used")
	}
	given := parsed.Query()
	if !given.Has("pool_max_conns") {
		config.MaxConns = maxConnections
	}
	if config.ConnConfig.ConnectTimeout == 0 {
		config.ConnConfig.ConnectTimeout = connectTimeout
	}
	parameters := config.ConnConfig.RuntimeParams
	for name, value := range map[string]string{
		"application_name": "jeton", "statement_timeout": statementTimeout, "lock_timeout": lockTimeout,
		"idle_in_transaction_session_timeout": statementTimeout,
	} {
		if _, ok := parameters[name]; !ok {
			parameters[name] = value
		}
	}
	// A rotation waits for another one and must then see what it did.
	parameters["default_transaction_isolation"] = "read committed"
	return config, nil
}

// open connects, and makes the store ready by prepare.
func open(ctx context.Context, config *pgxpool.Config, model store.UserModel, prepare func(*store.SQL, context.Context) error) (*store.SQL, error) {
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("the database cannot be used: %w", explain(err))
	}
	stored := store.NewSQL(database{pool}, store.PostgreSQL, model)
	if err := pool.Ping(ctx); err != nil {
		stored.Close()
		return nil, fmt.Errorf("the database cannot be reached: %w", explain(err))
	}
	if err := prepare(stored, ctx); err != nil {
		stored.Close()
		return nil, err
	}
	return stored, nil
}
