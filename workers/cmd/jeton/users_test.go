package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jeton-dev/jeton/workers/password"
	"github.com/jeton-dev/jeton/workers/store"
	"github.com/jeton-dev/jeton/workers/store/sqlite"
)

// quick keeps the hashing of test passwords short.
var quick = []string{"--password-stdin", "--iterations", "1000"}

func addNamed(t *testing.T, directory, name, plain string, flags ...string) {
	t.Helper()
	mustRun(t, directory, plain, append(append([]string{"user", "add", name}, quick...), flags...)...)
}

// storedUser reads a user from the database the program made.
func storedUser(t *testing.T, directory, name string) store.User {
	t.Helper()
	users, err := sqlite.OpenReadOnly(t.Context(), filepath.Join(directory, defaultDatabase), store.UserModel{})
	if err != nil {
		t.Fatal(err)
	}
	defer users.Close()
	user, err := users.UserByUsername(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	return user
}

func matches(t *testing.T, plain, encoded string) bool {
	t.Helper()
	hashers, err := password.New(password.Options{Iterations: 1000}, password.Native())
	if err != nil {
		t.Fatal(err)
	}
	ok, err := hashers.Check(context.Background(), plain, encoded)
	if err != nil {
		t.Fatal(err)
	}
	return ok
}

func TestUserAdd(t *testing.T) {
	directory := t.TempDir()
	const plain = "correct horse 🔑"
	if got := mustRun(t, directory, plain+"\n", append([]string{"user", "add", "alice", "--email", "Alice@Example.COM"}, quick...)...); got != "added user alice with ID 1\n" {
		t.Errorf("user add prints %q", got)
	}
	alice := storedUser(t, directory, "alice")
	if !alice.IsActive || alice.IsStaff || alice.IsSuperuser || alice.Email != "Alice@example.com" || !alice.LastLogin.IsZero() || time.Since(alice.DateJoined) > time.Minute {
		t.Errorf("alice is stored as %v, %+v", alice, []any{alice.Email, alice.IsActive, alice.IsStaff, alice.IsSuperuser, alice.DateJoined, alice.LastLogin})
	}
	if !strings.HasPrefix(alice.Password, "pbkdf2_sha256$1000$") || !matches(t, plain, alice.Password) {
		t.Errorf("alice's password is stored as %s", alice.Password)
	}
	if info, err := os.Stat(filepath.Join(directory, defaultDatabase)); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the database's mode is %v (%v), want 0600", info.Mode(), err)
	}

	addNamed(t, directory, "root", "x", "--superuser")
	if root := storedUser(t, directory, "root"); !root.IsSuperuser || !root.IsStaff || !root.IsActive {
		t.Errorf("the superuser is stored with active %v, staff %v, superuser %v", root.IsActive, root.IsStaff, root.IsSuperuser)
	}
	addNamed(t, directory, "crlf", "secret\r\n")
	if user := storedUser(t, directory, "crlf"); !matches(t, "secret", user.Password) {
		t.Error("a line ending of CR LF is part of the password")
	}

	got := jeton(t, directory, "another", append([]string{"user", "add", "alice"}, quick...)...)
	refused(t, got, statusRefused, "NAME: ", "a user alice already")
	if again := storedUser(t, directory, "alice"); again != alice {
		t.Error("the refused user changed alice")
	}
	addNamed(t, directory, "Alice", "x") // another name
	for _, name := range []string{"a", strings.Repeat("n", 150), "a.b+c-d_e@f", "ünï-名前", "007"} {
		addNamed(t, directory, name, "x")
	}
}

func TestUserAddDefaultStrength(t *testing.T) {
	directory := t.TempDir()
	mustRun(t, directory, "x", "user", "add", "alice", "--password-stdin")
	if alice := storedUser(t, directory, "alice"); !strings.HasPrefix(alice.Password, "pbkdf2_sha256$1200000$") {
		t.Errorf("the hash begins with %.30s", alice.Password)
	}
}

func TestUserAddRefuses(t *testing.T) {
	directory := t.TempDir()
	for _, test := range []struct{ name, email, plain, reason string }{
		{"", "", "x", "NAME: the username is empty"},
		{strings.Repeat("n", 151), "", "x", "NAME: the username is longer"},
		{"two words", "", "x", "NAME: a username has only"},
		{"semi;colon", "", "x", "NAME: a username has only"},
		{"line\nfeed", "", "x", "NAME: a username has only"},
		{"tag<b>", "", "x", "NAME: a username has only"},
		{"bad\xff", "", "x", "NAME: not valid UTF-8"},
		{"alice", "nobody", "x", "--email: not a mail address"},
		{"alice", "@example.com", "x", "--email: not a mail address"},
		{"alice", "alice@", "x", "--email: not a mail address"},
		{"alice", "a b@example.com", "x", "--email: not a mail address"},
		{"alice", strings.Repeat("a", 250) + "@b.cd", "x", "--email: longer"},
		{"alice", "", "", "the password is empty"},
		{"alice", "", "\n", "the password is empty"},
		{"alice", "", " hunter2", "begins or ends with white space"},
		{"alice", "", "hunter2\t\n", "begins or ends with white space"},
		{"alice", "", "hunter2\n\n", "begins or ends with white space"},
		{"alice", "", "hunter2\x00", "NUL"},
		{"alice", "", "hunter2\xff", "not valid UTF-8"},
		{"alice", "", strings.Repeat("hunter2", 1000), "longer than 4096 bytes"},
	} {
		args := append([]string{"user", "add", test.name}, quick...)
		if test.email != "" {
			args = append(args, "--email", test.email)
		}
		got := jeton(t, directory, test.plain, args...)
		refused(t, got, statusUsage, test.reason)
		if strings.Contains(got.stderr, "hunter2") {
			t.Errorf("the password is quoted: %s", got.stderr)
		}
	}
	refused(t, jeton(t, directory, "hunter2", "user", "add", "alice"), statusUsage, "--password-stdin: ", "not a terminal")
	if entries, err := os.ReadDir(directory); err != nil || len(entries) != 0 {
		t.Errorf("refused users left something behind: %v, %v", entries, err)
	}
}

func TestUserList(t *testing.T) {
	directory := t.TempDir()
	addNamed(t, directory, "alice", "x", "--email", "alice@example.com")
	addNamed(t, directory, "root", "x", "--superuser")
	// What another program may have stored must not reach the terminal raw.
	execute(t, filepath.Join(directory, defaultDatabase), `UPDATE auth_user SET email = char(27) || '[2J', is_active = 0, last_login = '2026-01-02 03:04:05' WHERE username = 'root'`)

	table := strings.Split(strings.TrimSpace(mustRun(t, directory, "", "user", "list")), "\n")
	if len(table) != 3 {
		t.Fatalf("the table has %d lines, want 3:\n%s", len(table), strings.Join(table, "\n"))
	}
	if want := "ID USERNAME EMAIL ACTIVE STAFF SUPERUSER JOINED"; strings.Join(strings.Fields(table[0]), " ") != want {
		t.Errorf("the heading is %q, want %q", table[0], want)
	}
	if fields := strings.Join(strings.Fields(table[1])[:6], " "); fields != "1 alice alice@example.com yes no no" {
		t.Errorf("alice's line is %q", table[1])
	}
	if fields := strings.Join(strings.Fields(table[2])[:6], " "); fields != `2 root "\x1b[2J" no yes yes` {
		t.Errorf("root's line is %q", table[2])
	}

	var lines []userLine
	output := mustRun(t, directory, "", "user", "list", "--json")
	for line := range strings.Lines(output) {
		var read userLine
		if err := json.Unmarshal([]byte(line), &read); err != nil {
			t.Fatalf("the line %q: %v", line, err)
		}
		lines = append(lines, read)
	}
	if len(lines) != 2 || lines[0].Username != "alice" || lines[0].LastLogin != nil || lines[1].LastLogin == nil || lines[1].LastLogin.Hour() != 3 {
		t.Errorf("the lines are %+v", lines)
	}
	if strings.Contains(output, "pbkdf2") || strings.Contains(strings.Join(table, ""), "pbkdf2") {
		t.Error("a list shows a password's hash")
	}
}

// TestPrintSQL runs the printed statement on a database and logs in with what it stored.
func TestPrintSQL(t *testing.T) {
	directory := t.TempDir()
	got := mustRun(t, directory, "it's a secret", append([]string{"user", "add", "alice", "--email", "o'neill@example.com", "--superuser", "--print-sql"}, quick...)...)
	if entries, err := os.ReadDir(directory); err != nil || len(entries) != 0 {
		t.Errorf("--print-sql left something behind: %v, %v", entries, err)
	}
	if strings.Count(got, "\n") != 1 || !strings.HasPrefix(got, `INSERT INTO "auth_user" `) || !strings.HasSuffix(got, ";\n") || strings.Contains(got, "secret") {
		t.Errorf("the statement is %q", got)
	}
	path := filepath.Join(directory, defaultDatabase)
	users, err := sqlite.Open(t.Context(), path, store.UserModel{})
	if err != nil {
		t.Fatal(err)
	}
	users.Close()
	execute(t, path, got)
	alice := storedUser(t, directory, "alice")
	if alice.Email != "o'neill@example.com" || !alice.IsSuperuser || !alice.IsActive || !matches(t, "it's a secret", alice.Password) {
		t.Errorf("stored is %v", alice)
	}
}

// execute runs SQL on the file as another program would.
func execute(t *testing.T, path, statements string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), statements); err != nil {
		t.Fatal(err)
	}
}
