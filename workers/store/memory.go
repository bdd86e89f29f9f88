package store

import (
	"context"
	"slices"
	"strconv"
	"sync"
	"time"
)

// Memory is a [Store] that lives as long as the process: for tests and for trying things out. Safe for concurrent use.
type Memory struct {
	mutex       sync.RWMutex
	closed      bool
	lastID      int64
	users       map[int64]User
	byUsername  map[string]int64
	outstanding map[string]OutstandingToken // by JTI
	blacklisted map[string]time.Time        // by JTI: since when
	blocked     []BlockedToken
}

var _ Store = (*Memory)(nil)

// NewMemory returns an empty Memory.
func NewMemory() *Memory {
	return &Memory{
		users:       map[int64]User{},
		byUsername:  map[string]int64{},
		outstanding: map[string]OutstandingToken{},
		blacklisted: map[string]time.Time{},
	}
}

// HasTables implements [Store]: there is a place for everything.
func (m *Memory) HasTables(ctx context.Context, _ Tables) (bool, error) {
	err := m.reading(ctx, func() error { return nil })
	return err == nil, err
}

// Close implements [Store]. It forgets everything.
func (m *Memory) Close() error {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	m.closed, m.users, m.byUsername, m.outstanding, m.blacklisted, m.blocked = true, nil, nil, nil, nil, nil
	return nil
}

// reading calls work while nothing changes.
func (m *Memory) reading(ctx context.Context, work func() error) error {
	m.mutex.RLock()
	defer m.mutex.RUnlock()
	if err := m.usable(ctx); err != nil {
		return err
	}
	return work()
}

// changing calls work while nobody else reads or changes anything. Work that fails must have changed nothing.
func (m *Memory) changing(ctx context.Context, work func() error) error {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	if err := m.usable(ctx); err != nil {
		return err
	}
	return work()
}

func (m *Memory) usable(ctx context.Context) error {
	if m.closed {
		return ErrClosed
	}
	return ctx.Err()
}

// UserByUsername implements [Store].
func (m *Memory) UserByUsername(ctx context.Context, username string) (user User, err error) {
	err = m.reading(ctx, func() error {
		id, ok := m.byUsername[username]
		if !ok {
			return ErrNotFound
		}
		user = m.users[id]
		return nil
	})
	return user, err
}

// UserByID implements [Store].
func (m *Memory) UserByID(ctx context.Context, id string) (user User, err error) {
	err = m.reading(ctx, func() error {
		user, err = m.find(id)
		return err
	})
	return user, err
}

// fields are those of a user that [Memory.UserBy] knows.
var fields = map[string]func(User) string{
	"id":         func(u User) string { return u.ID },
	"username":   func(u User) string { return u.Username },
	"email":      func(u User) string { return u.Email },
	"first_name": func(u User) string { return u.FirstName },
	"last_name":  func(u User) string { return u.LastName },
}

// UserBy implements [Store].
func (m *Memory) UserBy(ctx context.Context, field, value string) (user User, err error) {
	err = m.reading(ctx, func() error {
		valueOf, ok := fields[field]
		if !ok {
			return ErrUnknownField
		}
		found := 0
		for _, candidate := range m.users {
			if valueOf(candidate) == value {
				user = candidate
				found++
			}
		}
		return onlyOne(found)
	})
	if err != nil {
		return User{}, err
	}
	return user, nil
}

// onlyOne returns the error for a look-up that found so many.
func onlyOne(found int) error {
	switch found {
	case 0:
		return ErrNotFound
	case 1:
		return nil
	}
	return ErrAmbiguous
}

// AddUser implements [Store].
func (m *Memory) AddUser(ctx context.Context, user User) (User, error) {
	user = prepare(user)
	err := m.changing(ctx, func() error {
		if _, taken := m.byUsername[user.Username]; taken {
			return ErrExists
		}
		m.lastID++ // an ID is never used again
		user.ID = strconv.FormatInt(m.lastID, 10)
		m.byUsername[user.Username] = m.lastID
		m.users[m.lastID] = user
		return nil
	})
	if err != nil {
		return User{}, err
	}
	return user, nil
}

// Users implements [Store].
func (m *Memory) Users(ctx context.Context) (users []User, err error) {
	err = m.reading(ctx, func() error {
		ids := make([]int64, 0, len(m.users))
		for id := range m.users {
			ids = append(ids, id)
		}
		slices.Sort(ids)
		for _, id := range ids {
			users = append(users, m.users[id])
		}
		return nil
	})
	return users, err
}

// SetLastLogin implements [Store].
func (m *Memory) SetLastLogin(ctx context.Context, id string, at time.Time) error {
	return m.changing(ctx, func() error {
		user, err := m.find(id)
		if err != nil {
			return err
		}
		user.LastLogin = columnTime(at)
		m.put(user)
		return nil
	})
}

// SetPassword implements [Store].
func (m *Memory) SetPassword(ctx context.Context, id, old, next string) (changed bool, err error) {
	err = m.changing(ctx, func() error {
		user, err := m.find(id)
		if err != nil || user.Password != old {
			return err
		}
		user.Password = next
		m.put(user)
		changed = true
		return nil
	})
	return changed, err
}

// DeleteUser implements [Store].
func (m *Memory) DeleteUser(ctx context.Context, id string) error {
	return m.changing(ctx, func() error {
		user, err := m.find(id)
		if err != nil {
			return err
		}
		for jti, token := range m.outstanding {
			if token.UserID == id {
				token.UserID = ""
				m.outstanding[jti] = token
			}
		}
		m.blocked = slices.DeleteFunc(m.blocked, func(token BlockedToken) bool { return token.UserID == id })
		delete(m.byUsername, user.Username)
		key, _ := parseID(id)
		delete(m.users, key)
		return nil
	})
}

func (m *Memory) find(id string) (User, error) {
	key, ok := parseID(id)
	user, known := m.users[key]
	if !ok || !known {
		return User{}, ErrNotFound
	}
	return user, nil
}

func (m *Memory) put(user User) {
	key, _ := parseID(user.ID)
	m.users[key] = user
}
