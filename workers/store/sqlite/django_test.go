package sqlite_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"testing"
	"time"

	"github.com/jeton-dev/jeton/workers/password"
	"github.com/jeton-dev/jeton/workers/store"
	"github.com/jeton-dev/jeton/workers/store/sqlite"
	"github.com/jeton-dev/jeton/workers/store/storetest"
)

// These tests share an SQLite file with Django itself. They run when JETON_DJANGO_PYTHON names a Python that has Django.

// djangoSite runs testdata/django_site.py on the file at path and reads what it prints into answer, unless that is nil.
func djangoSite(t *testing.T, path, command string, input, answer any) {
	t.Helper()
	python := os.Getenv("JETON_DJANGO_PYTHON")
	if python == "" {
		t.Skip("JETON_DJANGO_PYTHON names no Python with Django")
	}
	stdin, err := json.Marshal(input)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), python, "testdata/django_site.py", path, command)
	cmd.Stdin = bytes.NewReader(stdin)
	cmd.Stderr = os.Stderr
	output, err := cmd.Output()
	if err != nil {
		t.Fatalf("django_site.py %s: %v", command, err)
	}
	if answer != nil {
		if err := json.Unmarshal(output, answer); err != nil {
			t.Fatalf("django_site.py %s printed %q: %v", command, output, err)
		}
	}
}

// table is what Django sees of a table.
type table struct {
	SQL     string  `json:"sql"`
	Columns [][]any `json:"columns"`
	Indexes [][]any `json:"indexes"`
}

func TestSchemaIsDjangos(t *testing.T) {
	djangos, ours := filepath.Join(t.TempDir(), "django.sqlite3"), filepath.Join(t.TempDir(), "jeton.sqlite3")
	djangoSite(t, djangos, "migrate", nil, nil)
	open(t, ours)

	var want, got map[string]table
	djangoSite(t, djangos, "schema", nil, &want)
	djangoSite(t, ours, "schema", nil, &got)
	wanted, made := want["auth_user"], got["auth_user"]
	if len(wanted.Columns) == 0 {
		t.Fatal("Django made no auth_user")
	}
	if !reflect.DeepEqual(made.Columns, wanted.Columns) || !reflect.DeepEqual(made.Indexes, wanted.Indexes) {
		t.Errorf("our table differs from Django's:\n%v\n%v\n%v\n%v", made.Columns, wanted.Columns, made.Indexes, wanted.Indexes)
	}
	if a, b := withoutSpace(made.SQL), withoutSpace(wanted.SQL); a != b {
		t.Errorf("our definition differs from Django's:\n%s\n%s", a, b)
	}
}

// withoutSpace removes the white space that tells only of layout.
func withoutSpace(sql string) string {
	return regexp.MustCompile(`\s*([(),]|$)\s*`).ReplaceAllString(regexp.MustCompile(`\s+`).ReplaceAllString(sql, " "), "$1")
}

func TestDjangoDatabaseIsUsedAsItIs(t *testing.T) {
	path := filepath.Join(t.TempDir(), "site.sqlite3")
	djangoSite(t, path, "migrate", nil, nil)
	djangoSite(t, path, "add", []map[string]any{
		{"username": "alice", "password": "correct horse", "email": "alice@example.com", "first_name": "Alice", "date_joined": "2020-02-29T23:59:59.000001-05:00"},
		{"username": "demo", "password": "battery staple", "is_active": false, "is_staff": true, "date_joined": "2021-01-01T00:00:00+00:00", "last_login": "2022-06-01T12:00:00.5+00:00"},
	}, nil)
	var before map[string]table
	djangoSite(t, path, "schema", nil, &before)

	users := open(t, path)
	alice, err := users.UserByUsername(t.Context(), "alice")
	if err != nil {
		t.Fatal(err)
	}
	if ok, err := password.Check(t.Context(), "correct horse", alice.Password, password.Native()); !ok || err != nil {
		t.Errorf("alice's password does not match: %v", err)
	}
	alice.Password = ""
	storetest.Same(t, "alice", alice, store.User{
		ID: "1", Username: "alice", Email: "alice@example.com", FirstName: "Alice", IsActive: true,
		DateJoined: time.Date(2020, 3, 1, 4, 59, 59, 1000, time.UTC),
	})
	demo, err := users.UserByID(t.Context(), "2")
	if err != nil {
		t.Fatal(err)
	}
	demo.Password = ""
	storetest.Same(t, "demo", demo, store.User{
		ID: "2", Username: "demo", IsStaff: true,
		DateJoined: time.Date(2021, 1, 1, 0, 0, 0, 0, time.UTC), LastLogin: time.Date(2022, 6, 1, 12, 0, 0, 500_000_000, time.UTC),
	})
	if _, err := users.AddUser(t.Context(), store.User{Username: "demo"}); err != store.ErrExists {
		t.Errorf("adding a user that Django has: %v, want ErrExists", err)
	}
	users.Close()

	var after map[string]table
	djangoSite(t, path, "schema", nil, &after)
	if !reflect.DeepEqual(before, after) {
		t.Errorf("the tables changed from\n%v\nto\n%v", before, after)
	}
}

func TestDjangoReadsOurUsers(t *testing.T) {
	path := filepath.Join(t.TempDir(), "site.sqlite3")
	djangoSite(t, path, "migrate", nil, nil)
	users := open(t, path)
	add := func(user store.User, plain string) store.User {
		encoded, err := password.Make(t.Context(), plain, 1000, readRandom, password.Native())
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
	alice := add(storetest.Alice(), "correct horse")
	whole := add(store.User{Username: "whole", IsActive: true, IsSuperuser: true, DateJoined: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}, "pässwörd 🔑")
	idle := add(store.User{Username: "idle", FirstName: "O'Neill \"quoted\""}, "x")
	if err := users.SetLastLogin(t.Context(), whole.ID, time.Date(2026, 5, 6, 7, 8, 9, 123_456_789, time.UTC)); err != nil {
		t.Fatal(err)
	}
	whole.LastLogin = time.Date(2026, 5, 6, 7, 8, 9, 123_456_000, time.UTC)

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
	djangoSite(t, path, "users", nil, &seen)
	if len(seen) != 3 {
		t.Fatalf("Django sees %d users, want 3", len(seen))
	}
	for i, want := range []store.User{alice, whole, idle} {
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
	djangoSite(t, path, "check", [][2]string{{"alice", "correct horse"}, {"alice", "wrong"}, {"whole", "pässwörd 🔑"}, {"idle", "x"}}, &logins)
	if want := []bool{true, false, true, false}; !reflect.DeepEqual(logins, want) {
		t.Errorf("Django's logins are %v, want %v", logins, want)
	}
}

func open(t *testing.T, path string) *store.SQL {
	t.Helper()
	users, err := sqlite.Open(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { users.Close() })
	return users
}

func readRandom(p []byte) error {
	_, err := rand.Read(p)
	return err
}
