package main

import (
	"context"
	"time"

	"github.com/jeton-dev/jeton/workers/auth"
)

// throttle counts where the Worker has most to count with: by the rate limiting binding of a scope, JETON_THROTTLE_ and the scope in
// capital letters, where there is one, and in D1 otherwise. A binding counts by its own limit and period, and cannot take anything back;
// failed logins are counted in D1 therefore.
type throttle struct {
	table   *auth.DatabaseThrottle
	unbound map[string]bool // the scopes known to have no binding
}

var _ auth.Throttle = (*throttle)(nil)

func newThrottle() *throttle {
	return &throttle{
		table:   auth.NewDatabaseThrottle(database{}),
		unbound: map[string]bool{auth.ThrottleLoginFailed: true},
	}
}

// The verdicts of a rate limiting binding.
const (
	verdictUnbound = 0 // there is none of that name
	verdictAllowed = 1
	verdictRefused = 2
)

// Allow implements [auth.Throttle]. A binding does not say how long to wait.
func (t *throttle) Allow(ctx context.Context, scope, key string, rate auth.Rate, now time.Time) (bool, time.Duration, error) {
	if !t.unbound[scope] {
		verdict, err := askLimit(ctx, scope, key)
		if err != nil || verdict != verdictUnbound {
			return verdict == verdictAllowed, 0, err
		}
		t.unbound[scope] = true
	}
	return t.table.Allow(ctx, scope, key, rate, now)
}

// Forgive implements [auth.Throttle].
func (t *throttle) Forgive(ctx context.Context, scope, key string, rate auth.Rate, at time.Time) error {
	if !t.unbound[scope] {
		return nil
	}
	return t.table.Forgive(ctx, scope, key, rate, at)
}

func askLimit(ctx context.Context, scope, key string) (verdict uint8, err error) {
	answer, err := ask(ctx, appendBytes(appendBytes([]byte{operationLimit}, scope), key))
	if err != nil {
		return verdictUnbound, err
	}
	verdict = answer.uint8()
	if answer.end() != nil || verdict > verdictRefused {
		return verdictUnbound, errFrame
	}
	return verdict, nil
}
