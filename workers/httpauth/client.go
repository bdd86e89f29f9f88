package httpauth

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"

	"github.com/realclientip/realclientip-go"
)

// Proxies says which proxies stand in front of the server, and where they write whom they pass on.
type Proxies struct {
	// Trusted lists the networks that the proxies' addresses are in. A request from any other address is taken as it comes.
	Trusted []netip.Prefix
	// Header is the one field that every one of these proxies sets or appends to: "X-Forwarded-For" or "Forwarded" (RFC 7239). Empty means
	// X-Forwarded-For. No other field is believed, since a proxy that does not know a field passes on whatever the client put there.
	Header string
}

// The fields that proxies write.
const (
	headerForwarded      = "Forwarded"
	headerForwardedFor   = "X-Forwarded-For"
	headerForwardedProto = "X-Forwarded-Proto"
)

// BehindProxies returns what tells handlers behind trusted proxies who sent a request: [ClientAddress] and [ClientScheme] look at what
// it finds out, and so does a service behind [Handler] and [Middleware]. Without it everybody behind a proxy is the proxy, also for
// throttling.
//
// The client is the last hop in the header that is not itself trusted: each proxy appends whom it was called by, so everything left of
// that may be made up. When that hop is not an IP address, or when all are trusted, the client is the proxy itself. The scheme is what
// the nearest proxy says in X-Forwarded-Proto, or in the last element of Forwarded.
//
// An error says that the header is none of the two or that a network is not valid. The middleware is safe for concurrent use.
func BehindProxies(proxies Proxies) (func(http.Handler) http.Handler, error) {
	header := http.CanonicalHeaderKey(proxies.Header)
	switch header {
	case "":
		header = headerForwardedFor
	case headerForwardedFor, headerForwarded:
	default:
		return nil, fmt.Errorf("httpauth: a proxy's header is %s or %s", headerForwardedFor, headerForwarded)
	}
	trusted := make([]net.IPNet, len(proxies.Trusted))
	for i, network := range proxies.Trusted {
		if !network.IsValid() {
			return nil, fmt.Errorf("httpauth: trusted network %d is not valid", i+1)
		}
		trusted[i] = ipNet(network)
	}
	if len(trusted) == 0 {
		return func(next http.Handler) http.Handler { return next }, nil
	}
	hops, err := realclientip.NewRightmostTrustedRangeStrategy(header, trusted)
	if err != nil {
		return nil, fmt.Errorf("httpauth: %w", err)
	}
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if peer, ok := parseAddress(r.RemoteAddr); ok && contains(proxies.Trusted, peer) {
				found := client{address: peer.String(), scheme: forwardedScheme(r, header)}
				if hop, ok := parseAddress(hops.ClientIP(r.Header, "")); ok {
					found.address = hop.String()
				}
				r = r.WithContext(context.WithValue(r.Context(), clientKey{}, found))
			}
			next.ServeHTTP(w, r)
		})
	}, nil
}

// client is what a trusted proxy said about who sent a request.
type client struct{ address, scheme string }

// clientKey is the context key of the client.
type clientKey struct{}

// ClientAddress returns the IP address that a request came from, as text without a port: through trusted proxies the one that
// [BehindProxies] found, otherwise that of the connection.
func ClientAddress(r *http.Request) string {
	if found, ok := r.Context().Value(clientKey{}).(client); ok {
		return found.address
	}
	if address, ok := parseAddress(r.RemoteAddr); ok {
		return address.String()
	}
	return r.RemoteAddr // of a transport without ports, as on Workers
}

// ClientScheme returns how the client sent a request: "https" or "http".
func ClientScheme(r *http.Request) string {
	if found, ok := r.Context().Value(clientKey{}).(client); ok && found.scheme != "" {
		return found.scheme
	}
	if r.TLS != nil {
		return "https"
	}
	return "http"
}

// forwardedScheme returns what the nearest proxy says, or "" when it says nothing.
func forwardedScheme(r *http.Request, header string) string {
	var said string
	if header == headerForwarded {
		for parameter := range strings.SplitSeq(lastElement(r.Header[headerForwarded]), ";") {
			if name, value, _ := strings.Cut(parameter, "="); strings.EqualFold(strings.TrimSpace(name), "proto") {
				said = strings.Trim(strings.TrimSpace(value), `"`)
			}
		}
	} else {
		said = lastElement(r.Header[headerForwardedProto])
	}
	for _, scheme := range [...]string{"http", "https"} {
		if strings.EqualFold(said, scheme) {
			return scheme
		}
	}
	return ""
}

// lastElement returns the last element of a list field.
func lastElement(values []string) string {
	if len(values) == 0 {
		return ""
	}
	last := values[len(values)-1]
	return strings.TrimSpace(last[strings.LastIndexByte(last, ',')+1:])
}

// parseAddress reads an address with or without a port. An IPv4 address written as an IPv6 one is the IPv4 address; a zone is dropped.
func parseAddress(text string) (netip.Addr, bool) {
	address, err := netip.ParseAddr(text)
	if err != nil {
		withPort, err := netip.ParseAddrPort(text)
		if err != nil {
			return netip.Addr{}, false
		}
		address = withPort.Addr()
	}
	return address.Unmap().WithZone(""), true
}

func contains(networks []netip.Prefix, address netip.Addr) bool {
	for _, network := range networks {
		if network.Contains(address) {
			return true
		}
	}
	return false
}

func ipNet(network netip.Prefix) net.IPNet {
	network = network.Masked()
	return net.IPNet{IP: network.Addr().AsSlice(), Mask: net.CIDRMask(network.Bits(), network.Addr().BitLen())}
}
