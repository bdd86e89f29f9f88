package auth_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jeton-dev/jeton/workers/auth"
	"github.com/jeton-dev/jeton/workers/store"
)

// throttled returns options with one rate, and no other.
func throttled(scope string, count int, period time.Duration) options {
	return options{config: func(c *auth.Config) {
		c.RESTFramework.ThrottleRates = map[string]auth.Rate{scope: {Count: count, Period: period}}
	}}
}

// loginFrom sends a login from an address.
func (f *fixture) loginFrom(address, username, password string) *auth.Response {
	f.t.Helper()
	body, err := json.Marshal(map[string]string{"username": username, "password": password})
	if err != nil {
		f.t.Fatal(err)
	}
	request := &auth.Request{Method: "POST", Path: pathToken, Header: auth.Header{"Content-Type": {"application/json"}}, Body: body, RemoteAddress: address}
	return f.service.Serve(context.Background(), request)
}

// expectThrottled checks that a response is the 429 with that wait, and that no password was hashed for it.
func (f *fixture) expectThrottled(response *auth.Response, seconds string) {
	f.t.Helper()
	unit := "seconds"
	if seconds == "1" {
		unit = "second"
	}
	if want := detail("Request was throttled. Expected available in " + seconds + " " + unit + "."); response.Status != 429 || string(response.Body) != want {
		f.t.Errorf("got %d %s\nwant 429 %s", response.Status, response.Body, want)
	}
	if got := response.Header.Get("Retry-After"); got != seconds {
		f.t.Errorf("Retry-After is %q", got)
	}
	if len(f.host.derivations) > 0 {
		f.t.Errorf("a throttled login hashed a password")
	}
}

// TestThrottleLogin checks the rate of logins by address: good and bad ones count, malformed ones do not.
func TestThrottleLogin(t *testing.T) {
	f := newFixture(t, throttled(auth.ThrottleLogin, 2, time.Minute))
	expect(t, f.loginFrom("192.0.2.1:1024", "", ""), 400, `{"username":["This field may not be blank."],"password":["This field may not be blank."]}`)
	expect(t, f.loginFrom("192.0.2.1:1024", "alice", "x"), 401, badLogin)
	if response := f.loginFrom("192.0.2.1:2048", "alice", f.password); response.Status != 200 {
		t.Errorf("%d", response.Status)
	}
	f.host.derivations = nil
	f.expectThrottled(f.loginFrom("192.0.2.1", "alice", f.password), "60")
	f.host.now = f.host.now.Add(58500 * time.Millisecond)
	f.expectThrottled(f.loginFrom("192.0.2.1:1", "bob", "x"), "2")
	f.host.now = f.host.now.Add(500 * time.Millisecond)
	f.expectThrottled(f.loginFrom("::ffff:192.0.2.1", "bob", "x"), "1")
	expect(t, f.loginFrom("192.0.2.2:1024", "alice", "x"), 401, badLogin)
	f.host.now = f.host.now.Add(time.Second)
	expect(t, f.loginFrom("192.0.2.1:1024", "alice", "x"), 401, badLogin)
}

// TestThrottleAddresses checks which addresses count as one client.
func TestThrottleAddresses(t *testing.T) {
	for _, test := range []struct {
		one, other string
		same       bool
	}{
		{"192.0.2.1", "192.0.2.1:80", true},
		{"192.0.2.1", "192.0.2.2", false},
		{"192.0.2.1", "[::ffff:192.0.2.1]:80", true},
		{"2001:db8:1:2::1", "[2001:db8:1:2:ffff:ffff:ffff:ffff]:80", true},
		{"2001:db8:1:2::1", "2001:db8:1:3::1", false},
		{"fe80::1%eth0", "fe80::2%eth1", true},
		{"::ffff:192.0.2.1", "::ffff:192.0.2.2", false},
		{"", "192.0.2.1", false},
		{"", "", true},
		{"@", "@", true},
		{"@", "somewhere:80", false},
	} {
		f := newFixture(t, throttled(auth.ThrottleLogin, 1, time.Minute))
		f.loginFrom(test.one, "alice", "x")
		if response := f.loginFrom(test.other, "alice", "x"); (response.Status == 429) != test.same {
			t.Errorf("%q and %q: %d", test.one, test.other, response.Status)
		}
	}
}

// TestThrottleLoginUsername checks the rate of logins by username.
func TestThrottleLoginUsername(t *testing.T) {
	f := newFixture(t, throttled(auth.ThrottleLoginUsername, 1, time.Hour))
	expect(t, f.loginFrom("192.0.2.1", "nobody", "x"), 401, badLogin)
	expect(t, f.loginFrom("192.0.2.1", "alice", "x"), 401, badLogin)
	f.host.derivations = nil
	f.expectThrottled(f.loginFrom("192.0.2.2", "nobody", "x"), "3600")
	f.expectThrottled(f.loginFrom("192.0.2.2", "alice", f.password), "3600")
}

// TestThrottleLoginFailed checks that only failed logins count for the rate of failed ones, and only for that username and address.
func TestThrottleLoginFailed(t *testing.T) {
	f := newFixture(t, throttled(auth.ThrottleLoginFailed, 2, time.Minute))
	good := func(address string) {
		t.Helper()
		if response := f.loginFrom(address, "alice", f.password); response.Status != 200 {
			t.Errorf("%d %s", response.Status, response.Body)
		}
	}
	for range 5 {
		good("192.0.2.1")
	}
	for range 2 {
		expect(t, f.loginFrom("192.0.2.1", "alice", "x"), 401, badLogin)
		expect(t, f.loginFrom("192.0.2.1", "gone", f.password), 401, badLogin)
		expect(t, f.loginFrom("192.0.2.1", "nobody", "x"), 401, badLogin)
	}
	f.host.derivations = nil
	for _, username := range []string{"alice", "gone", "nobody"} {
		f.expectThrottled(f.loginFrom("192.0.2.1", username, f.password), "60")
	}
	good("192.0.2.2")
	expect(t, f.loginFrom("192.0.2.1", "nopass", "x"), 401, badLogin)
	f.host.now = f.host.now.Add(time.Minute)
	good("192.0.2.1")
}

// TestThrottleLoginDefault checks that only a program that guesses meets the default rates.
func TestThrottleLoginDefault(t *testing.T) {
	f := newFixture(t, options{})
	for range 100 {
		expect(t, f.loginFrom("192.0.2.1", "alice", "x"), 401, badLogin)
	}
	f.host.derivations = nil
	f.expectThrottled(f.loginFrom("192.0.2.1", "alice", "x"), "3600")
	for range 200 {
		if response := f.loginFrom("192.0.2.2", "alice", f.password); response.Status != 200 {
			t.Fatalf("%d %s", response.Status, response.Body)
		}
	}
}

// TestThrottleOrder checks that logins which one scope refuses do not use up another, so that an account cannot be closed without the
// work of a login.
func TestThrottleOrder(t *testing.T) {
	f := newFixture(t, options{config: func(c *auth.Config) {
		c.RESTFramework.ThrottleRates = map[string]auth.Rate{
			auth.ThrottleLogin: {Count: 1, Period: time.Minute}, auth.ThrottleLoginUsername: {Count: 2, Period: time.Minute},
		}
	}})
	for range 5 {
		f.loginFrom("192.0.2.1", "alice", "x")
	}
	if response := f.loginFrom("192.0.2.2", "alice", f.password); response.Status != 200 {
		t.Errorf("%d %s", response.Status, response.Body)
	}
	f.expectThrottledAfter("192.0.2.3")
}

func (f *fixture) expectThrottledAfter(address string) {
	f.t.Helper()
	f.host.derivations = nil
	f.expectThrottled(f.loginFrom(address, "alice", f.password), "60")
}

// TestThrottleParallelLogins checks that guesses at once do not get past the rate of failed logins.
func TestThrottleParallelLogins(t *testing.T) {
	f := newFixture(t, throttled(auth.ThrottleLoginFailed, 5, time.Minute))
	service, err := auth.New(f.config, f.users, auth.NativeHost(), nil) // which is safe for concurrent use
	if err != nil {
		t.Fatal(err)
	}
	f.service = service
	var group sync.WaitGroup
	statuses := make(chan int, 50)
	for range cap(statuses) {
		group.Go(func() { statuses <- f.loginFrom("192.0.2.1", "alice", "x").Status })
	}
	group.Wait()
	close(statuses)
	count := make(map[int]int)
	for status := range statuses {
		count[status]++
	}
	if count[401] != 5 || count[429] != 45 {
		t.Errorf("%v", count)
	}
}

// TestThrottleForgives checks that a login which could not be tried is no failed one.
func TestThrottleForgives(t *testing.T) {
	f := newFixture(t, throttled(auth.ThrottleLoginFailed, 1, time.Minute))
	working := f.service
	f.config.Throttle = auth.NewMemoryThrottle(0)
	failing, err := auth.New(f.config, failingStore{f.users}, f.host, nil)
	if err != nil {
		t.Fatal(err)
	}
	f.service = failing
	for range 3 {
		expect(t, f.loginFrom("192.0.2.1", "alice", f.password), 503, unavailable)
	}
	f.service = working
	f.login()
}

type failingStore struct{ store.Store }

func (failingStore) UserByUsername(context.Context, string) (store.User, error) {
	return store.User{}, errors.New("no connection")
}

// failingThrottle fails in one of its methods.
type failingThrottle struct{ allow, forgive error }

func (t failingThrottle) Allow(context.Context, string, string, auth.Rate, time.Time) (bool, time.Duration, error) {
	return true, 0, t.allow
}

func (t failingThrottle) Forgive(context.Context, string, string, auth.Rate, time.Time) error {
	return t.forgive
}

// unknownWait is a throttle that cannot tell how long to wait.
type unknownWait struct{ auth.Throttle }

func (unknownWait) Allow(context.Context, string, string, auth.Rate, time.Time) (bool, time.Duration, error) {
	return false, 0, nil
}

func TestThrottleFailure(t *testing.T) {
	f := newFixture(t, options{})
	for _, test := range []struct {
		throttle auth.Throttle
		status   int
		body     string
	}{
		{failingThrottle{allow: errors.New("no connection")}, 503, unavailable},
		{failingThrottle{forgive: errors.New("no connection")}, 503, unavailable},
		{unknownWait{}, 429, detail("Request was throttled.")},
	} {
		f.config.Throttle = test.throttle
		f.service = f.rebuild()
		response := f.loginFrom("192.0.2.1", "alice", f.password)
		expect(t, response, test.status, test.body)
		if retry := response.Header.Get("Retry-After"); test.status == 429 && retry != "" {
			t.Errorf("Retry-After is %q", retry)
		}
	}
}

// recordingThrottle keeps what it was asked.
type recordingThrottle struct {
	auth.Throttle
	asked []string
}

func (r *recordingThrottle) Allow(ctx context.Context, scope, key string, rate auth.Rate, now time.Time) (bool, time.Duration, error) {
	r.asked = append(r.asked, scope+" "+key)
	return r.Throttle.Allow(ctx, scope, key, rate, now)
}

// TestThrottleKeys checks that keys tell neither names nor addresses, also to somebody who guesses them, and that the log tells no name.
func TestThrottleKeys(t *testing.T) {
	var log bytes.Buffer
	o := throttled(auth.ThrottleLoginUsername, 1, time.Minute)
	o.logger = slog.New(slog.NewTextHandler(&log, nil))
	keys := make(map[string]bool)
	for range 2 { // sites, with secrets of their own
		f := newFixture(t, o)
		record := &recordingThrottle{Throttle: auth.NewMemoryThrottle(0)}
		f.config.Throttle = record
		f.config.RESTFramework.ThrottleRates[auth.ThrottleLogin] = auth.Rate{Count: 9, Period: time.Minute}
		service, err := auth.New(f.config, f.users, f.host, o.logger)
		if err != nil {
			t.Fatal(err)
		}
		f.service = service
		f.loginFrom("192.0.2.1", "alice", "x")
		f.loginFrom("192.0.2.1", "alice", "x")
		for _, key := range record.asked {
			keys[key] = true
			if scope, hash, _ := strings.Cut(key, " "); len(hash) != 22 || strings.Contains(key, "alice") || scope != auth.ThrottleLogin && scope != auth.ThrottleLoginUsername {
				t.Errorf("key %q", key)
			}
		}
	}
	if len(keys) != 4 {
		t.Errorf("%d keys of two sites", len(keys))
	}
	if !strings.Contains(log.String(), "a request was throttled") || !strings.Contains(log.String(), "scope=login_username") || strings.Contains(log.String(), "alice") {
		t.Errorf("log: %s", log.String())
	}
}

// TestThrottleDjango sends requests at random moments to this service and to a Django site with the same throttling classes and rates,
// and holds the answers against each other.
func TestThrottleDjango(t *testing.T) {
	type request struct {
		At            float64 `json:"at"`
		Address       string  `json:"address"`
		Authorization string  `json:"authorization"`
	}
	type reply struct {
		Status     int
		RetryAfter string `json:"retry_after"`
		Body       string
	}
	for _, settings := range []string{
		`{"DEFAULT_THROTTLE_CLASSES":["rest_framework.throttling.AnonRateThrottle"],"DEFAULT_THROTTLE_RATES":{"anon":"1/s"}}`,
		`{"DEFAULT_THROTTLE_CLASSES":["rest_framework.throttling.AnonRateThrottle","rest_framework.throttling.UserRateThrottle"],"DEFAULT_THROTTLE_RATES":{"anon":"4/min","user":"6/hour"}}`,
		`{"DEFAULT_THROTTLE_CLASSES":["rest_framework.throttling.UserRateThrottle","rest_framework.throttling.ScopedRateThrottle"],"DEFAULT_THROTTLE_RATES":{"anon":"1/day","user":"2/second"}}`,
		`{"DEFAULT_THROTTLE_CLASSES":["rest_framework.throttling.UserRateThrottle"],"DEFAULT_THROTTLE_RATES":{"anon":"1/day","user":null}}`,
		`{"DEFAULT_THROTTLE_CLASSES":[],"DEFAULT_THROTTLE_RATES":{"anon":"1/day","user":"1/day"}}`,
	} {
		t.Run(settings, func(t *testing.T) {
			config, err := auth.ParseConfig([]byte(`{"REST_FRAMEWORK":` + settings + `}`))
			if err != nil {
				t.Fatal(err)
			}
			f := newFixture(t, options{config: func(c *auth.Config) { c.RESTFramework = config.RESTFramework }})
			f.host.now = time.UnixMilli(1_700_000_000_000) // a past moment: Django's own clock reads the token
			token := "Bearer " + f.token(f.claims("access", map[string]any{"exp": f.host.now.AddDate(20, 0, 0).Unix()}))
			var requests []request
			at := 1_700_000_000.0
			for i := range 120 {
				if i%3 == 2 { // steps of 1/8 second, which floating-point numbers hold exactly
					at += float64(i*i%13) / 8
				}
				requests = append(requests, request{At: at, Address: fmt.Sprintf("192.0.2.%d", i*i%5%2), Authorization: []string{"", token}[i*i%7/3%2]})
			}
			var want []reply
			askPython(t, "testdata/throttle.py", map[string]any{
				"secret": f.secret(), "rest_framework": json.RawMessage(settings), "user": map[string]any{"id": 1, "username": "alice"}, "requests": requests,
			}, &want)
			refused := 0
			for i, r := range requests {
				f.host.now = time.UnixMilli(int64(r.At * 1000))
				request := &auth.Request{Method: "POST", Path: pathVerify, Header: auth.Header{"Content-Type": {"application/json"}}, Body: []byte(`{}`), RemoteAddress: r.Address}
				if r.Authorization != "" {
					request.Method, request.Path, request.Header["Authorization"] = "GET", pathMe, []string{r.Authorization}
				}
				response := f.service.Serve(context.Background(), request)
				got := reply{response.Status, response.Header.Get("Retry-After"), string(response.Body)}
				if r.Authorization != "" && got.Status == 200 {
					got.Body = `{}` // another view's answer
				}
				if got != want[i] {
					t.Errorf("request %d, %+v:\n got  %+v\n want %+v", i, r, got, want[i])
				}
				if want[i].Status == 429 {
					refused++
				}
			}
			if hasRate := strings.Contains(settings, `"user":"6`) || strings.Contains(settings, "/s"); (refused > 10) != hasRate {
				t.Errorf("%d of %d were refused", refused, len(requests))
			}
		})
	}
}
