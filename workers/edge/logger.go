package main

import (
	"context"
	"log/slog"
	"os"
)

// newLogger returns the logger of the instance. It writes lines of text to standard error, which the shim passes to the Worker's log.
func newLogger() *slog.Logger {
	return slog.New(liveHandler{slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{ReplaceAttr: dropTime})})
}

// dropTime leaves the time out: the Worker's log has its own.
func dropTime(groups []string, attribute slog.Attr) slog.Attr {
	if len(groups) == 0 && attribute.Key == slog.TimeKey {
		return slog.Attr{}
	}
	return attribute
}

// liveHandler keeps quiet about requests that were cancelled: what fails on their way out is no news.
type liveHandler struct{ slog.Handler }

// Handle implements slog.Handler.
func (h liveHandler) Handle(ctx context.Context, record slog.Record) error {
	if t := taskOf(ctx); t != nil && t.cancelled {
		return nil
	}
	return h.Handler.Handle(ctx, record)
}

// WithAttrs implements slog.Handler.
func (h liveHandler) WithAttrs(attributes []slog.Attr) slog.Handler {
	return liveHandler{h.Handler.WithAttrs(attributes)}
}

// WithGroup implements slog.Handler.
func (h liveHandler) WithGroup(name string) slog.Handler {
	return liveHandler{h.Handler.WithGroup(name)}
}
