package main

import (
	"net/http"
	"strings"
)

// fromFetch passes requests on as a server would have received them.
func fromFetch(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		joinFields(r.Header)
		next.ServeHTTP(w, r)
	})
}

// joinFields undoes that the library cuts every field at its commas: "Bearer TOKEN, x" would arrive as a good "Bearer TOKEN". The
// platform itself has joined fields of one name, with ", ".
func joinFields(header http.Header) {
	for name, values := range header {
		header[name] = []string{strings.Join(values, ",")}
	}
}
