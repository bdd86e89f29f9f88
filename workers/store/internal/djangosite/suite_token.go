package djangosite

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/jeton-dev/jeton/workers/store"
	"github.com/jeton-dev/jeton/workers/store/storetest"
)

func tokensAreShared(t *testing.T, f fixture) {
	site, stored := f.migrated(t)
	alice := add(t, stored, store.User{Username: "alice", IsActive: true}, "x")
	var made []struct {
		Token, JTI string
		Exp        int64
	}
	site.Run(t, "refresh_tokens", []string{"alice", "alice", "alice", "alice"}, &made)
	var texts []string
	token := func(i int) store.OutstandingToken {
		return store.OutstandingToken{JTI: made[i].JTI, Token: made[i].Token, UserID: alice.ID, ExpiresAt: time.Unix(made[i].Exp, 0)}
	}
	for _, token := range made {
		texts = append(texts, token.Token)
	}

	site.Run(t, "blacklist", texts[:1], nil)
	next := storetest.Outstanding("0123456789abcdef0123456789abcdef", alice.ID)
	at := time.Date(2026, 12, 1, 2, 3, 4, 5000, time.UTC)
	for i, want := range []bool{false, true, false} {
		rotated, err := stored.RotateToken(t.Context(), token(min(i, 1)), next, at)
		if err != nil || rotated != want {
			t.Errorf("rotation %d: %v, %v; want %v", i, rotated, err, want)
		}
	}
	blacklist(t, stored, token(2), true)
	for i, want := range []bool{true, true, true, false} {
		if got, err := stored.TokenBlacklisted(t.Context(), made[i].JTI); err != nil || got != want {
			t.Errorf("Django's token %d is blacklisted: %v, %v; want %v", i, got, err, want)
		}
	}
	var accepted []string
	site.Run(t, "accepted", texts, &accepted)
	if want := []string{"Token is blacklisted", "Token is blacklisted", "Token is blacklisted", ""}; !reflect.DeepEqual(accepted, want) {
		t.Errorf("Django's answers are %q, want %q", accepted, want)
	}

	var seen []struct {
		JTI, Token, User string
		CreatedAt        time.Time  `json:"created_at"`
		ExpiresAt        time.Time  `json:"expires_at"`
		BlacklistedAt    *time.Time `json:"blacklisted_at"`
	}
	site.Run(t, "tokens", nil, &seen)
	if len(seen) != 5 {
		t.Fatalf("Django sees %d tokens, want 5", len(seen))
	}
	last := seen[4]
	if last.JTI != next.JTI || last.Token != next.Token || last.User != alice.ID || !last.CreatedAt.Equal(next.CreatedAt) || !last.ExpiresAt.Equal(next.ExpiresAt) || last.BlacklistedAt != nil {
		t.Errorf("Django sees our token as %+v, want %s of user %s", last, next.JTI, alice.ID)
	}
	if old := seen[1].BlacklistedAt; old == nil || !old.Equal(at) {
		t.Errorf("Django sees the rotated token blacklisted at %v, want %v", old, at)
	}

	// Both forget what has expired, blacklisted or not, and nothing else.
	past, soon := storetest.Outstanding("past", alice.ID), storetest.Outstanding("past too", "")
	past.ExpiresAt, soon.ExpiresAt = time.Now().Add(-time.Hour), time.Now().Add(-time.Minute)
	blacklist(t, stored, past, true)
	site.Run(t, "commands", []string{"flushexpiredtokens"}, nil)
	blacklist(t, stored, soon, true)
	if removed, err := stored.FlushExpiredTokens(t.Context(), time.Now()); removed != 1 || err != nil {
		t.Errorf("FlushExpiredTokens = %d, %v; want 1 that Django has left", removed, err)
	}
	site.Run(t, "tokens", nil, &seen)
	if len(seen) != 5 {
		t.Errorf("Django sees %d tokens after the flush, want 5", len(seen))
	}
}

func blockedTokensAreShared(t *testing.T, f fixture) {
	site, stored := f.migrated(t)
	alice := add(t, stored, store.User{Username: "alice", IsActive: true}, "x")
	const byDjango, byUs, unknown = "0d3f5c6a-7b18-4c29-9d3a-4e5b6c7d8e9f", "1d3f5c6a-7b18-4c29-9d3a-4e5b6c7d8e9f", "2d3f5c6a-7b18-4c29-9d3a-4e5b6c7d8e9f"
	expires := time.Date(2026, 12, 1, 2, 3, 4, 5000, time.UTC)
	row := func(token, id any) map[string]any {
		return map[string]any{"token": token, "token_id": id, "user": "alice", "expires_at": expires.Format(time.RFC3339Nano)}
	}
	site.Run(t, "block", []any{row("django", byDjango), row("django only", nil), row(nil, byDjango)}, nil)
	for _, token := range []store.BlockedToken{
		{Token: "django", TokenID: byDjango}, {Token: "django only"}, {TokenID: byDjango}, {Token: "ours", TokenID: byUs}, {Token: "ours only"},
	} {
		token.UserID, token.ExpiresAt, token.BlacklistedAt = alice.ID, expires, expires.Add(-time.Hour)
		added, err := stored.BlockToken(t.Context(), token)
		if want := token.TokenID == byUs || token.Token == "ours only"; err != nil || added != want {
			t.Errorf("BlockToken(%v) = %v, %v; want %v", token, added, err, want)
		}
	}
	site.Run(t, "block", []any{row("ours", byUs), row("ours only", nil)}, nil) // which are there already

	type payload map[string]any
	var questions [][3]any
	var queries []store.BlockedQuery
	for _, token := range []string{"django", "django only", "ours", "ours only", "unknown"} {
		for _, ids := range []payload{{}, {"jti": byDjango}, {"jti": byUs}, {"jti": unknown}, {"jti": unknown, "orig_jti": byUs}, {"jti": byDjango, "orig_jti": unknown}} {
			for _, mode := range []string{"off", "include", "require"} {
				id, _ := ids["orig_jti"].(string)
				if id == "" {
					id, _ = ids["jti"].(string)
				}
				if mode == "require" && id == "" {
					continue // drf-jwt has refused the token before
				}
				var query store.BlockedQuery
				if mode != "require" {
					query.Token = token
				}
				if mode != "off" && id != "" {
					query.TokenIDs = []string{id}
				}
				questions, queries = append(questions, [3]any{token, ids, mode}), append(queries, query)
			}
		}
	}
	var want []bool
	site.Run(t, "blocked", questions, &want)
	if !slices.Contains(want, true) || !slices.Contains(want, false) {
		t.Fatal("Django gives one answer to everything")
	}
	for i, query := range queries {
		if got, err := stored.TokenBlocked(t.Context(), query); err != nil || got != want[i] {
			t.Errorf("TokenBlocked(%v) = %v, %v; Django answers %v to %v", query, got, err, want[i], questions[i])
		}
	}
	if removed, err := stored.DeleteStaleBlockedTokens(t.Context(), expires.Add(time.Second)); removed != 5 || err != nil {
		t.Errorf("DeleteStaleBlockedTokens = %d, %v; want 5", removed, err)
	}
}

func blacklist(t *testing.T, stored store.Store, token store.OutstandingToken, want bool) {
	t.Helper()
	if added, err := stored.BlacklistToken(t.Context(), token, time.Now()); err != nil || added != want {
		t.Errorf("BlacklistToken(%s) = %v, %v; want %v", token.JTI, added, err, want)
	}
}
