package httpauth_test

import (
	"crypto/tls"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"github.com/jeton-dev/jeton/workers/httpauth"
)

// prefixes parses networks written with blanks between them.
func prefixes(t testing.TB, text string) []netip.Prefix {
	t.Helper()
	var networks []netip.Prefix
	for _, field := range strings.Fields(text) {
		network, err := netip.ParsePrefix(field)
		if err != nil {
			t.Fatal(err)
		}
		networks = append(networks, network)
	}
	return networks
}

// clientOf returns who is behind a request as a handler sees it.
func clientOf(t testing.TB, proxies httpauth.Proxies, r *http.Request) (address, scheme string) {
	t.Helper()
	behind, err := httpauth.BehindProxies(proxies)
	if err != nil {
		t.Fatal(err)
	}
	behind(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		address, scheme = httpauth.ClientAddress(r), httpauth.ClientScheme(r)
	})).ServeHTTP(httptest.NewRecorder(), r)
	return address, scheme
}

func TestClientAddress(t *testing.T) {
	const proxy, other = "10.0.0.7:4711", "192.0.2.9:4711"
	for _, test := range []struct {
		name, trusted, header, remote string
		fields                        http.Header
		want                          string
	}{
		{"no proxy", "", "", other, nil, "192.0.2.9"},
		{"nobody is trusted", "", "", other, http.Header{"X-Forwarded-For": {"203.0.113.5"}}, "192.0.2.9"},
		{"a stranger's header", "10.0.0.0/8", "", other, http.Header{"X-Forwarded-For": {"203.0.113.5"}}, "192.0.2.9"},
		{"a proxy's header", "10.0.0.0/8", "", proxy, http.Header{"X-Forwarded-For": {"203.0.113.5"}}, "203.0.113.5"},
		{"what the client put before it", "10.0.0.0/8", "", proxy, http.Header{"X-Forwarded-For": {"127.0.0.1, 10.9.9.9, 203.0.113.5"}}, "203.0.113.5"},
		{"several proxies", "10.0.0.0/8 198.51.100.0/24", "", proxy, http.Header{"X-Forwarded-For": {"1.1.1.1, 203.0.113.5", "198.51.100.1", "10.1.1.1"}}, "203.0.113.5"},
		{"a proxy that is not trusted", "10.0.0.0/8", "", proxy, http.Header{"X-Forwarded-For": {"203.0.113.5, 198.51.100.1"}}, "198.51.100.1"},
		{"only trusted hops", "10.0.0.0/8", "", proxy, http.Header{"X-Forwarded-For": {"10.2.2.2, 10.3.3.3"}}, "10.0.0.7"},
		{"no header", "10.0.0.0/8", "", proxy, nil, "10.0.0.7"},
		{"an empty header", "10.0.0.0/8", "", proxy, http.Header{"X-Forwarded-For": {""}}, "10.0.0.7"},
		{"a hop that is no address", "10.0.0.0/8", "", proxy, http.Header{"X-Forwarded-For": {"203.0.113.5, unknown"}}, "10.0.0.7"},
		{"a hop with a port", "10.0.0.0/8", "", proxy, http.Header{"X-Forwarded-For": {"203.0.113.5:80"}}, "203.0.113.5"},
		{"IPv6", "2001:db8::/32", "", "[2001:db8::1]:443", http.Header{"X-Forwarded-For": {"2001:db9::5"}}, "2001:db9::5"},
		{"a dual-stack listener", "10.0.0.0/8", "", "[::ffff:10.0.0.7]:4711", http.Header{"X-Forwarded-For": {"::ffff:203.0.113.5"}}, "203.0.113.5"},
		{"a zone", "fe80::/10", "", "[fe80::1%eth0]:443", nil, "fe80::1"},
		{"Forwarded is not asked for", "10.0.0.0/8", "", proxy, http.Header{"Forwarded": {"for=203.0.113.5"}}, "10.0.0.7"},
		{"Forwarded", "10.0.0.0/8", "forwarded", proxy, http.Header{"Forwarded": {`for=1.1.1.1, for="[2001:db8::5]:80";proto=https`}}, "2001:db8::5"},
		{"X-Forwarded-For is not asked for", "10.0.0.0/8", "Forwarded", proxy, http.Header{"X-Forwarded-For": {"203.0.113.5"}}, "10.0.0.7"},
		{"a quote left open", "10.0.0.0/8", "Forwarded", proxy, http.Header{"Forwarded": {`for="1.1.1.1, for=203.0.113.5`}}, "203.0.113.5"},
		{"an obfuscated hop", "10.0.0.0/8", "Forwarded", proxy, http.Header{"Forwarded": {"for=203.0.113.5, for=_hidden"}}, "10.0.0.7"},
		{"no port", "", "", "192.0.2.9", nil, "192.0.2.9"},
		{"no address", "10.0.0.0/8", "", "@", http.Header{"X-Forwarded-For": {"203.0.113.5"}}, "@"},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := httptest.NewRequest("GET", "/", nil)
			r.RemoteAddr = test.remote
			r.Header = test.fields
			if got, _ := clientOf(t, httpauth.Proxies{Trusted: prefixes(t, test.trusted), Header: test.header}, r); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestClientScheme(t *testing.T) {
	const proxy, other = "10.0.0.7:4711", "192.0.2.9:4711"
	for _, test := range []struct {
		name, header, remote string
		encrypted            bool
		fields               http.Header
		want                 string
	}{
		{"plain", "", other, false, nil, "http"},
		{"TLS", "", other, true, nil, "https"},
		{"a stranger's word", "", other, false, http.Header{"X-Forwarded-Proto": {"https"}}, "http"},
		{"a proxy's word", "", proxy, false, http.Header{"X-Forwarded-Proto": {"HTTPS"}}, "https"},
		{"a proxy that talks TLS for a plain client", "", proxy, true, http.Header{"X-Forwarded-Proto": {"http"}}, "http"},
		{"what the client put before it", "", proxy, false, http.Header{"X-Forwarded-Proto": {"https", "https, http"}}, "http"},
		{"nonsense", "", proxy, true, http.Header{"X-Forwarded-Proto": {"gopher"}}, "https"},
		{"Forwarded", "Forwarded", proxy, false, http.Header{"Forwarded": {`for=1.1.1.1;proto=http, for=203.0.113.5; Proto="https"`}}, "https"},
		{"Forwarded without it", "Forwarded", proxy, false, http.Header{"Forwarded": {"for=203.0.113.5"}, "X-Forwarded-Proto": {"https"}}, "http"},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := httptest.NewRequest("GET", "/", nil)
			r.RemoteAddr, r.Header = test.remote, test.fields
			if test.encrypted {
				r.TLS = new(tls.ConnectionState)
			}
			if _, got := clientOf(t, httpauth.Proxies{Trusted: prefixes(t, "10.0.0.0/8"), Header: test.header}, r); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestBehindProxiesRefuses(t *testing.T) {
	for _, proxies := range []httpauth.Proxies{{Header: "X-Real-IP"}, {Trusted: make([]netip.Prefix, 1)}} {
		if _, err := httpauth.BehindProxies(proxies); err == nil {
			t.Errorf("%v is accepted", proxies)
		}
	}
}

// FuzzBehindProxies holds every header a client may send to one rule: nobody but a trusted proxy changes who the client is, and what is
// found is an address that is not trusted.
func FuzzBehindProxies(f *testing.F) {
	f.Add("203.0.113.5, 10.0.0.1", `for="[2001:db8::5]:80";proto=https`)
	f.Add("", ",;=\"")
	f.Add("::ffff:10.1.2.3", "for=::1%zone")
	trusted := prefixes(f, "10.0.0.0/8 ::1/128")
	f.Fuzz(func(t *testing.T, forwardedFor, forwarded string) {
		for _, header := range []string{"X-Forwarded-For", "Forwarded"} {
			for remote, isProxy := range map[string]bool{"10.0.0.7:1": true, "192.0.2.9:1": false} {
				r := httptest.NewRequest("GET", "/", nil)
				r.RemoteAddr = remote
				r.Header = http.Header{"X-Forwarded-For": {forwardedFor}, "Forwarded": {forwarded}, "X-Forwarded-Proto": {forwarded}}
				text, scheme := clientOf(t, httpauth.Proxies{Trusted: trusted, Header: header}, r)
				address, err := netip.ParseAddr(text)
				peer := netip.MustParseAddrPort(remote).Addr()
				switch {
				case err != nil || address.Zone() != "" || address.Is4In6():
					t.Errorf("the client is %q", text)
				case !isProxy && address != peer, !isProxy && scheme != "http":
					t.Errorf("a stranger became %s, %s", text, scheme)
				case address != peer && (trusted[0].Contains(address) || trusted[1].Contains(address)):
					t.Errorf("a proxy, %s, is taken for the client", text)
				}
			}
		}
	})
}

func ExampleBehindProxies() {
	behind, err := httpauth.BehindProxies(httpauth.Proxies{Trusted: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	if err != nil {
		panic(err)
	}
	server := httptest.NewServer(behind(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintln(w, httpauth.ClientAddress(r), httpauth.ClientScheme(r))
	})))
	defer server.Close()

	request, _ := http.NewRequest("GET", server.URL, nil)
	request.Header.Set("X-Forwarded-For", "10.1.2.3, 203.0.113.5") // the first is the client's own invention
	request.Header.Set("X-Forwarded-Proto", "https")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		panic(err)
	}
	defer response.Body.Close()
	var address, scheme string
	fmt.Fscan(response.Body, &address, &scheme)
	fmt.Println(address, scheme)
	// Output: 203.0.113.5 https
}
