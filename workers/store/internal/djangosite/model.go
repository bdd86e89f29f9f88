package djangosite

import (
	"context"
	"errors"
	"reflect"
	"testing"
	"time"

	"github.com/jeton-dev/jeton/workers/store"
	"github.com/jeton-dev/jeton/workers/store/storetest"
)

// Models checks that a store works on the user models that sites have of their own: primary keys of every kind, and tables that lack what
// Django's own user has.
func Models(t *testing.T, create func(t *testing.T) Database, open func(ctx context.Context, database Database, model store.UserModel) (*store.SQL, error)) {
	for name, test := range map[string]ownModel{
		"uuid":  {name: "uuid", username: "username", whole: true},
		"email": {name: "email", username: "email"},
		"text":  {name: "text", username: "handle"},
	} {
		t.Run(name, func(t *testing.T) {
			model, err := store.NewUserModel("accounts_user", test.username)
			if err != nil {
				t.Fatal(err)
			}
			database := create(t)
			test.site = Start(t, database, name)
			test.site.Run(t, "migrate", nil, nil)
			if test.stored, err = open(t.Context(), database, model); err != nil {
				t.Fatal(err)
			}
			defer test.stored.Close()
			test.run(t)
			if test.whole {
				test.deletion(t)
				test.otherColumns(t)
			}
			t.Run("tables", func(t *testing.T) { test.tables(t, create, open, model) })
		})
	}
}

// ownModel is a site with a user model of its own, and the store on its database.
type ownModel struct {
	name, username string
	whole          bool // whether the model has all that Django's own has
	site           *Site
	stored         *store.SQL
}

// ownUser is a user as Django sees one.
type ownUser struct{ ID, Username, Password, LastLogin string }

func (m *ownModel) users(t *testing.T) (users []ownUser) {
	t.Helper()
	var rows [][4]*string
	m.site.Run(t, "own_users", nil, &rows)
	for _, row := range rows {
		user := ownUser{*row[0], *row[1], *row[2], ""}
		if row[3] != nil {
			user.LastLogin = *row[3]
		}
		users = append(users, user)
	}
	return users
}

// run takes users and tokens there and back.
func (m *ownModel) run(t *testing.T) {
	ctx := t.Context()
	var ids []string
	m.site.Run(t, "add_own", [][2]string{{"theirs@example.com", "correct horse"}}, &ids)
	theirs, err := m.stored.UserByUsername(ctx, "theirs@example.com")
	if err != nil || theirs.ID != ids[0] || !theirs.IsActive || theirs.IsStaff {
		t.Fatalf("Django's user is %v, %v; want ID %s", theirs, err, ids[0])
	}
	if ok, err := hashers(t).Check(ctx, "correct horse", theirs.Password); !ok || err != nil {
		t.Errorf("the password does not match: %v", err)
	}
	for _, id := range []string{"", "x" + theirs.ID, theirs.ID + "0", "00000000-0000-0000-0000-000000000000", "1e0", "a\x00"} {
		if got, err := m.stored.UserByID(ctx, id); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("UserByID(%q) = %v, %v", id, got, err)
		}
	}

	ours := add(t, m.stored, store.User{Username: "ours@example.com", IsActive: true}, "battery staple")
	if _, err := m.stored.AddUser(ctx, ours); !errors.Is(err, store.ErrExists) {
		t.Errorf("adding the user again: %v, want ErrExists", err)
	}
	if byID, err := m.stored.UserByID(ctx, ours.ID); err != nil || byID != ours || ours.ID == "" || ours.Username != "ours@example.com" {
		t.Errorf("our user is %v and then %v, %v", ours, byID, err)
	}
	if by, err := m.stored.UserBy(ctx, m.username, ours.Username); err != nil || by != ours {
		t.Errorf("UserBy(%s) = %v, %v", m.username, by, err)
	}
	if _, err := m.stored.UserBy(ctx, "no_such_column", "x"); !errors.Is(err, store.ErrUnknownField) {
		t.Errorf("UserBy of no column: %v, want ErrUnknownField", err)
	}
	at := time.Date(2026, 12, 1, 2, 3, 4, 5000, time.UTC)
	if err := m.stored.SetLastLogin(ctx, ours.ID, at); err != nil {
		t.Error(err)
	}
	if ok, err := m.stored.SetPassword(ctx, theirs.ID, theirs.Password, ours.Password); !ok || err != nil {
		t.Errorf("SetPassword = %v, %v", ok, err)
	}
	want := []ownUser{{ours.ID, ours.Username, ours.Password, at.Format("2006-01-02T15:04:05.000000-07:00")}, {theirs.ID, theirs.Username, ours.Password, ""}}
	if m.name == "text" {
		want[0].LastLogin = "" // there is no such column
	}
	if seen := m.users(t); !reflect.DeepEqual(seen, want) {
		t.Errorf("Django sees\n%+v\nwant\n%+v", seen, want)
	}
	var logins []bool
	m.site.Run(t, "check", [][2]string{{"ours@example.com", "battery staple"}, {"theirs@example.com", "battery staple"}, {"ours@example.com", "wrong"}}, &logins)
	if want := []bool{true, true, false}; !reflect.DeepEqual(logins, want) {
		t.Errorf("Django's logins are %v, want %v", logins, want)
	}
	if all, err := m.stored.Users(ctx); err != nil || len(all) != 2 {
		t.Errorf("%d users are listed, %v", len(all), err)
	}

	old, next := storetest.Outstanding("old", ours.ID), storetest.Outstanding("next", ours.ID)
	if rotated, err := m.stored.RotateToken(ctx, old, next, at); !rotated || err != nil {
		t.Fatalf("RotateToken = %v, %v", rotated, err)
	}
	if _, err := m.stored.BlockToken(ctx, storetest.Blocked("blocked", "", ours.ID)); err != nil {
		t.Fatal(err)
	}
	var tokens []struct{ JTI, User string }
	m.site.Run(t, "tokens", nil, &tokens)
	if len(tokens) != 2 || tokens[0].User != ours.ID || tokens[1].User != ours.ID || tokens[1].JTI != "next" {
		t.Errorf("Django sees the tokens %+v, want two of user %s", tokens, ours.ID)
	}
	if err := m.stored.DeleteUser(ctx, ours.ID); err != nil {
		t.Errorf("DeleteUser: %v", err)
	}
	m.site.Run(t, "tokens", nil, &tokens)
	if len(tokens) != 2 || tokens[0].User != "" || tokens[1].User != "" {
		t.Errorf("Django sees the tokens %+v of the deleted user", tokens)
	}
	if seen := m.users(t); len(seen) != 1 || seen[0].ID != theirs.ID {
		t.Errorf("Django sees %+v after the deletion", seen)
	}
}

// deletion deletes a user who has groups, permissions and more.
func (m *ownModel) deletion(t *testing.T) {
	for _, name := range []string{"deleted", "kept"} {
		add(t, m.stored, store.User{Username: name, IsActive: true}, "x")
		m.site.Run(t, "give_everything", name, nil)
	}
	deleted, err := m.stored.UserByUsername(t.Context(), "deleted")
	if err != nil {
		t.Fatal(err)
	}
	if err := m.stored.DeleteUser(t.Context(), deleted.ID); err != nil {
		t.Fatal(err)
	}
	var rows map[string]int
	m.site.Run(t, "belongings", nil, &rows)
	want := map[string]int{
		"accounts_user_groups": 1, "accounts_user_user_permissions": 1, "django_admin_log": 1, "token_blacklist_outstandingtoken": 1,
		"blacklist_blacklistedtoken": 1, "nobody": 3,
	}
	if !reflect.DeepEqual(rows, want) {
		t.Errorf("afterwards there are %v, want %v", rows, want)
	}
}

// otherColumns looks users up by columns that are no text.
func (m *ownModel) otherColumns(t *testing.T) {
	for field, value := range map[string]string{"tenant": "0D3F5C6A-7B18-4C29-9D3A-4E5B6C7D8E9F", "number": "42", "id": "x", "is_staff": "x", "date_joined": "x"} {
		if got, err := m.stored.UserBy(t.Context(), field, value); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("UserBy(%s, %s) = %v, %v; want ErrNotFound", field, value, got, err)
		}
	}
	m.site.Run(t, "number", []any{"kept", "0d3f5c6a-7b18-4c29-9d3a-4e5b6c7d8e9f", 42}, nil)
	for field, value := range map[string]string{"tenant": "0D3F5C6A7B184C299D3A4E5B6C7D8E9F", "number": "42"} {
		if got, err := m.stored.UserBy(t.Context(), field, value); err != nil || got.Username != "kept" {
			t.Errorf("UserBy(%s, %s) = %v, %v; want the user kept", field, value, got, err)
		}
	}
}

// tables makes the tables for tokens in a site that lacks them: they refer to the site's own users as Django's would.
func (m *ownModel) tables(t *testing.T, create func(t *testing.T) Database, open func(context.Context, Database, store.UserModel) (*store.SQL, error), model store.UserModel) {
	want := schemaOf(t, m.site)
	database := create(t)
	site := Start(t, database, m.name)
	site.Run(t, "migrate", []string{"accounts"}, nil)
	stored, err := open(t.Context(), database, model)
	if err != nil {
		t.Fatal(err)
	}
	defer stored.Close()
	if err := stored.CreateTables(t.Context(), store.TokenTables|store.BlockedTokenTables); err != nil {
		t.Fatal(err)
	}
	got := schemaOf(t, site)
	for _, table := range []string{"token_blacklist_outstandingtoken", "token_blacklist_blacklistedtoken", "blacklist_blacklistedtoken"} {
		if !reflect.DeepEqual(got[table], want[table]) {
			t.Errorf("%s is\n%q\nwant\n%q", table, got[table], want[table])
		}
	}
}
