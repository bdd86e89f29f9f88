package main

import (
	"log/slog"
	"net/http"
	"time"
)

// logRequests logs a line for each request: no query, no header and no body, and only a path that has a route and is too short for
// a token.
func logRequests(next http.Handler, logger *slog.Logger) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		seen := &responseLog{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(seen, r)
		logger.Info("request", "method", shorten(r.Method), "path", shorten(r.URL.Path), "status", seen.status, "bytes", seen.bytes,
			"duration", time.Since(start).Round(time.Microsecond), "remote", r.RemoteAddr)
	})
}

// shorten cuts text before it is long enough to hold a token's signature.
func shorten(text string) string {
	const most = 40
	if len(text) > most {
		return text[:most] + "..."
	}
	return text
}

// responseLog remembers what was answered.
type responseLog struct {
	http.ResponseWriter
	status int
	bytes  int64
}

// WriteHeader implements http.ResponseWriter.
func (w *responseLog) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (w *responseLog) Write(p []byte) (int, error) {
	n, err := w.ResponseWriter.Write(p)
	w.bytes += int64(n)
	return n, err
}

// Unwrap gives http.ResponseController the writer beneath.
func (w *responseLog) Unwrap() http.ResponseWriter { return w.ResponseWriter }
