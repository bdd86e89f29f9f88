package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jeton-dev/jeton/workers/auth"
)

var (
	// errCancelled ends the host operation of a request whose client went away, and every further one of it.
	errCancelled = errors.New("edge: the client went away")
	// errOutsideRequest says that a host operation was asked for with a context that belongs to no request.
	errOutsideRequest = errors.New("edge: a host operation outside a request")
)

// handler answers one request. It must ask the host only on the goroutine it was called on, and hold no lock while it does.
type handler func(ctx context.Context, request *auth.Request) *auth.Response

// task is one request on its way: it runs until it needs the host, and again when the host's answer is there. It is the context of its
// request too.
type task struct {
	handle    handler
	request   *auth.Request
	logger    *slog.Logger
	coroutine *coroutine // nil before the first resume and after the last
	answer    []byte     // the host's answer to the last operation; valid until the task asks again
	response  *auth.Response
	finished  bool
	cancelled bool
}

type taskKey struct{}

// newTask returns a task that has not begun. Its first resume calls handle.
func newTask(handle handler, request *auth.Request, logger *slog.Logger) *task {
	return &task{handle: handle, request: request, logger: logger}
}

var _ context.Context = (*task)(nil)

// Deadline implements [context.Context]: there is none.
func (t *task) Deadline() (deadline time.Time, ok bool) { return time.Time{}, false }

// Done implements [context.Context]. It is nil: a request waits for the host alone, and ask tells it when it is cancelled.
func (t *task) Done() <-chan struct{} { return nil }

// Err implements [context.Context].
func (t *task) Err() error {
	if t.finished || t.cancelled {
		return context.Canceled
	}
	return nil
}

// Value implements [context.Context]: the task itself is its one value.
func (t *task) Value(key any) any {
	if key == (taskKey{}) {
		return t
	}
	return nil
}

// taskOf returns the task that a context belongs to, or nil.
func taskOf(ctx context.Context) *task {
	t, _ := ctx.Value(taskKey{}).(*task)
	return t
}

// run answers the request. It is called on the task's coroutine.
func (t *task) run() {
	t.response = answerSafely(t, t.handle, t.request, t.logger)
	t.finished = true
}

// answerSafely calls handle and answers 500 when it panics. The service recovers by itself and logs what was wrong; this is the last
// line, because a panic that leaves a coroutine would end the instance and every request in it.
func answerSafely(ctx context.Context, handle handler, request *auth.Request, logger *slog.Logger) (response *auth.Response) {
	defer func() {
		if value := recover(); value != nil {
			logger.ErrorContext(ctx, "a request panicked", slog.String("type", fmt.Sprintf("%T", value)))
			response = &auth.Response{
				Status: 500,
				Header: auth.Header{"Content-Type": {"application/json"}},
				Body:   []byte(`{"detail":"Internal server error."}`),
			}
		}
	}()
	return handle(ctx, request)
}

// running is the task that runs now: what asks the host without being handed a context is part of it.
var running *task

// resume runs the task until it needs the host, and returns the operation, or until it is finished, and returns nil. The answer is the
// host's to the operation before; it must not change while resume runs.
func (t *task) resume(answer []byte) (operation []byte) {
	if t.coroutine == nil {
		t.coroutine = newCoroutine(t)
	}
	t.answer = answer
	running = t
	operation, _ = t.coroutine.next()
	running = nil
	t.answer = nil
	if t.finished {
		t.coroutine.keep()
		t.coroutine = nil
		return nil
	}
	return operation
}

// cancel ends the task where it is: its pending operation fails with errCancelled, and so does every later one. It returns when the
// coroutine has ended.
func (t *task) cancel() {
	t.cancelled = true
	t.coroutine.stop()
}

// ask hands an operation to the host and returns the answer's reader, past its status. It parks the calling task meanwhile.
func ask(ctx context.Context, operation []byte) (*frameReader, error) {
	t := taskOf(ctx)
	if t == nil {
		return nil, errOutsideRequest
	}
	if ctx.Err() != nil || !t.coroutine.yield(operation) {
		return nil, errCancelled
	}
	return readAnswer(t.answer)
}

// askForRunning is ask for the task that runs now.
func askForRunning(operation []byte) (*frameReader, error) {
	if running == nil {
		return nil, errOutsideRequest
	}
	return ask(running, operation)
}

// readAnswer reads an answer's status: 0, and the result follows, or 1, and the reason follows.
func readAnswer(answer []byte) (*frameReader, error) {
	r := newFrameReader(answer)
	switch r.uint8() {
	case 0:
		return r, r.err
	case 1:
		reason := r.text()
		if err := r.end(); err != nil {
			return nil, err
		}
		return nil, errors.New("edge: the host failed: " + reason)
	}
	return nil, errFrame
}
