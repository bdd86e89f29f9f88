package djangosite

import (
	"context"
	"errors"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jeton-dev/jeton/workers/password"
	"github.com/jeton-dev/jeton/workers/store"
	"github.com/jeton-dev/jeton/workers/store/storetest"
)

// Suite checks that a store and a Django site work on one database as if each were alone there. A call of create makes an empty
// database, and open opens the store on it, which the suite closes.
func Suite(t *testing.T, create func(t *testing.T) Database, open func(ctx context.Context, database Database) (*store.SQL, error)) {
	shared := fixture{create, open}
	for name, test := range map[string]func(t *testing.T, fixture fixture){
		"our tables are Django's":           tablesAreDjangos,
		"a site takes our database over":    siteAdopts,
		"a site's database stays as it is":  databaseStays,
		"a site without the token apps":     withoutTokens,
		"a site with users of its own kind": migratedElsewhere,
		"Django reads our users":            djangoReadsUsers,
		"a user is deleted as by Django":    deletedAsByDjango,
		"tokens are shared":                 tokensAreShared,
		"blocked tokens are shared":         blockedTokensAreShared,
	} {
		t.Run(name, func(t *testing.T) { test(t, shared) })
	}
}

type fixture struct {
	create func(t *testing.T) Database
	open   func(ctx context.Context, database Database) (*store.SQL, error)
}

// store opens the store, and closes it with the test.
func (f fixture) store(t *testing.T, database Database) *store.SQL {
	t.Helper()
	stored, err := f.open(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stored.Close() })
	return stored
}

// migrated returns a site that has made its tables, and the store on its database.
func (f fixture) migrated(t *testing.T) (*Site, *store.SQL) {
	t.Helper()
	database := f.create(t)
	site := Start(t, database)
	site.Run(t, "migrate", nil, nil)
	return site, f.store(t, database)
}

// schemaOf returns all that Django finds out about each table, without the layout of SQLite's definitions.
func schemaOf(t *testing.T, site *Site) map[string][]string {
	t.Helper()
	var tables map[string][]string
	site.Run(t, "schema", nil, &tables)
	space, besides := regexp.MustCompile(`\s+`), regexp.MustCompile(` ?([(),]) ?`)
	for _, lines := range tables {
		for i, line := range lines {
			lines[i] = besides.ReplaceAllString(space.ReplaceAllString(line, " "), "$1")
		}
	}
	return tables
}

func tablesAreDjangos(t *testing.T, f fixture) {
	site, _ := f.migrated(t)
	ours := f.create(t)
	stored := f.store(t, ours)
	stored.Close()
	want, got := schemaOf(t, site), schemaOf(t, Start(t, ours))
	if len(got) != 10 {
		t.Errorf("the store has made %v", slices.Sorted(maps.Keys(got)))
	}
	for table := range got {
		if len(want[table]) == 0 {
			t.Errorf("Django has no table %s", table)
			continue
		}
		for i := range max(len(got[table]), len(want[table])) {
			if i >= len(got[table]) || i >= len(want[table]) || got[table][i] != want[table][i] {
				t.Errorf("%s differs:\nours    %q\nDjango's %q", table, got[table][min(i, len(got[table])):], want[table][min(i, len(want[table])):])
				break
			}
		}
	}
}

func siteAdopts(t *testing.T, f fixture) {
	database := f.create(t)
	stored := f.store(t, database)
	alice := add(t, stored, storetest.Alice(), "correct horse")
	blacklist(t, stored, storetest.Outstanding("one", alice.ID), true)

	site := Start(t, database)
	site.Run(t, "adopt", []string{"auth", "token_blacklist", "blacklist"}, nil)
	site.Run(t, "give_everything", "alice", nil)
	var logins []bool
	site.Run(t, "check", [][2]string{{"alice", "correct horse"}, {"alice", "wrong"}}, &logins)
	if !reflect.DeepEqual(logins, []bool{true, false}) {
		t.Errorf("Django's logins are %v", logins)
	}
	migrated, _ := f.migrated(t)
	if want, got := schemaOf(t, migrated), schemaOf(t, site); !reflect.DeepEqual(slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(want))) {
		t.Errorf("the site has the tables %v, want %v", slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(want)))
	} else if !reflect.DeepEqual(got, want) {
		t.Errorf("the site's tables are\n%v\nand not\n%v", got, want)
	}
	site.Run(t, "add", []map[string]any{{"username": "later", "password": "x"}}, nil)
	if _, err := stored.UserByUsername(t.Context(), "later"); err != nil {
		t.Error(err)
	}
}

func databaseStays(t *testing.T, f fixture) {
	database := f.create(t)
	site := Start(t, database)
	site.Run(t, "migrate", nil, nil)
	site.Run(t, "add", []map[string]any{
		{"username": "alice", "password": "correct horse", "email": "alice@example.com", "first_name": "Alice", "date_joined": "2020-02-29T23:59:59.000001-05:00"},
		{"username": "demo", "password": "battery staple", "is_active": false, "is_staff": true, "date_joined": "2021-01-01T00:00:00+00:00", "last_login": "2022-06-01T12:00:00.5+00:00"},
	}, nil)
	before := schemaOf(t, site)

	users := f.store(t, database)
	for _, tables := range []store.Tables{store.UserTables, store.TokenTables, store.BlockedTokenTables} {
		if has, err := users.HasTables(t.Context(), tables); !has || err != nil {
			t.Errorf("HasTables(%d) = %v, %v", tables, has, err)
		}
	}
	alice, err := users.UserByUsername(t.Context(), "alice")
	if err != nil {
		t.Fatal(err)
	}
	if ok, err := hashers(t).Check(t.Context(), "correct horse", alice.Password); !ok || err != nil {
		t.Errorf("alice's password does not match: %v", err)
	}
	alice.Password = ""
	storetest.Same(t, "alice", alice, store.User{
		ID: alice.ID, Username: "alice", Email: "alice@example.com", FirstName: "Alice", IsActive: true,
		DateJoined: time.Date(2020, 3, 1, 4, 59, 59, 1000, time.UTC),
	})
	demo, err := users.UserBy(t.Context(), "username", "demo")
	if err != nil {
		t.Fatal(err)
	}
	demo.Password = ""
	storetest.Same(t, "demo", demo, store.User{
		ID: demo.ID, Username: "demo", IsStaff: true,
		DateJoined: time.Date(2021, 1, 1, 0, 0, 0, 0, time.UTC), LastLogin: time.Date(2022, 6, 1, 12, 0, 0, 500_000_000, time.UTC),
	})
	if _, err := users.AddUser(t.Context(), store.User{Username: "demo"}); err != store.ErrExists {
		t.Errorf("adding a user that Django has: %v, want ErrExists", err)
	}
	if err := users.CreateTables(t.Context(), store.UserTables|store.TokenTables|store.BlockedTokenTables); err != nil {
		t.Error(err)
	}
	if after := schemaOf(t, site); !reflect.DeepEqual(before, after) {
		t.Errorf("the tables changed from\n%v\nto\n%v", before, after)
	}
}

func withoutTokens(t *testing.T, f fixture) {
	database := f.create(t)
	site := Start(t, database)
	site.Run(t, "migrate", []string{"auth"}, nil)
	site.Run(t, "add", []map[string]any{{"username": "alice", "password": "x"}}, nil)
	stored := f.store(t, database)
	alice, err := stored.UserByUsername(t.Context(), "alice")
	if err != nil {
		t.Fatal(err)
	}
	for tables, want := range map[store.Tables]bool{
		store.UserTables: true, store.TokenTables: false, store.BlockedTokenTables: false, store.UserTables | store.TokenTables: false,
	} {
		if has, err := stored.HasTables(t.Context(), tables); has != want || err != nil {
			t.Errorf("HasTables(%d) = %v, %v; want %v", tables, has, err, want)
		}
	}
	if err := stored.RecordToken(t.Context(), storetest.Outstanding("one", alice.ID)); err == nil {
		t.Error("a token is recorded where there is no table for it")
	}
	if err := stored.DeleteUser(t.Context(), alice.ID); err != nil {
		t.Errorf("DeleteUser: %v", err)
	}
	if err := stored.CreateTables(t.Context(), store.TokenTables); err != nil {
		t.Fatal(err)
	}
	blacklist(t, stored, storetest.Outstanding("one", ""), true)
	site.Run(t, "adopt", []string{"token_blacklist"}, nil)
}

// migratedElsewhere opens a database that a site has migrated, but not to auth_user: nothing may be made there.
func migratedElsewhere(t *testing.T, f fixture) {
	database := f.create(t)
	site := Start(t, database)
	site.Run(t, "migrate", []string{"contenttypes"}, nil)
	before := schemaOf(t, site)
	if stored, err := f.open(t.Context(), database); err == nil {
		stored.Close()
		t.Error("it is opened")
	} else if !strings.Contains(err.Error(), "its users are in another one") {
		t.Error(err)
	}
	if after := schemaOf(t, site); !reflect.DeepEqual(before, after) {
		t.Errorf("there are the tables %v afterwards", slices.Sorted(maps.Keys(after)))
	}
}

func djangoReadsUsers(t *testing.T, f fixture) {
	site, users := f.migrated(t)
	alice := add(t, users, storetest.Alice(), "correct horse")
	whole := add(t, users, store.User{Username: "whole", IsActive: true, IsSuperuser: true, DateJoined: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}, "pässwörd 🔑")
	idle := add(t, users, store.User{Username: "idle", FirstName: "O'Neill \"quoted\""}, "x")
	changed := add(t, users, store.User{Username: "changed", IsActive: true}, "before")
	if err := users.SetLastLogin(t.Context(), whole.ID, time.Date(2026, 5, 6, 7, 8, 9, 123_456_789, time.UTC)); err != nil {
		t.Fatal(err)
	}
	whole.LastLogin = time.Date(2026, 5, 6, 7, 8, 9, 123_456_000, time.UTC)
	if ok, err := users.SetPassword(t.Context(), changed.ID, changed.Password, idle.Password); !ok || err != nil {
		t.Fatal(ok, err)
	}
	changed.Password = idle.Password

	var seen []struct {
		ID          string     `json:"id"`
		Username    string     `json:"username"`
		Password    string     `json:"password"`
		Email       string     `json:"email"`
		FirstName   string     `json:"first_name"`
		LastName    string     `json:"last_name"`
		IsActive    bool       `json:"is_active"`
		IsStaff     bool       `json:"is_staff"`
		IsSuperuser bool       `json:"is_superuser"`
		DateJoined  time.Time  `json:"date_joined"`
		LastLogin   *time.Time `json:"last_login"`
	}
	site.Run(t, "users", nil, &seen)
	want := []store.User{alice, whole, idle, changed}
	if len(seen) != len(want) {
		t.Fatalf("Django sees %d users, want %d", len(seen), len(want))
	}
	for i, want := range want {
		got := store.User{
			ID: seen[i].ID, Username: seen[i].Username, Password: seen[i].Password, Email: seen[i].Email, FirstName: seen[i].FirstName,
			LastName: seen[i].LastName, IsActive: seen[i].IsActive, IsStaff: seen[i].IsStaff, IsSuperuser: seen[i].IsSuperuser,
			DateJoined: seen[i].DateJoined.UTC(),
		}
		if seen[i].LastLogin != nil {
			got.LastLogin = seen[i].LastLogin.UTC()
		}
		storetest.Same(t, "as Django sees it, "+want.Username, got, want)
	}
	var logins []bool
	site.Run(t, "check", [][2]string{{"alice", "correct horse"}, {"alice", "wrong"}, {"whole", "pässwörd 🔑"}, {"idle", "x"}, {"changed", "x"}, {"changed", "before"}}, &logins)
	if want := []bool{true, false, true, false, true, false}; !reflect.DeepEqual(logins, want) {
		t.Errorf("Django's logins are %v, want %v", logins, want)
	}
}

func deletedAsByDjango(t *testing.T, f fixture) {
	site, stored := f.migrated(t)
	for _, name := range []string{"alice", "other"} {
		add(t, stored, store.User{Username: name, IsActive: true}, "x")
		site.Run(t, "give_everything", name, nil)
	}
	alice, err := stored.UserByUsername(t.Context(), "alice")
	if err != nil {
		t.Fatal(err)
	}
	if err := stored.DeleteUser(t.Context(), alice.ID); err != nil {
		t.Fatal(err)
	}
	var rows map[string]int
	site.Run(t, "belongings", nil, &rows)
	want := map[string]int{
		"auth_user_groups": 1, "auth_user_user_permissions": 1, "django_admin_log": 1, "token_blacklist_outstandingtoken": 1,
		"blacklist_blacklistedtoken": 1, "nobody": 1,
	}
	if !reflect.DeepEqual(rows, want) {
		t.Errorf("afterwards there are %v, want %v", rows, want)
	}
	if err := stored.DeleteUser(t.Context(), alice.ID); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("deleting again: %v, want ErrNotFound", err)
	}
}

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

// hashers make passwords with few iterations.
func hashers(t *testing.T) *password.Hashers {
	t.Helper()
	hashers, err := password.New(password.Options{Iterations: 1000}, password.Native())
	if err != nil {
		t.Fatal(err)
	}
	return hashers
}

// add stores a user with a password.
func add(t *testing.T, users store.Store, user store.User, plain string) store.User {
	t.Helper()
	encoded, err := hashers(t).Make(t.Context(), plain)
	if err != nil {
		t.Fatal(err)
	}
	user.Password = encoded
	added, err := users.AddUser(t.Context(), user)
	if err != nil {
		t.Fatal(err)
	}
	return added
}

func blacklist(t *testing.T, stored store.Store, token store.OutstandingToken, want bool) {
	t.Helper()
	if added, err := stored.BlacklistToken(t.Context(), token, time.Now()); err != nil || added != want {
		t.Errorf("BlacklistToken(%s) = %v, %v; want %v", token.JTI, added, err, want)
	}
}
