package auth

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/jeton-dev/jeton/workers/store"
)

// DatabaseThrottle is a [Throttle] of all processes that share a database in SQLite's dialect, such as the isolates of a Worker and
// their D1. Each event that is allowed is one statement, and each that is not are two. It is safe for concurrent use when its
// store.Database is.
//
// The table jeton_throttle is made by the first statement that misses it. Once an hour an event also removes up to 1000 rows that count
// no more.
type DatabaseThrottle struct {
	db       store.Database
	sweepAt  atomic.Int64 // when rows are to be removed again, in milliseconds
	hasTable atomic.Bool
}

var _ Throttle = (*DatabaseThrottle)(nil)

// NewDatabaseThrottle returns a throttle over a database.
func NewDatabaseThrottle(db store.Database) *DatabaseThrottle { return &DatabaseThrottle{db: db} }

// The history of a key is a JSON object: under the time of each moment, in milliseconds, how many events it had. So one statement can
// count, forget and add, and whoever comes second finds what the first has done.
const (
	throttleTable = `CREATE TABLE IF NOT EXISTS jeton_throttle (counter TEXT NOT NULL PRIMARY KEY, history TEXT NOT NULL, expires_at INTEGER NOT NULL)`

	// The arguments are the key, the moment as text, when the row expires; the end of the past, the moment as text; the end of the past,
	// the count.
	throttleAllow = `INSERT INTO jeton_throttle (counter, history, expires_at) VALUES (?, json_object(?, 1), CAST(? AS INTEGER))
ON CONFLICT (counter) DO UPDATE SET
  history = (SELECT json_group_object(moment, count) FROM (
    SELECT moment, sum(count) AS count FROM (
      SELECT key AS moment, value AS count FROM json_each(jeton_throttle.history) WHERE CAST(key AS INTEGER) > CAST(? AS INTEGER)
      UNION ALL SELECT ?, 1) GROUP BY moment)),
  expires_at = max(jeton_throttle.expires_at, excluded.expires_at)
WHERE (SELECT coalesce(sum(value), 0) FROM json_each(jeton_throttle.history) WHERE CAST(key AS INTEGER) > CAST(? AS INTEGER)) < CAST(? AS INTEGER)
RETURNING 1`

	throttleOldest = `SELECT CAST(min(CAST(key AS INTEGER)) AS TEXT) FROM jeton_throttle, json_each(jeton_throttle.history)
WHERE counter = ? AND CAST(key AS INTEGER) > CAST(? AS INTEGER)`

	throttleForgive = `UPDATE jeton_throttle SET history = (
  SELECT json_group_object(moment, count) FROM (
    SELECT key AS moment, value - (key = ?) AS count FROM json_each(jeton_throttle.history)) WHERE count > 0)
WHERE counter = ?`

	throttleSweep = `DELETE FROM jeton_throttle WHERE counter IN (SELECT counter FROM jeton_throttle WHERE expires_at <= CAST(? AS INTEGER) LIMIT 1000)`
)

// Allow implements [Throttle].
func (t *DatabaseThrottle) Allow(ctx context.Context, scope, key string, rate Rate, now time.Time) (bool, time.Duration, error) {
	at, past := rate.moment(now)
	counter, moment, expires := scope+":"+key, strconv.FormatInt(at, 10), at+rate.Period.Milliseconds()
	added, err := t.query(ctx, throttleAllow, counter, moment, expires, past, moment, past, int64(rate.Count))
	if err != nil {
		return false, 0, fmt.Errorf("count an event: %w", err)
	}
	t.sweep(ctx, now.UnixMilli())
	if len(added) > 0 {
		return true, 0, nil
	}
	oldest, err := t.oldest(ctx, counter, past)
	if err != nil {
		return false, 0, err
	}
	return false, max(time.Millisecond, rate.wait(oldest, now)), nil
}

// query runs a statement, and again once it has made the table if it may have missed that.
func (t *DatabaseThrottle) query(ctx context.Context, statement string, args ...any) ([][]any, error) {
	hasTable := t.hasTable.Load()
	rows, err := t.db.Query(ctx, statement, args...)
	if err == nil || hasTable {
		return rows, err
	}
	if _, err := t.db.Exec(ctx, throttleTable); err != nil {
		return nil, err
	}
	t.hasTable.Store(true)
	return t.db.Query(ctx, statement, args...)
}

// oldest returns the time of the first event that still counts.
func (t *DatabaseThrottle) oldest(ctx context.Context, counter string, past int64) (int64, error) {
	rows, err := t.db.Query(ctx, throttleOldest, counter, past)
	if err != nil {
		return 0, fmt.Errorf("find the oldest event: %w", err)
	}
	if len(rows) != 1 || len(rows[0]) != 1 {
		return 0, errors.New("find the oldest event: not one cell")
	}
	text, known := rows[0][0].(string)
	if !known { // meanwhile all were taken back
		return past, nil
	}
	return strconv.ParseInt(text, 10, 64)
}

// Forgive implements [Throttle].
func (t *DatabaseThrottle) Forgive(ctx context.Context, scope, key string, rate Rate, at time.Time) error {
	event, _ := rate.moment(at)
	if _, err := t.db.Exec(ctx, throttleForgive, strconv.FormatInt(event, 10), scope+":"+key); err != nil {
		return fmt.Errorf("take back an event: %w", err)
	}
	return nil
}

const sweepInterval = time.Hour

// sweep removes rows that count no more, if it is time to. What fails is for the next one: nobody waits for it.
func (t *DatabaseThrottle) sweep(ctx context.Context, now int64) {
	due := t.sweepAt.Load()
	if now >= due && t.sweepAt.CompareAndSwap(due, now+sweepInterval.Milliseconds()) {
		_, _ = t.db.Exec(ctx, throttleSweep, now)
	}
}
