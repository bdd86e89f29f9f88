package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// jetonWithoutPrivileges runs the program as a user to whom the modes of files matter: nobody, when the tests run as root.
func jetonWithoutPrivileges(t *testing.T, directory string, args ...string) result {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), program, args...)
	cmd.Dir = directory
	if os.Geteuid() == 0 {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	}
	var stdout, stderr bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader("x"), &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return result{stdout.String(), stderr.String(), cmd.ProcessState.ExitCode()}
}

// sharedDirectory returns a directory that every user can reach.
func sharedDirectory(t *testing.T) string {
	t.Helper()
	directory := t.TempDir()
	for _, path := range []string{directory, filepath.Dir(directory)} {
		if err := os.Chmod(path, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return directory
}

func TestUnwritablePlaces(t *testing.T) {
	directory := sharedDirectory(t)
	addNamed(t, directory, "alice", plainPassword)
	chmod := func(name string, mode os.FileMode) {
		if err := os.Chmod(filepath.Join(directory, name), mode); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() { chmod(".", 0o755) })
	starts := map[string][]string{
		"serve":    {"serve", "--addr", "127.0.0.1:0"},
		"user add": append([]string{"user", "add", "mallory"}, quick...),
	}

	chmod(".", 0o555)
	for name, args := range starts {
		got := jetonWithoutPrivileges(t, directory, append(args, "--db", "new.db")...)
		refused(t, got, statusUsage, "--db new.db: permission denied")
		if _, err := os.Stat(filepath.Join(directory, "new.db")); !os.IsNotExist(err) {
			t.Errorf("%s made the file: %v", name, err)
		}
	}

	chmod(defaultDatabase, 0o444)
	for _, args := range starts {
		refused(t, jetonWithoutPrivileges(t, directory, args...), statusUsage, "--db "+defaultDatabase+": ")
	}

	chmod(defaultDatabase, 0o000)
	for _, args := range append([][]string{{"user", "list"}}, starts["serve"], starts["user add"]) {
		refused(t, jetonWithoutPrivileges(t, directory, args...), statusUsage, "--db "+defaultDatabase+": ")
	}

	chmod(defaultDatabase, 0o600)
	chmod(".", 0o755)
	if list := mustRun(t, directory, "", "user", "list"); strings.Contains(list, "mallory") || !strings.Contains(list, "alice") {
		t.Errorf("the users are now\n%s", list)
	}
}

// TestReadOnlyDatabase refuses to serve a database that can be read and not written, and lists its users all the same.
func TestReadOnlyDatabase(t *testing.T) {
	directory := sharedDirectory(t)
	addNamed(t, directory, "alice", plainPassword)
	// As a Django site keeps it: without the write-ahead log, which cannot be read without being able to write beside it.
	execute(t, filepath.Join(directory, defaultDatabase), `PRAGMA journal_mode = DELETE`)
	if err := os.Chmod(filepath.Join(directory, defaultDatabase), 0o444); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(directory, 0o777); err != nil {
		t.Fatal(err)
	}
	refused(t, jetonWithoutPrivileges(t, directory, "serve", "--addr", "127.0.0.1:0"), statusUsage, "--db "+defaultDatabase+": the database is read-only")
	if got := jetonWithoutPrivileges(t, directory, "user", "list"); got.status != 0 || !strings.Contains(got.stdout, "alice") {
		t.Errorf("user list: status %d, %s", got.status, got.stderr)
	}
	entries, err := os.ReadDir(directory)
	if err != nil || len(entries) != 1 {
		t.Errorf("there are %v (%v), want the database alone", entries, err)
	}
}
