package main

import "iter"

// keptCoroutines is how many coroutines without a task are kept. Each holds a stack.
const keptCoroutines = 16

// coroutine runs tasks, one after another. A coroutine (iter.Pull) rather than a goroutine behind channels: control passes from one to
// the other and back at once, so that an export never waits for the scheduler and no request can wake another. One task after another,
// because a new one starts on a small stack, which most of a request's calls would first have to outgrow.
type coroutine struct {
	task *task // which runs on it now
	next func() (operation []byte, ok bool)
	stop func()
	// yield hands an operation to the host, or nil when the task is finished. It returns when there is more to do, or false when the
	// coroutine is to end.
	yield func(operation []byte) bool
}

// spare are the coroutines whose task is finished.
var spare []*coroutine

// newCoroutine returns a coroutine that will run the task.
func newCoroutine(t *task) *coroutine {
	if last := len(spare) - 1; last >= 0 {
		c := spare[last]
		spare[last] = nil
		spare = spare[:last]
		c.task = t
		return c
	}
	c := &coroutine{task: t}
	c.next, c.stop = iter.Pull(func(yield func([]byte) bool) {
		c.yield = yield
		for more := true; more; more = yield(nil) {
			c.task.run()
			c.task = nil
		}
	})
	return c
}

// keep keeps a coroutine for another task, or ends it when there are enough.
func (c *coroutine) keep() {
	if len(spare) < keptCoroutines {
		spare = append(spare, c)
		return
	}
	c.stop()
}
