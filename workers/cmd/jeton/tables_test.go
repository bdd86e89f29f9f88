package main

import (
	"path/filepath"
	"strings"
	"testing"
)

// TestSiteWithoutBlacklist serves the database of a site that has no token_blacklist app.
func TestSiteWithoutBlacklist(t *testing.T) {
	directory := t.TempDir()
	addNamed(t, directory, "alice", plainPassword)
	execute(t, filepath.Join(directory, defaultDatabase), "CREATE TABLE django_migrations (id integer); DROP TABLE token_blacklist_blacklistedtoken; DROP TABLE token_blacklist_outstandingtoken")

	s := serve(t, directory)
	pair := s.login(t, "alice", plainPassword)
	for range 2 {
		if status, body := s.post(t, "/api/token/blacklist/", map[string]string{"refresh": pair.Refresh}); status != 200 || body != "{}" {
			t.Errorf("a logout gives %d %s", status, body)
		}
	}
	s.stop(t)
	if !strings.Contains(s.log.String(), "no tables for blacklisted tokens") {
		t.Errorf("the log does not say so:\n%s", s.log)
	}
	if got := jeton(t, directory, "", "serve", "--check"); got.status != 0 {
		t.Errorf("--check: %d %s", got.status, got.stderr)
	}

	writeFile(t, directory, "settings.json", `{"INSTALLED_APPS": ["rest_framework_simplejwt.token_blacklist"]}`)
	for _, flags := range [][]string{{"--check"}, {"--addr", "127.0.0.1:0"}} {
		got := jeton(t, directory, "", append([]string{"serve", "--config", "settings.json"}, flags...)...)
		if got.status != statusUsage || !strings.Contains(got.stderr, "INSTALLED_APPS: --db "+defaultDatabase+" has no tables for an app that is listed") {
			t.Errorf("%v: %d %s", flags, got.status, got.stderr)
		}
	}
	writeFile(t, directory, "settings.json", `{"INSTALLED_APPS": ["django.contrib.auth"]}`)
	quiet := serve(t, directory, "--config", "settings.json")
	quiet.login(t, "alice", plainPassword)
	quiet.stop(t)
	if strings.Contains(quiet.log.String(), "no tables") {
		t.Errorf("a site that lists no such app is warned:\n%s", quiet.log)
	}
}
