// Package store keeps what the login service has to remember: its users, in the shape of Django's auth_user table.
//
// [Store] is the interface the service asks. [Memory] keeps users in memory. [SQL] keeps them in a table through the small [Database]
// interface, which database/sql meets natively ([FromSQL]) and a Cloudflare D1 binding at the edge. Package sqlite opens an SQLite
// file; package storetest holds every implementation to the same behaviour.
package store

import (
	"context"
	"errors"
	"log/slog"
	"strconv"
	"time"
)

// The two answers of a working store. Any other error means that the store itself failed, and says nothing about the user asked for:
// callers answer it with 503.
var (
	// ErrNotFound says that there is no such user.
	ErrNotFound = errors.New("store: no such user")
	// ErrExists says that the username is taken.
	ErrExists = errors.New("store: the username is taken")
)

// ErrClosed says that the store was closed before.
var ErrClosed = errors.New("store: closed")

// User is one account: a row of Django's auth_user.
type User struct {
	// ID is the primary key as text: a decimal integer without leading zeros.
	ID string
	// Username is unique and compared exactly: case counts and nothing is normalised.
	Username string
	// Password is the password's hash in Django's encoded form, never the password.
	Password string
	// Email, FirstName and LastName may be empty and need not be unique.
	Email, FirstName, LastName string
	// IsActive says that the user may log in; the other two are Django's marks for its admin site.
	IsActive, IsStaff, IsSuperuser bool
	// DateJoined is when the account was made, in UTC and whole microseconds.
	DateJoined time.Time
	// LastLogin is the last recorded login in the same form; zero means never.
	LastLogin time.Time
}

// String names the user by ID and username, so that no format verb prints the password's hash.
func (u User) String() string { return "user " + u.ID + " " + strconv.Quote(u.Username) }

// GoString is String, for %#v.
func (u User) GoString() string { return u.String() }

// LogValue is what a structured log shows of the user: the ID and the username.
func (u User) LogValue() slog.Value {
	return slog.GroupValue(slog.String("id", u.ID), slog.String("username", u.Username))
}

// Store keeps users. Implementations are safe for concurrent use, and every error that is neither [ErrNotFound] nor [ErrExists]
// (by errors.Is) means that the store failed.
type Store interface {
	// UserByUsername returns the user of exactly that username, or ErrNotFound.
	UserByUsername(ctx context.Context, username string) (User, error)

	// UserByID returns the user of that primary key. A text that cannot be a primary key is ErrNotFound.
	UserByID(ctx context.Context, id string) (User, error)

	// AddUser stores a new user wholly or not at all, and returns it as stored. The store chooses the ID, whatever the argument
	// holds; a zero DateJoined becomes the present. A username that is taken is ErrExists, however many calls ask for it at once.
	AddUser(ctx context.Context, user User) (User, error)

	// Users returns all users in the order of their IDs.
	Users(ctx context.Context) ([]User, error)

	// SetLastLogin records a login. It changes nothing else of the user.
	SetLastLogin(ctx context.Context, id string, at time.Time) error

	// Close releases what the store holds. After it every call fails.
	Close() error
}

// parseID returns the integer that id is the canonical text of. Anything else cannot be a primary key.
func parseID(id string) (int64, bool) {
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil || strconv.FormatInt(n, 10) != id {
		return 0, false
	}
	return n, true
}

// prepare returns user as it is to be stored: no ID, and times as a column can hold them.
func prepare(user User) User {
	user.ID = ""
	if user.DateJoined.IsZero() {
		user.DateJoined = time.Now()
	}
	user.DateJoined = columnTime(user.DateJoined)
	user.LastLogin = columnTime(user.LastLogin)
	return user
}
