package main

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"

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

// task is one request on its way: a coroutine that runs until it needs the host, and again when the host's answer is there. A
// coroutine (iter.Pull) rather than a goroutine behind channels: control passes from one to the other and back at once, so that an
// export never waits for the scheduler and no request can wake another.
type task struct {
	ctx           context.Context
	cancelContext context.CancelCauseFunc
	next          func() (operation []byte, ok bool)
	stop          func()
	// yield hands an operation to the host. It returns when the answer is there, or false when the task is cancelled.
	yield    func(operation []byte) bool
	answer   []byte // the host's answer to the last operation; valid until the coroutine asks again
	response *auth.Response
}

type taskKey struct{}

// newTask returns a task that has not begun. Its first resume calls handle.
func newTask(handle handler, request *auth.Request, logger *slog.Logger) *task {
	t := &task{}
	t.ctx, t.cancelContext = context.WithCancelCause(context.WithValue(context.Background(), taskKey{}, t))
	t.next, t.stop = iter.Pull(func(yield func([]byte) bool) {
		t.yield = yield
		t.response = answerSafely(t.ctx, handle, request, logger)
	})
	return t
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
	t.answer = answer
	running = t
	operation, ok := t.next()
	running = nil
	t.answer = nil
	if !ok {
		t.cancelContext(nil)
		return nil
	}
	return operation
}

// cancel ends the task where it is: its pending operation fails with errCancelled, and so does every later one. It returns when the
// coroutine has ended.
func (t *task) cancel() {
	t.cancelContext(errCancelled)
	t.stop()
}

// ask hands an operation to the host and returns the answer's reader, past its status. It parks the calling task meanwhile.
func ask(ctx context.Context, operation []byte) (*frameReader, error) {
	t, ok := ctx.Value(taskKey{}).(*task)
	if !ok {
		return nil, errOutsideRequest
	}
	if ctx.Err() != nil || !t.yield(operation) {
		return nil, errCancelled
	}
	return readAnswer(t.answer)
}

// askForRunning is ask for the task that runs now.
func askForRunning(operation []byte) (*frameReader, error) {
	if running == nil {
		return nil, errOutsideRequest
	}
	return ask(running.ctx, operation)
}

// readAnswer reads an answer's status: 0, and the result follows, or 1, and the reason follows.
func readAnswer(answer []byte) (*frameReader, error) {
	r := &frameReader{rest: answer}
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
