package httpauth

import (
	"bytes"
	"io"
	"net/http"
	"slices"

	"github.com/jeton-dev/jeton/workers/auth"
)

// Handler returns a handler that answers every request with service: its endpoints, and 404 for any other path. It is safe for
// concurrent use if the service is.
func Handler(service *auth.Service) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		request := newRequest(r)
		body, err := readBody(r)
		if err != nil {
			// The client went away or broke the framing: what it wanted is not known, and hardly anyone is left to be told.
			http.Error(w, http.StatusText(http.StatusBadRequest), http.StatusBadRequest)
			return
		}
		request.Body = body
		write(w, service.Serve(r.Context(), request))
	})
}

// usualBody is how much room a body gets before it has come, in bytes. A client that only says that it sends more takes up no more.
const usualBody = 4 << 10

// readBody reads no more of a body than the service wants to see.
func readBody(r *http.Request) ([]byte, error) {
	var body bytes.Buffer
	if r.ContentLength > 0 {
		body.Grow(int(min(r.ContentLength, usualBody)) + bytes.MinRead) // the room that ReadFrom wants for the end
	}
	_, err := body.ReadFrom(io.LimitReader(r.Body, auth.MaxBodyBytes+1))
	return body.Bytes(), err
}

// newRequest returns what the service needs of r, but for the body. The two share the header.
func newRequest(r *http.Request) *auth.Request {
	return &auth.Request{
		Method:        r.Method,
		Path:          r.URL.Path,
		RawQuery:      r.URL.RawQuery,
		Header:        auth.Header(r.Header),
		RemoteAddress: ClientAddress(r),
	}
}

func write(w http.ResponseWriter, response *auth.Response) {
	header := w.Header()
	for name, values := range response.Header {
		if name == "Vary" { // middleware such as CORS has its own to add
			values = append(slices.Clone(header[name]), values...)
		}
		header[name] = values
	}
	w.WriteHeader(response.Status)
	w.Write(response.Body) // an error means that the client is gone
}
