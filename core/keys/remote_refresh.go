package keys

import (
	"time"

	"github.com/jeton-dev/jeton/core"
)

// flight is one fetch, which any number of callers may wait for. Its failure is written before done is closed.
type flight struct {
	done    chan struct{}
	failure *core.Error
}

// begin returns the fetch under way, or begins one. It returns nil when the set was closed. The caller holds r.mu.
func (r *RemoteSet) begin() *flight {
	switch {
	case r.closed:
		return nil
	case r.flight != nil:
		return r.flight
	}
	r.disarm()
	r.flight, r.begun = &flight{done: make(chan struct{})}, time.Now()
	r.running.Add(1)
	go r.run(r.flight)
	return r.flight
}

// run does one fetch and arms the next.
func (r *RemoteSet) run(own *flight) {
	defer r.running.Done()
	set, lifetime, failure := r.fetch()
	r.mu.Lock()
	defer r.mu.Unlock()
	if failure == nil {
		r.current.Store(newSnapshot(set))
		r.failures = 0
	} else {
		r.failures++
	}
	r.flight, r.failure, own.failure = nil, failure, failure
	close(own.done)
	r.arm(r.pause(lifetime))
}

// pause returns the time until the next fetch. A source that never gave a good set is asked again after 1, 2, 4 … seconds up to the
// cool-down, because nothing can be verified until it does; one that gave a set and fails now, after the smallest interval.
func (r *RemoteSet) pause(lifetime time.Duration) time.Duration {
	switch {
	case r.failure == nil:
		return r.options.interval(lifetime)
	case r.current.Load() != nil:
		return r.options.MinInterval
	default:
		const doublings = 16
		return min(shortestPause<<min(r.failures-1, doublings), r.options.Cooldown)
	}
}

// arm lets the next fetch begin after a pause. The caller holds r.mu.
func (r *RemoteSet) arm(pause time.Duration) {
	if r.closed {
		return
	}
	r.running.Add(1)
	var own *time.Timer
	own = time.AfterFunc(pause, func() {
		defer r.running.Done()
		r.mu.Lock()
		defer r.mu.Unlock()
		if r.timer == own { // and no fetch has taken its place since it fired
			r.timer = nil
			r.begin()
		}
	})
	r.timer = own
}

// disarm takes back what arm did. The caller holds r.mu.
func (r *RemoteSet) disarm() {
	if r.timer != nil && r.timer.Stop() {
		r.running.Done()
	}
	r.timer = nil
}

// lookAgain is for a token that the set at hand, if there is one, has no key for. It returns the fetch under way, or begins one if the
// last is longer ago than the cool-down, however many such tokens there are. Without a set at hand it begins none: the next attempt is
// armed already. It also returns what was wrong with the last fetch.
func (r *RemoteSet) lookAgain(atHand bool) (*flight, *core.Error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if atHand && r.flight == nil && time.Since(r.begun) >= r.options.Cooldown {
		return r.begin(), r.failure
	}
	return r.flight, r.failure
}
