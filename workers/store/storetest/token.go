package storetest

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jeton-dev/jeton/workers/store"
)

var tokenCases = []testCase{
	{"a token is recorded once", recordToken},
	{"a token is blacklisted once", blacklistToken},
	{"a token is rotated once", rotateToken},
	{"a family of tokens is rotated one by one", rotateFamily},
	{"a token is not rotated into one that is there", rotateIntoTaken},
	{"parallel rotations of one token", parallelRotations},
	{"parallel rotations of many tokens", parallelFamilies},
	{"parallel blacklisting of one token", parallelBlacklisting},
	{"a token is rotated or blacklisted, not both", rotateAgainstBlacklist},
	{"a token's user and standing are one question", tokenOwner},
	{"expired tokens are flushed", flushTokens},
	{"many expired tokens are flushed", flushMany},
	{"an ID is data", tokenIDsAreData},
	{"rows that cannot be stored are refused", invalidTokens},
	{"there are tables for tokens", tokenTables},
}

// expiry is when the tokens of the suite expire, unless a test says otherwise.
var expiry = time.Date(2027, 1, 2, 3, 4, 5, 678901000, time.UTC)

// Outstanding returns a token of that ID and user with every field filled.
func Outstanding(jti, userID string) store.OutstandingToken {
	return store.OutstandingToken{JTI: jti, Token: "header.payload.of-" + jti, UserID: userID, CreatedAt: expiry.Add(-time.Hour), ExpiresAt: expiry}
}

func recordToken(t *testing.T, stored store.Store) {
	alice := add(t, stored, "alice")
	token := Outstanding("one", alice.ID)
	for range 2 {
		if err := stored.RecordToken(t.Context(), token); err != nil {
			t.Fatal(err)
		}
	}
	later := token
	later.Token, later.ExpiresAt = "another", expiry.Add(time.Hour)
	if err := stored.RecordToken(t.Context(), later); err != nil {
		t.Fatal(err)
	}
	nobodys := Outstanding("two", "")
	nobodys.CreatedAt = time.Time{}
	for _, token := range []store.OutstandingToken{nobodys, Outstanding("three", "no-such-user"), Outstanding("four", alice.ID+"0")} {
		if err := stored.RecordToken(t.Context(), token); err != nil {
			t.Errorf("RecordToken of %v: %v", token, err)
		}
	}
	for _, jti := range []string{"one", "two", "three", "four"} {
		isBlacklisted(t, stored, jti, false)
	}
	flush(t, stored, expiry, 4) // "one" has kept its first expiry
}

func blacklistToken(t *testing.T, stored store.Store) {
	alice := add(t, stored, "alice")
	recorded, unrecorded, other := Outstanding("recorded", alice.ID), Outstanding("unrecorded", alice.ID), Outstanding("other", alice.ID)
	for _, token := range []store.OutstandingToken{recorded, other} {
		if err := stored.RecordToken(t.Context(), token); err != nil {
			t.Fatal(err)
		}
	}
	for _, token := range []store.OutstandingToken{recorded, unrecorded} {
		isBlacklisted(t, stored, token.JTI, false)
		blacklist(t, stored, token, true)
		isBlacklisted(t, stored, token.JTI, true)
		blacklist(t, stored, token, false)
		isBlacklisted(t, stored, token.JTI, true)
	}
	for _, jti := range []string{"other", "unknown", "", "Recorded", "recorded ", "record%"} {
		isBlacklisted(t, stored, jti, false)
	}
	flush(t, stored, expiry, 3)
}

func tokenOwner(t *testing.T, stored store.Store) {
	alice := add(t, stored, "alice")
	blacklist(t, stored, Outstanding("revoked", alice.ID), true)
	if err := stored.RecordToken(t.Context(), Outstanding("good", alice.ID)); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		userID, jti string
		found       bool
		blacklisted bool
	}{
		{alice.ID, "good", true, false}, {alice.ID, "revoked", true, true}, {alice.ID, "unknown", true, false}, {alice.ID, "", true, false},
		{alice.ID, "a\x00b", true, false}, {alice.ID, "\xff", true, false}, {alice.ID, "' OR '1'='1", true, false},
		{alice.ID + "0", "revoked", false, true}, {alice.ID + "0", "good", false, false}, {"no-key", "revoked", false, true}, {"", "revoked", false, true},
		{"", "\x00", false, false}, {"01", "good", false, false},
	} {
		owner, blacklisted, err := stored.TokenOwner(t.Context(), test.userID, test.jti)
		if test.found && (err != nil || owner != alice) || !test.found && (!errors.Is(err, store.ErrNotFound) || owner != (store.User{})) || blacklisted != test.blacklisted {
			t.Errorf("TokenOwner(%q, %q) = %v, %v, %v", test.userID, test.jti, owner, blacklisted, err)
		}
	}
}

func rotateToken(t *testing.T, stored store.Store) {
	alice := add(t, stored, "alice")
	recorded, unrecorded, revoked := Outstanding("recorded", alice.ID), Outstanding("unrecorded", alice.ID), Outstanding("revoked", alice.ID)
	if err := stored.RecordToken(t.Context(), recorded); err != nil {
		t.Fatal(err)
	}
	blacklist(t, stored, revoked, true)
	for _, old := range []store.OutstandingToken{recorded, unrecorded} {
		first, late := Outstanding("first-of-"+old.JTI, alice.ID), Outstanding("late-of-"+old.JTI, alice.ID)
		rotate(t, stored, old, first, true)
		isBlacklisted(t, stored, old.JTI, true)
		isBlacklisted(t, stored, first.JTI, false)
		rotate(t, stored, old, late, false)
		rotate(t, stored, old, first, false)
		isBlacklisted(t, stored, first.JTI, false)
		blacklist(t, stored, old, false)
	}
	rotate(t, stored, revoked, Outstanding("of-revoked", alice.ID), false)
	flush(t, stored, expiry, 5) // the three and the first of two
}

func rotateFamily(t *testing.T, stored store.Store) {
	alice := add(t, stored, "alice")
	token := func(i int) store.OutstandingToken { return Outstanding(fmt.Sprintf("generation%d", i), alice.ID) }
	const generations = 20
	for i := range generations {
		rotate(t, stored, token(i), token(i+1), true)
	}
	for i := range generations {
		isBlacklisted(t, stored, token(i).JTI, true)
		rotate(t, stored, token(i), Outstanding(fmt.Sprintf("replay%d", i), alice.ID), false)
	}
	isBlacklisted(t, stored, token(generations).JTI, false)
	flush(t, stored, expiry, generations+1)
}

func rotateIntoTaken(t *testing.T, stored store.Store) {
	old, taken := Outstanding("old-zq1", ""), Outstanding("taken-zq2", "")
	if err := stored.RecordToken(t.Context(), taken); err != nil {
		t.Fatal(err)
	}
	for _, next := range []store.OutstandingToken{taken, old} {
		if rotated, err := stored.RotateToken(t.Context(), old, next, expiry); rotated || err == nil {
			t.Errorf("a rotation into %v = %v, %v; want an error", next, rotated, err)
		} else if strings.Contains(err.Error(), next.JTI) || strings.Contains(err.Error(), next.Token) {
			t.Errorf("the error carries the token or its ID: %v", err)
		}
	}
	isBlacklisted(t, stored, old.JTI, false)
	isBlacklisted(t, stored, taken.JTI, false)
	flush(t, stored, expiry, 1)
}

func parallelRotations(t *testing.T, stored store.Store) {
	alice := add(t, stored, "alice")
	for _, recorded := range []bool{true, false} {
		old := Outstanding(fmt.Sprintf("old-%v", recorded), alice.ID)
		if recorded {
			if err := stored.RecordToken(t.Context(), old); err != nil {
				t.Fatal(err)
			}
		}
		const calls = 100
		successor := func(i int) store.OutstandingToken { return Outstanding(fmt.Sprintf("%s-%d", old.JTI, i), alice.ID) }
		rotated := make([]bool, calls)
		for i, err := range inParallel(calls, func(i int) (err error) {
			rotated[i], err = stored.RotateToken(t.Context(), old, successor(i), time.Now())
			return err
		}) {
			if err != nil {
				t.Errorf("call %d: %v", i, err)
			}
		}
		won := 0
		for i := range rotated {
			if rotated[i] {
				won++
				rotate(t, stored, successor(i), Outstanding(old.JTI+"-next", alice.ID), true)
			}
		}
		if won != 1 {
			t.Errorf("%d of %d calls rotated the token, want 1", won, calls)
		}
		isBlacklisted(t, stored, old.JTI, true)
		flush(t, stored, expiry, 3) // the old one, the only successor and the one after it
	}
}

func parallelFamilies(t *testing.T, stored store.Store) {
	alice := add(t, stored, "alice")
	const families, generations = 20, 5
	for i, err := range inParallel(families, func(i int) error {
		token := func(generation int) store.OutstandingToken {
			return Outstanding(fmt.Sprintf("family%d-%d", i, generation), alice.ID)
		}
		for generation := range generations {
			rotated, err := stored.RotateToken(t.Context(), token(generation), token(generation+1), time.Now())
			if err == nil && !rotated {
				err = errors.New("not rotated")
			}
			if err != nil {
				return err
			}
		}
		return nil
	}) {
		if err != nil {
			t.Errorf("family %d: %v", i, err)
		}
	}
	flush(t, stored, expiry, families*(generations+1))
}

func parallelBlacklisting(t *testing.T, stored store.Store) {
	token := Outstanding("token", "")
	const calls = 50
	added := make([]bool, calls)
	for i, err := range inParallel(calls, func(i int) (err error) {
		added[i], err = stored.BlacklistToken(t.Context(), token, time.Now())
		return err
	}) {
		if err != nil {
			t.Errorf("call %d: %v", i, err)
		}
	}
	if won := count(added); won != 1 {
		t.Errorf("%d of %d calls blacklisted the token, want 1", won, calls)
	}
	flush(t, stored, expiry, 1)
}

// rotateAgainstBlacklist lets a logout race with a refresh: whoever is first, the token is spent once.
func rotateAgainstBlacklist(t *testing.T, stored store.Store) {
	const rounds = 20
	for round := range rounds {
		old := Outstanding(fmt.Sprintf("old%d", round), "")
		spent := make([]bool, 4)
		for i, err := range inParallel(len(spent), func(i int) (err error) {
			if i%2 == 0 {
				spent[i], err = stored.RotateToken(t.Context(), old, Outstanding(fmt.Sprintf("next%d-%d", round, i), ""), time.Now())
			} else {
				spent[i], err = stored.BlacklistToken(t.Context(), old, time.Now())
			}
			return err
		}) {
			if err != nil {
				t.Errorf("call %d: %v", i, err)
			}
		}
		if won := count(spent); won != 1 {
			t.Errorf("the token was spent %d times, want once", won)
		}
		isBlacklisted(t, stored, old.JTI, true)
	}
}

func flushTokens(t *testing.T, stored store.Store) {
	at := func(jti string, expires time.Time) store.OutstandingToken {
		token := Outstanding(jti, "")
		token.ExpiresAt = expires
		return token
	}
	whole := time.Date(2027, 1, 2, 3, 4, 5, 0, time.UTC) // whole seconds are written without a fraction
	for _, token := range []store.OutstandingToken{
		at("before", whole.Add(-time.Microsecond)), at("then", whole), at("after", whole.Add(time.Microsecond)),
		at("year before", whole.AddDate(-1, 0, 0)), at("zone before", whole.Add(-time.Second).In(time.FixedZone("", 9*3600))),
		at("zone after", whole.Add(time.Second).In(time.FixedZone("", -9*3600))),
	} {
		blacklist(t, stored, token, true)
	}
	if err := stored.RecordToken(t.Context(), at("live before", whole.Add(-time.Second))); err != nil {
		t.Fatal(err)
	}
	flush(t, stored, whole.AddDate(-2, 0, 0), 0)
	flush(t, stored, whole.In(time.FixedZone("", 3600)), 5)
	flush(t, stored, whole, 0)
	for jti, kept := range map[string]bool{"before": false, "then": false, "after": true, "year before": false, "zone before": false, "zone after": true} {
		isBlacklisted(t, stored, jti, kept)
	}
	// What was forgotten begins anew.
	blacklist(t, stored, at("then", whole.Add(time.Hour)), true)
	isBlacklisted(t, stored, "then", true)
	flush(t, stored, whole.AddDate(1, 0, 0), 3)
}

func flushMany(t *testing.T, stored store.Store) {
	alice := add(t, stored, "alice")
	const tokens = 520 // several portions
	for i := range tokens / 2 {
		if rotated, err := stored.RotateToken(t.Context(), Outstanding(fmt.Sprint(2*i), alice.ID), Outstanding(fmt.Sprint(2*i+1), ""), expiry); !rotated || err != nil {
			t.Fatalf("RotateToken = %v, %v", rotated, err)
		}
	}
	keep := Outstanding("keep", alice.ID)
	keep.ExpiresAt = expiry.Add(time.Microsecond)
	blacklist(t, stored, keep, true)
	flush(t, stored, expiry, tokens)
	isBlacklisted(t, stored, "keep", true)
	isBlacklisted(t, stored, "0", false)
}

func tokenIDsAreData(t *testing.T, stored store.Store) {
	ids := []string{`' OR '1'='1`, `"; DROP TABLE "auth_user"; --`, "?", "$1", "%", "_", "a\nb", "𝕒", "1", "01", "1.0", strings.Repeat("é", 255)}
	for i, jti := range ids {
		token := Outstanding(jti, "")
		isBlacklisted(t, stored, jti, false)
		blacklist(t, stored, token, true)
		isBlacklisted(t, stored, jti, true)
		rotate(t, stored, token, Outstanding(fmt.Sprintf("next%d", i), ""), false)
	}
	flush(t, stored, expiry, int64(len(ids)))
}

func invalidTokens(t *testing.T, stored store.Store) {
	good := Outstanding("good", "")
	change := func(change func(token *store.OutstandingToken)) store.OutstandingToken {
		token := good
		change(&token)
		return token
	}
	for name, token := range map[string]store.OutstandingToken{
		"no ID":          change(func(token *store.OutstandingToken) { token.JTI = "" }),
		"a long ID":      change(func(token *store.OutstandingToken) { token.JTI = strings.Repeat("x", 256) }),
		"a NUL in it":    change(func(token *store.OutstandingToken) { token.JTI = "a\x00b" }),
		"no UTF-8":       change(func(token *store.OutstandingToken) { token.JTI = "\xff" }),
		"a NUL in token": change(func(token *store.OutstandingToken) { token.Token = "a\x00b" }),
		"no expiry":      change(func(token *store.OutstandingToken) { token.ExpiresAt = time.Time{} }),
	} {
		t.Run(name, func(t *testing.T) {
			for what, err := range map[string]error{
				"RecordToken":      stored.RecordToken(t.Context(), token),
				"BlacklistToken":   second(stored.BlacklistToken(t.Context(), token, expiry)),
				"RotateToken":      second(stored.RotateToken(t.Context(), token, good, expiry)),
				"RotateToken into": second(stored.RotateToken(t.Context(), good, token, expiry)),
			} {
				if !errors.Is(err, store.ErrInvalidToken) {
					t.Errorf("%s: %v, want ErrInvalidToken", what, err)
				}
			}
			isBlacklisted(t, stored, token.JTI, false)
		})
	}
	flush(t, stored, expiry, 0)
}

func tokenTables(t *testing.T, stored store.Store) {
	for _, tables := range []store.Tables{store.UserTables, store.TokenTables, store.BlockedTokenTables, store.UserTables | store.TokenTables | store.BlockedTokenTables} {
		if has, err := stored.HasTables(t.Context(), tables); !has || err != nil {
			t.Errorf("HasTables(%d) = %v, %v; want true", tables, has, err)
		}
	}
}

func rotate(t *testing.T, stored store.Store, old, next store.OutstandingToken, want bool) {
	t.Helper()
	if rotated, err := stored.RotateToken(t.Context(), old, next, time.Now()); err != nil || rotated != want {
		t.Errorf("RotateToken(%s, %s) = %v, %v; want %v", old.JTI, next.JTI, rotated, err, want)
	}
}

func blacklist(t *testing.T, stored store.Store, token store.OutstandingToken, want bool) {
	t.Helper()
	if added, err := stored.BlacklistToken(t.Context(), token, time.Now()); err != nil || added != want {
		t.Errorf("BlacklistToken(%s) = %v, %v; want %v", token.JTI, added, err, want)
	}
}

func isBlacklisted(t *testing.T, stored store.Store, jti string, want bool) {
	t.Helper()
	if got, err := stored.TokenBlacklisted(t.Context(), jti); err != nil || got != want {
		t.Errorf("TokenBlacklisted(%s) = %v, %v; want %v", jti, got, err, want)
	}
}

// flush removes the expired tokens, and so also counts them.
func flush(t *testing.T, stored store.Store, now time.Time, want int64) {
	t.Helper()
	if removed, err := stored.FlushExpiredTokens(t.Context(), now); err != nil || removed != want {
		t.Errorf("FlushExpiredTokens = %d, %v; want %d", removed, err, want)
	}
}
