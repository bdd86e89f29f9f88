package postgres

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/jeton-dev/jeton/workers/store"
	"github.com/jeton-dev/jeton/workers/store/internal/crashtest"
	"github.com/jeton-dev/jeton/workers/store/storetest"
	"github.com/jeton-dev/jeton/workers/store/storetest/postgrestest"
)

// operation is something done with the token "old" of a user. It reports whether it spent the token.
type operation func(ctx context.Context, stored store.Store, userID, mine string) (spent bool, err error)

var operations = map[string]operation{
	"rotate": func(ctx context.Context, stored store.Store, userID, mine string) (bool, error) {
		old, next := storetest.Outstanding("old", userID), storetest.Outstanding("next-"+mine, userID)
		return stored.RotateToken(ctx, old, next, old.CreatedAt)
	},
	"blacklist": func(ctx context.Context, stored store.Store, userID, _ string) (bool, error) {
		old := storetest.Outstanding("old", userID)
		return stored.BlacklistToken(ctx, old, old.CreatedAt)
	},
	"flush": func(ctx context.Context, stored store.Store, userID, _ string) (bool, error) {
		_, err := stored.FlushExpiredTokens(ctx, storetest.Outstanding("old", userID).ExpiresAt)
		return false, err
	},
	"block": func(ctx context.Context, stored store.Store, userID, _ string) (bool, error) {
		_, err := stored.BlockToken(ctx, storetest.Blocked("token", "", userID))
		return false, ignore(err, store.ErrNotFound)
	},
	"delete user": func(ctx context.Context, stored store.Store, userID, _ string) (bool, error) {
		return false, ignore(stored.DeleteUser(ctx, userID), store.ErrNotFound)
	},
}

// ignore leaves out an error that another operation may be the cause of.
func ignore(err, expected error) error {
	if errors.Is(err, expected) {
		return nil
	}
	return err
}

// TestInterleaving stops each operation before and after each of its statements, runs each other one meanwhile as far as it gets, and
// lets the first go on: neither may fail, and the token is spent once.
func TestInterleaving(t *testing.T) {
	url := postgrestest.Start(t).NewSchema(t)
	observer, err := pgxpool.New(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer observer.Close()
	stored, err := Open(t.Context(), url+"&application_name=second", store.UserModel{})
	if err != nil {
		t.Fatal(err)
	}
	defer stored.Close()
	step := func() {}
	stepping := crashtest.Stepping(stdlib.GetDefaultDriver(), url, func() { step() })
	defer stepping.Close()
	pairs := 0
	for first := range operations {
		for second := range operations {
			for _, recorded := range []bool{true, false} {
				t.Run(fmt.Sprintf("%s and %s, recorded %v", first, second, recorded), func(t *testing.T) {
					for point, reached := 0, true; reached; point++ {
						round := round{stepping, &step, observer, stored, point}
						reached = round.run(t, first, second, recorded)
						pairs++
					}
				})
			}
		}
	}
	t.Logf("%d interleavings", pairs)
}

func TestReferences(t *testing.T) {
	config, err := configure(postgrestest.Start(t).NewSchema(t))
	if err != nil {
		t.Fatal(err)
	}
	pool, err := pgxpool.NewWithConfig(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	storetest.RunReferences(t, database{pool}, store.PostgreSQL)
}

// round is one interleaving: the first operation, which has the stepping database, stops at a point.
type round struct {
	stepping *sql.DB
	step     *func()
	observer *pgxpool.Pool
	second   *store.SQL
	point    int
}

// run reports whether the first operation got to its point.
func (r round) run(t *testing.T, first, second string, recorded bool) (reached bool) {
	ctx := t.Context()
	const reset = `TRUNCATE auth_user, token_blacklist_outstandingtoken, token_blacklist_blacklistedtoken, blacklist_blacklistedtoken CASCADE`
	if _, err := r.observer.Exec(ctx, reset); err != nil {
		t.Fatal(err)
	}
	user, err := r.second.AddUser(ctx, store.User{Username: "alice"})
	if err != nil {
		t.Fatal(err)
	}
	if recorded {
		if err := r.second.RecordToken(ctx, storetest.Outstanding("old", user.ID)); err != nil {
			t.Fatal(err)
		}
	}

	type outcome struct {
		spent bool
		err   error
	}
	steps, stopped, goOn := 0, make(chan struct{}), make(chan struct{})
	*r.step = func() {
		if steps == r.point {
			close(stopped)
			<-goOn
		}
		steps++
	}
	firstDone, secondDone := make(chan outcome, 1), make(chan outcome, 1)
	go func() {
		spent, err := operations[first](ctx, store.NewSQL(store.FromSQL(r.stepping, store.PostgreSQL), store.PostgreSQL, store.UserModel{}), user.ID, "first")
		firstDone <- outcome{spent, err}
	}()
	var one outcome
	select {
	case <-stopped:
		reached = true
	case one = <-firstDone:
	}
	go func() {
		spent, err := operations[second](ctx, r.second, user.ID, "second")
		secondDone <- outcome{spent, err}
	}()
	two, finished := outcome{}, false
	for reached && !finished && !r.secondWaits(t) {
		select {
		case two = <-secondDone:
			finished = true
		default:
		}
	}
	close(goOn)
	if reached {
		one = <-firstDone
	}
	if !finished {
		two = <-secondDone
	}

	if one.err != nil || two.err != nil {
		t.Errorf("stopped at %d: %v; %v", r.point, one.err, two.err)
	}
	r.check(t, first, second, one.spent, two.spent)
	return reached
}

// secondWaits reports whether the second operation waits for a lock.
func (r round) secondWaits(t *testing.T) (waits bool) {
	const query = `SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE application_name = 'second' AND wait_event_type = 'Lock')`
	if err := r.observer.QueryRow(t.Context(), query).Scan(&waits); err != nil {
		t.Fatal(err)
	}
	return waits
}

// check counts who spent the token, and its successors.
func (r round) check(t *testing.T, first, second string, firstSpent, secondSpent bool) {
	t.Helper()
	spends := func(name string) bool { return name == "rotate" || name == "blacklist" }
	if first == "flush" || second == "flush" {
		return // what is forgotten may be spent again
	}
	if spends(first) && spends(second) && firstSpent == secondSpent {
		t.Errorf("stopped at %d: spent by the first %v, by the second %v", r.point, firstSpent, secondSpent)
	}
	if spends(first) != spends(second) && !firstSpent && !secondSpent {
		t.Errorf("stopped at %d: nobody spent the token", r.point)
	}
	want := 0
	if first == "rotate" && firstSpent || second == "rotate" && secondSpent {
		want = 1
	}
	var successors, orphans int
	const query = `SELECT count(*) FROM token_blacklist_outstandingtoken WHERE jti LIKE 'next-%'`
	if err := r.observer.QueryRow(t.Context(), query).Scan(&successors); err != nil {
		t.Fatal(err)
	}
	if successors != want {
		t.Errorf("stopped at %d: the token has %d successors, want %d", r.point, successors, want)
	}
	if first != "delete user" && second != "delete user" {
		return
	}
	const left = `SELECT (SELECT count(*) FROM auth_user) + (SELECT count(*) FROM blacklist_blacklistedtoken) + (SELECT count(user_id) FROM token_blacklist_outstandingtoken)`
	if err := r.observer.QueryRow(t.Context(), left).Scan(&orphans); err != nil {
		t.Fatal(err)
	}
	if orphans != 0 {
		t.Errorf("stopped at %d: the deleted user has left %d rows", r.point, orphans)
	}
}
