package auth

import "strings"

// MaxBodyBytes is the largest request body that is read, in bytes. Transports read at most one byte more, and pass it on, so that
// [Service.Serve] can tell a body that is too large.
const MaxBodyBytes = 64 << 10

// Request is one HTTP request as a transport received it.
type Request struct {
	// Method is the request method, in upper case where the standard ones are meant.
	Method string
	// Path is the decoded path of the URL, RawQuery what follows its "?".
	Path, RawQuery string
	// Header holds the header fields. The service does not change it.
	Header Header
	// Body is the whole body, or its first MaxBodyBytes+1 bytes.
	Body []byte
	// RemoteAddress is the IP address of the client, with or without a port, behind proxies the one that they vouch for. It is written
	// into log lines, and throttling goes by it.
	RemoteAddress string
}

// Response is the answer to a [Request]. The transport adds Content-Length and Date.
type Response struct {
	Status int
	Header Header
	Body   []byte

	noCredentials bool
}

// NoCredentials reports whether the response is the refusal that [Service.Authenticate] returns for a request that carries no
// credentials at all. A route that is open to anybody may go on then.
func (r *Response) NoCredentials() bool { return r.noCredentials }

// Header holds header fields under their canonical names, such as "Content-Type". It has the shape of net/http's Header. The nil Header
// can be read.
type Header map[string][]string

// Add adds a value to those of a field.
func (h Header) Add(name, value string) {
	name = canonicalName(name)
	h[name] = append(h[name], value)
}

// Set sets a field to one value.
func (h Header) Set(name, value string) { h[canonicalName(name)] = []string{value} }

// Get returns the first value of a field, or "".
func (h Header) Get(name string) string {
	if values := h.Values(name); len(values) > 0 {
		return values[0]
	}
	return ""
}

// Values returns all values of a field. The caller must not change the slice.
func (h Header) Values(name string) []string { return h[canonicalName(name)] }

// canonicalName writes a field name with a capital letter at its start and behind each hyphen. Most names are written so already.
func canonicalName(name string) string {
	if isCanonical(name) {
		return name
	}
	canonical := []byte(strings.ToLower(name))
	for i, char := range canonical {
		if char >= 'a' && char <= 'z' && (i == 0 || canonical[i-1] == '-') {
			canonical[i] = char - 'a' + 'A'
		}
	}
	return string(canonical)
}

func isCanonical(name string) bool {
	for i := range len(name) {
		char, first := name[i], i == 0 || name[i-1] == '-'
		if first && char >= 'a' && char <= 'z' || !first && char >= 'A' && char <= 'Z' || char >= 0x80 {
			return false
		}
	}
	return true
}
