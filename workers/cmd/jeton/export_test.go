package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestUserExport moves users to another database by what the program prints, and logs one in there.
func TestUserExport(t *testing.T) {
	directory, other := t.TempDir(), t.TempDir()
	addNamed(t, directory, "bob", plainPassword)
	addNamed(t, directory, "alice", plainPassword)
	first := serve(t, directory)
	pair := first.login(t, "alice", plainPassword)
	if status, body := first.post(t, "/api/token/blacklist/", fields{"refresh": pair.Refresh}); status != 200 {
		t.Fatalf("the logout gives %d %s", status, body)
	}
	first.stop(t)

	mustRun(t, directory, "", "user", "export", "--output", "users.sql")
	info, err := os.Stat(filepath.Join(directory, "users.sql"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file's mode is %v (%v), want 0600", info.Mode(), err)
	}
	content, err := os.ReadFile(filepath.Join(directory, "users.sql"))
	if err != nil {
		t.Fatal(err)
	}
	if printed := mustRun(t, directory, "", "user", "export"); printed != string(content) || strings.Contains(printed, "eyJ") || strings.Count(printed, "\n") != 4 {
		t.Errorf("the statements are\n%s", printed)
	}
	execute(t, filepath.Join(other, defaultDatabase), mustRun(t, directory, "", "schema")+string(content))
	if err := os.Rename(filepath.Join(directory, defaultDatabase+".signing-key"), filepath.Join(other, defaultDatabase+".signing-key")); err != nil {
		t.Fatal(err)
	}
	second := serve(t, other)
	if status, body := second.me(t, pair.Access); status != 200 || !strings.Contains(body, `"id":"2","username":"alice"`) {
		t.Errorf("the access token from before gives %d %s", status, body)
	}
	if status, body := second.post(t, "/api/token/refresh/", fields{"refresh": pair.Refresh}); status != 401 || !strings.Contains(body, "blacklisted") {
		t.Errorf("the withdrawn token gives %d %s", status, body)
	}
	second.login(t, "bob", plainPassword)
	second.stop(t)
}

func TestSchema(t *testing.T) {
	directory := t.TempDir()
	all := mustRun(t, directory, "", "schema", "--tables", "users,tokens,blocked-tokens")
	for table, inDefault := range map[string]bool{"auth_user": true, "token_blacklist_outstandingtoken": true, "blacklist_blacklistedtoken": false} {
		create := `CREATE TABLE IF NOT EXISTS "` + table + `"`
		if got := mustRun(t, directory, "", "schema"); strings.Contains(got, create) != inDefault || !strings.Contains(all, create) {
			t.Errorf("%s is in the default: %v", table, strings.Contains(got, create))
		}
	}
}
