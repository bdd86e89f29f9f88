package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// server is a running "jeton serve".
type server struct {
	url    string // without a slash at its end
	stdout string // up to the line that was waited for
	cmd    *exec.Cmd
	log    *logBuffer
	output *bufio.Reader
}

// logBuffer collects standard error while the program runs.
type logBuffer struct {
	mutex sync.Mutex
	text  strings.Builder
}

// Write implements io.Writer.
func (b *logBuffer) Write(p []byte) (int, error) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.text.Write(p)
}

// String returns what was written so far.
func (b *logBuffer) String() string {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.text.String()
}

// waitFor waits until the log has that text.
func (b *logBuffer) waitFor(t *testing.T, text string) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !strings.Contains(b.String(), text); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("the log never has %q:\n%s", text, b)
		}
	}
}

// serve starts the program on a free port in directory and waits until it listens.
func serve(t *testing.T, directory string, args ...string) *server {
	t.Helper()
	return serveWith(t, directory, nil, args...)
}

// serveWith does so with more environment variables.
func serveWith(t *testing.T, directory string, environment []string, args ...string) *server {
	t.Helper()
	s := &server{cmd: exec.Command(program, append([]string{"serve", "--addr", "127.0.0.1:0"}, args...)...), log: new(logBuffer)}
	s.cmd.Dir = directory
	s.cmd.Env = append(programEnvironment(), environment...)
	s.cmd.Stderr = s.log
	stdout, err := s.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.cmd.Process.Kill() }) // no harm when it has ended
	s.output = bufio.NewReader(stdout)
	line, err := s.output.ReadString('\n')
	if err != nil {
		s.cmd.Wait()
		t.Fatalf("serve does not start: %s", s.log)
	}
	s.stdout = line
	s.url = strings.TrimSuffix(strings.TrimSpace(strings.TrimPrefix(line, "Jeton is listening on ")), "/")
	if !regexp.MustCompile(`^https?://127\.0\.0\.1:[1-9]`).MatchString(s.url) {
		t.Fatalf("serve prints %q", line)
	}
	return s
}

// stop ends the program as a service manager does and returns its exit status.
func (s *server) stop(t *testing.T) int {
	t.Helper()
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	return s.wait(t)
}

func (s *server) wait(t *testing.T) int {
	t.Helper()
	ended := make(chan struct{})
	go func() {
		s.cmd.Wait()
		close(ended)
	}()
	select {
	case <-ended:
		return s.cmd.ProcessState.ExitCode()
	case <-time.After(40 * time.Second):
		t.Fatalf("the program does not end:\n%s", s.log)
		return -1
	}
}

// post sends JSON and returns the status and the body.
func (s *server) post(t *testing.T, path string, body any) (int, string) {
	t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.Post(s.url+path, "application/json", strings.NewReader(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, readBody(t, response)
}

func readBody(t *testing.T, response *http.Response) string {
	t.Helper()
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

type fields map[string]string

type tokenPair struct{ Refresh, Access string }

func (s *server) login(t *testing.T, username, plain string) tokenPair {
	t.Helper()
	status, body := s.post(t, "/api/token/", fields{"username": username, "password": plain})
	var pair tokenPair
	if err := json.Unmarshal([]byte(body), &pair); err != nil || status != 200 || pair.Access == "" || pair.Refresh == "" {
		t.Fatalf("the login gives %d %s", status, body)
	}
	return pair
}

func (s *server) me(t *testing.T, token string) (int, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+"/api/me/", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+token)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, readBody(t, response)
}

const plainPassword = "correct horse battery"

func TestServeSession(t *testing.T) {
	directory := t.TempDir()
	addNamed(t, directory, "alice", plainPassword, "--email", "alice@example.com")
	s := serve(t, directory)

	pair := s.login(t, "alice", plainPassword)
	if status, body := s.me(t, pair.Access); status != 200 || body != `{"id":"1","username":"alice","email":"alice@example.com","first_name":"","last_name":""}` {
		t.Errorf("me gives %d %s", status, body)
	}
	status, body := s.post(t, "/api/token/refresh/", fields{"refresh": pair.Refresh})
	var refreshed tokenPair
	if err := json.Unmarshal([]byte(body), &refreshed); err != nil || status != 200 || refreshed.Access == "" || refreshed.Access == pair.Access {
		t.Errorf("refresh gives %d %s", status, body)
	}
	if status, _ := s.me(t, refreshed.Access); status != 200 {
		t.Errorf("me with the refreshed token gives %d", status)
	}
	for _, token := range []string{pair.Access, pair.Refresh, refreshed.Access} {
		if status, body := s.post(t, "/api/token/verify/", fields{"token": token}); status != 200 || body != "{}" {
			t.Errorf("verify gives %d %s", status, body)
		}
	}
	const invalid = `{"detail":"Token is invalid","code":"token_not_valid"}`
	if status, body := s.post(t, "/api/token/verify/", fields{"token": tamper(pair.Access)}); status != 401 || body != invalid {
		t.Errorf("verify of a tampered token gives %d %s", status, body)
	}
	for _, body := range []fields{{"username": "alice", "password": "wrong"}, {"username": "nobody", "password": plainPassword}} {
		if status, answer := s.post(t, "/api/token/", body); status != 401 || answer != `{"detail":"No active account found with the given credentials"}` {
			t.Errorf("a wrong login gives %d %s", status, answer)
		}
	}
	if status, _ := s.post(t, "/api/token/verify/", fields{"token": strings.Repeat("x", 64<<10)}); status != 413 {
		t.Errorf("a body over 64 KiB gives %d, want 413", status)
	}
	if status, _ := s.post(t, "/", fields{}); status != 404 {
		t.Errorf("the root gives %d without a page, want 404", status)
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+"/api/me/", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+strings.Repeat("x", 64<<10))
	if response, err := http.DefaultClient.Do(request); err != nil || response.StatusCode != 431 {
		t.Errorf("64 KiB of header give %v, %v; want 431", response, err)
	}

	if status := s.stop(t); status != 0 {
		t.Errorf("the status after SIGTERM is %d, want 0", status)
	}
	log := s.log.String()
	for _, text := range []string{"path=/api/token/ status=200", "path=/api/me/ status=200", "path=/api/token/ status=401", "msg=stopped", defaultDatabase + ".signing-key"} {
		if !strings.Contains(log, text) {
			t.Errorf("the log lacks %q:\n%s", text, log)
		}
	}
	key, err := os.ReadFile(filepath.Join(directory, defaultDatabase+".signing-key"))
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{plainPassword, "wrong", "pbkdf2", "eyJ", strings.TrimSpace(string(key))} {
		if strings.Contains(log, secret) || strings.Contains(s.stdout, secret) {
			t.Errorf("the output has a secret, %.10s...", secret)
		}
	}
}

func TestRestartKeepsTheKey(t *testing.T) {
	directory := t.TempDir()
	addNamed(t, directory, "alice", plainPassword)
	keyFile := filepath.Join(directory, defaultDatabase+".signing-key")
	first := serve(t, directory)
	token := first.login(t, "alice", plainPassword).Access
	first.stop(t)
	info, err := os.Stat(keyFile)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("the key file's mode is %v (%v), want 0600", info.Mode(), err)
	}
	second := serve(t, directory)
	if status, body := second.me(t, token); status != 200 {
		t.Errorf("a token from before the restart gives %d %s", status, body)
	}
	second.stop(t)
	if err := os.Remove(keyFile); err != nil {
		t.Fatal(err)
	}
	third := serve(t, directory)
	if status, _ := third.me(t, token); status != 401 {
		t.Errorf("a token from before the key was deleted gives %d, want 401", status)
	}
	third.stop(t)
}

func TestKeptKeyRefused(t *testing.T) {
	directory := t.TempDir()
	const name = defaultDatabase + ".signing-key"
	const secret = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	for what, test := range map[string]struct {
		content string
		mode    os.FileMode
		reason  string
	}{
		"readable by the group": {secret, 0o640, "chmod 600"},
		"readable by all":       {secret, 0o604, "chmod 600"},
		"writable by the group": {secret, 0o620, "chmod 600"},
		"too short":             {secret[:31], 0o600, "at least 32 bytes"},
		"empty":                 {"", 0o600, "the file is empty"},
		"a PEM file":            {"-----BEGIN PRIVATE KEY-----\n" + secret + "\n-----END PRIVATE KEY-----\n", 0o600, "asymmetric"},
	} {
		t.Run(what, func(t *testing.T) {
			writeFile(t, directory, name, test.content)
			if err := os.Chmod(filepath.Join(directory, name), test.mode); err != nil {
				t.Fatal(err)
			}
			got := jeton(t, directory, "", "serve", "--addr", "127.0.0.1:0")
			if got.status != statusRefused || !strings.Contains(got.stderr, "jeton: "+name+": ") || !strings.Contains(got.stderr, test.reason) {
				t.Errorf("status %d, %s", got.status, got.stderr)
			}
			if strings.Contains(got.stderr, secret[:20]) {
				t.Errorf("the key is quoted: %s", got.stderr)
			}
		})
	}
}

// TestKeptAsymmetricKey serves with a key pair that was made at the start, and checks a token with its public part.
func TestKeptAsymmetricKey(t *testing.T) {
	directory := t.TempDir()
	addNamed(t, directory, "alice", plainPassword)
	config := writeFile(t, directory, "config.json", `{"SIMPLE_JWT": {"ALGORITHM": "ES256", "ISSUER": "https://issuer.example"}}`)
	s := serve(t, directory, "--config", config)
	token := s.login(t, "alice", plainPassword).Access
	s.stop(t)
	writeFile(t, directory, "public.jwk", mustRun(t, directory, "", "key", "public", defaultDatabase+".signing-key"))
	mustRun(t, directory, token, "verify", "--keys", "public.jwk", "--iss", "https://issuer.example")
}

func TestConfiguredKey(t *testing.T) {
	directory := t.TempDir()
	addNamed(t, directory, "alice", plainPassword)
	secret := mustRun(t, directory, "", "key", "generate", "--alg", "HS512") // any text will do
	text, err := json.Marshal(map[string]any{"SECRET_KEY": secret, "SIMPLE_JWT": map[string]any{"ACCESS_TOKEN_LIFETIME": "0:01:00"}})
	if err != nil {
		t.Fatal(err)
	}
	s := serve(t, directory, "--config", writeFile(t, directory, "config.json", string(text)))
	var claims struct{ Exp, Iat int64 }
	answers := readAnswers(t, mustRun(t, directory, s.login(t, "alice", plainPassword).Access, "decode", "--lines"))
	if err := json.Unmarshal(answers[0].Claims, &claims); err != nil || claims.Exp-claims.Iat != 60 {
		t.Errorf("the access token lasts %d seconds (%v), want 60", claims.Exp-claims.Iat, err)
	}
	s.stop(t)
	if _, err := os.Stat(filepath.Join(directory, defaultDatabase+".signing-key")); !os.IsNotExist(err) {
		t.Errorf("a signing key was made although one is configured: %v", err)
	}
}

func TestBadConfig(t *testing.T) {
	directory := t.TempDir()
	const secret = "hunter2-hunter2-hunter2"
	for _, test := range []struct{ content, reason string }{
		{"", "settings"},
		{"SECRET_KEY = '" + secret + "'", "settings"},
		{`{"SECRET_KEY": "` + secret + `"`, "settings"},
		{`{"SECRET_KEY": "` + secret + `"}`, "SIGNING_KEY"},
		{`{"SECRET_KEY": 5}`, "SECRET_KEY"},
		{`{"secret_key": "` + secret + `"}`, "secret_key"},
		{`{"SIMPLE_JWT": []}`, "SIMPLE_JWT"},
		{`{"SIMPLE_JWT": {"ALGORITHM": "none"}}`, "ALGORITHM"},
		{`{"SIMPLE_JWT": {"ACCESS_TOKEN_LIFETIME": 0}}`, "ACCESS_TOKEN_LIFETIME"},
		{`{"SIMPLE_JWT": {"ACCESS_TOKEN_LIFETIME": "soon"}}`, "ACCESS_TOKEN_LIFETIME"},
		{`{"SIMPLE_JWT": {"ALGORITHM": "RS256", "SIGNING_KEY": "` + secret + `"}}`, "SIGNING_KEY"},
		{`{"PASSWORD_ITERATIONS": 0}`, "PASSWORD_ITERATIONS"},
	} {
		writeFile(t, directory, "config.json", test.content)
		got := jeton(t, directory, "", "serve", "--addr", "127.0.0.1:0", "--config", "config.json")
		if got.status != statusUsage || got.stdout != "" || !strings.Contains(got.stderr, "jeton: --config config.json: ") || !strings.Contains(got.stderr, test.reason) {
			t.Errorf("%s gives status %d, %s", test.content, got.status, got.stderr)
		}
		if strings.Contains(got.stderr, "hunter2") {
			t.Errorf("%s: the secret is quoted: %s", test.content, got.stderr)
		}
	}
}

func TestPortInUse(t *testing.T) {
	directory := t.TempDir()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	got := jeton(t, directory, "", "serve", "--addr", listener.Addr().String())
	refused(t, got, statusRefused, "--addr "+listener.Addr().String()+": the port is in use")
	if entries, err := os.ReadDir(directory); err != nil || len(entries) != 0 {
		t.Errorf("the start left something behind: %v, %v", entries, err)
	}
}

// TestBrokenDatabase takes the table away under a running server.
func TestBrokenDatabase(t *testing.T) {
	directory := t.TempDir()
	addNamed(t, directory, "alice", plainPassword)
	s := serve(t, directory)
	pair := s.login(t, "alice", plainPassword)
	execute(t, filepath.Join(directory, defaultDatabase), `ALTER TABLE auth_user RENAME TO gone`)
	const unavailable = `{"detail":"Service temporarily unavailable, try again later."}`
	if status, body := s.post(t, "/api/token/", fields{"username": "alice", "password": plainPassword}); status != 503 || body != unavailable {
		t.Errorf("the login gives %d %s", status, body)
	}
	if status, body := s.me(t, pair.Access); status != 503 || body != unavailable {
		t.Errorf("me gives %d %s", status, body)
	}
	execute(t, filepath.Join(directory, defaultDatabase), `ALTER TABLE gone RENAME TO auth_user`)
	s.login(t, "alice", plainPassword)
	s.stop(t)
}

// startLogin sends the head of a login and returns the connection once the service waits for its body: the request is then under way.
func startLogin(t *testing.T, s *server, body string) (net.Conn, *bufio.Reader) {
	t.Helper()
	connection, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { connection.Close() })
	fmt.Fprintf(connection, "POST /api/token/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\nExpect: 100-continue\r\n\r\n", len(body))
	reader := bufio.NewReader(connection)
	if line, err := reader.ReadString('\n'); err != nil || !strings.Contains(line, "100 Continue") {
		t.Fatalf("the service answers %q, %v", line, err)
	}
	if _, err := reader.ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	return connection, reader
}

func TestGracefulStop(t *testing.T) {
	directory := t.TempDir()
	addNamed(t, directory, "alice", plainPassword)
	for _, signal := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		t.Run(signal.String(), func(t *testing.T) {
			s := serve(t, directory)
			body := fmt.Sprintf(`{"username":"alice","password":%q}`, plainPassword)
			connection, reader := startLogin(t, s, body)
			if err := s.cmd.Process.Signal(signal); err != nil {
				t.Fatal(err)
			}
			s.log.waitFor(t, "msg=stopping")
			if _, err := io.WriteString(connection, body); err != nil {
				t.Fatal(err)
			}
			response, err := http.ReadResponse(reader, nil)
			if err != nil {
				t.Fatal(err)
			}
			if answer := readBody(t, response); response.StatusCode != 200 || !strings.Contains(answer, `"access":"eyJ`) {
				t.Errorf("the login under way gives %d %s", response.StatusCode, answer)
			}
			if status := s.wait(t); status != 0 {
				t.Errorf("the status is %d, want 0", status)
			}
			if connection, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://")); err == nil {
				connection.Close()
				t.Error("the stopped server still listens")
			}
		})
	}
}

// TestSecondSignalEnds sends two signals while a request never ends.
func TestSecondSignalEnds(t *testing.T) {
	s := serve(t, t.TempDir())
	startLogin(t, s, "{}")
	if err := s.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	s.log.waitFor(t, "msg=stopping")
	if err := s.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if status := s.wait(t); status == 0 {
		t.Error("the status is 0 although a request was cut off")
	}
}

// TestStartTogether starts programs at once on one directory: they must agree on the database and on the key.
func TestStartTogether(t *testing.T) {
	directory := t.TempDir()
	servers := make([]*server, 4)
	var group sync.WaitGroup
	for i := range servers {
		group.Go(func() { servers[i] = serve(t, directory) })
	}
	group.Wait()
	if t.Failed() {
		t.FailNow()
	}
	addNamed(t, directory, "alice", plainPassword)
	token := servers[0].login(t, "alice", plainPassword).Access
	for i, s := range servers {
		if status, body := s.me(t, token); status != 200 {
			t.Errorf("server %d refuses the token of server 0: %d %s", i, status, body)
		}
		s.stop(t)
	}
	entries, err := os.ReadDir(directory)
	if err != nil || len(entries) != 2 {
		t.Errorf("there are %v (%v), want the database and its key", entries, err)
	}
}

// TestServeDRFJWT goes through a session of drf-jwt on a database made for it: login, verify, logout.
func TestServeDRFJWT(t *testing.T) {
	directory := t.TempDir()
	addNamed(t, directory, "alice", plainPassword)
	writeFile(t, directory, "settings.json", `{"JWT_AUTH": {"JWT_AUTH_COOKIE": "session", "JWT_ALLOW_REFRESH": true}}`)
	s := serve(t, directory, "--config", "settings.json")
	status, body := s.post(t, "/api-token-auth/", fields{"username": "alice", "password": plainPassword})
	var handed struct {
		Token string `json:"token"`
	}
	if err := json.Unmarshal([]byte(body), &handed); err != nil || status != 201 {
		t.Fatalf("login: %d %s", status, body)
	}
	withdraw := func() (int, string) {
		request, err := http.NewRequest("POST", s.url+"/api-token-blacklist/", nil)
		if err != nil {
			t.Fatal(err)
		}
		request.AddCookie(&http.Cookie{Name: "session", Value: handed.Token})
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		return response.StatusCode, readBody(t, response)
	}
	for _, want := range []int{201, 403} {
		if status, body := withdraw(); status != want {
			t.Errorf("logout: %d %s, want %d", status, body, want)
		}
	}
	if status, body := s.post(t, "/api-token-verify/", handed); status != 400 || body != `{"non_field_errors":["Token is blacklisted."]}` {
		t.Errorf("verify: %d %s", status, body)
	}
	if code := s.stop(t); code != 0 {
		t.Errorf("it ends with %d", code)
	}
}
