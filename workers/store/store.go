// Package store keeps what the login service has to remember, in Django's own tables: users as in auth_user, the refresh tokens handed
// out and withdrawn as djangorestframework-simplejwt keeps them, and the tokens withdrawn as drf-jwt keeps them.
//
// [Store] is the interface the service asks. [Memory] keeps everything in memory. [SQL] keeps it in tables through the small [Database]
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

// The answers of a working store. Any other error means that the store itself failed, and says nothing about what was asked for:
// callers answer it with 503.
var (
	// ErrNotFound says that there is no such user.
	ErrNotFound = errors.New("store: no such user")
	// ErrExists says that the username is taken.
	ErrExists = errors.New("store: the username is taken")
	// ErrAmbiguous says that more than one user has the value asked for.
	ErrAmbiguous = errors.New("store: more than one user has that value")
	// ErrReferenced says that a user cannot be deleted, because rows that no rule is known for refer to it.
	ErrReferenced = errors.New("store: rows of other tables refer to the user")
)

// ErrUnknownField says that users have no field of the name asked for: a mistake in the configuration, not in a request.
var ErrUnknownField = errors.New("store: users have no field of that name")

// ErrInvalidToken says that a token's row cannot be stored: its ID is empty, longer than 255 characters or no UUID where the table
// wants one, a text of it holds a NUL or is not valid UTF-8, or it has no expiry.
var ErrInvalidToken = errors.New("store: the token's row is not one that can be stored")

// ErrClosed says that the store was closed before.
var ErrClosed = errors.New("store: closed")

// Store is everything the service remembers. Implementations are safe for concurrent use. Each call happens wholly or not at all, and
// what it did is there for every later call. No error carries a token, a password's hash or any other stored value.
type Store interface {
	Users
	Tokens
	BlockedTokens

	// HasTables reports whether there is a place for all of what tables names. A Django site without the app of a group of tables lacks
	// them, and then every method about their rows fails.
	HasTables(ctx context.Context, tables Tables) (bool, error)

	// Close releases what the store holds. After it every call fails.
	Close() error
}

// Tables names groups of tables; they are combined with |.
type Tables uint8

const (
	// UserTables is the user table, auth_user unless a [UserModel] says otherwise.
	UserTables Tables = 1 << iota
	// TokenTables is djangorestframework-simplejwt's: token_blacklist_outstandingtoken and token_blacklist_blacklistedtoken.
	TokenTables
	// BlockedTokenTables is drf-jwt's: blacklist_blacklistedtoken.
	BlockedTokenTables
)

// User is one account: a row of Django's auth_user.
type User struct {
	// ID is the primary key as text: a decimal integer without leading zeros, or in a table of another [UserModel] perhaps a UUID in
	// lower case with dashes, or any other text.
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

// Users keeps the users.
type Users interface {
	// UserByUsername returns the user of exactly that username, or ErrNotFound.
	UserByUsername(ctx context.Context, username string) (User, error)

	// UserByID returns the user of that primary key. A text that cannot be a primary key is ErrNotFound.
	UserByID(ctx context.Context, id string) (User, error)

	// UserBy returns the only user whose field has exactly that value, or ErrNotFound, or ErrAmbiguous. The field is a column of the
	// user table: one of id, username, email, first_name and last_name, and in a database any other that is there. Another is
	// ErrUnknownField. A value that the column cannot hold is ErrNotFound.
	UserBy(ctx context.Context, field, value string) (User, error)

	// AddUser stores a new user wholly or not at all, and returns it as stored. The store chooses the ID, whatever the argument
	// holds; a zero DateJoined becomes the present. A username that is taken is ErrExists, however many calls ask for it at once; so is,
	// in a table of another [UserModel], any other value that must be unique.
	AddUser(ctx context.Context, user User) (User, error)

	// Users returns all users in the order of their IDs.
	Users(ctx context.Context) ([]User, error)

	// SetLastLogin records a login. It changes nothing else of the user.
	SetLastLogin(ctx context.Context, id string, at time.Time) error

	// SetPassword puts the encoded hash next in the place of old, and reports whether it did: not when the stored hash is another by
	// now. Of any number of calls with one old hash at once, one changes it. An unknown user is ErrNotFound.
	SetPassword(ctx context.Context, id, old, next string) (changed bool, err error)

	// DeleteUser removes the user as Django does: the user's outstanding tokens stay and belong to nobody; drf-jwt's blocked tokens,
	// memberships of groups, permissions and entries of the admin site's log go too. Where rows of any other table refer to the user
	// nothing is changed, and the error is ErrReferenced. An unknown user is ErrNotFound.
	DeleteUser(ctx context.Context, id string) error
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
