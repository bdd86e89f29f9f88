package keys

import (
	"crypto/tls"
	"net/url"
	"time"

	"github.com/jeton-dev/jeton/core"
)

// RemoteOptions says how a [RemoteSet] is fetched and what it may hold. A zero field means its default.
type RemoteOptions struct {
	// Algorithms lists the algorithms that keys may be for. An RSA key without "alg" counts for each of them that fits it; keys for
	// others are left out. Empty takes every key that names its algorithm or has a curve for one only. An HMAC algorithm is refused:
	// a secret has no place in a published set, and a public key is no secret.
	Algorithms []core.Algorithm
	// MinInterval and MaxInterval bound the time between two refreshes: 1 minute and 1 hour by default, 1 second and 30 days at most.
	// Between them the max-age of the answer's Cache-Control decides, or 15 minutes when it has none.
	MinInterval, MaxInterval time.Duration
	// Cooldown is the least time between a fetch and one that is made for an unknown key ID: 30 seconds by default, 1 second at least.
	Cooldown time.Duration
	// WaitForUnknownKey lets a token whose key ID is unknown wait for the fetch that it caused or found under way, instead of being
	// refused at once with core.KeyNotFound. Tokens with known keys never wait.
	WaitForUnknownKey bool
	// Timeout bounds one fetch, from the connection to the last byte of the body: 5 seconds by default, 1 minute at most.
	Timeout time.Duration
	// Bytes is the largest body: 1,048,576 bytes by default, which is also the most.
	Bytes int
	// Keys is the most keys of a set, those left out included: 100 by default, 1,000 at most.
	Keys int
	// Redirects is how many redirects are followed: none by default, 5 at most.
	Redirects int
	// AllowHTTP accepts http beside https, for the URL and for redirects. Whoever can change what passes by on the network then
	// chooses the keys: it is for loopback addresses.
	AllowHTTP bool
	// TLS is used for https, such as for the roots of a private authority. It is copied. It must not switch verification off.
	TLS *tls.Config
}

const (
	defaultMinInterval  = time.Minute
	defaultMaxInterval  = time.Hour
	defaultInterval     = 15 * time.Minute
	longestInterval     = 30 * 24 * time.Hour
	defaultCooldown     = 30 * time.Second
	shortestPause       = time.Second
	defaultFetchTimeout = 5 * time.Second
	longestFetchTimeout = time.Minute
	defaultRemoteKeys   = 100
	mostRemoteKeys      = 1000
	mostRedirects       = 5
)

// resolve checks the options and returns a copy with defaults filled in.
func (o RemoteOptions) resolve() (RemoteOptions, *core.Error) {
	invalid := func(reason string) (RemoteOptions, *core.Error) {
		return RemoteOptions{}, refuse(core.PolicyInvalid, "", reason)
	}
	for _, algorithm := range o.Algorithms {
		if _, err := core.ParseAlgorithm(string(algorithm)); err != nil {
			return invalid("an algorithm is not supported")
		}
		if algorithm.Symmetric() {
			return invalid("an HMAC algorithm has no keys in a published set")
		}
	}
	o.Algorithms = append([]core.Algorithm(nil), o.Algorithms...)
	setDefault(&o.MinInterval, defaultMinInterval)
	setDefault(&o.MaxInterval, max(defaultMaxInterval, o.MinInterval))
	setDefault(&o.Cooldown, defaultCooldown)
	setDefault(&o.Timeout, defaultFetchTimeout)
	setDefault(&o.Bytes, maximumSet)
	setDefault(&o.Keys, defaultRemoteKeys)
	switch {
	case o.MinInterval < shortestPause || o.MaxInterval < o.MinInterval || o.MaxInterval > longestInterval:
		return invalid("the intervals must lie between 1 second and 30 days, the smaller first")
	case o.Cooldown < shortestPause:
		return invalid("the cool-down is shorter than 1 second")
	case o.Timeout < 0 || o.Timeout > longestFetchTimeout:
		return invalid("the timeout is negative or more than 1 minute")
	case o.Bytes < 0 || o.Bytes > maximumSet || o.Keys < 0 || o.Keys > mostRemoteKeys || o.Redirects < 0 || o.Redirects > mostRedirects:
		return invalid("a limit is out of range")
	case o.TLS != nil && o.TLS.InsecureSkipVerify:
		return invalid("the TLS configuration switches verification off")
	}
	return o, nil
}

func setDefault[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

// allows reports whether a set may be fetched from there, at first or after a redirect.
func (o *RemoteOptions) allows(target *url.URL) bool {
	return (target.Scheme == "https" || target.Scheme == "http" && o.AllowHTTP) && target.Host != "" && target.User == nil
}

// accepts reports whether a token of that algorithm could find its key in the set at all.
func (o *RemoteOptions) accepts(name string) bool {
	algorithm, err := core.ParseAlgorithm(name)
	if err != nil || algorithm.Symmetric() {
		return false
	}
	for _, accepted := range o.Algorithms {
		if accepted == algorithm || isEd25519(accepted) && isEd25519(algorithm) {
			return true
		}
	}
	return len(o.Algorithms) == 0
}

// isEd25519 reports whether the algorithm is Ed25519 under either of its names.
func isEd25519(a core.Algorithm) bool { return a == core.EdDSA || a == core.Ed25519 }

// interval returns the time until the next refresh for an answer that may be kept for so long.
func (o *RemoteOptions) interval(lifetime time.Duration) time.Duration {
	return min(max(lifetime, o.MinInterval), o.MaxInterval)
}
