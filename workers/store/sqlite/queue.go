package sqlite

import (
	"context"

	"github.com/jeton-dev/jeton/workers/store"
)

// queue lets so many calls into a Database at once, and the others in the order they came. database/sql picks any of those who wait for
// one of its connections, so that under load some wait many times as long as most.
type queue struct {
	database store.Database
	places   chan struct{}
}

func newQueue(database store.Database, places int) *queue {
	return &queue{database, make(chan struct{}, places)}
}

func (q *queue) enter(ctx context.Context) error {
	select {
	case q.places <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (q *queue) leave() { <-q.places }

// Query implements [store.Database].
func (q *queue) Query(ctx context.Context, statement string, args ...any) ([][]any, error) {
	if err := q.enter(ctx); err != nil {
		return nil, err
	}
	defer q.leave()
	return q.database.Query(ctx, statement, args...)
}

// Exec implements [store.Database].
func (q *queue) Exec(ctx context.Context, statement string, args ...any) (int64, error) {
	if err := q.enter(ctx); err != nil {
		return 0, err
	}
	defer q.leave()
	return q.database.Exec(ctx, statement, args...)
}

// Batch implements [store.Database].
func (q *queue) Batch(ctx context.Context, statements []store.Statement) ([]store.Result, error) {
	if err := q.enter(ctx); err != nil {
		return nil, err
	}
	defer q.leave()
	return q.database.Batch(ctx, statements)
}
