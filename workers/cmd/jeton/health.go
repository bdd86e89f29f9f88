package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/jeton-dev/jeton/workers/store"
)

// healthTimeout is how long the store may take to answer.
const healthTimeout = 3 * time.Second

// health answers GET /healthz: 200 while the program serves and reaches its store, 503 otherwise.
type health struct {
	users    store.Store
	logger   *slog.Logger
	stopping atomic.Bool
}

// ServeHTTP implements http.Handler.
func (h *health) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Cache-Control", "no-store")
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		header.Set("Allow", "GET, HEAD")
		http.Error(w, "Method not allowed", http.StatusMethodNotAllowed)
		return
	}
	status, body := h.check(r.Context())
	header.Set("Content-Type", "application/json")
	w.WriteHeader(status)
	io.WriteString(w, body+"\n")
}

func (h *health) check(ctx context.Context) (status int, body string) {
	if h.stopping.Load() {
		return http.StatusServiceUnavailable, `{"status":"stopping"}`
	}
	ctx, cancel := context.WithTimeout(ctx, healthTimeout)
	defer cancel()
	// Whether there is a user without a name or not, this asks the table and changes nothing.
	if _, err := h.users.UserByUsername(ctx, ""); err != nil && !errors.Is(err, store.ErrNotFound) {
		h.logger.Error("unhealthy: the store does not answer", "error", err)
		return http.StatusServiceUnavailable, `{"status":"unavailable","store":"unreachable"}`
	}
	return http.StatusOK, `{"status":"ok","store":"ok"}`
}
