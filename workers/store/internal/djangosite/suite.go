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
