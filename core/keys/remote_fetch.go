package keys

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/lestrrat-go/httprc"
	"github.com/lestrrat-go/jwx/v2/jwk"

	"github.com/jeton-dev/jeton/core"
)

// What of jwx does the work, and what cannot. A fetch goes through httprc's Fetcher, the half of jwx's cache that reaches the network,
// which lets nothing but the one URL pass; jwx reads the set a second time and tells private keys from public ones. jwk.Cache itself,
// the other half, cannot keep what RemoteSet promises:
//   - Every Refresh of it, such as one for an unknown key ID, schedules another refresh beside those that repeat already, so that the
//     number of fetches grows without bound; and what it schedules has neither a longest interval nor a cool-down.
//   - It parses Cache-Control with a parser that panics on "max-age=", in a goroutine of its own: a server could end the program.
//   - It holds a lock over the whole fetch, so that a Get waits for the network although a set is at hand, and it answers Get with
//     nothing and no error after a first fetch that failed.
//   - It reads bodies of any length and never closes them.
//   - Its goroutines cannot be waited for, and one of them sleeps on when the context ends just before it falls asleep.
// When a fetch is due, what it may cost and what may replace the set at hand is therefore decided here.

var errRedirect = errors.New("redirect refused")

// newClient returns the client for one set. It keeps no connection, so that none is left behind: a set is fetched once in minutes.
func newClient(options RemoteOptions) *http.Client {
	secure := &tls.Config{}
	if options.TLS != nil {
		secure = options.TLS.Clone()
	}
	secure.MinVersion = max(secure.MinVersion, tls.VersionTLS12)
	return &http.Client{
		Transport: &http.Transport{
			Proxy:                  http.ProxyFromEnvironment,
			TLSClientConfig:        secure,
			DisableKeepAlives:      true,
			DisableCompression:     true, // a body is never larger than what was sent
			MaxResponseHeaderBytes: 64 << 10,
		},
		CheckRedirect: func(next *http.Request, earlier []*http.Request) error {
			if len(earlier) > options.Redirects || !options.allows(next.URL) {
				return errRedirect
			}
			return nil
		},
	}
}

// getter is the client as httprc asks for one, bound to the context of one fetch: httprc's own request would have none.
type getter struct {
	ctx    context.Context
	client *http.Client
}

func (g getter) Get(location string) (*http.Response, error) {
	request, err := http.NewRequestWithContext(g.ctx, http.MethodGet, location, nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Accept", "application/jwk-set+json, application/json")
	return g.client.Do(request)
}

// fetch asks the source once and returns the set and for how long it may be kept. It ends with the timeout or with Close, and so does
// the worker of its own that httprc does the request in.
func (r *RemoteSet) fetch() (*core.KeySet, time.Duration, *core.Error) {
	ctx, cancel := context.WithTimeout(r.ctx, r.options.Timeout)
	defer cancel()
	fetcher := httprc.NewFetcher(ctx, httprc.WithFetcherWorkerCount(1))
	only := httprc.NewMapWhitelist().Add(r.url)
	response, err := fetcher.Fetch(ctx, r.url, httprc.WithHTTPClient(getter{ctx, r.client}), httprc.WithWhitelist(only))
	if err != nil {
		return nil, 0, r.unavailable(ctx, err)
	}
	defer response.Body.Close()
	body, failure := r.readBody(ctx, response)
	if failure != nil {
		return nil, 0, failure
	}
	set, failure := r.options.parse(body)
	if failure != nil {
		return nil, 0, failure
	}
	return set, lifetimeOf(response.Header), nil
}

// readBody returns the body of an answer that may hold a set.
func (r *RemoteSet) readBody(ctx context.Context, response *http.Response) ([]byte, *core.Error) {
	switch encoding := response.Header.Get("Content-Encoding"); {
	case response.StatusCode != http.StatusOK:
		return nil, refuse(core.KeySetUnavailable, "", "the server answered with status "+strconv.Itoa(response.StatusCode))
	case encoding != "" && encoding != "identity":
		return nil, refuse(core.KeySetUnavailable, "", "the server sent a content encoding that was not asked for")
	case response.ContentLength > int64(r.options.Bytes):
		return nil, refuse(core.KeySetMalformed, "", "larger than the limit")
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, int64(r.options.Bytes)+1))
	switch {
	case err != nil:
		return nil, r.unavailable(ctx, err)
	case len(body) > r.options.Bytes:
		return nil, refuse(core.KeySetMalformed, "", "larger than the limit")
	}
	return body, nil
}

// parse returns the set in a body. It refuses the whole set for one private or secret key: a source that publishes those by mistake has
// lost them, and a secret in the hands of everyone verifies everything.
func (o *RemoteOptions) parse(body []byte) (*core.KeySet, *core.Error) {
	if count(body) > o.Keys {
		return nil, refuse(core.KeySetMalformed, "keys", "more keys than the limit")
	}
	set, err := core.ParseJWKSet(body, o.Algorithms...)
	if err != nil {
		return nil, asCoded(err)
	}
	public, err := allPublic(body)
	switch {
	case err != nil:
		return nil, refuse(core.KeySetMalformed, "", "jwx cannot read the set")
	case !public:
		return nil, refuse(core.KeySetMalformed, "keys", "a private or secret key in a published set")
	}
	return set, nil
}

// count returns the number of keys in a JWK Set, or 0 when it is none.
func count(body []byte) int {
	object, err := core.ParseObject(body, core.Limits{Members: 1 << 16})
	if err != nil {
		return 0
	}
	member, _ := object.Get("keys")
	entries, _ := member.Elements()
	return len(entries)
}

// allPublic reports whether jwx, too, finds public keys only. It looks at every key of a kind it knows, those that core leaves out for
// their purpose included.
func allPublic(body []byte) (public bool, err error) {
	defer func() {
		if recover() != nil { // jwx reads what a server sent, and this goroutine is nobody's to lose
			err = errors.New("jwx panicked")
		}
	}()
	set, err := jwk.Parse(body, jwk.WithIgnoreParseError(true))
	if err != nil {
		return false, err
	}
	for i := range set.Len() {
		key, _ := set.Key(i)
		asymmetric, ok := key.(jwk.AsymmetricKey)
		if !ok || asymmetric.IsPrivate() {
			return false, nil
		}
	}
	return true, nil
}

// asCoded returns an error that core made as what it is.
func asCoded(err error) *core.Error {
	var coded *core.Error
	if errors.As(err, &coded) {
		return coded
	}
	return refuse(core.KeySetMalformed, "", "")
}

// lifetimeOf returns how long an answer may be kept (RFC 9111 section 5.2.2): its max-age in seconds, nothing when it must not be kept,
// or the default when it does not say. The interval's bounds apply after it.
func lifetimeOf(header http.Header) time.Duration {
	lifetime := defaultInterval
	for _, line := range header.Values("Cache-Control") {
		for directive := range strings.SplitSeq(line, ",") {
			name, value, _ := strings.Cut(strings.TrimSpace(directive), "=")
			switch strings.ToLower(name) {
			case "no-cache", "no-store":
				return 0
			case "max-age":
				seconds, err := strconv.ParseUint(value, 10, 64)
				if err == nil || errors.Is(err, strconv.ErrRange) {
					lifetime = time.Duration(min(seconds, uint64(longestInterval/time.Second))) * time.Second
				}
			}
		}
	}
	return lifetime
}

// unavailable says in fixed words why there was no answer. The error itself stays here: net/http quotes what a server sent.
func (r *RemoteSet) unavailable(ctx context.Context, err error) *core.Error {
	var name *net.DNSError
	var certificate *tls.CertificateVerificationError
	reason := "the connection failed"
	switch {
	case r.ctx.Err() != nil:
		return errClosed()
	case ctx.Err() != nil || errors.Is(err, context.DeadlineExceeded):
		reason = "no complete answer within the timeout"
	case errors.Is(err, errRedirect):
		reason = "the server redirects to where it may not"
	case errors.As(err, &certificate):
		reason = "the server's certificate is not trusted"
	case errors.As(err, &name):
		reason = "the server's name was not found"
	}
	return refuse(core.KeySetUnavailable, "", reason)
}
