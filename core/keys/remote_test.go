package keys_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jeton-dev/jeton/core"
	"github.com/jeton-dev/jeton/core/keys"
)

// The tests below run in a bubble, whose clock moves only when nothing else does: the intervals are exact and nobody waits for them. The
// server stands outside, so a fetch takes no time.

func TestRemoteSetRotates(t *testing.T) {
	first, second := named(t, core.ES256, "first"), named(t, core.ES256, "second")
	source := newIssuer(t, publishing(published(t, first), "max-age=600"))
	synctest.Test(t, func(t *testing.T) {
		set := remote(t, source.URL, keys.RemoteOptions{})
		verifier := verifierOf(t, set)
		wantGood(t, verifier, tokenOf(t, first))
		source.set(publishing(published(t, second), "max-age=600"))
		time.Sleep(10*time.Minute - time.Second)
		synctest.Wait()
		wantGood(t, verifier, tokenOf(t, first))
		source.wantRequests(t, 1)
		time.Sleep(2 * time.Second)
		synctest.Wait()
		source.wantRequests(t, 2)
		wantGood(t, verifier, tokenOf(t, second))
		wantRefused(t, verifier, tokenOf(t, first), core.KeyNotFound)
	})
}

func TestRemoteSetKeepsItsIntervals(t *testing.T) {
	body := published(t, named(t, core.EdDSA, "a"))
	for _, test := range []struct {
		cacheControl string
		want         time.Duration
	}{
		{"", 15 * time.Minute},
		{"public", 15 * time.Minute},
		{"max-age=600", 10 * time.Minute},
		{"public, Max-Age=600, must-revalidate", 10 * time.Minute},
		{"max-age=0", 2 * time.Minute},
		{"max-age=1", 2 * time.Minute},
		{"no-store", 2 * time.Minute},
		{"max-age=600, no-cache", 2 * time.Minute},
		{"max-age=86400", 30 * time.Minute},
		{"max-age=9223372036854775807", 30 * time.Minute},
		{"max-age=99999999999999999999999", 30 * time.Minute},
		{"max-age=", 15 * time.Minute},
		{"max-age=-1", 15 * time.Minute},
		{`max-age="60`, 15 * time.Minute},
		{"=,=,,private=", 15 * time.Minute},
	} {
		t.Run(test.cacheControl, func(t *testing.T) {
			source := newIssuer(t, publishing(body, test.cacheControl))
			synctest.Test(t, func(t *testing.T) {
				remote(t, source.URL, keys.RemoteOptions{MinInterval: 2 * time.Minute, MaxInterval: 30 * time.Minute})
				for round := range int64(3) {
					synctest.Wait()
					source.wantRequests(t, 1+round)
					time.Sleep(test.want - time.Second)
					synctest.Wait()
					source.wantRequests(t, 1+round)
					time.Sleep(time.Second)
				}
			})
		})
	}
}

func TestRemoteSetTriesAgainUntilItHasASet(t *testing.T) {
	key := named(t, core.ES256, "a")
	source := newIssuer(t, status(http.StatusServiceUnavailable))
	synctest.Test(t, func(t *testing.T) {
		set := remote(t, source.URL, keys.RemoteOptions{Cooldown: 5 * time.Second})
		verifier, token := verifierOf(t, set), tokenOf(t, key)
		wantRefused(t, verifier, token, core.KeySetUnavailable)
		source.wantRequests(t, 1)
		for i, pause := range []time.Duration{1, 2, 4, 5, 5} {
			for range 100 { // refused at once, without another request
				wantRefused(t, verifier, token, core.KeySetUnavailable)
			}
			source.wantRequests(t, int64(i+1))
			time.Sleep(pause * time.Second)
			synctest.Wait()
			source.wantRequests(t, int64(i+2))
		}
		source.set(publishing(published(t, key), ""))
		time.Sleep(5 * time.Second)
		synctest.Wait()
		wantGood(t, verifier, token)
		if got := set.Status(); got.Failure != nil || got.Fetched.IsZero() {
			t.Errorf("status %+v", got)
		}
	})
}

func TestRemoteSetUnknownKey(t *testing.T) {
	first, second := named(t, core.ES256, "first"), named(t, core.ES256, "second")
	for name, wait := range map[string]bool{"refused at once": false, "waits": true} {
		t.Run(name, func(t *testing.T) {
			source := newIssuer(t, publishing(published(t, first), "max-age=3600"))
			synctest.Test(t, func(t *testing.T) {
				set := remote(t, source.URL, keys.RemoteOptions{Cooldown: time.Minute, WaitForUnknownKey: wait})
				verifier := verifierOf(t, set)
				wantGood(t, verifier, tokenOf(t, first))
				source.set(publishing(published(t, first, second), "max-age=3600"))
				time.Sleep(time.Minute)
				if wait {
					wantGood(t, verifier, tokenOf(t, second))
				} else {
					wantRefused(t, verifier, tokenOf(t, second), core.KeyNotFound)
					synctest.Wait()
					wantGood(t, verifier, tokenOf(t, second))
				}
				source.wantRequests(t, 2)
			})
		})
	}
}

func TestRemoteSetUnnamedKeys(t *testing.T) {
	unnamed, err := core.GenerateKey(core.ES256)
	if err != nil {
		t.Fatal(err)
	}
	source := newIssuer(t, publishing(published(t, unnamed), ""))
	synctest.Test(t, func(t *testing.T) {
		verifier := verifierOf(t, remote(t, source.URL, keys.RemoteOptions{}))
		wantGood(t, verifier, tokenOf(t, unnamed))
		time.Sleep(time.Minute)
		wantRefused(t, verifier, tokenOf(t, named(t, core.ES384, "")), core.AlgorithmMismatch)
		synctest.Wait()
		source.wantRequests(t, 1)
	})
}

func TestRemoteSetRefresh(t *testing.T) {
	key := named(t, core.ES256, "a")
	source := newIssuer(t, publishing(published(t, key), ""))
	set := remote(t, source.URL, keys.RemoteOptions{})
	if err := set.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	source.set(status(http.StatusTeapot))
	wantCode(t, set.Refresh(t.Context()), core.KeySetUnavailable)
	wantCode(t, set.Status().Failure, core.KeySetUnavailable)
	wantGood(t, verifierOf(t, set), tokenOf(t, key))
	source.set(stalling)
	over, cancel := context.WithCancel(t.Context())
	cancel()
	err := set.Refresh(over)
	wantCode(t, err, core.KeySetUnavailable)
	if !errors.Is(err, context.Canceled) {
		t.Error("the reason of the context is lost")
	}
	wantGood(t, verifierOf(t, set), tokenOf(t, key))
}

// TestRemoteSetNeverWaits verifies while the source stalls: that no fetch has ended shows that none was waited for.
func TestRemoteSetNeverWaits(t *testing.T) {
	key, unknown := named(t, core.ES256, "a"), named(t, core.ES256, "b")
	source := newIssuer(t, publishing(published(t, key), ""))
	set := remote(t, source.URL, keys.RemoteOptions{Timeout: time.Minute})
	verifier := verifierOf(t, set)
	wantGood(t, verifier, tokenOf(t, key))
	source.set(stalling)
	over, cancel := context.WithCancel(t.Context())
	cancel()
	set.Refresh(over)
	var load sync.WaitGroup
	for range 8 {
		load.Go(func() {
			for range 200 {
				if _, err := verifier.Verify(tokenOf(t, key)); err != nil {
					t.Error(err)
				}
				if _, err := verifier.Verify(tokenOf(t, unknown)); !errors.Is(err, core.KeyNotFound) {
					t.Error(err)
				}
			}
		})
	}
	load.Wait()
	if set.Status().Failure != nil {
		t.Error("the fetch ended in between")
	}
}

// TestRemoteSetUnderLoad verifies from several goroutines while the source rotates, fails and lies.
func TestRemoteSetUnderLoad(t *testing.T) {
	stays := named(t, core.ES256, "stays")
	set := func(i int) string { return published(t, stays, named(t, core.EdDSA, "turn "+strconv.Itoa(i))) }
	source := newIssuer(t, publishing(set(0), ""))
	keySet := remote(t, source.URL, keys.RemoteOptions{})
	verifier, token := verifierOf(t, keySet), tokenOf(t, stays)
	answers := []http.HandlerFunc{publishing("<html>", ""), status(500), publishing(`{"keys":[]}`, ""), flooding(" ", 1<<21), publishing(setOf(jwkText(t, stays)), "")}
	for i := range 40 {
		if i%2 == 0 {
			source.set(publishing(set(i), ""))
		} else {
			source.set(answers[i/2%len(answers)])
		}
		var load sync.WaitGroup
		for range 6 {
			load.Go(func() {
				for range 25 {
					if _, err := verifier.Verify(token); err != nil {
						t.Error(err)
					}
				}
			})
		}
		if err := keySet.Refresh(t.Context()); (err == nil) != (i%2 == 0) {
			t.Errorf("round %d: %v", i, err)
		}
		load.Wait()
	}
}

func TestRemoteSetIsSingleFlight(t *testing.T) {
	key := named(t, core.ES256, "a")
	body := published(t, key)
	release := make(chan struct{})
	source := newIssuer(t, func(w http.ResponseWriter, r *http.Request) {
		<-release
		w.Write([]byte(body))
	})
	set := remote(t, source.URL, keys.RemoteOptions{Timeout: time.Minute})
	verifier, token := verifierOf(t, set), tokenOf(t, key)
	var load sync.WaitGroup
	started := make(chan struct{}, 100)
	for range 50 {
		load.Go(func() {
			started <- struct{}{}
			if _, err := verifier.Verify(token); err != nil {
				t.Error(err)
			}
		})
		load.Go(func() {
			started <- struct{}{}
			if _, err := set.KeySet(core.Header{Algorithm: "ES256", KeyID: "a"}); err != nil {
				t.Error(err)
			}
		})
	}
	for range 100 {
		<-started
	}
	close(release)
	load.Wait()
	source.wantRequests(t, 1)
}

func TestRemoteSetClose(t *testing.T) {
	key := named(t, core.ES256, "a")
	source := newIssuer(t, publishing(published(t, key), ""))
	for _, answer := range []http.HandlerFunc{publishing(published(t, key), ""), status(500), stalling} {
		source.set(answer)
		for i := range 20 {
			set, err := keys.NewRemoteSet(source.URL, keys.RemoteOptions{AllowHTTP: true, Timeout: time.Minute})
			if err != nil {
				t.Fatal(err)
			}
			var load sync.WaitGroup
			for range i % 3 {
				load.Go(func() { set.KeySet(core.Header{Algorithm: "ES256", KeyID: "b"}) })
			}
			if err := errors.Join(set.Close(), set.Close()); err != nil {
				t.Fatal(err)
			}
			load.Wait()
			_, err = set.KeySet(core.Header{Algorithm: "ES256", KeyID: "a"})
			wantCode(t, err, core.KeySetUnavailable)
			wantCode(t, set.Refresh(t.Context()), core.KeySetUnavailable)
		}
	}
	wantNoGoroutines(t)
}

// wantNoGoroutines fails unless no goroutine is left that runs this package, jwx, or a connection of its client. Those of net/http end
// on their own soon after a request was given up, so it looks more than once.
func wantNoGoroutines(t *testing.T) {
	t.Helper()
	var left []string
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); runtime.Gosched() {
		left = left[:0]
		stacks := make([]byte, 1<<22)
		for stack := range strings.SplitSeq(string(stacks[:runtime.Stack(stacks, true)]), "\n\n") {
			if strings.Contains(stack, "lestrrat-go") || strings.Contains(stack, "keys.(*RemoteSet)") || strings.Contains(stack, "net/http.(*persistConn)") {
				left = append(left, stack)
			}
		}
		if len(left) == 0 {
			return
		}
	}
	t.Fatalf("%d goroutines are left, such as\n%s", len(left), left[0])
}

func TestNewRemoteSetRefuses(t *testing.T) {
	for name, test := range map[string]struct {
		location string
		options  keys.RemoteOptions
	}{
		"http":                     {"http://127.0.0.1/", keys.RemoteOptions{}},
		"file":                     {"file:///etc/passwd", keys.RemoteOptions{AllowHTTP: true}},
		"no scheme":                {"issuer.example/keys", keys.RemoteOptions{}},
		"no host":                  {"https:///keys", keys.RemoteOptions{}},
		"user information":         {"https://user:password@issuer.example/", keys.RemoteOptions{}},
		"not a URL":                {"https://[", keys.RemoteOptions{}},
		"HMAC":                     {"https://issuer.example/", keys.RemoteOptions{Algorithms: []core.Algorithm{core.ES256, core.HS256}}},
		"unknown algorithm":        {"https://issuer.example/", keys.RemoteOptions{Algorithms: []core.Algorithm{"none"}}},
		"intervals the wrong way":  {"https://issuer.example/", keys.RemoteOptions{MinInterval: 2 * time.Hour, MaxInterval: time.Hour}},
		"interval too short":       {"https://issuer.example/", keys.RemoteOptions{MinInterval: time.Millisecond}},
		"interval too long":        {"https://issuer.example/", keys.RemoteOptions{MaxInterval: 31 * 24 * time.Hour}},
		"cool-down too short":      {"https://issuer.example/", keys.RemoteOptions{Cooldown: time.Millisecond}},
		"negative timeout":         {"https://issuer.example/", keys.RemoteOptions{Timeout: -1}},
		"timeout too long":         {"https://issuer.example/", keys.RemoteOptions{Timeout: time.Hour}},
		"too many bytes":           {"https://issuer.example/", keys.RemoteOptions{Bytes: 1<<20 + 1}},
		"too many keys":            {"https://issuer.example/", keys.RemoteOptions{Keys: 1001}},
		"too many redirects":       {"https://issuer.example/", keys.RemoteOptions{Redirects: 6}},
		"TLS without verification": {"https://issuer.example/", keys.RemoteOptions{TLS: &tls.Config{InsecureSkipVerify: true}}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := keys.NewRemoteSet(test.location, test.options)
			wantCode(t, err, core.PolicyInvalid)
			if strings.Contains(err.Error(), "password") {
				t.Error("the error carries the password")
			}
		})
	}
}

func TestRemoteSetOverTLS(t *testing.T) {
	key := named(t, core.ES256, "a")
	source := httptest.NewUnstartedServer(publishing(published(t, key), ""))
	source.Config.ErrorLog = quiet
	source.StartTLS()
	defer source.Close()
	roots := x509.NewCertPool()
	roots.AddCert(source.Certificate())
	trusting, err := keys.NewRemoteSet(source.URL, keys.RemoteOptions{TLS: &tls.Config{RootCAs: roots}})
	if err != nil {
		t.Fatal(err)
	}
	defer trusting.Close()
	wantGood(t, verifierOf(t, trusting), tokenOf(t, key))
	doubting, err := keys.NewRemoteSet(source.URL, keys.RemoteOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer doubting.Close()
	wantCode(t, doubting.Refresh(t.Context()), core.KeySetUnavailable)
}
