package main

import (
	"net/url"

	"github.com/jeton-dev/jeton/workers/auth"
)

// readRequest reads the frame of jeton_edge_start: method, path, query, remote address, header fields, body.
func readRequest(frame []byte) (*auth.Request, error) {
	r := newFrameReader(frame)
	request := &auth.Request{Method: r.text(), Path: decodePath(r.text()), RawQuery: r.text(), RemoteAddress: r.text()}
	const smallestField = 8
	fields := r.count(smallestField)
	request.Header = make(auth.Header, fields)
	for range fields {
		name, value := r.text(), r.text()
		request.Header.Add(name, value)
	}
	request.Body = r.bytes()
	return request, r.end()
}

// decodePath undoes the percent-encoding of a path. One that is not well-formed stays as it is, and matches no endpoint.
func decodePath(path string) string {
	if decoded, err := url.PathUnescape(path); err == nil {
		return decoded
	}
	return path
}

// appendResponse appends status, header fields and body.
func appendResponse(frame []byte, response *auth.Response) []byte {
	frame = appendUint32(frame, response.Status)
	fields := 0
	for _, values := range response.Header {
		fields += len(values)
	}
	frame = appendUint32(frame, fields)
	for name, values := range response.Header {
		for _, value := range values {
			frame = appendBytes(appendBytes(frame, name), value)
		}
	}
	return appendBytes(frame, response.Body)
}
