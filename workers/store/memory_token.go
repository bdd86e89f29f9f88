package store

import (
	"context"
	"errors"
	"slices"
	"time"
)

// RecordToken implements [Store].
func (m *Memory) RecordToken(ctx context.Context, token OutstandingToken) error {
	token, invalid := prepareToken(token)
	return m.changing(ctx, func() error {
		if invalid == nil {
			m.record(token)
		}
		return invalid
	})
}

// record stores a token unless it is there.
func (m *Memory) record(token OutstandingToken) {
	if _, known := m.outstanding[token.JTI]; known {
		return
	}
	if _, err := m.find(token.UserID); err != nil {
		token.UserID = ""
	}
	m.outstanding[token.JTI] = token
}

// RotateToken implements [Store].
func (m *Memory) RotateToken(ctx context.Context, old, next OutstandingToken, at time.Time) (rotated bool, err error) {
	old, invalidOld := prepareToken(old)
	next, invalidNext := prepareToken(next)
	err = m.changing(ctx, func() error {
		if err := errors.Join(invalidOld, invalidNext); err != nil {
			return err
		}
		if _, blacklisted := m.blacklisted[old.JTI]; blacklisted {
			return nil
		}
		if _, taken := m.outstanding[next.JTI]; taken || next.JTI == old.JTI {
			return errors.New("store: the new token's ID is taken")
		}
		m.record(old)
		m.record(next)
		m.blacklisted[old.JTI] = columnTime(at)
		rotated = true
		return nil
	})
	return rotated, err
}

// BlacklistToken implements [Store].
func (m *Memory) BlacklistToken(ctx context.Context, token OutstandingToken, at time.Time) (added bool, err error) {
	token, invalid := prepareToken(token)
	err = m.changing(ctx, func() error {
		if invalid != nil {
			return invalid
		}
		if _, blacklisted := m.blacklisted[token.JTI]; blacklisted {
			return nil
		}
		m.record(token)
		m.blacklisted[token.JTI] = columnTime(at)
		added = true
		return nil
	})
	return added, err
}

// TokenBlacklisted implements [Store].
func (m *Memory) TokenBlacklisted(ctx context.Context, jti string) (blacklisted bool, err error) {
	err = m.reading(ctx, func() error {
		_, blacklisted = m.blacklisted[jti]
		return nil
	})
	return blacklisted, err
}

// TokenOwner implements [Store].
func (m *Memory) TokenOwner(ctx context.Context, userID, jti string) (owner User, blacklisted bool, err error) {
	err = m.reading(ctx, func() (err error) {
		_, blacklisted = m.blacklisted[jti]
		owner, err = m.find(userID)
		return err
	})
	return owner, blacklisted, err
}

// FlushExpiredTokens implements [Store].
func (m *Memory) FlushExpiredTokens(ctx context.Context, now time.Time) (removed int64, err error) {
	err = m.changing(ctx, func() error {
		for jti, token := range m.outstanding {
			if !token.ExpiresAt.After(columnTime(now)) {
				delete(m.outstanding, jti)
				delete(m.blacklisted, jti)
				removed++
			}
		}
		return nil
	})
	return removed, err
}

// BlockToken implements [Store].
func (m *Memory) BlockToken(ctx context.Context, token BlockedToken) (added bool, err error) {
	token, invalid := prepareBlocked(token)
	err = m.changing(ctx, func() error {
		if invalid != nil {
			return invalid
		}
		if _, err := m.find(token.UserID); err != nil {
			return err
		}
		same := func(other BlockedToken) bool {
			other.BlacklistedAt = token.BlacklistedAt
			return other == token
		}
		if !slices.ContainsFunc(m.blocked, same) {
			m.blocked = append(m.blocked, token)
			added = true
		}
		return nil
	})
	return added, err
}

// TokenBlocked implements [Store].
func (m *Memory) TokenBlocked(ctx context.Context, query BlockedQuery) (blocked bool, err error) {
	ids := canonicalUUIDs(query.TokenIDs)
	err = m.reading(ctx, func() error {
		blocked = slices.ContainsFunc(m.blocked, func(token BlockedToken) bool {
			return query.Token != "" && token.Token == query.Token || token.TokenID != "" && slices.Contains(ids, token.TokenID)
		})
		return nil
	})
	return blocked, err
}

// DeleteStaleBlockedTokens implements [Store].
func (m *Memory) DeleteStaleBlockedTokens(ctx context.Context, now time.Time) (removed int64, err error) {
	err = m.changing(ctx, func() error {
		before := len(m.blocked)
		m.blocked = slices.DeleteFunc(m.blocked, func(token BlockedToken) bool { return token.ExpiresAt.Before(columnTime(now)) })
		removed = int64(before - len(m.blocked))
		return nil
	})
	return removed, err
}
