package main

import (
	"log/slog"
	"net/http"
	"time"

	"github.com/jeton-dev/jeton/workers/httpauth"
)

// observer sees every request: it writes the access log and counts.
type observer struct {
	logger  *slog.Logger // nil: no access log
	metrics *metrics     // nil: not counted
	table   routeTable
}

// observe returns next with a line in the log and a count for each of its requests.
func (o *observer) observe(next http.Handler) http.Handler {
	if o.logger == nil && o.metrics == nil {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		seen := &responseRecord{ResponseWriter: w, status: http.StatusInternalServerError} // what a panic leaves
		o.metrics.begin()
		defer func() {
			taken := time.Since(start)
			o.metrics.end(o.table.route(r.URL.Path), r.Method, seen.status, taken)
			if o.logger != nil {
				o.log(r, seen, taken)
			}
		}()
		next.ServeHTTP(seen, r)
		seen.finish()
	})
}

// log writes a line with no query, no header and no body, and only as much of a path as is too short for a token.
func (o *observer) log(r *http.Request, seen *responseRecord, taken time.Duration) {
	o.logger.LogAttrs(r.Context(), slog.LevelInfo, "request",
		slog.String("method", shorten(r.Method)),
		slog.String("path", shorten(r.URL.Path)),
		slog.Int("status", seen.status),
		slog.Int64("bytes", seen.bytes),
		slog.Duration("duration", taken.Round(time.Microsecond)),
		slog.String("client", httpauth.ClientAddress(r)),
		slog.String("scheme", httpauth.ClientScheme(r)),
		slog.String("protocol", r.Proto),
	)
}

// shorten cuts text before it is long enough to hold a token's signature.
func shorten(text string) string {
	const most = 40
	if len(text) > most {
		return text[:most] + "..."
	}
	return text
}

// responseRecord remembers what was answered.
type responseRecord struct {
	http.ResponseWriter
	status int
	begun  bool
	bytes  int64
}

// WriteHeader implements http.ResponseWriter.
func (w *responseRecord) WriteHeader(status int) {
	if status >= http.StatusOK { // others are only said on the way
		w.status, w.begun = status, true
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (w *responseRecord) Write(p []byte) (int, error) {
	w.finish()
	n, err := w.ResponseWriter.Write(p)
	w.bytes += int64(n)
	return n, err
}

// finish takes an answer whose status was left to net/http for what it is.
func (w *responseRecord) finish() {
	if !w.begun {
		w.status, w.begun = http.StatusOK, true
	}
}

// Unwrap gives http.ResponseController the writer beneath.
func (w *responseRecord) Unwrap() http.ResponseWriter { return w.ResponseWriter }
