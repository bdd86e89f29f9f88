package auth

import (
	"context"
	"slices"
	"sync"
	"time"
)

// DefaultThrottleKeys is how many keys a [MemoryThrottle] keeps unless it is told otherwise.
const DefaultThrottleKeys = 100_000

// MemoryThrottle is a [Throttle] of one process, in bounded memory. It is safe for concurrent use. The zero MemoryThrottle is not usable.
//
// When there are more keys than it keeps, it forgets keys whose events count no more, and otherwise the one with the fewest events among
// some. Whoever wants a key with many events forgotten must therefore have as many events counted under every other key first.
type MemoryThrottle struct {
	keys     int
	mutex    sync.Mutex
	counters map[counterKey]counter
}

var _ Throttle = (*MemoryThrottle)(nil)

type counterKey struct{ scope, key string }

// counter is the events of a key, oldest first, and when the last of them counts no more.
type counter struct {
	events  []events
	expires int64
}

// events are the events of one moment.
type events struct {
	at    int64
	count int
}

// NewMemoryThrottle returns a throttle that keeps up to a number of keys, or [DefaultThrottleKeys] when that is 0. Each takes about
// 200 bytes and 16 for each event, of which it keeps up to 129 apart.
func NewMemoryThrottle(keys int) *MemoryThrottle {
	if keys <= 0 {
		keys = DefaultThrottleKeys
	}
	return &MemoryThrottle{keys: keys, counters: make(map[counterKey]counter)}
}

// Allow implements [Throttle]. It never fails.
func (t *MemoryThrottle) Allow(_ context.Context, scope, key string, rate Rate, now time.Time) (bool, time.Duration, error) {
	at, past := rate.moment(now)
	t.mutex.Lock()
	defer t.mutex.Unlock()
	c, known := t.counters[counterKey{scope, key}]
	c.forget(past)
	if c.total() >= rate.Count {
		t.counters[counterKey{scope, key}] = c
		return false, rate.wait(c.events[0].at, now), nil
	}
	if !known {
		t.makeRoom(now.UnixMilli())
	}
	c.add(at)
	c.expires = c.events[len(c.events)-1].at + rate.Period.Milliseconds()
	t.counters[counterKey{scope, key}] = c
	return true, 0, nil
}

// Forgive implements [Throttle]. It never fails.
func (t *MemoryThrottle) Forgive(_ context.Context, scope, key string, rate Rate, at time.Time) error {
	event, _ := rate.moment(at)
	t.mutex.Lock()
	defer t.mutex.Unlock()
	c, known := t.counters[counterKey{scope, key}]
	if !known {
		return nil
	}
	c.remove(event)
	if len(c.events) == 0 {
		delete(t.counters, counterKey{scope, key})
	} else {
		t.counters[counterKey{scope, key}] = c
	}
	return nil
}

// Len returns how many keys are kept.
func (t *MemoryThrottle) Len() int {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	return len(t.counters)
}

// How many counters are looked at when a key comes in, so that keys whose events count no more go sooner or later; and how many when
// one has to go.
const (
	lookedAt         = 8
	lookedAtWhenFull = 64
)

// makeRoom forgets some counters that count no more, and one at least when there is no room for a further one.
func (t *MemoryThrottle) makeRoom(now int64) {
	full := len(t.counters) >= t.keys
	left := lookedAt
	if full {
		left = lookedAtWhenFull
	}
	var weakest counterKey
	fewest := 0
	for key, c := range t.counters { // begins anywhere
		if c.expires <= now {
			delete(t.counters, key)
			full = false
		} else if total := c.total(); fewest == 0 || total < fewest {
			weakest, fewest = key, total
		}
		if left--; left == 0 {
			break
		}
	}
	if full {
		delete(t.counters, weakest)
	}
}

// forget removes the events up to a time.
func (c *counter) forget(past int64) {
	gone := 0
	for gone < len(c.events) && c.events[gone].at <= past {
		gone++
	}
	c.events = c.events[gone:]
}

func (c *counter) total() int {
	total := 0
	for _, e := range c.events {
		total += e.count
	}
	return total
}

// add adds an event at its place in time: of two at once, the later may come in first.
func (c *counter) add(at int64) {
	place := len(c.events)
	for place > 0 && c.events[place-1].at > at {
		place--
	}
	if place > 0 && c.events[place-1].at == at {
		c.events[place-1].count++
		return
	}
	c.events = slices.Insert(c.events, place, events{at, 1})
}

func (c *counter) remove(at int64) {
	for i := range c.events {
		if c.events[i].at != at {
			continue
		}
		if c.events[i].count--; c.events[i].count == 0 {
			c.events = slices.Delete(c.events, i, i+1)
		}
		return
	}
}
