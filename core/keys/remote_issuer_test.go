package keys_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jeton-dev/jeton/core"
	"github.com/jeton-dev/jeton/core/keys"
)

// issuer is a server on the loopback that publishes a JWK Set, or does what it must not.
type issuer struct {
	*httptest.Server
	requests atomic.Int64
	mu       sync.Mutex
	answer   http.HandlerFunc
}

func newIssuer(t testing.TB, answer http.HandlerFunc) *issuer {
	t.Helper()
	i := &issuer{answer: answer}
	i.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		i.requests.Add(1)
		i.mu.Lock()
		current := i.answer
		i.mu.Unlock()
		current(w, r)
	}))
	t.Cleanup(i.Close)
	return i
}

func (i *issuer) set(answer http.HandlerFunc) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.answer = answer
}

// publishing answers with a body and, when it is not empty, a Cache-Control.
func publishing(body, cacheControl string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		if cacheControl != "" {
			w.Header().Set("Cache-Control", cacheControl)
		}
		w.Header().Set("Content-Type", "application/jwk-set+json")
		w.Write([]byte(body))
	}
}

func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
}

// stalling sends the start of a body and then nothing until the client gives up.
func stalling(w http.ResponseWriter, r *http.Request) {
	w.Write([]byte(`{"keys":[`))
	w.(http.Flusher).Flush()
	<-r.Context().Done()
}

// flooding sends body n times.
func flooding(body string, n int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for range n {
			if _, err := w.Write([]byte(body)); err != nil {
				return
			}
		}
	}
}

// remote makes a set of the issuer's and closes it with the test.
func remote(t testing.TB, location string, options keys.RemoteOptions) *keys.RemoteSet {
	t.Helper()
	options.AllowHTTP = true
	set, err := keys.NewRemoteSet(location, options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { set.Close() })
	return set
}

// verifierOf returns a verifier whose keys are the remote ones.
func verifierOf(t testing.TB, set *keys.RemoteSet) *core.Verifier {
	t.Helper()
	verifier, err := core.NewVerifier(core.KeySetFunc(set.KeySet), core.Policy{})
	if err != nil {
		t.Fatal(err)
	}
	return verifier
}

// tokenOf returns a token that key signed, good for many years.
func tokenOf(t testing.TB, key *core.Key) string {
	t.Helper()
	token, err := core.Encode(core.NewClaims().SetSubject("alice").SetExpiration(time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)), key)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func wantGood(t testing.TB, verifier *core.Verifier, token string) {
	t.Helper()
	if _, err := verifier.Verify(token); err != nil {
		t.Fatal(err)
	}
}

func wantRefused(t testing.TB, verifier *core.Verifier, token string, want core.Code) {
	t.Helper()
	_, err := verifier.Verify(token)
	wantCode(t, err, want)
}

func (i *issuer) wantRequests(t testing.TB, want int64) {
	t.Helper()
	if got := i.requests.Load(); got != want {
		t.Fatalf("%d requests, want %d", got, want)
	}
}

// many repeats a key object, for floods.
func many(key string, n int) string {
	return `{"keys":[` + strings.TrimSuffix(strings.Repeat(key+",", n), ",") + `]}`
}
