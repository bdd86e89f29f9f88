//go:build !wasm

package password

import (
	"context"
	"runtime"
	"sync/atomic"
)

// Pool is a [Deriver] that bounds how many passwords another one hashes at a time, so that a rush of logins leaves processors to the
// requests that need a hundredth of a millisecond, and memory to all. It is safe for concurrent use. It starts no goroutine: hashing is
// done on its caller's.
type Pool struct {
	Deriver
	slots   chan struct{}
	queue   int64
	waiting atomic.Int64
}

// PoolOptions say how much a [Pool] takes in. The zero PoolOptions are the defaults.
type PoolOptions struct {
	// Workers is how many passwords are hashed at a time. Under 1 it is GOMAXPROCS-1, but at least one.
	//
	// A hash is some tenths of a second of nothing but arithmetic. With as many of them as there are processors every other goroutine waits
	// for the scheduler to interrupt one, which takes 10 ms each time; with one fewer there is always a processor that is free of them. Two
	// processors thus hash one password at a time: half the logins per second that both could do, which are few either way, for refresh and
	// verify at full speed. Argon2 is the exception, since its 8 lanes run on goroutines of their own, some milliseconds at a time.
	Workers int
	// Queue is how many callers may wait beyond these. 0 is 32 for each worker, about ten seconds of PBKDF2 at the default cost, which is
	// when clients give up. Below 0 none may wait.
	Queue int
}

// NewPool returns a pool over a Deriver, which is [Native] in an ordinary process.
func NewPool(derive Deriver, options PoolOptions) *Pool {
	workers, queue := options.Workers, options.Queue
	if workers < 1 {
		workers = max(1, runtime.GOMAXPROCS(0)-1)
	}
	if queue == 0 {
		queue = 32 * workers
	}
	return &Pool{Deriver: derive, slots: make(chan struct{}, workers), queue: int64(max(0, queue))}
}

// Run implements [Deriver]: it calls work when fewer than Workers others are being done, first come, first served. It returns [ErrBusy]
// when the queue is full, and the error of ctx when that ends before work began; work that has begun is finished.
func (p *Pool) Run(ctx context.Context, work func() error) error {
	if err := p.enter(ctx); err != nil {
		return err
	}
	defer func() { <-p.slots }()
	return p.Deriver.Run(ctx, work)
}

// enter takes a slot, waiting for one if need be.
func (p *Pool) enter(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case p.slots <- struct{}{}:
		return nil
	default:
	}
	defer p.waiting.Add(-1)
	if p.waiting.Add(1) > p.queue {
		return ErrBusy
	}
	select {
	case p.slots <- struct{}{}: // in the order of arrival
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Load returns how many passwords are being hashed and how many callers wait, for metrics.
func (p *Pool) Load() (hashing, waiting int) {
	return len(p.slots), int(min(p.waiting.Load(), p.queue))
}
