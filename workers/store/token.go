package store

import (
	"context"
	"log/slog"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// maxJTI is the longest ID of an outstanding token, in characters: the column's length.
const maxJTI = 255

// OutstandingToken is a refresh or sliding token that was handed out: a row of djangorestframework-simplejwt's
// token_blacklist_outstandingtoken.
type OutstandingToken struct {
	// JTI is the token's ID, 1 to 255 characters. It is unique.
	JTI string
	// Token is the whole token, which opens the account until it expires or is blacklisted.
	Token string
	// UserID is the primary key of the user. Empty, and also when there is no such user, it is stored as NULL.
	UserID string
	// CreatedAt is when the token was made; zero is stored as NULL. ExpiresAt is its exp, and must not be zero. Both are kept in UTC and
	// whole microseconds.
	CreatedAt, ExpiresAt time.Time
}

// String names the token by ID and user, so that no format verb prints the token itself.
func (t OutstandingToken) String() string {
	return "token " + strconv.Quote(t.JTI) + " of user " + strconv.Quote(t.UserID)
}

// GoString is String, for %#v.
func (t OutstandingToken) GoString() string { return t.String() }

// LogValue is what a structured log shows of the token: its ID and its user's.
func (t OutstandingToken) LogValue() slog.Value {
	return slog.GroupValue(slog.String("jti", t.JTI), slog.String("user_id", t.UserID))
}

// Tokens keeps the refresh and sliding tokens that were handed out, and which of them are blacklisted: what the token_blacklist app of
// djangorestframework-simplejwt does. A token whose row cannot be stored is ErrInvalidToken.
type Tokens interface {
	// RecordToken stores a token that was handed out. One of that ID that is there already stays as it is.
	RecordToken(ctx context.Context, token OutstandingToken) error

	// RotateToken blacklists old and records next in its place, and reports whether it did: not when old is blacklisted already, and
	// then nothing of next is stored. old is recorded first where it was not. Of any number of calls for one old token at once, in any
	// number of processes on one database, exactly one rotates it. That next's ID is taken is an error, and changes nothing.
	RotateToken(ctx context.Context, old, next OutstandingToken, at time.Time) (rotated bool, err error)

	// BlacklistToken blacklists the token, recording it first where it was not, and reports whether it was not blacklisted before.
	BlacklistToken(ctx context.Context, token OutstandingToken, at time.Time) (added bool, err error)

	// TokenBlacklisted reports whether the token of that ID is blacklisted. An ID that nothing is known of is not.
	TokenBlacklisted(ctx context.Context, jti string) (bool, error)

	// TokenOwner is UserByID and TokenBlacklisted in one question, which every refresh asks: at the edge each goes over the network. An
	// unknown user is ErrNotFound, and blacklisted says even then what there is to say.
	TokenOwner(ctx context.Context, userID, jti string) (owner User, blacklisted bool, err error)

	// FlushExpiredTokens forgets the tokens whose ExpiresAt is now or earlier, blacklisted or not, and returns how many. It works in
	// portions: one that fails leaves those before it done, and the number returned says how many.
	FlushExpiredTokens(ctx context.Context, now time.Time) (removed int64, err error)
}

// BlockedToken is a token that was withdrawn: a row of drf-jwt's blacklist_blacklistedtoken.
type BlockedToken struct {
	// Token is the whole token. Empty it is stored as NULL, and then TokenID must not be empty.
	Token string
	// TokenID is the UUID of the token that the family of refreshed tokens began with. Empty it is stored as NULL.
	TokenID string
	// UserID is the primary key of the user, who must exist.
	UserID string
	// ExpiresAt is when the row is of no use any more, and BlacklistedAt when it was made; neither may be zero. Both are kept in UTC and
	// whole microseconds.
	ExpiresAt, BlacklistedAt time.Time
}

// String names the blocked token by ID and user, so that no format verb prints the token itself.
func (t BlockedToken) String() string {
	return "blocked token " + strconv.Quote(t.TokenID) + " of user " + strconv.Quote(t.UserID)
}

// GoString is String, for %#v.
func (t BlockedToken) GoString() string { return t.String() }

// LogValue is what a structured log shows of the blocked token: its ID and its user's.
func (t BlockedToken) LogValue() slog.Value {
	return slog.GroupValue(slog.String("token_id", t.TokenID), slog.String("user_id", t.UserID))
}

// BlockedQuery says which blocked tokens are asked for: the one that is Token, and those of TokenIDs. drf-jwt's JWT_TOKEN_ID decides
// which are given: "off" the token, "require" the ID, "include" both, where the ID is orig_jti or else jti. What is empty, and an ID
// that is no UUID, matches nothing.
type BlockedQuery struct {
	Token    string
	TokenIDs []string
}

// String names the IDs asked for, so that no format verb prints the token itself.
func (q BlockedQuery) String() string {
	return "blocked tokens " + strconv.Quote(strings.Join(q.TokenIDs, " "))
}

// GoString is String, for %#v.
func (q BlockedQuery) GoString() string { return q.String() }

// LogValue is what a structured log shows of the query: the IDs.
func (q BlockedQuery) LogValue() slog.Value { return slog.AnyValue(q.TokenIDs) }

// BlockedTokens keeps the tokens that drf-jwt's blacklist app withdrew.
type BlockedTokens interface {
	// BlockToken stores a withdrawn token and reports whether it did: not when there is a row with the same token, ID, user and expiry.
	// An unknown user is ErrNotFound, and a row that cannot be stored ErrInvalidToken.
	BlockToken(ctx context.Context, token BlockedToken) (added bool, err error)

	// TokenBlocked reports whether there is a row that the query asks for.
	TokenBlocked(ctx context.Context, query BlockedQuery) (bool, error)

	// DeleteStaleBlockedTokens removes the rows whose ExpiresAt is before now, and returns how many.
	DeleteStaleBlockedTokens(ctx context.Context, now time.Time) (removed int64, err error)
}

// prepareToken returns token as it is to be stored.
func prepareToken(token OutstandingToken) (OutstandingToken, error) {
	if token.JTI == "" || utf8.RuneCountInString(token.JTI) > maxJTI || token.ExpiresAt.IsZero() {
		return token, ErrInvalidToken
	}
	if !storable(token.JTI) || !storable(token.Token) {
		return token, ErrInvalidToken
	}
	token.CreatedAt, token.ExpiresAt = columnTime(token.CreatedAt), columnTime(token.ExpiresAt)
	return token, nil
}

// prepareBlocked returns token as it is to be stored, its ID in the form of canonicalUUID.
func prepareBlocked(token BlockedToken) (BlockedToken, error) {
	if token.Token == "" && token.TokenID == "" || token.ExpiresAt.IsZero() || token.BlacklistedAt.IsZero() || !storable(token.Token) {
		return token, ErrInvalidToken
	}
	if token.TokenID != "" {
		id, ok := canonicalUUID(token.TokenID)
		if !ok {
			return token, ErrInvalidToken
		}
		token.TokenID = id
	}
	token.ExpiresAt, token.BlacklistedAt = columnTime(token.ExpiresAt), columnTime(token.BlacklistedAt)
	return token, nil
}

// storable reports whether every database takes the text.
func storable(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsRune(text, 0)
}

// canonicalUUIDs returns those of ids that are UUIDs, in the form of canonicalUUID.
func canonicalUUIDs(ids []string) []string {
	var canonical []string
	for _, id := range ids {
		if uuid, ok := canonicalUUID(id); ok {
			canonical = append(canonical, uuid)
		}
	}
	return canonical
}

// canonicalUUID returns a UUID in lower case with its dashes. The text may be in upper case, and without dashes, as Django takes it.
func canonicalUUID(text string) (string, bool) {
	digits := text
	if len(text) == 36 {
		if text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-' {
			return "", false
		}
		digits = text[:8] + text[9:13] + text[14:18] + text[19:23] + text[24:]
	}
	if len(digits) != 32 || strings.Trim(digits, "0123456789abcdefABCDEF") != "" {
		return "", false
	}
	digits = strings.ToLower(digits)
	return digits[:8] + "-" + digits[8:12] + "-" + digits[12:16] + "-" + digits[16:20] + "-" + digits[20:], true
}
