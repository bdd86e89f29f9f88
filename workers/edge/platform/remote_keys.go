package platform

import (
	"bytes"
	"errors"
	"net/url"
	"time"

	"github.com/jeton-dev/jeton/core"
	"github.com/jeton-dev/jeton/workers/auth"
)

const (
	// keySetInterval is how long a key set is good before it is fetched again, as in PyJWT.
	keySetInterval = 5 * time.Minute
	// keySetCooldown is the least time between a fetch and one that is made for an unknown key, or because the last one failed.
	keySetCooldown = 30 * time.Second
	// MaximumKeySet is the largest key set that is fetched, in bytes.
	MaximumKeySet = 256 << 10
)

// RemoteKeys returns the [auth.RemoteKeys] of a Worker: key sets by fetch, which returns a body of at most [MaximumKeySet] bytes, within
// the request that is being served. There is no timer, so a request waits for the fetch when the set is older than 5 minutes or lacks the
// token's key, which brings a fetch about at most every 30 seconds. Whatever a fetch fails with, the last good set stays.
func RemoteKeys(fetch func(location string) ([]byte, error), now func() time.Time) auth.RemoteKeys {
	return func(location string, algorithm core.Algorithm) (core.KeySetFunc, error) {
		if !allowsKeySet(location) {
			return nil, errors.New("the key set needs an absolute https URL without user information")
		}
		r := &remoteSet{location: location, algorithm: algorithm, fetch: fetch, now: now}
		return r.keySet, nil
	}
}

// allowsKeySet accepts https, and http on this machine, which only a local runtime has.
func allowsKeySet(location string) bool {
	target, err := url.Parse(location)
	if err != nil || target.Host == "" || target.User != nil {
		return false
	}
	return target.Scheme == "https" || target.Scheme == "http" && (target.Hostname() == "127.0.0.1" || target.Hostname() == "localhost")
}

// remoteSet is a key set behind a URL. Several requests may be in it at once, each waiting for its own fetch, but no two run at a time.
type remoteSet struct {
	location  string
	algorithm core.Algorithm
	fetch     func(location string) ([]byte, error)
	now       func() time.Time

	body    []byte // that set was read from
	set     *core.KeySet
	fetched time.Time // when set was
	tried   time.Time // when a fetch last began for a set that is at hand, or failed
}

// keySet returns the set in which the key for a token is to be looked for.
func (r *remoteSet) keySet(header core.Header) (*core.KeySet, error) {
	now := r.now()
	fresh := r.set != nil && now.Sub(r.fetched) < keySetInterval && has(r.set, header.KeyID)
	if fresh || now.Sub(r.tried) < keySetCooldown {
		return r.atHand(nil)
	}
	if r.set != nil { // others go on with it meanwhile
		r.tried = now
	}
	body, err := r.fetch(r.location)
	if err == nil {
		err = r.take(body, now)
	}
	if err != nil {
		r.tried = now
	}
	return r.atHand(err)
}

// take keeps a set that was fetched. One that has not changed keeps its keys, which hosts know by what they are.
func (r *remoteSet) take(body []byte, at time.Time) error {
	if r.set == nil || !bytes.Equal(body, r.body) {
		set, err := core.ParseJWKSet(body, r.algorithm)
		if err != nil {
			return err
		}
		r.body, r.set = body, set
	}
	r.fetched = at
	return nil
}

func (r *remoteSet) atHand(cause error) (*core.KeySet, error) {
	if r.set == nil {
		return nil, core.NewError(core.Failure{Code: core.KeySetUnavailable}, cause)
	}
	return r.set, nil
}

func has(set *core.KeySet, id string) bool {
	for _, key := range set.Keys() {
		if key.ID() == id {
			return true
		}
	}
	return false
}
