package auth_test

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jeton-dev/jeton/workers/auth"
	"github.com/jeton-dev/jeton/workers/store"
)

// eachThrottle runs a test over every Throttle there is.
func eachThrottle(t *testing.T, test func(t *testing.T, throttle auth.Throttle)) {
	t.Run("memory", func(t *testing.T) { test(t, auth.NewMemoryThrottle(0)) })
	t.Run("sqlite", func(t *testing.T) { test(t, auth.NewDatabaseThrottle(openDatabase(t))) })
	t.Run("floating-point", func(t *testing.T) { test(t, auth.NewDatabaseThrottle(floatingPoint{openDatabase(t)})) })
}

// openDatabase returns an empty SQLite database.
func openDatabase(t *testing.T) store.Database {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(t.TempDir(), "throttle.sqlite3")+"?_pragma=synchronous(off)&_pragma=journal_mode(memory)")
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { db.Close() })
	return store.FromSQL(db, store.SQLite)
}

// floatingPoint is a database whose numbers are those of JavaScript, as D1's are.
type floatingPoint struct{ store.Database }

func (d floatingPoint) Query(ctx context.Context, statement string, args ...any) ([][]any, error) {
	rows, err := d.Database.Query(ctx, statement, withFloats(args)...)
	for _, row := range rows {
		copy(row, withFloats(row))
	}
	return rows, err
}

func (d floatingPoint) Exec(ctx context.Context, statement string, args ...any) (int64, error) {
	return d.Database.Exec(ctx, statement, withFloats(args)...)
}

func withFloats(values []any) []any {
	floats := make([]any, len(values))
	for i, value := range values {
		if integer, ok := value.(int64); ok {
			value = float64(integer)
		}
		floats[i] = value
	}
	return floats
}

// TestThrottle goes through the life of keys, step by step.
func TestThrottle(t *testing.T) {
	const forgiven = -1 // instead of a wait: what was counted at that time is taken back
	rate := auth.Rate{Count: 3, Period: time.Minute}
	eachThrottle(t, func(t *testing.T, throttle auth.Throttle) {
		start := time.UnixMilli(1_800_000_000_123)
		for i, step := range []struct {
			scope, key string
			seconds    float64
			wait       float64 // 0: allowed
		}{
			{"login", "a", 0, 0},
			{"login", "a", 10, 0},
			{"login", "b", 10, 0}, // another key
			{"register", "a", 10, 0},
			{"login", "a", 20, 0},
			{"login", "a", 20, 40},
			{"login", "a", 59.999, 0.001},
			{"login", "a", 60, 0}, // what was refused does not count
			{"login", "a", 60, 10},
			{"login", "a", 20, forgiven},
			{"login", "a", 61, 0},
			{"login", "a", 61, 9},
			{"login", "a", 33, forgiven}, // nothing was counted then
			{"login", "c", 33, forgiven},
			{"login", "a", 61, 9},
			{"login", "a", 200, 0},
			{"login", "a", 200, 0}, // two at once
			{"login", "a", 200, forgiven},
			{"login", "a", 200, 0},
			{"login", "a", 199, 0}, // a clock that went backwards
			{"login", "a", 200, 59},
			{"login", "a", 150, 60}, // never more than the period
			{"login", "b", 11, 0},
			{"login", "b", 12, 0},
			{"login", "b", 12, 58},
		} {
			at := start.Add(time.Duration(step.seconds*1000) * time.Millisecond)
			if step.wait == forgiven {
				if err := throttle.Forgive(t.Context(), step.scope, step.key, rate, at); err != nil {
					t.Fatal(err)
				}
				continue
			}
			allowed, wait, err := throttle.Allow(t.Context(), step.scope, step.key, rate, at)
			want := time.Duration(step.wait*1000) * time.Millisecond
			if err != nil || allowed != (want == 0) || wait != want {
				t.Errorf("step %d: %v %v %v, want %v", i, allowed, wait, err, want)
			}
		}
	})
}

// TestThrottleWindow sends events at random, some of them at once, and counts in every window: there are never more than the rate allows,
// and none is refused that it allows, except that of many events each may count for 1/128 of the period longer.
func TestThrottleWindow(t *testing.T) {
	for _, test := range []struct {
		rate   auth.Rate
		atOnce int // how many come at once
	}{
		{auth.Rate{Count: 1, Period: time.Second}, 1},
		{auth.Rate{Count: 7, Period: time.Second}, 1},
		{auth.Rate{Count: 128, Period: time.Minute}, 16},
		{auth.Rate{Count: 200, Period: time.Minute}, 20},
	} {
		t.Run(fmt.Sprint(test.rate), func(t *testing.T) {
			eachThrottle(t, func(t *testing.T, throttle auth.Throttle) { checkWindows(t, throttle, test.rate, test.atOnce) })
		})
	}
}

func checkWindows(t *testing.T, throttle auth.Throttle, rate auth.Rate, atOnce int) {
	random := rand.New(rand.NewPCG(1, uint64(rate.Count)))
	now, longer := time.UnixMilli(1_800_000_000_000), rate.Period
	if rate.Count > 128 {
		longer += rate.Period / 128
	}
	var let []time.Time
	within := func(period time.Duration) (count int) {
		for _, at := range let {
			if now.Sub(at) < period {
				count++
			}
		}
		return count
	}
	for i := range 3 * rate.Count {
		if i%atOnce == 0 { // on average, in half the time that the rate wants
			now = now.Add(time.Duration(random.Int64N(rate.Period.Milliseconds()*int64(atOnce)/int64(rate.Count))) * time.Millisecond)
		}
		allowed, wait, err := throttle.Allow(t.Context(), "anon", "key", rate, now)
		switch {
		case err != nil:
			t.Fatal(err)
		case allowed && within(rate.Period) >= rate.Count:
			t.Fatalf("one more was allowed than %v", rate)
		case !allowed && within(longer) < rate.Count:
			t.Fatalf("refused as number %d of %v", within(longer)+1, rate)
		case !allowed && (wait <= 0 || wait > rate.Period):
			t.Fatalf("wait %v", wait)
		}
		if allowed {
			let = append(let, now)
		}
	}
	if len(let) < rate.Count || len(let) == 3*rate.Count {
		t.Errorf("%d of %d were allowed: the test does not reach the limit", len(let), 3*rate.Count)
	}
}

// TestThrottleAtOnce checks that of many events at once exactly as many are allowed as the rate says.
func TestThrottleAtOnce(t *testing.T) {
	rate := auth.Rate{Count: 20, Period: time.Hour}
	eachThrottle(t, func(t *testing.T, throttle auth.Throttle) {
		now := time.Now()
		var allowed atomic.Int64
		var group sync.WaitGroup
		for i := range 100 {
			group.Go(func() {
				ok, _, err := throttle.Allow(t.Context(), "login", "key", rate, now.Add(time.Duration(i%7)*time.Millisecond))
				if err != nil {
					t.Error(err)
				}
				if ok {
					allowed.Add(1)
				}
			})
		}
		group.Wait()
		if allowed.Load() != 20 {
			t.Errorf("%d were allowed, not 20", allowed.Load())
		}
	})
}

// TestThrottleMemoryBounded checks that the number of keys is bounded, and that filling it with new ones does not make it forget a key with
// more events: not those of a victim, and not one's own.
func TestThrottleMemoryBounded(t *testing.T) {
	const keys = 1000
	rate := auth.Rate{Count: 5, Period: time.Hour}
	throttle := auth.NewMemoryThrottle(keys)
	now := time.Now()
	allow := func(key string) bool {
		now = now.Add(time.Microsecond)
		allowed, _, _ := throttle.Allow(t.Context(), "login_failed", key, rate, now)
		return allowed
	}
	for range 5 {
		allow("guesser")
	}
	for range 2 {
		allow("other")
	}
	for i := range 20 * keys {
		if !allow(fmt.Sprint("new ", i)) {
			t.Fatal("a new key was refused")
		}
		if size := throttle.Len(); size > keys {
			t.Fatalf("%d keys are kept", size)
		}
	}
	if allow("guesser") {
		t.Error("the guesser's events were forgotten")
	}
	for range 3 {
		if !allow("other") {
			t.Error("the other key got events")
		}
	}
	if allow("other") {
		t.Error("the other key's events were forgotten")
	}
	now = now.Add(2 * time.Hour) // all expire, and go little by little
	for i := range keys / 2 {
		allow(fmt.Sprint("newer ", i))
	}
	if size := throttle.Len(); size > keys*6/10 {
		t.Errorf("%d keys are kept where %d count", size, keys/2)
	}
}

// TestThrottleMemoryBoundedByEvents checks that keys with many events take the room of others, of which those with the fewest go.
func TestThrottleMemoryBoundedByEvents(t *testing.T) {
	const keys, events = 100, 50 // and room for 10 events of each on average
	rate := auth.Rate{Count: events, Period: time.Hour}
	throttle := auth.NewMemoryThrottle(keys)
	now := time.Now()
	send := func(key string, count int) (allowed int) {
		for range count {
			now = now.Add(time.Millisecond)
			if ok, _, _ := throttle.Allow(t.Context(), "login_failed", key, rate, now); ok {
				allowed++
			}
		}
		return allowed
	}
	send("guesser", events)
	for i := range keys {
		send(fmt.Sprint("other ", i), events-1)
	}
	if size := throttle.Len(); size > 10*keys/(events-1)+1 {
		t.Errorf("%d keys of %d events are kept", size, events)
	}
	if send("guesser", 1) != 0 {
		t.Error("the guesser's events were forgotten")
	}
	now = now.Add(2 * time.Hour)
	if send("guesser", 2*events) != events {
		t.Error("the guesser's events still count")
	}
}
