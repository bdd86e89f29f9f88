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
// When there is no room for more, it forgets keys whose events count no more, and otherwise the one with the fewest events among some.
// Whoever wants a key with many events forgotten must therefore have as many events counted under every other key first.
type MemoryThrottle struct {
	keys     int
	mutex    sync.Mutex
	counters map[counterKey]counter
	moments  int // of all counters
}

var _ Throttle = (*MemoryThrottle)(nil)

type counterKey struct{ scope, key string }

// counter is the events of a key.
type counter struct {
	moments []moment // oldest first
	events  int      // of all moments
	expires int64    // when the last of them counts no more
}

// moment is the events of one time.
type moment struct {
	at     int64
	events int
}

// momentsPerKey is how many moments there is room for, for each key on average.
const momentsPerKey = 10

// NewMemoryThrottle returns a throttle that keeps up to a number of keys, or [DefaultThrottleKeys] when that is 0, and ten times as many
// events, where those of one millisecond, or in rates of over 128 events those of 1/128 of the period, are one. With the default number it
// takes at most about 40 MB.
func NewMemoryThrottle(keys int) *MemoryThrottle {
	if keys <= 0 {
		keys = DefaultThrottleKeys
	}
	return &MemoryThrottle{keys: keys, counters: make(map[counterKey]counter)}
}

// Allow implements [Throttle]. It never fails.
func (t *MemoryThrottle) Allow(_ context.Context, scope, key string, rate Rate, now time.Time) (bool, time.Duration, error) {
	at, past := rate.moment(now)
	id := counterKey{scope, key}
	t.mutex.Lock()
	defer t.mutex.Unlock()
	c := t.counters[id]
	c.forget(past)
	if c.events >= rate.Count {
		t.put(id, c)
		return false, rate.wait(c.moments[0].at, now), nil
	}
	c.add(at)
	c.expires = c.moments[len(c.moments)-1].at + rate.Period.Milliseconds()
	t.makeRoom(id, now.UnixMilli())
	t.put(id, c)
	return true, 0, nil
}

// Forgive implements [Throttle]. It never fails.
func (t *MemoryThrottle) Forgive(_ context.Context, scope, key string, rate Rate, at time.Time) error {
	event, _ := rate.moment(at)
	id := counterKey{scope, key}
	t.mutex.Lock()
	defer t.mutex.Unlock()
	c := t.counters[id]
	c.remove(event)
	t.put(id, c)
	return nil
}

// put keeps a counter in the place of what was kept for the key. One without events is not kept.
func (t *MemoryThrottle) put(id counterKey, c counter) {
	t.moments += len(c.moments) - len(t.counters[id].moments)
	if c.events > 0 {
		t.counters[id] = c
	} else {
		delete(t.counters, id)
	}
}

// Len returns how many keys are kept.
func (t *MemoryThrottle) Len() int {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	return len(t.counters)
}

// How many counters are looked at when an event comes in, so that those that count no more go sooner or later; and how many when one has
// to go.
const (
	lookedAt         = 8
	lookedAtWhenFull = 64
)

// makeRoom forgets some counters that count no more, and when there is no room for an event of a key, one of another key at least.
func (t *MemoryThrottle) makeRoom(id counterKey, now int64) {
	_, known := t.counters[id]
	full := !known && len(t.counters) >= t.keys || t.moments >= momentsPerKey*t.keys
	if known && !full {
		return
	}
	left := lookedAt
	if full {
		left = lookedAtWhenFull
	}
	var weakest counterKey
	fewest := 0
	for other, c := range t.counters { // begins anywhere
		switch {
		case other == id:
		case c.expires <= now:
			t.put(other, counter{})
			full = false
		case fewest == 0 || c.events < fewest:
			weakest, fewest = other, c.events
		}
		if left--; left == 0 {
			break
		}
	}
	if full && fewest > 0 {
		t.put(weakest, counter{})
	}
}

// forget removes the events up to a time.
func (c *counter) forget(past int64) {
	gone := 0
	for gone < len(c.moments) && c.moments[gone].at <= past {
		c.events -= c.moments[gone].events
		gone++
	}
	c.moments = c.moments[gone:]
}

// add adds an event at its place in time: of two at once, the later may come in first.
func (c *counter) add(at int64) {
	c.events++
	place := len(c.moments)
	for place > 0 && c.moments[place-1].at > at {
		place--
	}
	if place > 0 && c.moments[place-1].at == at {
		c.moments[place-1].events++
		return
	}
	c.moments = slices.Insert(c.moments, place, moment{at, 1})
}

func (c *counter) remove(at int64) {
	for i := range c.moments {
		if c.moments[i].at != at {
			continue
		}
		c.events--
		if c.moments[i].events--; c.moments[i].events == 0 {
			c.moments = slices.Delete(c.moments, i, i+1)
		}
		return
	}
}
