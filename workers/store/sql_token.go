package store

import (
	"context"
	"fmt"
	"time"
)

// The tables of djangorestframework-simplejwt.
const (
	outstandingTable = "token_blacklist_outstandingtoken"
	blacklistedTable = "token_blacklist_blacklistedtoken"
)

// flushPortion is how many tokens are forgotten in one transaction, so that nobody else waits long.
const flushPortion = 250

// tokenStatements are the statements about outstanding and blacklisted tokens.
type tokenStatements struct {
	dialect Dialect
	table   *userTable
	users   *userStatements

	record, recordUnlessBlacklisted, blacklist, blacklisted   string
	owner                                                     string
	lastExpired, lockExpired, deleteBlacklisted, deleteTokens string
}

func newTokenStatements(users *userStatements) *tokenStatements {
	dialect, table := users.dialect, users.table
	grammar := dialect.grammar()
	// The user is looked up where the row is written, because the token may be of one who was deleted, and then may not be.
	user := "(SELECT " + quote(table.key) + " FROM " + quote(table.name) + " WHERE " + quote(table.key) + " = " + table.kind.parameter(dialect) +
		grammar.share + ")"
	values := "?, ?, " + user + ", " + grammar.moment + ", " + grammar.moment
	insert := "INSERT INTO " + outstandingTable + " (jti, token, user_id, created_at, expires_at) "
	expired := " FROM " + outstandingTable + " WHERE expires_at <= " + grammar.moment
	blacklisted := "SELECT 1 FROM " + blacklistedTable + " AS b JOIN " + outstandingTable + " AS o ON o.id = b.token_id WHERE o.jti = ?"
	s := func(sql string) string { return dialect.statement(sql) }
	return &tokenStatements{
		dialect: dialect,
		table:   table,
		users:   users,
		// One row in any case, in which the user's columns are NULL where there is no such user.
		owner: s("SELECT CAST(CASE WHEN EXISTS (" + blacklisted + ") THEN 1 ELSE 0 END AS INTEGER), " + users.userColumns() +
			" FROM (SELECT 1) AS asked LEFT JOIN " + quote(table.name) + " ON " + quote(table.name) + "." + quote(table.key) + " = " +
			table.kind.parameter(dialect)),
		record:                  s(insert + "VALUES (" + values + ") ON CONFLICT (jti) " + grammar.keep),
		recordUnlessBlacklisted: s(insert + "SELECT " + values + " WHERE NOT EXISTS (" + blacklisted + ") RETURNING 1 AS recorded"),
		blacklist: s("INSERT INTO " + blacklistedTable + " (token_id, blacklisted_at) SELECT id, " + grammar.moment + " FROM " +
			outstandingTable + " WHERE jti = ? ON CONFLICT (token_id) DO NOTHING RETURNING 1 AS added"),
		blacklisted:       s(blacklisted),
		lastExpired:       s("SELECT CAST(max(id) AS TEXT) FROM (SELECT id" + expired + " ORDER BY id LIMIT ?) AS portion"),
		lockExpired:       s("SELECT id" + expired + " AND id <= " + grammar.integer + " ORDER BY id" + grammar.lock),
		deleteBlacklisted: s("DELETE FROM " + blacklistedTable + " WHERE token_id IN (SELECT id" + expired + " AND id <= " + grammar.integer + ")"),
		deleteTokens:      s("DELETE" + expired + " AND id <= " + grammar.integer),
	}
}

// values returns the arguments of the parameters that make an outstanding token.
func (s *tokenStatements) values(token OutstandingToken) []any {
	var user any
	if canonical, ok := s.table.kind.canonical(token.UserID); ok {
		user = s.table.kind.argument(s.dialect, canonical)
	}
	return []any{token.JTI, token.Token, user, s.dialect.time(token.CreatedAt), s.dialect.time(token.ExpiresAt)}
}

// recording is the statement that records a token unless it is there, and on PostgreSQL locks its row either way.
func (s *tokenStatements) recording(token OutstandingToken) Statement {
	return Statement{SQL: s.record, Arguments: s.values(token)}
}

// blacklisting is the statement that blacklists a recorded token, and gives a row when it was not blacklisted before.
func (s *tokenStatements) blacklisting(token OutstandingToken, at time.Time) Statement {
	return Statement{SQL: s.blacklist, Arguments: []any{s.dialect.time(at), token.JTI}, Rows: true}
}

// tokenStatements returns the statements about tokens.
func (s *SQL) tokenStatements(ctx context.Context) (*tokenStatements, error) {
	known, err := s.statements(ctx)
	if err != nil {
		return nil, err
	}
	return known.tokens, nil
}

// RecordToken implements [Store].
func (s *SQL) RecordToken(ctx context.Context, token OutstandingToken) error {
	tokens, err := s.tokenStatements(ctx)
	if err != nil {
		return err
	}
	if token, err = prepareToken(token); err != nil {
		return err
	}
	if _, err := s.db.Exec(ctx, tokens.record, tokens.values(token)...); err != nil {
		return fmt.Errorf("store: record token: %w", err)
	}
	return nil
}

// RotateToken implements [Store]. The first statement makes every other rotation of the token wait, the second decides, and its row
// tells who won.
func (s *SQL) RotateToken(ctx context.Context, old, next OutstandingToken, at time.Time) (bool, error) {
	tokens, err := s.tokenStatements(ctx)
	if err != nil {
		return false, err
	}
	if old, err = prepareToken(old); err != nil {
		return false, err
	}
	if next, err = prepareToken(next); err != nil {
		return false, err
	}
	results, err := s.batch(ctx,
		tokens.recording(old),
		Statement{SQL: tokens.recordUnlessBlacklisted, Arguments: append(tokens.values(next), old.JTI), Rows: true},
		tokens.blacklisting(old, columnTime(at)),
	)
	if err != nil {
		return false, fmt.Errorf("store: rotate token: %w", err)
	}
	return len(results[1].Rows) > 0, nil
}

// BlacklistToken implements [Store].
func (s *SQL) BlacklistToken(ctx context.Context, token OutstandingToken, at time.Time) (bool, error) {
	tokens, err := s.tokenStatements(ctx)
	if err != nil {
		return false, err
	}
	if token, err = prepareToken(token); err != nil {
		return false, err
	}
	results, err := s.batch(ctx, tokens.recording(token), tokens.blacklisting(token, columnTime(at)))
	if err != nil {
		return false, fmt.Errorf("store: blacklist token: %w", err)
	}
	return len(results[1].Rows) > 0, nil
}

// TokenBlacklisted implements [Store].
func (s *SQL) TokenBlacklisted(ctx context.Context, jti string) (bool, error) {
	tokens, err := s.tokenStatements(ctx)
	if err != nil || !storable(jti) {
		return false, err
	}
	rows, err := s.query(ctx, tokens.blacklisted, jti)
	if err != nil {
		return false, fmt.Errorf("store: look up token: %w", err)
	}
	return len(rows) > 0, nil
}

// TokenOwner implements [Store].
func (s *SQL) TokenOwner(ctx context.Context, userID, jti string) (owner User, blacklisted bool, err error) {
	tokens, err := s.tokenStatements(ctx)
	if err != nil {
		return User{}, false, err
	}
	key, isKey := tokens.users.keyArgument(userID)
	switch {
	case !storable(jti):
		owner, err = s.UserByID(ctx, userID)
		return owner, false, err
	case !isKey:
		if blacklisted, err = s.TokenBlacklisted(ctx, jti); err == nil {
			err = ErrNotFound
		}
		return User{}, blacklisted, err
	}
	rows, err := s.query(ctx, tokens.owner, jti, key)
	if err == nil && (len(rows) != 1 || len(rows[0]) < 2) {
		err = fmt.Errorf("the database gave no single row")
	}
	if err != nil {
		return User{}, false, fmt.Errorf("store: look up token and user: %w", err)
	}
	answer := rowReader{cells: rows[0]}
	blacklisted = answer.boolean()
	switch id := answer.nullableText(); {
	case answer.err != nil:
		return User{}, false, fmt.Errorf("store: look up token and user: %w", answer.err)
	case id == "":
		return User{}, blacklisted, ErrNotFound
	}
	if owner, err = tokens.users.read(rows[0][1:]); err != nil {
		return User{}, false, fmt.Errorf("store: look up token and user: %w", err)
	}
	return owner, blacklisted, nil
}

// FlushExpiredTokens implements [Store]. A portion are the expired tokens up to an ID, which no later token has.
func (s *SQL) FlushExpiredTokens(ctx context.Context, now time.Time) (removed int64, err error) {
	tokens, err := s.tokenStatements(ctx)
	if err != nil {
		return 0, err
	}
	moment := s.dialect.time(columnTime(now))
	for {
		last, err := s.lastExpired(ctx, tokens, moment)
		if err != nil {
			return removed, fmt.Errorf("store: flush tokens: %w", err)
		}
		if last == "" {
			return removed, nil
		}
		portion := []any{moment, last}
		batch := []Statement{{SQL: tokens.deleteBlacklisted, Arguments: portion}, {SQL: tokens.deleteTokens, Arguments: portion}}
		if s.dialect.grammar().lock != "" { // nobody may blacklist a token between the two
			batch = append([]Statement{{SQL: tokens.lockExpired, Arguments: portion, Rows: true}}, batch...)
		}
		results, err := s.batch(ctx, batch...)
		if err != nil {
			return removed, fmt.Errorf("store: flush tokens: %w", err)
		}
		removed += results[len(results)-1].RowsAffected
	}
}

// lastExpired returns the last ID of the next portion, or "" when nothing is expired.
func (s *SQL) lastExpired(ctx context.Context, tokens *tokenStatements, moment any) (string, error) {
	rows, err := s.query(ctx, tokens.lastExpired, moment, int64(flushPortion))
	if err != nil {
		return "", err
	}
	if len(rows) != 1 || len(rows[0]) != 1 {
		return "", fmt.Errorf("the database gave no single cell")
	}
	if rows[0][0] == nil {
		return "", nil
	}
	reader := rowReader{cells: rows[0]}
	return reader.text(), reader.err
}
