package main

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// demoSite makes a directory with a page in page/ and returns it.
func demoSite(t *testing.T) string {
	t.Helper()
	directory := t.TempDir()
	if err := os.MkdirAll(filepath.Join(directory, "page", "assets"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{
		"page/index.html":       "<!doctype html><title>page</title>",
		"page/assets/app.js":    "export {}",
		"page/assets/app.css":   "body{}",
		"page/assets/core.wasm": "\x00asm",
		"page/assets/secret":    "no known type",
		"page/.env.txt":         "hidden",
		"outside.txt":           "outside",
	} {
		writeFile(t, directory, name, content)
	}
	if err := os.Symlink("../outside.txt", filepath.Join(directory, "page", "link.txt")); err != nil {
		t.Fatal(err)
	}
	return directory
}

// serveDemo starts the demo and returns it with its second line of output.
func serveDemo(t *testing.T, directory string) (*server, string) {
	t.Helper()
	s := serve(t, directory, "--demo", "--demo-dir", "page")
	line, err := s.output.ReadString('\n')
	if err != nil {
		t.Fatalf("serve prints no second line: %v\n%s", err, s.log)
	}
	return s, strings.TrimSpace(line)
}

func TestDemoPage(t *testing.T) {
	s, _ := serveDemo(t, demoSite(t))
	get := func(method, path string) (*http.Response, string) {
		request, err := http.NewRequestWithContext(t.Context(), method, s.url+"/", nil)
		if err != nil {
			t.Fatal(err)
		}
		request.URL.Path = path
		client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
		response, err := client.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		return response, readBody(t, response)
	}
	for path, contentType := range map[string]string{
		"/":                 "text/html; charset=utf-8",
		"/index.html":       "text/html; charset=utf-8",
		"/assets/app.js":    "text/javascript; charset=utf-8",
		"/assets/app.css":   "text/css; charset=utf-8",
		"/assets/core.wasm": "application/wasm",
	} {
		response, body := get(http.MethodGet, path)
		header := response.Header
		if response.StatusCode != 200 || body == "" || header.Get("Content-Type") != contentType {
			t.Errorf("%s gives %d, %d bytes, %s; want 200 and %s", path, response.StatusCode, len(body), header.Get("Content-Type"), contentType)
		}
		if header.Get("X-Content-Type-Options") != "nosniff" || header.Get("Referrer-Policy") == "" || header.Get("Content-Security-Policy") !=
			"default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'" {
			t.Errorf("%s has the headers %v", path, header)
		}
		if response, body := get(http.MethodHead, path); response.StatusCode != 200 || body != "" || response.Header.Get("Content-Type") != contentType {
			t.Errorf("HEAD %s gives %d, %q", path, response.StatusCode, body)
		}
	}
	for _, path := range []string{
		"/missing.html", "/assets", "/assets/", "/assets/secret", "/.env.txt", "/link.txt", "/index.html/", "/../outside.txt", "/assets/../../outside.txt",
		"/assets/..%2f..%2foutside.txt", "/index.html\x00.txt", "/..\\outside.txt", "//outside.txt",
	} {
		if response, body := get(http.MethodGet, path); response.StatusCode == 200 || strings.Contains(body, "outside\n") || body == "outside" || body == "hidden" {
			t.Errorf("%q gives %d %q", path, response.StatusCode, body)
		}
	}
	if response, _ := get(http.MethodPost, "/"); response.StatusCode != 405 || response.Header.Get("Allow") != "GET, HEAD" {
		t.Errorf("POST / gives %d, Allow %q", response.StatusCode, response.Header.Get("Allow"))
	}
	if response, body := get(http.MethodGet, "/api/me/"); response.StatusCode != 401 || !strings.Contains(body, `"detail"`) {
		t.Errorf("the API beside the page gives %d %s", response.StatusCode, body)
	}
	s.stop(t)
}

func TestDemoUser(t *testing.T) {
	directory := demoSite(t)
	userFile := filepath.Join(directory, defaultDatabase+".demo-user")

	first, line := serveDemo(t, directory)
	content, err := os.ReadFile(userFile)
	if err != nil {
		t.Fatal(err)
	}
	var kept map[string]string
	if err := json.Unmarshal(content, &kept); err != nil || len(kept) != 2 || kept["username"] != "demo" || len(kept["password"]) != 20 {
		t.Fatalf("the file holds %s (%v)", content, err)
	}
	if info, err := os.Stat(userFile); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file's mode is %v (%v), want 0600", info.Mode(), err)
	}
	if want := "Log in as demo with the password " + kept["password"]; line != want {
		t.Errorf("the first start prints %q, want %q", line, want)
	}
	first.login(t, "demo", kept["password"])
	first.stop(t)
	if strings.Contains(first.log.String(), kept["password"]) {
		t.Error("the log has the demo user's password")
	}

	second, again := serveDemo(t, directory)
	if again != line {
		t.Errorf("the second start prints %q, want %q", again, line)
	}
	second.stop(t)

	// The user is gone and the file is left, as when the database was deleted.
	execute(t, filepath.Join(directory, defaultDatabase), `DELETE FROM auth_user`)
	third, again := serveDemo(t, directory)
	if again != line {
		t.Errorf("with the user gone the start prints %q, want %q", again, line)
	}
	third.login(t, "demo", kept["password"])
	third.stop(t)

	// Somebody gave the user another password.
	execute(t, filepath.Join(directory, defaultDatabase), `UPDATE auth_user SET password = '!' WHERE username = 'demo'`)
	fourth, again := serveDemo(t, directory)
	if !strings.Contains(again, "not known here") {
		t.Errorf("with another password the start prints %q", again)
	}
	fourth.stop(t)
}

// TestDemoUserOfSomebody starts the demo on a site that has a user of that name.
func TestDemoUserOfSomebody(t *testing.T) {
	directory := demoSite(t)
	addNamed(t, directory, "demo", plainPassword)
	before := storedUser(t, directory, "demo")
	s, line := serveDemo(t, directory)
	if !strings.Contains(line, "not known here") {
		t.Errorf("the start prints %q", line)
	}
	if storedUser(t, directory, "demo") != before {
		t.Error("the user was changed")
	}
	s.login(t, "demo", plainPassword) // which renews the hash
	s.stop(t)
	if _, err := os.Stat(filepath.Join(directory, defaultDatabase+".demo-user")); !os.IsNotExist(err) {
		t.Errorf("a file with credentials was made: %v", err)
	}
}

func TestDemoUserFileRefused(t *testing.T) {
	directory := demoSite(t)
	const name = defaultDatabase + ".demo-user"
	for content, mode := range map[string]os.FileMode{
		`{"username":"demo","password":"hunter2"}`: 0o644,
		`{"username":"demo"}`:                      0o600,
		`{"username":"root","password":"hunter2"}`: 0o600,
		`hunter2`: 0o600,
		``:        0o600,
	} {
		writeFile(t, directory, name, content)
		if err := os.Chmod(filepath.Join(directory, name), mode); err != nil {
			t.Fatal(err)
		}
		got := jeton(t, directory, "", "serve", "--addr", "127.0.0.1:0", "--demo", "--demo-dir", "page")
		if got.status != statusRefused || !strings.Contains(got.stderr, "jeton: "+name+": ") || strings.Contains(got.stderr, "hunter2") {
			t.Errorf("%q with mode %04o gives status %d, %s", content, mode, got.status, got.stderr)
		}
	}
}
