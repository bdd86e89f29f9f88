package main

import (
	"errors"
	"io"
	"net/http"

	"github.com/jeton-dev/jeton/workers/edge/platform"
)

// refusal answers every request of a Worker that is not configured: 503 when its signing key is missing, 500 when its settings cannot
// work. The client is not told which.
func refusal(cause error) http.Handler {
	status, body := http.StatusInternalServerError, `{"detail":"Internal server error."}`
	if errors.Is(cause, platform.ErrMissingKey) {
		status, body = http.StatusServiceUnavailable, `{"detail":"Service temporarily unavailable, try again later."}`
	}
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if status == http.StatusServiceUnavailable {
			w.Header().Set("Retry-After", "5")
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		io.WriteString(w, body)
	})
}
