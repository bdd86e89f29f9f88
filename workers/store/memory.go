package store

import (
	"context"
	"strconv"
	"sync"
	"time"
)

// Memory is a [Store] that lives as long as the process: for tests and for trying things out. Safe for concurrent use.
type Memory struct {
	mutex      sync.RWMutex
	closed     bool
	users      []User // in the order of their IDs, which count from 1
	byUsername map[string]int
}

var _ Store = (*Memory)(nil)

// NewMemory returns an empty Memory.
func NewMemory() *Memory {
	return &Memory{byUsername: map[string]int{}}
}

// UserByUsername implements [Store].
func (m *Memory) UserByUsername(ctx context.Context, username string) (User, error) {
	m.mutex.RLock()
	defer m.mutex.RUnlock()
	if err := m.usable(ctx); err != nil {
		return User{}, err
	}
	i, ok := m.byUsername[username]
	if !ok {
		return User{}, ErrNotFound
	}
	return m.users[i], nil
}

// UserByID implements [Store].
func (m *Memory) UserByID(ctx context.Context, id string) (User, error) {
	m.mutex.RLock()
	defer m.mutex.RUnlock()
	if err := m.usable(ctx); err != nil {
		return User{}, err
	}
	i, ok := m.index(id)
	if !ok {
		return User{}, ErrNotFound
	}
	return m.users[i], nil
}

// AddUser implements [Store].
func (m *Memory) AddUser(ctx context.Context, user User) (User, error) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	if err := m.usable(ctx); err != nil {
		return User{}, err
	}
	if _, taken := m.byUsername[user.Username]; taken {
		return User{}, ErrExists
	}
	user = prepare(user)
	user.ID = strconv.Itoa(len(m.users) + 1)
	m.byUsername[user.Username] = len(m.users)
	m.users = append(m.users, user)
	return user, nil
}

// Users implements [Store].
func (m *Memory) Users(ctx context.Context) ([]User, error) {
	m.mutex.RLock()
	defer m.mutex.RUnlock()
	if err := m.usable(ctx); err != nil {
		return nil, err
	}
	return append([]User(nil), m.users...), nil
}

// SetLastLogin implements [Store].
func (m *Memory) SetLastLogin(ctx context.Context, id string, at time.Time) error {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	if err := m.usable(ctx); err != nil {
		return err
	}
	i, ok := m.index(id)
	if !ok {
		return ErrNotFound
	}
	m.users[i].LastLogin = columnTime(at)
	return nil
}

// Close implements [Store]. It forgets every user.
func (m *Memory) Close() error {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	m.closed, m.users, m.byUsername = true, nil, nil
	return nil
}

func (m *Memory) usable(ctx context.Context) error {
	if m.closed {
		return ErrClosed
	}
	return ctx.Err()
}

// index returns where the user of that ID stands in m.users.
func (m *Memory) index(id string) (int, bool) {
	n, ok := parseID(id)
	if !ok || n < 1 || n > int64(len(m.users)) {
		return 0, false
	}
	return int(n - 1), true
}
