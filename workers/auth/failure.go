package auth

import (
	"context"
	"fmt"
	"log/slog"
	"runtime"
	"runtime/debug"
)

// failure is an answer that ends a request before its view could.
type failure struct {
	status int
	body   object
	header Header // further fields of the response
}

// refuse returns a failure that is told in one sentence.
func refuse(status int, detail string) *failure {
	return &failure{status: status, body: object{{"detail", detail}}}
}

// refuseToken returns the 401 of a token or header that is not good, with the code clients look at.
func refuseToken(detail, code string) *failure {
	return &failure{status: 401, body: object{{"detail", detail}, {"code", code}}}
}

// refuseData returns the 400 of request data that is wrong as a whole.
func refuseData(problem string) *failure {
	return &failure{status: 400, body: object{{"non_field_errors", []string{problem}}}}
}

const codeInvalidToken = "token_not_valid"

// unavailable logs that the store or the host failed, and returns the 503 for it.
func (s *Service) unavailable(ctx context.Context, operation string, err error) *failure {
	s.logger.ErrorContext(ctx, "a request failed: something the service depends on is unavailable", slog.String("operation", operation), slog.Any("error", err))
	failed := refuse(503, "Service temporarily unavailable, try again later.")
	failed.header = Header{"Retry-After": {"5"}}
	return failed
}

// recoverInto ends a panic, logs where it was and puts the 500 for it in place of the response. A panic's value may hold anything, so
// it is logged only when it is the Go runtime's.
func (s *Service) recoverInto(ctx context.Context, response **Response) {
	cause := recover()
	if cause == nil {
		return
	}
	problem := fmt.Sprintf("%T", cause)
	if err, ok := cause.(runtime.Error); ok {
		problem = err.Error()
	}
	s.logger.ErrorContext(ctx, "a request failed: panic", slog.String("problem", problem), slog.String("stack", string(debug.Stack())))
	*response = respond(500, object{{"detail", "Internal server error."}}, 0)
}
