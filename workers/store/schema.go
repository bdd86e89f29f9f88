package store

import _ "embed" // for schema_sqlite.sql

//go:embed schema_sqlite.sql
var sqliteSchema string

// SQLiteSchema returns the SQL that makes the tables in an SQLite or D1 database which lacks them: Django's auth_user, as the
// migrations of Django 5.2 and 6 leave it. It changes nothing where the table exists.
func SQLiteSchema() string { return sqliteSchema }
