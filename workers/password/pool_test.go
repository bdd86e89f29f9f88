package password_test

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/jeton-dev/jeton/workers/password"
)

// TestPoolBounds lets 40 callers in at once: never are more hashed than there are workers, all are done, and none is refused.
func TestPoolBounds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pool := password.NewPool(password.Native(), password.PoolOptions{Workers: 3, Queue: 37})
		release := make(chan struct{})
		var inside, most, done atomic.Int32
		var callers sync.WaitGroup
		for range 40 {
			callers.Go(func() {
				err := pool.Run(t.Context(), func() error {
					now := inside.Add(1)
					for old := most.Load(); now > old && !most.CompareAndSwap(old, now); old = most.Load() {
					}
					<-release
					inside.Add(-1)
					done.Add(1)
					return nil
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		synctest.Wait()
		if hashing, waiting := pool.Load(); hashing != 3 || waiting != 37 {
			t.Errorf("the load is %d and %d, want 3 and 37", hashing, waiting)
		}
		if err := pool.Run(t.Context(), func() error { return nil }); !errors.Is(err, password.ErrBusy) {
			t.Errorf("a caller too many got %v, want ErrBusy", err)
		}
		close(release)
		callers.Wait()
		if most.Load() != 3 || done.Load() != 40 {
			t.Errorf("%d at a time, %d in all", most.Load(), done.Load())
		}
		if hashing, waiting := pool.Load(); hashing != 0 || waiting != 0 {
			t.Errorf("the load is %d and %d in the end", hashing, waiting)
		}
	})
}

func TestPoolWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pool := password.NewPool(password.Native(), password.PoolOptions{Workers: 1, Queue: 2})
		release := make(chan struct{})
		var order []string
		occupy := func() error { <-release; order = append(order, "first"); return nil }
		go pool.Run(t.Context(), occupy)
		synctest.Wait()

		ctx, cancel := context.WithCancel(t.Context())
		left := make(chan error)
		go func() {
			left <- pool.Run(ctx, func() error { order = append(order, "cancelled"); return nil })
		}()
		synctest.Wait()
		cancel()
		if err := <-left; !errors.Is(err, context.Canceled) {
			t.Errorf("who stopped waiting got %v", err)
		}
		for _, name := range []string{"second", "third"} {
			go pool.Run(t.Context(), func() error { order = append(order, name); return nil })
			synctest.Wait()
		}
		close(release)
		synctest.Wait()
		if len(order) != 3 || order[0] != "first" || order[1] != "second" || order[2] != "third" {
			t.Errorf("the order is %v", order)
		}
	})
}

func TestPoolErrors(t *testing.T) {
	pool := password.NewPool(password.Native(), password.PoolOptions{Workers: 1, Queue: -1})
	broken := errors.New("broken work")
	if err := pool.Run(t.Context(), func() error { return broken }); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	func() {
		defer func() { recover() }()
		pool.Run(t.Context(), func() error { panic("work panics") })
	}()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := pool.Run(ctx, func() error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	// The slot is free again after each, and none may wait for it.
	err := pool.Run(t.Context(), func() error {
		return pool.Run(t.Context(), func() error { return nil })
	})
	if !errors.Is(err, password.ErrBusy) {
		t.Errorf("got %v, want ErrBusy of the inner call", err)
	}
	hashers := newHashers(t, everything, pool)
	if !check(t, hashers, correct, vectors[0].encoded) {
		t.Error("the password does not match")
	}
}

// TestPoolDefaults counts how many callers a pool takes in that is told nothing.
func TestPoolDefaults(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pool := password.NewPool(password.Native(), password.PoolOptions{})
		release := make(chan struct{})
		var refused atomic.Int32
		var callers sync.WaitGroup
		workers := max(1, runtime.GOMAXPROCS(0)-1)
		for range 33*workers + 5 {
			callers.Go(func() {
				if pool.Run(t.Context(), func() error { <-release; return nil }) != nil {
					refused.Add(1)
				}
			})
		}
		synctest.Wait()
		if hashing, waiting := pool.Load(); hashing != workers || waiting != 32*workers || refused.Load() != 5 {
			t.Errorf("%d are hashed, %d wait, %d are refused", hashing, waiting, refused.Load())
		}
		close(release)
		callers.Wait()
	})
}
