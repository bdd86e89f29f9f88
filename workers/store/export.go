package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Export hands emit the statements, one by one and each complete in itself, that bring the users of s to an SQLite or D1 database with
// the tables of [Schema], under the IDs they have, and the tokens that are withdrawn and not expired by now. It is for moving a site:
// tokens that name a user name the same one there, and what is withdrawn here is refused there. Run again, the statements bring the
// other database up to date; users that are gone here stay there. No token that is good for anything is exported.
//
// Where the primary keys are not integers Django's own user table cannot hold the users, which is an error. So is an error of emit. The
// statements hold password hashes: treat them as the user table itself.
func (s *SQL) Export(ctx context.Context, now time.Time, emit func(statement string) error) error {
	known, err := s.statements(ctx)
	if err != nil {
		return err
	}
	if known.users.table.kind != keyInteger {
		return errors.New("store: export: the primary keys of the users are not integers")
	}
	if err := s.exportUsers(ctx, now, emit); err != nil {
		return fmt.Errorf("store: export users: %w", err)
	}
	for _, exported := range []struct {
		tables Tables
		export func(context.Context, any, func(string) error) error
	}{{TokenTables, s.exportBlacklisted}, {BlockedTokenTables, s.exportBlocked}} {
		has, err := s.HasTables(ctx, exported.tables)
		if err != nil || !has {
			if err != nil {
				return err
			}
			continue
		}
		if err := exported.export(ctx, s.dialect.time(columnTime(now)), emit); err != nil {
			return fmt.Errorf("store: export tokens: %w", err)
		}
	}
	return nil
}

func (s *SQL) exportUsers(ctx context.Context, now time.Time, emit func(string) error) error {
	users, err := s.Users(ctx)
	if err != nil {
		return err
	}
	target := newUserStatements(SQLite, stockUsers)
	var updates []string
	for _, column := range target.insertColumns {
		updates = append(updates, quote(column)+" = excluded."+quote(column))
	}
	statement := strings.Replace(target.insert, ` ("username"`, ` ("id", "username"`, 1)
	statement = strings.Replace(statement, "VALUES (", "VALUES (CAST(? AS INTEGER), ", 1) +
		` ON CONFLICT ("id") DO UPDATE SET ` + strings.Join(updates, ", ")
	for _, user := range users {
		if user.DateJoined.IsZero() { // in a table without the column
			user.DateJoined = columnTime(now)
		}
		if err := emitLiteral(emit, statement, append([]any{user.ID}, target.insertArguments(user)...)); err != nil {
			return err
		}
	}
	return nil
}

// moment returns a datetime column as rowReader takes it.
func (s *SQL) moment(column string) string {
	if s.dialect == PostgreSQL {
		return column
	}
	return "CAST(" + column + " AS TEXT)"
}

// exportBlacklisted exports the IDs of simplejwt's blacklisted tokens, whose text nobody looks at.
func (s *SQL) exportBlacklisted(ctx context.Context, now any, emit func(string) error) error {
	rows, err := s.query(ctx, s.dialect.statement("SELECT o.jti, CAST(o.user_id AS TEXT), "+s.moment("o.expires_at")+", "+s.moment("b.blacklisted_at")+
		" FROM "+blacklistedTable+" AS b JOIN "+outstandingTable+" AS o ON o.id = b.token_id WHERE o.expires_at > "+s.dialect.grammar().moment+" ORDER BY o.id"), now)
	if err != nil {
		return err
	}
	target := newStatements(SQLite, stockUsers).tokens
	for _, cells := range rows {
		row := rowReader{cells: cells}
		token := OutstandingToken{JTI: row.text(), UserID: row.nullableText(), ExpiresAt: row.datetime()}
		at := row.datetime()
		if row.err != nil {
			return row.err
		}
		blacklisting := strings.TrimSuffix(target.blacklist, " RETURNING 1 AS added")
		if err := errors.Join(
			emitLiteral(emit, target.record, target.values(token)),
			emitLiteral(emit, blacklisting, []any{SQLite.time(at), token.JTI}),
		); err != nil {
			return err
		}
	}
	return nil
}

// exportBlocked exports drf-jwt's blocked tokens.
func (s *SQL) exportBlocked(ctx context.Context, now any, emit func(string) error) error {
	rows, err := s.query(ctx, s.dialect.statement("SELECT token, CAST(token_id AS TEXT), CAST(user_id AS TEXT), "+s.moment("expires_at")+", "+s.moment("blacklisted_at")+
		" FROM "+blockedTable+" WHERE expires_at > "+s.dialect.grammar().moment+" ORDER BY id"), now)
	if err != nil {
		return err
	}
	target := newBlockedStatements(SQLite, stockUsers)
	for _, cells := range rows {
		row := rowReader{cells: cells}
		token := BlockedToken{Token: row.nullableText(), TokenID: row.nullableText(), UserID: row.text(), ExpiresAt: row.datetime(), BlacklistedAt: row.datetime()}
		if row.err != nil {
			return row.err
		}
		if token, err = prepareBlocked(token); err != nil {
			return err
		}
		block := target.block(token, token.UserID)
		if err := emitLiteral(emit, strings.TrimSuffix(block.SQL, " RETURNING 1 AS added"), block.Arguments); err != nil {
			return err
		}
	}
	return nil
}

func emitLiteral(emit func(string) error, statement string, arguments []any) error {
	text, err := literal(statement, arguments)
	if err != nil {
		return err
	}
	return emit(text)
}
