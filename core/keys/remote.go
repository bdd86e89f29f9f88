package keys

import (
	"context"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jeton-dev/jeton/core"
)

// RemoteSet is a JWK Set behind a URL, kept at hand and fetched anew in the background. [RemoteSet.KeySet] makes it a source of keys
// for a verifier:
//
//	verifier, err := core.NewVerifier(core.KeySetFunc(remote.KeySet), policy)
//
// The first fetch begins when the set is made, the next ones when the last answer has become old; a token whose key ID is unknown may
// bring one forward, once in a cool-down. There is never more than one fetch at a time, and never one from another place than the URL
// it was made with: nothing in a token says where.
//
// An answer takes the place of the set at hand only when it is complete and acceptable throughout. Whatever else the source does (fail,
// stall, send too much, an empty set, a private key), the last good set stays, and Status tells what was wrong. A token is never made
// to wait for a fetch while a set is at hand, unless its key ID is unknown and RemoteOptions.WaitForUnknownKey is set; before the first
// good set, tokens wait for the fetch under way, no longer than its timeout, and are refused at once between two attempts.
//
// A RemoteSet is safe for concurrent use. Close releases it. Errors are of type *core.Error and carry nothing of what the source sent.
type RemoteSet struct {
	url     string
	options RemoteOptions
	client  *http.Client
	ctx     context.Context // ends with Close
	cancel  context.CancelFunc

	current atomic.Pointer[snapshot] // the last good set, or nil

	mu       sync.Mutex
	flight   *flight     // the fetch under way, or nil
	timer    *time.Timer // what begins the next fetch, or nil
	begun    time.Time   // when the last fetch began
	failures int         // fetches that failed since the last good one
	failure  *core.Error // of the last fetch, or nil
	closed   bool
	running  sync.WaitGroup // fetches, and timers that were not stopped
}

// snapshot is one set as it was fetched. It is immutable.
type snapshot struct {
	set     *core.KeySet
	ids     map[string]bool
	fetched time.Time
}

func newSnapshot(set *core.KeySet) *snapshot {
	s := &snapshot{set: set, ids: make(map[string]bool), fetched: time.Now()}
	for _, key := range set.Keys() {
		s.ids[key.ID()] = true
	}
	return s
}

// answers reports whether the set is the one to look in for a token with that key ID. A token without one names no key that could be
// missing.
func (s *snapshot) answers(id string) bool { return id == "" || s.ids[id] }

// NewRemoteSet begins to fetch the JWK Set at location, an https URL, and returns without waiting for it; call [RemoteSet.Refresh] to
// wait. It refuses options that are out of range and another kind of URL with core.PolicyInvalid.
func NewRemoteSet(location string, options RemoteOptions) (*RemoteSet, error) {
	options, err := options.resolve()
	if err != nil {
		return nil, err
	}
	target, failed := url.Parse(location)
	if failed != nil || !options.allows(target) {
		return nil, refuse(core.PolicyInvalid, "", "the key set needs an absolute https URL without user information")
	}
	r := &RemoteSet{url: target.String(), options: options, client: newClient(options)}
	r.ctx, r.cancel = context.WithCancel(context.Background())
	r.mu.Lock()
	defer r.mu.Unlock()
	r.begin()
	return r, nil
}

// KeySet returns the set in which the key for a token with this header is to be looked for. Of the header it reads the algorithm and
// the key ID, to see whether the set could have become too old for the token. It fails with core.KeySetUnavailable while there is no
// good set, and after Close.
func (r *RemoteSet) KeySet(header core.Header) (*core.KeySet, error) {
	now := r.current.Load()
	if now != nil && (now.answers(header.KeyID) || !r.options.accepts(header.Algorithm)) {
		return now.set, nil
	}
	pending, failure := r.lookAgain(now != nil)
	if pending != nil && (now == nil || r.options.WaitForUnknownKey) {
		<-pending.done
		failure = pending.failure
	}
	if now = r.current.Load(); now != nil {
		return now.set, nil
	}
	if failure == nil { // Close came in between
		failure = errClosed()
	}
	return nil, failure
}

// Refresh fetches the set now, or joins the fetch under way, and returns what was wrong with the answer. It does not wait for the
// cool-down: it is for the start of a program and for whoever runs it, not for requests. When ctx ends first, the fetch goes on and
// Refresh fails with core.KeySetUnavailable, in which errors.Is finds the reason of ctx.
func (r *RemoteSet) Refresh(ctx context.Context) error {
	r.mu.Lock()
	pending := r.begin()
	r.mu.Unlock()
	if pending == nil {
		return errClosed()
	}
	select {
	case <-pending.done:
		if pending.failure != nil {
			return pending.failure
		}
		return nil
	case <-ctx.Done():
		return core.NewError(core.Failure{Code: core.KeySetUnavailable, Reason: "the fetch goes on"}, ctx.Err())
	}
}

// RemoteStatus tells how a [RemoteSet] is doing.
type RemoteStatus struct {
	// Fetched is when the set at hand was fetched. It is zero when there is none.
	Fetched time.Time
	// Failure is what was wrong with the last fetch, a *core.Error, or nil.
	Failure error
}

// Status returns how the set is doing, for a health check or a log.
func (r *RemoteSet) Status() RemoteStatus {
	r.mu.Lock()
	defer r.mu.Unlock()
	var status RemoteStatus
	if now := r.current.Load(); now != nil {
		status.Fetched = now.fetched
	}
	if r.failure != nil {
		status.Failure = r.failure
	}
	return status
}

// Close ends the fetch under way and every one to come, and waits until they have ended. Afterwards there is no set: KeySet and Refresh
// fail with core.KeySetUnavailable. Close may be called more than once and returns nil.
func (r *RemoteSet) Close() error {
	r.mu.Lock()
	r.closed = true
	r.disarm()
	r.cancel()
	r.mu.Unlock()
	r.running.Wait()
	r.current.Store(nil)
	return nil
}

func errClosed() *core.Error { return refuse(core.KeySetUnavailable, "", "the remote set was closed") }
