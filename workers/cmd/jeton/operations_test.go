package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// get sends a request with header fields and returns the response and its body.
func get(t *testing.T, method, url string, header http.Header) (*http.Response, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	if header != nil {
		request.Header = header
	}
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	return response, readBody(t, response)
}

func TestHealth(t *testing.T) {
	detectRaces(t)
	directory := t.TempDir()
	s := serve(t, directory)
	database := filepath.Join(directory, defaultDatabase)
	for _, test := range []struct {
		before, method, want string
		status               int
	}{
		{"", "GET", `{"status":"ok","store":"ok"}` + "\n", 200},
		{"", "HEAD", "", 200},
		{"", "POST", "Method not allowed\n", 405},
		{`ALTER TABLE auth_user RENAME TO gone`, "GET", `{"status":"unavailable","store":"unreachable"}` + "\n", 503},
		{`ALTER TABLE gone RENAME TO auth_user`, "GET", `{"status":"ok","store":"ok"}` + "\n", 200},
	} {
		if test.before != "" {
			execute(t, database, test.before)
		}
		response, body := get(t, test.method, s.url+"/healthz", nil)
		if response.StatusCode != test.status || body != test.want || response.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s after %q: %d %q", test.method, test.before, response.StatusCode, body)
		}
	}
	s.stop(t)
	s.log.waitFor(t, "unhealthy: the store does not answer")
}

// TestStopDelay checks that the program goes on serving after SIGTERM, and says that it is about to stop. The second signal ends it.
func TestStopDelay(t *testing.T) {
	detectRaces(t)
	s := serve(t, t.TempDir(), "--stop-delay", "60s")
	s.cmd.Process.Signal(syscall.SIGTERM)
	s.log.waitFor(t, "msg=stopping")
	if response, body := get(t, "GET", s.url+"/healthz", nil); response.StatusCode != 503 || body != `{"status":"stopping"}`+"\n" {
		t.Errorf("the health is %d %s", response.StatusCode, body)
	}
	if status, _ := s.me(t, "x"); status != 401 {
		t.Errorf("a request meanwhile gives %d, want 401", status)
	}
	s.cmd.Process.Signal(syscall.SIGTERM)
	s.wait(t)
}

// metricsURL waits until the program has said where its metrics are.
func (s *server) metricsURL(t *testing.T) string {
	t.Helper()
	s.log.waitFor(t, "for=metrics")
	found := regexp.MustCompile(`for=metrics address=(\S+)`).FindStringSubmatch(s.log.String())
	return "http://" + found[1]
}

func TestMetrics(t *testing.T) {
	detectRaces(t)
	directory := t.TempDir()
	addNamed(t, directory, "alice", plainPassword)
	s := serve(t, directory, "--metrics-addr", "127.0.0.1:0")
	pair := s.login(t, "alice", plainPassword)
	s.post(t, "/api/token/", fields{"username": "alice", "password": "wrong"})
	for range 3 {
		s.post(t, "/api/token/verify/", fields{"token": pair.Access})
	}
	get(t, "POST", s.url+"/api/token/verify", nil)
	for i := range 20 { // what a client makes up must not become a label
		get(t, fmt.Sprintf("METHOD%d", i), fmt.Sprintf("%s/%s%d", s.url, pair.Access, i), nil)
	}
	get(t, "GET", s.url+"/healthz", nil)

	database := filepath.Join(directory, defaultDatabase)
	execute(t, database, `ALTER TABLE auth_user RENAME TO gone`)
	s.post(t, "/api/token/", fields{"username": "alice", "password": plainPassword})
	execute(t, database, `ALTER TABLE gone RENAME TO auth_user`)

	base := s.metricsURL(t)
	response, text := get(t, "GET", base+"/metrics", nil)
	if response.StatusCode != 200 || !strings.HasPrefix(response.Header.Get("Content-Type"), "text/plain") {
		t.Fatalf("the metrics give %d %s", response.StatusCode, response.Header)
	}
	for _, line := range []string{
		`jeton_http_requests_total{method="POST",route="/api/token/",status="200"} 1`,
		`jeton_http_requests_total{method="POST",route="/api/token/",status="401"} 1`,
		`jeton_http_requests_total{method="POST",route="/api/token/verify/",status="200"} 3`,
		`jeton_http_requests_total{method="POST",route="/api/token/verify/",status="301"} 1`,
		`jeton_http_requests_total{method="other",route="other",status="404"} 20`,
		`jeton_http_requests_total{method="GET",route="/healthz",status="200"} 1`,
		`jeton_http_request_duration_seconds_count{method="POST",route="/api/token/verify/"} 4`,
		`jeton_http_request_duration_seconds_bucket{method="POST",route="/api/token/",le="+Inf"} 3`,
		`jeton_http_requests_in_flight 0`,
		`jeton_logins_total{outcome="accepted"} 1`,
		`jeton_logins_total{outcome="refused"} 1`,
		`jeton_unavailable_total{cause="error",operation="look up a user by name"} 1`,
		`jeton_passwords_hashing 0`,
		`jeton_passwords_waiting 0`,
		`jeton_build_info{version="`,
		"\ngo_goroutines ",
		"\nprocess_open_fds ",
	} {
		if !strings.Contains(text, line) {
			t.Errorf("the metrics lack %s", line)
		}
	}
	if strings.Contains(text, "eyJ") || strings.Contains(text, "METHOD") || strings.Contains(text, "alice") {
		t.Error("the metrics have what a client sent")
	}
	if t.Failed() {
		t.Log(text)
	}
	if response, _ := get(t, "GET", base+"/healthz", nil); response.StatusCode != 200 {
		t.Errorf("the health beside the metrics is %d", response.StatusCode)
	}
	if response, _ := get(t, "GET", s.url+"/metrics", nil); response.StatusCode != 404 {
		t.Errorf("the public listener answers /metrics with %d, want 404", response.StatusCode)
	}
	if status := s.stop(t); status != 0 {
		t.Errorf("the status is %d, want 0", status)
	}
}

func TestAccessLog(t *testing.T) {
	directory := t.TempDir()
	s := serve(t, directory, "--log-format", "json", "--trusted-proxies", "127.0.0.0/8")
	secret := newSecret(t)
	_, body := get(t, "GET", s.url+"/api/me/?token="+secret, http.Header{
		"Authorization": {"Bearer " + secret}, "X-Forwarded-For": {secret + ", 203.0.113.5"}, "X-Forwarded-Proto": {"https"}, "User-Agent": {secret},
	})
	get(t, "GET", s.url+"/"+segment(secret)+"/", nil)
	s.post(t, "/api/token/", fields{"username": secret, "password": secret})
	s.stop(t)
	type line struct {
		Level, Msg, Method, Path, Client, Scheme, Protocol string
		Status                                             int
		Bytes, Duration                                    int64
	}
	var requests []line
	for text := range strings.Lines(s.log.String()) {
		var read line
		if err := json.Unmarshal([]byte(text), &read); err != nil {
			t.Fatalf("a line is not JSON: %s", text)
		}
		if read.Msg == "request" {
			requests = append(requests, read)
		}
	}
	if len(requests) != 3 || requests[0].Duration <= 0 {
		t.Fatalf("there are %d lines, want 3: %v", len(requests), requests)
	}
	requests[0].Duration = 0
	if want := (line{"INFO", "request", "GET", "/api/me/", "203.0.113.5", "https", "HTTP/1.1", 401, int64(len(body)), 0}); requests[0] != want {
		t.Errorf("the line is %v, want %v", requests[0], want)
	}
	if got := requests[2]; got.Client != "127.0.0.1" || got.Scheme != "http" || got.Status != 401 {
		t.Errorf("the line without a proxy is %v", got)
	}
	if log := s.log.String(); strings.Contains(log, secret) || strings.Contains(log, segment(secret)) {
		t.Errorf("the log has the secret:\n%s", log)
	}
	if !strings.Contains(s.log.String(), `"msg":"a login was refused","remote":"127.0.0.1"`) {
		t.Errorf("the refused login is not logged with the address alone:\n%s", s.log)
	}

	quiet := serve(t, t.TempDir(), "--access-log=false")
	quiet.me(t, secret)
	quiet.stop(t)
	if strings.Contains(quiet.log.String(), "msg=request") {
		t.Errorf("there is an access log:\n%s", quiet.log)
	}
}

// TestMaxConnections lets a connection wait until another one closes.
func TestMaxConnections(t *testing.T) {
	detectRaces(t)
	s := serve(t, t.TempDir(), "--max-connections", "2")
	address := strings.TrimPrefix(s.url, "http://")
	ask := func(connection net.Conn) int {
		fmt.Fprintf(connection, "GET /api/me/ HTTP/1.1\r\nHost: localhost\r\n\r\n")
		response, err := http.ReadResponse(bufio.NewReader(connection), nil)
		if err != nil {
			t.Fatal(err)
		}
		io.Copy(io.Discard, response.Body)
		return response.StatusCode
	}
	var open []net.Conn
	for range 3 {
		connection, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		defer connection.Close()
		open = append(open, connection)
	}
	if a, b := ask(open[0]), ask(open[1]); a != 401 || b != 401 {
		t.Fatalf("the first two give %d and %d", a, b)
	}
	answered := make(chan int, 1)
	go func() { answered <- ask(open[2]) }()
	select {
	case status := <-answered:
		t.Fatalf("the third is answered beside two others, with %d", status)
	default: // what must not happen need not be waited for long: the first two were answered meanwhile
	}
	if status := ask(open[0]); status != 401 {
		t.Errorf("the first gives %d", status)
	}
	if len(answered) != 0 {
		t.Error("the third was answered beside two others")
	}
	open[0].Close()
	if status := <-answered; status != 401 {
		t.Errorf("the third gives %d once there is room", status)
	}
	open[1].Close()
	open[2].Close()
	s.stop(t)
}

// TestSlowRequests sends headers and bodies that never end: the program must not wait for them.
func TestSlowRequests(t *testing.T) {
	s := serve(t, t.TempDir())
	address := strings.TrimPrefix(s.url, "http://")
	for name, begun := range map[string]string{
		"nothing":       "",
		"half a header": "POST /api/token/ HTTP/1.1\r\nHost: localhost\r\nX-",
		"half a body":   "POST /api/token/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			connection, err := net.Dial("tcp", address)
			if err != nil {
				t.Fatal(err)
			}
			defer connection.Close()
			connection.SetReadDeadline(time.Now().Add(readTimeout + time.Minute))
			io.WriteString(connection, begun)
			if rest, err := io.ReadAll(connection); err != nil || strings.Contains(string(rest), " 200 ") {
				t.Errorf("the connection gives %q, %v; want it closed", rest, err)
			}
		})
	}
}
