package storetest

import (
	"errors"
	"testing"
	"time"

	"github.com/jeton-dev/jeton/workers/store"
)

var blockedTokenCases = []testCase{
	{"a token is blocked once", blockToken},
	{"blocked tokens are matched as asked", matchBlocked},
	{"parallel blocking of one token", parallelBlocking},
	{"stale blocked tokens are deleted", deleteStaleTokens},
	{"blocked tokens that cannot be stored are refused", invalidBlocked},
}

const (
	oneUUID     = "0d3f5c6a-7b18-4c29-9d3a-4e5b6c7d8e9f"
	anotherUUID = "1d3f5c6a-7b18-4c29-9d3a-4e5b6c7d8e9f"
)

// Blocked returns a blocked token of that user with every time filled.
func Blocked(token, tokenID, userID string) store.BlockedToken {
	return store.BlockedToken{Token: token, TokenID: tokenID, UserID: userID, ExpiresAt: expiry, BlacklistedAt: expiry.Add(-time.Hour)}
}

func blockToken(t *testing.T, stored store.Store) {
	alice, other := add(t, stored, "alice"), add(t, stored, "other")
	rows := []store.BlockedToken{
		Blocked("a", "", alice.ID), Blocked("a", oneUUID, alice.ID), Blocked("", oneUUID, alice.ID), Blocked("b", "", alice.ID),
		Blocked("", anotherUUID, alice.ID), Blocked("a", "", other.ID),
	}
	later := Blocked("a", "", alice.ID)
	later.ExpiresAt = expiry.Add(time.Microsecond)
	rows = append(rows, later)
	for _, want := range []bool{true, false} {
		for _, row := range rows {
			row.BlacklistedAt = row.BlacklistedAt.Add(time.Minute) // plays no part
			block(t, stored, row, want)
		}
	}
	block(t, stored, Blocked("a", "0D3F5C6A7B184C299D3A4E5B6C7D8E9F", alice.ID), false) // the same UUID
	for _, id := range []string{"", "abc", "0", alice.ID + "0"} {
		if added, err := stored.BlockToken(t.Context(), Blocked("a", "", id)); added || !errors.Is(err, store.ErrNotFound) {
			t.Errorf("BlockToken of user %q = %v, %v; want ErrNotFound", id, added, err)
		}
	}
	deleteStale(t, stored, expiry.Add(time.Hour), int64(len(rows)))
}

func matchBlocked(t *testing.T, stored store.Store) {
	alice := add(t, stored, "alice")
	block(t, stored, Blocked("token", "", alice.ID), true)
	block(t, stored, Blocked("", oneUUID, alice.ID), true)
	block(t, stored, Blocked("both", anotherUUID, alice.ID), true)
	const unknownUUID = "2d3f5c6a-7b18-4c29-9d3a-4e5b6c7d8e9f"
	for _, ask := range []struct {
		token string
		ids   []string
		want  bool
	}{
		{"token", nil, true},
		{"Token", nil, false},
		{"token ", nil, false},
		{"unknown", nil, false},
		{"", nil, false},
		{"", []string{""}, false},
		{"", []string{"' OR '1'='1", "%"}, false},
		{"", []string{oneUUID}, true},
		{"", []string{"0D3F5C6A-7B18-4C29-9D3A-4E5B6C7D8E9F"}, true},
		{"", []string{"0d3f5c6a7b184c299d3a4e5b6c7d8e9f"}, true},
		{"", []string{"0d3f5c6a-7b184c299d3a4e5b6c7d8e9f"}, false},
		{"", []string{unknownUUID}, false},
		{"", []string{unknownUUID, "x", oneUUID}, true},
		{"unknown", []string{oneUUID}, true},
		{"token", []string{unknownUUID}, true},
		{"unknown", []string{unknownUUID}, false},
		{"both", nil, true},
		{"", []string{anotherUUID}, true},
		{oneUUID, nil, false},
		{"", []string{"token"}, false},
	} {
		isBlocked(t, stored, store.BlockedQuery{Token: ask.token, TokenIDs: ask.ids}, ask.want)
	}
}

func parallelBlocking(t *testing.T, stored store.Store) {
	alice := add(t, stored, "alice")
	const calls = 30
	added := make([]bool, calls)
	for i, err := range inParallel(calls, func(i int) (err error) {
		added[i], err = stored.BlockToken(t.Context(), Blocked("token", oneUUID, alice.ID))
		return err
	}) {
		if err != nil {
			t.Errorf("call %d: %v", i, err)
		}
	}
	if won := count(added); won != 1 {
		t.Errorf("%d of %d calls blocked the token, want 1", won, calls)
	}
	deleteStale(t, stored, expiry.Add(time.Hour), 1)
}

func deleteStaleTokens(t *testing.T, stored store.Store) {
	alice := add(t, stored, "alice")
	for token, expires := range map[string]time.Time{"before": expiry.Add(-time.Microsecond), "then": expiry, "after": expiry.Add(time.Microsecond)} {
		row := Blocked(token, "", alice.ID)
		row.ExpiresAt = expires
		block(t, stored, row, true)
	}
	deleteStale(t, stored, expiry, 1)
	for token, kept := range map[string]bool{"before": false, "then": true, "after": true} {
		isBlocked(t, stored, store.BlockedQuery{Token: token}, kept)
	}
	deleteStale(t, stored, expiry.Add(time.Hour), 2)
}

func invalidBlocked(t *testing.T, stored store.Store) {
	alice := add(t, stored, "alice")
	noExpiry, noTime := Blocked("a", "", alice.ID), Blocked("a", "", alice.ID)
	noExpiry.ExpiresAt, noTime.BlacklistedAt = time.Time{}, time.Time{}
	for name, row := range map[string]store.BlockedToken{
		"neither token nor ID": Blocked("", "", alice.ID), "an ID that is no UUID": Blocked("a", "1", alice.ID),
		"a NUL": Blocked("a\x00", "", alice.ID), "no UTF-8": Blocked("\xff", "", alice.ID), "no expiry": noExpiry, "no time": noTime,
	} {
		if added, err := stored.BlockToken(t.Context(), row); added || !errors.Is(err, store.ErrInvalidToken) {
			t.Errorf("%s: BlockToken = %v, %v; want ErrInvalidToken", name, added, err)
		}
	}
	deleteStale(t, stored, expiry.Add(time.Hour), 0)
}

func block(t *testing.T, stored store.Store, token store.BlockedToken, want bool) {
	t.Helper()
	if added, err := stored.BlockToken(t.Context(), token); err != nil || added != want {
		t.Errorf("BlockToken(%v) = %v, %v; want %v", token, added, err, want)
	}
}

func isBlocked(t *testing.T, stored store.Store, query store.BlockedQuery, want bool) {
	t.Helper()
	if got, err := stored.TokenBlocked(t.Context(), query); err != nil || got != want {
		t.Errorf("TokenBlocked(%q, %q) = %v, %v; want %v", query.Token, query.TokenIDs, got, err, want)
	}
}

// deleteStale removes the stale blocked tokens, and so also counts them.
func deleteStale(t *testing.T, stored store.Store, now time.Time, want int64) {
	t.Helper()
	if removed, err := stored.DeleteStaleBlockedTokens(t.Context(), now); err != nil || removed != want {
		t.Errorf("DeleteStaleBlockedTokens = %d, %v; want %d", removed, err, want)
	}
}
