package main

import (
	"bufio"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

// program is the example as "go run" starts it, on a free port.
type program struct {
	url, password string // the URL without a slash at its end
	cmd           *exec.Cmd
}

func start(t *testing.T) *program {
	t.Helper()
	path := filepath.Join(t.TempDir(), "go-api")
	if output, err := exec.Command("go", "build", "-o", path, ".").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, output)
	}
	p := &program{cmd: exec.Command(path, "-addr", "127.0.0.1:0")}
	p.cmd.Stderr = os.Stderr
	stdout, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.cmd.Process.Kill() }) // no harm when it has ended
	lines := bufio.NewReader(stdout)
	first, _ := lines.ReadString('\n')
	second, _ := lines.ReadString('\n')
	found := regexp.MustCompile(`^Listening on (http://127\.0\.0\.1:\d+)/\nLog in as demo with the password (\w{20,})\n$`).FindStringSubmatch(first + second)
	if found == nil {
		t.Fatalf("the program prints %q", first+second)
	}
	p.url, p.password = found[1], found[2]
	return p
}

// call sends JSON, or nothing, and returns the status and the body.
func (p *program) call(t *testing.T, method, path, token, body string) (int, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, p.url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	if challenged := response.Header.Get("WWW-Authenticate") == `Bearer realm="api"`; challenged != (response.StatusCode == 401) {
		t.Errorf("%s %s: %d with WWW-Authenticate %q", method, path, response.StatusCode, response.Header.Get("WWW-Authenticate"))
	}
	return response.StatusCode, strings.TrimSpace(string(content))
}

func TestExample(t *testing.T) {
	p := start(t)
	status, body := p.call(t, "POST", "/api/token/", "", `{"username":"demo","password":"`+p.password+`"}`)
	var pair struct{ Access, Refresh string }
	if err := json.Unmarshal([]byte(body), &pair); err != nil || status != 200 {
		t.Fatalf("the login gives %d %s", status, body)
	}
	forged := pair.Access[:len(pair.Access)-4] + "AAAA"
	for _, test := range []struct {
		name, method, path, token, body string
		status                          int
		want                            string
	}{
		{"no token", "GET", "/api/notes/", "", "", 401, `{"detail":"Authentication credentials were not provided."}`},
		{"a forged token", "GET", "/api/notes/", forged, "", 401, `{"detail":"Given token not valid for any token type","code":"token_not_valid","messages":[{"token_class":"AccessToken","token_type":"access","message":"Token is invalid"}]}`},
		{"a refresh token", "GET", "/api/notes/", pair.Refresh, "", 401, `{"detail":"Given token not valid for any token type","code":"token_not_valid","messages":[{"token_class":"AccessToken","token_type":"access","message":"Token has wrong type"}]}`},
		{"no notes yet", "GET", "/api/notes/", pair.Access, "", 200, `{"notes":[],"owner":"demo"}`},
		{"a note", "POST", "/api/notes/", pair.Access, `{"text":"milk"}`, 201, `{"text":"milk"}`},
		{"no text", "POST", "/api/notes/", pair.Access, `{}`, 400, `{"text":["A text of 1 to 1000 bytes is required."]}`},
		{"a long text", "POST", "/api/notes/", pair.Access, `{"text":"` + strings.Repeat("x", 1001) + `"}`, 400, `{"text":["A text of 1 to 1000 bytes is required."]}`},
		{"another method", "DELETE", "/api/notes/", pair.Access, "", 405, `{"detail":"Method not allowed."}`},
		{"the note", "GET", "/api/notes/", pair.Access, "", 200, `{"notes":["milk"],"owner":"demo"}`},
		{"a wrong password", "POST", "/api/token/", "", `{"username":"demo","password":"wrong"}`, 401, `{"detail":"No active account found with the given credentials"}`},
		{"verify", "POST", "/api/token/verify/", "", `{"token":"` + pair.Access + `"}`, 200, `{}`},
	} {
		if status, body := p.call(t, test.method, test.path, test.token, test.body); status != test.status || body != test.want {
			t.Errorf("%s: %d %s, want %d %s", test.name, status, body, test.status, test.want)
		}
	}
	status, body = p.call(t, "POST", "/api/token/refresh/", "", `{"refresh":"`+pair.Refresh+`"}`)
	if err := json.Unmarshal([]byte(body), &pair); err != nil || status != 200 {
		t.Fatalf("the refresh gives %d %s", status, body)
	}
	if status, body := p.call(t, "GET", "/api/notes/", pair.Access, ""); status != 200 || body != `{"notes":["milk"],"owner":"demo"}` {
		t.Errorf("the notes by the new token: %d %s", status, body)
	}
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Wait(); err != nil {
		t.Errorf("after SIGTERM: %v", err)
	}
}
