package store

import (
	"strconv"
	"strings"
	"time"
)

// Dialect is the SQL that a database speaks, and how it keeps truth, time and UUIDs.
type Dialect uint8

const (
	// SQLite is SQLite's dialect, which Cloudflare D1 speaks too: truth is 0 and 1, time is text in UTC without a zone, a UUID its 32
	// digits.
	SQLite Dialect = iota
	// PostgreSQL is PostgreSQL's dialect from version 12 on. Django's columns there are boolean, timestamp with time zone and uuid.
	PostgreSQL
)

// grammar is what differs between dialects. Statements are written once, with "?" for every parameter, out of its pieces.
type grammar struct {
	// begin opens a transaction that no other can turn into one that fails for having read too early.
	begin string
	// keep ends "ON CONFLICT (jti) ": the row that is there stays as it is, and is locked until the transaction ends.
	keep string
	// What ends a SELECT until whose transaction ends nobody else may: with share delete the rows, with lock change them either, with
	// deleting insert what refers to them either. Who locks a user and a token locks the user first.
	share, lock, deleting string
	// prelude is run first by what makes tables, so that two programs that begin at once do not fail each other.
	prelude []Statement

	// The parameters of each kind of column.
	integer, moment, uuid string

	// columns is the query for name, declared type and rank in the primary key of a table's columns.
	columns string
	// references is the query for the table and column of every foreign key to a table, written as they stand in a statement.
	references string
}

var grammars = [...]grammar{
	SQLite: {
		begin:   "BEGIN IMMEDIATE",
		keep:    "DO NOTHING",
		integer: "CAST(? AS INTEGER)",
		moment:  "?",
		uuid:    "?",
		columns: `SELECT name, lower(type), pk FROM pragma_table_info(?)`,
		// D1 has a table of its own that nobody may look into.
		references: `SELECT '"' || replace(t.name, '"', '""') || '"', '"' || replace(f."from", '"', '""') || '"' FROM sqlite_master AS t ` +
			`JOIN pragma_foreign_key_list(t.name) AS f ` +
			`WHERE t.type = 'table' AND t.name NOT LIKE '\_cf\_%' ESCAPE '\' AND lower(f."table") = lower(?)`,
	},
	PostgreSQL: {
		begin:    "BEGIN",
		keep:     "DO UPDATE SET jti = excluded.jti",
		share:    " FOR KEY SHARE",
		lock:     " FOR NO KEY UPDATE",
		deleting: " FOR UPDATE",
		prelude:  []Statement{{SQL: "SELECT pg_advisory_xact_lock(7306086968268288106)"}}, // any number that is only ours
		integer:  "CAST(? AS bigint)",
		moment:   "CAST(? AS timestamptz)",
		uuid:     "CAST(? AS uuid)",
		columns: `SELECT a.attname::text, format_type(a.atttypid, a.atttypmod), coalesce(array_position(i.indkey::int2[], a.attnum) + 1, 0) ` +
			`FROM pg_attribute AS a LEFT JOIN pg_index AS i ON i.indrelid = a.attrelid AND i.indisprimary ` +
			`WHERE a.attrelid = to_regclass(quote_ident(?)) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`,
		references: `SELECT c.conrelid::regclass::text, quote_ident(a.attname) FROM pg_constraint AS c ` +
			`JOIN pg_attribute AS a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1] ` +
			`WHERE c.contype = 'f' AND c.conparentid = 0 AND c.confrelid = to_regclass(quote_ident(?))`,
	},
}

func (d Dialect) grammar() *grammar { return &grammars[d] }

// statement returns SQL with the dialect's parameters: "?", or "$1", "$2" and so on.
func (d Dialect) statement(sql string) string {
	if d != PostgreSQL {
		return sql
	}
	parts := strings.Split(sql, "?")
	var b strings.Builder
	for i, part := range parts {
		if i > 0 {
			b.WriteString("$" + strconv.Itoa(i))
		}
		b.WriteString(part)
	}
	return b.String()
}

// truth returns the argument for a boolean column.
func (d Dialect) truth(b bool) any {
	if d == PostgreSQL {
		return strconv.FormatBool(b)
	}
	if b {
		return int64(1)
	}
	return int64(0)
}

// time returns the argument for a datetime column. The zero time is NULL.
func (d Dialect) time(t time.Time) any {
	switch {
	case t.IsZero():
		return nil
	case d == PostgreSQL:
		return formatDatetime(t) + "+00"
	}
	return formatDatetime(t)
}

// uuidArgument returns the argument for a UUID column, of a UUID in its canonical form.
func (d Dialect) uuidArgument(uuid string) any {
	if d == PostgreSQL {
		return uuid
	}
	return strings.ReplaceAll(uuid, "-", "")
}

// isForeignKeyViolation reports whether err says that a row which others refer to would be gone. SQLite's message is all there is of
// the error on D1.
func (d Dialect) isForeignKeyViolation(err error) bool {
	if d == PostgreSQL {
		return sqlState(err) == "23503"
	}
	return err != nil && strings.Contains(err.Error(), "FOREIGN KEY constraint failed")
}

// isUnfitValue reports whether err says that a value is not one of the column's type.
func (d Dialect) isUnfitValue(err error) bool {
	return d == PostgreSQL && strings.HasPrefix(sqlState(err), "22")
}
