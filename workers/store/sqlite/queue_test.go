package sqlite

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/jeton-dev/jeton/workers/store"
)

// held is a Database whose queries end when they are told to.
type held struct {
	store.Database
	asked  chan string
	answer chan struct{}
}

func (h *held) Query(_ context.Context, statement string, _ ...any) ([][]any, error) {
	h.asked <- statement
	<-h.answer
	return nil, nil
}

// TestQueue lets two ask at once, and the others in their order.
func TestQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		database := &held{asked: make(chan string, 10), answer: make(chan struct{})}
		waiting := newQueue(database, 2)
		statements := []string{"a", "b", "c", "d", "e", "f"}
		for _, statement := range statements {
			go waiting.Query(t.Context(), statement)
			synctest.Wait() // all others are where they can get
		}
		if len(database.asked) != 2 {
			t.Fatalf("%d are let in at once, want 2", len(database.asked))
		}
		cancelled, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := waiting.Query(cancelled, "late"); !errors.Is(err, context.Canceled) {
			t.Errorf("one who no longer wants to wait gets %v", err)
		}
		var asked []string
		for range statements {
			database.answer <- struct{}{}
			synctest.Wait()
			asked = append(asked, <-database.asked)
		}
		if !slices.Equal(asked, statements) {
			t.Errorf("they are let in as %v, want %v", asked, statements)
		}
	})
}
