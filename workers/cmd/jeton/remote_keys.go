package main

import (
	"net/netip"
	"net/url"
	"time"

	"github.com/jeton-dev/jeton/core"
	"github.com/jeton-dev/jeton/core/keys"
)

// keySetInterval is how long a key set is kept, as PyJWT does.
const keySetInterval = 5 * time.Minute

// remoteKeys are the key sets behind URLs that the settings name.
type remoteKeys struct{ sets []*keys.RemoteSet }

// open is the [auth.RemoteKeys] of this program. The first fetch begins at once. A key set on this machine may be had without TLS.
func (r *remoteKeys) open(location string, algorithm core.Algorithm) (core.KeySetFunc, error) {
	set, err := keys.NewRemoteSet(location, keys.RemoteOptions{
		Algorithms:        []core.Algorithm{algorithm},
		MinInterval:       keySetInterval,
		MaxInterval:       keySetInterval,
		WaitForUnknownKey: true,
		AllowHTTP:         isLoopback(location),
	})
	if err != nil {
		return nil, err
	}
	r.sets = append(r.sets, set)
	return set.KeySet, nil
}

// close ends every fetch.
func (r *remoteKeys) close() {
	for _, set := range r.sets {
		set.Close()
	}
}

// isLoopback reports whether a URL leads to this machine.
func isLoopback(location string) bool {
	target, err := url.Parse(location)
	if err != nil {
		return false
	}
	address, err := netip.ParseAddr(target.Hostname())
	return target.Hostname() == "localhost" || err == nil && address.IsLoopback()
}
