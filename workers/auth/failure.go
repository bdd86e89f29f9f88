package auth

import (
	"context"
	"fmt"
	"log/slog"
	"runtime"
	"runtime/debug"

	"github.com/jeton-dev/jeton/workers/auth/internal/rest"
)

// unavailable logs that the store or the host failed, and returns the 503 for it.
func (s *site) unavailable(ctx context.Context, operation string, err error) *rest.Failure {
	s.logger.ErrorContext(ctx, "a request failed: something the service depends on is unavailable", slog.String("operation", operation), slog.Any("error", err))
	if tell := s.config.Hooks.OnUnavailable; tell != nil {
		tell(ctx, operation, err)
	}
	failed := rest.Refuse(503, "Service temporarily unavailable, try again later.")
	failed.Header = Header{"Retry-After": {"5"}}
	return failed
}

// recoverInto ends a panic, logs where it was and puts the 500 for it in place of the response. A panic's value may hold anything, so
// it is logged only when it is the Go runtime's.
func (s *site) recoverInto(ctx context.Context, response **Response) {
	cause := recover()
	if cause == nil {
		return
	}
	problem := fmt.Sprintf("%T", cause)
	if err, ok := cause.(runtime.Error); ok {
		problem = err.Error()
	}
	s.logger.ErrorContext(ctx, "a request failed: panic", slog.String("problem", problem), slog.String("stack", string(debug.Stack())))
	*response = respond(500, rest.NewObject("detail", "Internal server error."), 0)
}
