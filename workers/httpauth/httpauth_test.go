package httpauth_test

import (
	"bufio"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jeton-dev/jeton/core"
	"github.com/jeton-dev/jeton/workers/auth"
	"github.com/jeton-dev/jeton/workers/httpauth"
	"github.com/jeton-dev/jeton/workers/store"
	"github.com/jeton-dev/jeton/workers/store/sqlite"
)

// serve starts a server with the endpoints, and a protected route /hello behind the middleware.
func serve(t *testing.T) (server *httptest.Server, secretWord string) {
	t.Helper()
	service, secretWord := exampleService()
	return serveService(t, service), secretWord
}

func serveService(t *testing.T, service *auth.Service) *httptest.Server {
	t.Helper()
	mux := http.NewServeMux()
	mux.Handle("/", httpauth.Handler(service))
	mux.Handle("/hello", httpauth.Middleware(service)(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		identity, ok := httpauth.IdentityFrom(r.Context())
		fmt.Fprintf(w, "%v %s", ok, identity.User.Username)
	})))
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server
}

// send makes a request that follows no redirect and returns the response and its body.
func send(t *testing.T, method, target, body string, header http.Header) (*http.Response, string) {
	t.Helper()
	request, err := http.NewRequest(method, target, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if header != nil {
		request.Header = header
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(content)
}

type tokenPair struct{ Refresh, Access string }

func login(t *testing.T, server *httptest.Server, secretWord string) tokenPair {
	t.Helper()
	form := url.Values{"username": {"alice"}, "password": {secretWord}}.Encode()
	response, body := send(t, "POST", server.URL+"/api/token/", form, http.Header{"Content-Type": {"application/x-www-form-urlencoded"}})
	var pair tokenPair
	if err := json.Unmarshal([]byte(body), &pair); err != nil || response.StatusCode != 200 {
		t.Fatalf("login: %d %s %v", response.StatusCode, body, err)
	}
	return pair
}

func bearer(token string) http.Header { return http.Header{"Authorization": {"Bearer " + token}} }

func TestHandler(t *testing.T) {
	server, secretWord := serve(t)
	pair := login(t, server, secretWord)
	for _, test := range []struct {
		name, method, path, body string
		header                   http.Header
		status                   int
		want, allow              string
	}{
		{"me", "GET", "/api/me/", "", bearer(pair.Access), 200, `{"id":"1","username":"alice","email":"","first_name":"","last_name":""}`, "GET, HEAD, OPTIONS"},
		{"me by HEAD", "HEAD", "/api/me/", "", bearer(pair.Access), 200, "", "GET, HEAD, OPTIONS"},
		{"refused HEAD", "HEAD", "/api/token/", "", nil, 405, "", "POST, OPTIONS"},
		{"no slash", "POST", "/api/token?a=b", "", nil, 301, "", ""},
		{"no body", "POST", "/api/token/verify/", "", nil, 400, `{"token":["This field is required."]}`, "POST, OPTIONS"},
		{"large body", "POST", "/api/token/", strings.Repeat(" ", auth.MaxBodyBytes+1), nil, 413, `{"detail":"Request body too large."}`, "POST, OPTIONS"},
		{"largest body", "POST", "/api/token/", strings.Repeat(" ", auth.MaxBodyBytes), nil, 415, `{"detail":"Unsupported media type \"\" in request."}`, "POST, OPTIONS"},
		{"other path", "GET", "/other", "", nil, 404, `{"detail":"Not found."}`, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			response, body := send(t, test.method, server.URL+test.path, test.body, test.header)
			if response.StatusCode != test.status || body != test.want || response.Header.Get("Allow") != test.allow {
				t.Errorf("got %d %q, Allow %q", response.StatusCode, body, response.Header.Get("Allow"))
			}
		})
	}
	response, _ := send(t, "POST", server.URL+"/api/token?a=b", "", nil)
	if location := response.Header.Get("Location"); location != "/api/token/?a=b" {
		t.Errorf("Location %q", location)
	}
}

func TestMiddleware(t *testing.T) {
	server, secretWord := serve(t)
	pair := login(t, server, secretWord)
	two := bearer(pair.Access)
	two.Add("Authorization", "Bearer "+pair.Access)
	for _, test := range []struct {
		name   string
		method string
		header http.Header
		status int
		want   string
	}{
		{"access token", "GET", bearer(pair.Access), 200, "true alice"},
		{"nothing", "GET", nil, 401, `{"detail":"Authentication credentials were not provided."}`},
		{"nothing by HEAD", "HEAD", nil, 401, ""},
		{"refresh token", "GET", bearer(pair.Refresh), 401, `{"detail":"Given token not valid for any token type","code":"token_not_valid","messages":[{"token_class":"AccessToken","token_type":"access","message":"Token has wrong type"}]}`},
		{"two headers", "GET", two, 401, `{"detail":"Authorization header must contain two space-delimited values","code":"bad_authorization_header"}`},
		{"indented", "GET", http.Header{"Accept": {"application/json; indent=1"}}, 401, "{\n \"detail\": \"Authentication credentials were not provided.\"\n}"},
	} {
		t.Run(test.name, func(t *testing.T) {
			response, body := send(t, test.method, server.URL+"/hello", "", test.header)
			if response.StatusCode != test.status || body != test.want {
				t.Errorf("got %d %q", response.StatusCode, body)
			}
			challenge := response.Header.Get("WWW-Authenticate")
			if (challenge == `Bearer realm="api"`) != (test.status == 401) {
				t.Errorf("WWW-Authenticate %q", challenge)
			}
		})
	}
}

// TestMiddlewareOptions sends tokens of a user who is there, one who is not, and none.
func TestMiddlewareOptions(t *testing.T) {
	service, secretWord := exampleService()
	present := login(t, serveService(t, service), secretWord)
	users := store.NewMemory()
	config := auth.DefaultConfig()
	config.SecretKey = auth.Secret(rand.Text() + rand.Text())
	config.SimpleJWT.AuthHeaderTypes = []string{"JWT", "Bearer"}
	deserted, err := auth.New(config, users, auth.NativeHost(), nil) // a service without users, whose tokens the first one knows nothing of
	if err != nil {
		t.Fatal(err)
	}
	key, err := core.NewHMACKey(core.HS256, []byte(config.SecretKey))
	if err != nil {
		t.Fatal(err)
	}
	other, err := core.Encode(core.NewClaims().Set("token_type", "access").Set("user_id", "7").Set("username", "zoë").SetID("1").SetExpiration(time.Now().Add(time.Hour)), key)
	if err != nil {
		t.Fatal(err)
	}
	const bad = `{"detail":"Given token not valid for any token type","code":"token_not_valid","messages":[{"token_class":"AccessToken","token_type":"access","message":"Token is invalid"}]}`
	for _, test := range []struct {
		name    string
		service *auth.Service
		options []httpauth.Option
		header  string
		status  int
		want    string
	}{
		{"user", service, nil, "Bearer " + present.Access, 200, "1 alice"},
		{"stateless user", service, []httpauth.Option{httpauth.Stateless()}, "Bearer " + present.Access, 200, "1 "},
		{"no such user", deserted, nil, "JWT " + other, 401, `{"detail":"User not found","code":"user_not_found"}`},
		{"stateless, no such user", deserted, []httpauth.Option{httpauth.Stateless()}, "JWT " + other, 200, "7 zoë"},
		{"stateless, second word", deserted, []httpauth.Option{httpauth.Stateless()}, "Bearer " + other, 200, "7 zoë"},
		{"stateless, nothing", deserted, []httpauth.Option{httpauth.Stateless()}, "", 401, `{"detail":"Authentication credentials were not provided."}`},
		{"stateless, of another", deserted, []httpauth.Option{httpauth.Stateless()}, "JWT " + present.Access, 401, bad},
		{"anonymous", deserted, []httpauth.Option{httpauth.AllowAnonymous()}, "", 200, "nobody"},
		{"anonymous, other scheme", deserted, []httpauth.Option{httpauth.AllowAnonymous()}, "Basic dTpw", 200, "nobody"},
		{"anonymous, bad token", deserted, []httpauth.Option{httpauth.AllowAnonymous()}, "JWT x", 401, bad},
		{"anonymous, bad header", deserted, []httpauth.Option{httpauth.AllowAnonymous()}, "JWT", 401, `{"detail":"Authorization header must contain two space-delimited values","code":"bad_authorization_header"}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			server := httptest.NewServer(httpauth.Middleware(test.service, test.options...)(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if identity, ok := httpauth.IdentityFrom(r.Context()); ok {
					fmt.Fprint(w, identity.User.ID, " ", identity.User.Username)
					return
				}
				fmt.Fprint(w, "nobody")
			})))
			defer server.Close()
			header := http.Header{}
			if test.header != "" {
				header.Set("Authorization", test.header)
			}
			response, body := send(t, "GET", server.URL, "", header)
			if response.StatusCode != test.status || body != test.want {
				t.Errorf("got %d %q", response.StatusCode, body)
			}
			challenge := ""
			if test.status == 401 {
				challenge = `JWT realm="api"`
			}
			if got := response.Header.Get("WWW-Authenticate"); got != challenge {
				t.Errorf("WWW-Authenticate %q", got)
			}
		})
	}
}

// TestVary leaves what other middleware has said of the answer.
func TestVary(t *testing.T) {
	service, _ := exampleService()
	recorder := httptest.NewRecorder()
	recorder.Header().Set("Vary", "Origin")
	httpauth.Handler(service).ServeHTTP(recorder, httptest.NewRequest("GET", "/api/me/", nil))
	if got := recorder.Header().Values("Vary"); fmt.Sprint(got) != "[Origin Accept]" {
		t.Errorf("Vary is %q", got)
	}
}

func TestIdentityFromNothing(t *testing.T) {
	if identity, ok := httpauth.IdentityFrom(context.Background()); ok || identity != nil {
		t.Error("an identity out of nowhere")
	}
}

// TestBrokenBody sends a body that ends before its length says so.
func TestBrokenBody(t *testing.T) {
	server, _ := serve(t)
	connection, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	fmt.Fprint(connection, "POST /api/token/ HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n")
	response, err := http.ReadResponse(bufio.NewReader(connection), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != 400 {
		t.Errorf("got %d", response.StatusCode)
	}
}

// panickingStore breaks at every look-up.
type panickingStore struct{ store.Store }

func (panickingStore) UserByUsername(context.Context, string) (store.User, error) {
	panic("a secret value")
}

func TestPanic(t *testing.T) {
	service, _ := newService(t, panickingStore{store.NewMemory()}, 0)
	server := serveService(t, service)
	response, body := send(t, "POST", server.URL+"/api/token/", `{"username":"a","password":"b"}`, http.Header{"Content-Type": {"application/json"}})
	if response.StatusCode != 500 || body != `{"detail":"Internal server error."}` {
		t.Errorf("got %d %s", response.StatusCode, body)
	}
}

// TestConcurrent lets many clients log in, refresh and ask who they are at once, over an SQLite file. Run it with -race.
func TestConcurrent(t *testing.T) {
	ctx := context.Background()
	users, err := sqlite.Open(ctx, filepath.Join(t.TempDir(), "users.sqlite3"), store.UserModel{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { users.Close() })
	const clients = 8
	service, secretWord := newService(t, users, clients)
	server := serveService(t, service)
	var running sync.WaitGroup
	for i := range clients {
		running.Go(func() {
			name := fmt.Sprintf("user%d", i)
			for range 5 {
				if err := session(server.URL, name, secretWord); err != nil {
					t.Errorf("%s: %v", name, err)
				}
			}
		})
	}
	running.Wait()
}

// session logs in, refreshes and checks that the access token still names the same user.
func session(base, name, secretWord string) error {
	credentials := fmt.Sprintf(`{"username":%q,"password":%q}`, name, secretWord)
	var pair tokenPair
	if err := call(base+"/api/token/", credentials, "", &pair); err != nil {
		return err
	}
	if err := call(base+"/api/token/refresh/", fmt.Sprintf(`{"refresh":%q}`, pair.Refresh), "", &pair); err != nil {
		return err
	}
	var me struct{ Username string }
	if err := call(base+"/api/me/", "", pair.Access, &me); err != nil {
		return err
	}
	if me.Username != name {
		return fmt.Errorf("the token is %q's", me.Username)
	}
	return nil
}

// call posts JSON, or gets when there is none, and decodes the answer.
func call(target, body, token string, answer any) error {
	method := "POST"
	if body == "" {
		method = "GET"
	}
	request, err := http.NewRequest(method, target, strings.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+token)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != 200 {
		content, _ := io.ReadAll(response.Body)
		return fmt.Errorf("%s: %d %s", target, response.StatusCode, content)
	}
	return json.NewDecoder(response.Body).Decode(answer)
}
