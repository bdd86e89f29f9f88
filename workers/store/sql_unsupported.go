package store

import (
	"context"
	"errors"
	"time"
)

// errUnsupported is what SQL answers to what it does not do yet: it keeps users, and no tokens.
var errUnsupported = errors.New("store: the database keeps users alone as yet")

var _ Store = (*SQL)(nil)

// UserBy is not supported yet.
func (s *SQL) UserBy(context.Context, string, string) (User, error) { return User{}, errUnsupported }

// SetPassword is not supported yet.
func (s *SQL) SetPassword(context.Context, string, string, string) (bool, error) {
	return false, errUnsupported
}

// DeleteUser is not supported yet.
func (s *SQL) DeleteUser(context.Context, string) error { return errUnsupported }

// HasTables reports whether the database has those tables: it has no others than the users' as yet.
func (s *SQL) HasTables(ctx context.Context, tables Tables) (bool, error) {
	return tables == UserTables, s.unlessClosed(ctx.Err())
}

// RecordToken is not supported yet.
func (s *SQL) RecordToken(context.Context, OutstandingToken) error { return errUnsupported }

// RotateToken is not supported yet.
func (s *SQL) RotateToken(context.Context, OutstandingToken, OutstandingToken, time.Time) (bool, error) {
	return false, errUnsupported
}

// BlacklistToken is not supported yet.
func (s *SQL) BlacklistToken(context.Context, OutstandingToken, time.Time) (bool, error) {
	return false, errUnsupported
}

// TokenBlacklisted is not supported yet.
func (s *SQL) TokenBlacklisted(context.Context, string) (bool, error) { return false, errUnsupported }

// FlushExpiredTokens is not supported yet.
func (s *SQL) FlushExpiredTokens(context.Context, time.Time) (int64, error) {
	return 0, errUnsupported
}

// BlockToken is not supported yet.
func (s *SQL) BlockToken(context.Context, BlockedToken) (bool, error) { return false, errUnsupported }

// TokenBlocked is not supported yet.
func (s *SQL) TokenBlocked(context.Context, BlockedQuery) (bool, error) { return false, errUnsupported }

// DeleteStaleBlockedTokens is not supported yet.
func (s *SQL) DeleteStaleBlockedTokens(context.Context, time.Time) (int64, error) {
	return 0, errUnsupported
}
