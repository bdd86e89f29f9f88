package main

import (
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jeton-dev/jeton/workers/store"
	"github.com/jeton-dev/jeton/workers/store/postgres"
	"github.com/jeton-dev/jeton/workers/store/sqlite"
	"github.com/jeton-dev/jeton/workers/store/storetest"
	"github.com/jeton-dev/jeton/workers/store/storetest/postgrestest"
)

func TestUserPassword(t *testing.T) {
	directory := t.TempDir()
	addNamed(t, directory, "alice", "before")
	addNamed(t, directory, "bob", "untouched")
	if got := mustRun(t, directory, "after\n", append([]string{"user", "password", "alice"}, quick...)...); got != "changed the password of user alice\n" {
		t.Errorf("user password prints %q", got)
	}
	alice, bob := storedUser(t, directory, "alice"), storedUser(t, directory, "bob")
	if !matches(t, "after", alice.Password) || matches(t, "before", alice.Password) || !matches(t, "untouched", bob.Password) {
		t.Error("the wrong password was changed")
	}
	refused(t, jeton(t, directory, "x", append([]string{"user", "password", "nobody"}, quick...)...), statusRefused, "NAME: ", "no user of that name")
	refused(t, jeton(t, directory, "", append([]string{"user", "password", "alice"}, quick...)...), statusUsage, "the password is empty")
	if again := storedUser(t, directory, "alice"); again != alice {
		t.Error("a refused change has changed the user")
	}
}

func TestUserDelete(t *testing.T) {
	directory := t.TempDir()
	addNamed(t, directory, "alice", "x")
	addNamed(t, directory, "bob", "x")
	if got := mustRun(t, directory, "", "user", "delete", "alice"); got != "deleted user alice with ID 1\n" {
		t.Errorf("user delete prints %q", got)
	}
	refused(t, jeton(t, directory, "", "user", "delete", "alice"), statusRefused, "NAME: ", "no user of that name")
	execute(t, filepath.Join(directory, defaultDatabase), `CREATE TABLE orders (id integer PRIMARY KEY, owner integer REFERENCES auth_user (id)); INSERT INTO orders VALUES (1, 2)`)
	refused(t, jeton(t, directory, "", "user", "delete", "bob"), statusRefused, "NAME: ", "rows of other tables refer to the user")
	if bob := storedUser(t, directory, "bob"); bob.ID != "2" {
		t.Errorf("bob is %v afterwards", bob)
	}
}

func TestFlushExpired(t *testing.T) {
	directory := t.TempDir()
	addNamed(t, directory, "alice", "x")
	stored, err := sqlite.Open(t.Context(), filepath.Join(directory, defaultDatabase), store.UserModel{})
	if err != nil {
		t.Fatal(err)
	}
	defer stored.Close()
	fillTokens(t, stored)
	want := "removed 2 expired tokens\nremoved 1 stale blacklisted tokens of drf-jwt\n"
	if got := mustRun(t, directory, "", "flushexpired"); got != want {
		t.Errorf("flushexpired prints %q, want %q", got, want)
	}
	want = "removed 0 expired tokens\nremoved 0 stale blacklisted tokens of drf-jwt\n"
	if got := mustRun(t, directory, "", "flushexpired"); got != want {
		t.Errorf("flushexpired prints %q the second time, want %q", got, want)
	}
	execute(t, filepath.Join(directory, defaultDatabase), `CREATE TABLE django_migrations (id integer); DROP TABLE blacklist_blacklistedtoken`)
	if got := mustRun(t, directory, "", "flushexpired"); got != "removed 0 expired tokens\n" {
		t.Errorf("flushexpired of a site without drf-jwt prints %q", got)
	}
	execute(t, filepath.Join(directory, defaultDatabase), `DROP TABLE token_blacklist_blacklistedtoken; DROP TABLE token_blacklist_outstandingtoken`)
	refused(t, jeton(t, directory, "", "flushexpired"), statusRefused, "--db "+defaultDatabase, "no tables for tokens")
}

// fillTokens stores two expired tokens, one that is not, and a stale and a fresh blocked one.
func fillTokens(t *testing.T, stored store.Store) {
	t.Helper()
	for jti, expires := range map[string]time.Duration{"past": -time.Hour, "just past": -time.Second, "future": time.Hour} {
		token := storetest.Outstanding(jti, "1")
		token.ExpiresAt = time.Now().Add(expires)
		if _, err := stored.BlacklistToken(t.Context(), token, time.Now()); err != nil {
			t.Fatal(err)
		}
		blocked := storetest.Blocked(jti, "", "1")
		if blocked.ExpiresAt = token.ExpiresAt; jti == "just past" {
			continue
		}
		if _, err := stored.BlockToken(t.Context(), blocked); err != nil {
			t.Fatal(err)
		}
	}
}

// TestPostgreSQL goes through every command on a PostgreSQL database, which the environment names.
func TestPostgreSQL(t *testing.T) {
	databaseURL := postgrestest.Start(t).NewSchema(t)
	const secret = "hunter2"
	withPassword := databaseURL + "&password=" + secret // which the server does not ask for
	environment := []string{"JETON_DATABASE_URL=" + withPassword, "JETON_SIGNING_KEY=" + strings.Repeat("test-key", 8)}
	directory := t.TempDir()
	run := func(stdin string, args ...string) string {
		t.Helper()
		got := jetonWith(t, directory, stdin, environment, args...)
		if got.status != 0 || got.stderr != "" || strings.Contains(got.stdout, secret) {
			t.Fatalf("jeton %s: status %d, %s%s", strings.Join(args, " "), got.status, got.stdout, got.stderr)
		}
		return got.stdout
	}
	run("before", append([]string{"user", "add", "alice"}, quick...)...)
	run("before", append([]string{"user", "add", "bob"}, quick...)...)
	run("after", append([]string{"user", "password", "alice"}, quick...)...)
	if list := run("", "user", "list"); !strings.Contains(list, "alice") || !strings.Contains(list, "bob") {
		t.Errorf("the list is %q", list)
	}
	if export := run("", "user", "export"); strings.Count(export, `INSERT INTO "auth_user"`) != 2 {
		t.Errorf("the export is %q", export)
	}
	stored, err := postgres.Open(t.Context(), databaseURL, store.UserModel{})
	if err != nil {
		t.Fatal(err)
	}
	defer stored.Close()
	alice, err := stored.UserByUsername(t.Context(), "alice")
	if err != nil || !matches(t, "after", alice.Password) {
		t.Errorf("alice's password is not the new one (%v)", err)
	}
	fillTokens(t, stored)
	if got := run("", "flushexpired"); got != "removed 2 expired tokens\nremoved 1 stale blacklisted tokens of drf-jwt\n" {
		t.Errorf("flushexpired prints %q", got)
	}
	run("", "user", "delete", "bob")
	if check := run("", "serve", "--check"); !strings.Contains(check, "database: postgres://...") {
		t.Errorf("serve --check prints %q", check)
	}
	if got := run("x", "user", "add", "carol", "--password-stdin", "--iterations", "1000", "--print-sql"); !strings.HasPrefix(got, `INSERT INTO "auth_user"`) {
		t.Errorf("--print-sql prints %q", got)
	}

	// Without a key there is no file beside the database to keep one in.
	got := jetonWith(t, directory, "", environment[:1], "serve", "--addr", "127.0.0.1:0")
	refused(t, got, statusUsage, "JETON_DATABASE_URL postgres://...", "JETON_SIGNING_KEY")
	// What the server says against it is told, without the URL.
	unknown := strings.Replace(withPassword, "user=postgres", "user="+url.QueryEscape("no such user"), 1)
	got = jetonWith(t, directory, "", []string{"JETON_DATABASE_URL=" + unknown}, "user", "list")
	refused(t, got, statusUsage, "JETON_DATABASE_URL postgres://...: the database cannot be reached", "28000")
	if strings.Contains(got.stderr, secret) {
		t.Errorf("the password is quoted: %s", got.stderr)
	}
}

// TestUserTable uses a table of a site's own.
func TestUserTable(t *testing.T) {
	directory := t.TempDir()
	execute(t, filepath.Join(directory, "site.db"), `CREATE TABLE django_migrations (id integer);
		CREATE TABLE accounts_user (uid char(32) NOT NULL PRIMARY KEY, email varchar(254) NOT NULL UNIQUE, password varchar(128) NOT NULL, is_active bool NOT NULL)`)
	flags := []string{"--db", "site.db", "--user-table", "accounts_user", "--username-column", "email"}
	mustRun(t, directory, "x", append(append([]string{"user", "add", "alice@example.com"}, quick...), flags...)...)
	if list := mustRun(t, directory, "", append([]string{"user", "list"}, flags...)...); !strings.Contains(list, "alice@example.com") {
		t.Errorf("the list is %q", list)
	}
	s := serve(t, directory, flags...)
	if status, body := s.post(t, "/api/token/", map[string]string{"email": "alice@example.com", "password": "x"}); status != 200 {
		t.Errorf("a login by e-mail address gives %d %s", status, body)
	}
	s.stop(t)
	got := jeton(t, directory, "", "user", "list", "--db", "site.db")
	refused(t, got, statusUsage, "--db site.db: ", "auth_user")
	got = jetonWith(t, directory, "", []string{"JETON_USER_TABLE=accounts_user"}, "user", "list", "--db", "site.db")
	refused(t, got, statusUsage, "--db site.db: ", "the table accounts_user has no column username")
}
