package store

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// blockedTable is drf-jwt's.
const blockedTable = "blacklist_blacklistedtoken"

// blockedStatements are the statements about blocked tokens.
type blockedStatements struct {
	dialect               Dialect
	table                 *userTable
	lockUser, deleteStale string
}

func newBlockedStatements(dialect Dialect, table *userTable) *blockedStatements {
	grammar := dialect.grammar()
	return &blockedStatements{
		dialect: dialect,
		table:   table,
		lockUser: dialect.statement("SELECT 1 AS found FROM " + quote(table.name) + " WHERE " + quote(table.key) + " = " +
			table.kind.parameter(dialect) + grammar.lock),
		deleteStale: dialect.statement("DELETE FROM " + blockedTable + " WHERE expires_at < " + grammar.moment),
	}
}

// block is the statement that stores a blocked token unless there is such a row, and gives a row when it did. There is no constraint
// that would keep two apart, so a lock on the user's row does.
func (s *blockedStatements) block(token BlockedToken, user any) Statement {
	grammar := s.dialect.grammar()
	values := [...]struct {
		column, parameter string
		argument          any
	}{
		{"token", "?", nullable(token.Token)},
		{"token_id", grammar.uuid, nil},
		{"user_id", s.table.kind.parameter(s.dialect), user},
		{"expires_at", grammar.moment, s.dialect.time(token.ExpiresAt)},
	}
	if token.TokenID != "" {
		values[1].argument = s.dialect.uuidArgument(token.TokenID)
	}
	var columns, parameters, same []string
	var arguments, sameArguments []any
	for _, value := range values {
		columns = append(columns, value.column)
		if value.argument == nil {
			parameters = append(parameters, "NULL")
			same = append(same, value.column+" IS NULL")
			continue
		}
		parameters = append(parameters, value.parameter)
		same = append(same, value.column+" = "+value.parameter)
		arguments = append(arguments, value.argument)
		sameArguments = append(sameArguments, value.argument)
	}
	sql := "INSERT INTO " + blockedTable + " (" + strings.Join(columns, ", ") + ", blacklisted_at) SELECT " + strings.Join(parameters, ", ") +
		", " + grammar.moment + " WHERE EXISTS (SELECT 1 FROM " + quote(s.table.name) + " WHERE " + quote(s.table.key) + " = " + s.table.kind.parameter(s.dialect) +
		") AND NOT EXISTS (SELECT 1 FROM " + blockedTable + " WHERE " + strings.Join(same, " AND ") + ") RETURNING 1 AS added"
	arguments = append(arguments, s.dialect.time(token.BlacklistedAt), user)
	return Statement{SQL: s.dialect.statement(sql), Arguments: append(arguments, sameArguments...), Rows: true}
}

// nullable returns text as an argument, which is NULL when it is empty.
func nullable(text string) any {
	if text == "" {
		return nil
	}
	return text
}

func (s *SQL) blockedStatements(ctx context.Context) (*blockedStatements, error) {
	known, err := s.statements(ctx)
	if err != nil {
		return nil, err
	}
	return known.blocked, nil
}

// BlockToken implements [Store].
func (s *SQL) BlockToken(ctx context.Context, token BlockedToken) (bool, error) {
	blocked, err := s.blockedStatements(ctx)
	if err != nil {
		return false, err
	}
	if token, err = prepareBlocked(token); err != nil {
		return false, err
	}
	id, ok := blocked.table.kind.canonical(token.UserID)
	if !ok {
		return false, ErrNotFound
	}
	user := blocked.table.kind.argument(s.dialect, id)
	results, err := s.batch(ctx, Statement{SQL: blocked.lockUser, Arguments: []any{user}, Rows: true}, blocked.block(token, user))
	if err != nil {
		return false, fmt.Errorf("store: block token: %w", err)
	}
	if len(results[0].Rows) == 0 {
		return false, ErrNotFound
	}
	return len(results[1].Rows) > 0, nil
}

// TokenBlocked implements [Store].
func (s *SQL) TokenBlocked(ctx context.Context, query BlockedQuery) (bool, error) {
	if _, err := s.statements(ctx); err != nil {
		return false, err
	}
	var conditions []string
	var arguments []any
	if query.Token != "" && storable(query.Token) {
		conditions, arguments = append(conditions, "token = ?"), append(arguments, query.Token)
	}
	for _, id := range canonicalUUIDs(query.TokenIDs) {
		conditions, arguments = append(conditions, "token_id = "+s.dialect.grammar().uuid), append(arguments, s.dialect.uuidArgument(id))
	}
	if len(conditions) == 0 {
		return false, ctx.Err()
	}
	rows, err := s.query(ctx, s.dialect.statement("SELECT 1 FROM "+blockedTable+" WHERE "+strings.Join(conditions, " OR ")+" LIMIT 1"), arguments...)
	if err != nil {
		return false, fmt.Errorf("store: look up blocked token: %w", err)
	}
	return len(rows) > 0, nil
}

// DeleteStaleBlockedTokens implements [Store].
func (s *SQL) DeleteStaleBlockedTokens(ctx context.Context, now time.Time) (int64, error) {
	blocked, err := s.blockedStatements(ctx)
	if err != nil {
		return 0, err
	}
	removed, err := s.db.Exec(ctx, blocked.deleteStale, s.dialect.time(columnTime(now)))
	if err != nil {
		return 0, fmt.Errorf("store: delete stale blocked tokens: %w", err)
	}
	return removed, nil
}
