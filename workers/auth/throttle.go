package auth

import (
	"context"
	"time"
)

// Throttle counts events and says when there are too many of them. It is safe for concurrent use: of any number of calls at once, no
// more are allowed than the rate allows. [MemoryThrottle] counts in memory, [DatabaseThrottle] in a table.
type Throttle interface {
	// Allow counts an event under a key of a scope, unless the rate is used up: it is when rate.Count events lie within the
	// rate.Period before now. An event that is not allowed is not counted. wait is how long it takes until the next one is, or 0 when
	// nobody can tell. An error means that nothing is known, and the request ends with 503.
	//
	// The scope is one of the constants that begin with Throttle. The key is a keyed hash of what is counted, so that neither names nor
	// addresses are stored: 22 letters, digits, hyphens and underscores.
	Allow(ctx context.Context, scope, key string, rate Rate, now time.Time) (allowed bool, wait time.Duration, err error)
	// Forgive takes back the event that was counted under a key at a time. It does nothing when there is none.
	Forgive(ctx context.Context, scope, key string, rate Rate, at time.Time) error
}

// The scopes: what is counted, and under which key. They are the names that REST_FRAMEWORK's DEFAULT_THROTTLE_RATES holds. An address is
// the client's IP address; of an IPv6 address the network of 64 bits counts, since that is what one client has.
const (
	// ThrottleAnon and ThrottleUser count requests for any endpoint as REST framework's throttling classes of those names do, when
	// DEFAULT_THROTTLE_CLASSES lists them: those without an access token by address, and those with one by user as well.
	ThrottleAnon = "anon"
	ThrottleUser = "user"
	// ThrottleLogin counts logins, good and bad, by address.
	ThrottleLogin = "login"
	// ThrottleLoginUsername counts logins, good and bad, by username. Whoever knows a username can keep its user from logging in.
	ThrottleLoginUsername = "login_username"
	// ThrottleLoginFailed counts failed logins by username and address together.
	ThrottleLoginFailed = "login_failed"
	// ThrottleRegister counts registrations by address.
	ThrottleRegister = "register"
	// ThrottlePasswordChange counts changes of a password, good and bad, by user.
	ThrottlePasswordChange = "password_change"
)

// Rate is how many events are allowed in a period that slides along with time. The zero Rate allows any number.
type Rate struct {
	// Count is at most 1,000,000. Up to 128 events are counted exactly; of more, each counts for up to 1/128 of the period longer.
	Count int
	// Period is whole milliseconds.
	Period time.Duration
}

const (
	maximumRateCount  = 1_000_000
	maximumRatePeriod = 30 * 24 * time.Hour
)

func (r Rate) unlimited() bool { return r == Rate{} }

func (r Rate) valid() bool {
	return r.unlimited() || r.Count >= 1 && r.Count <= maximumRateCount && r.Period >= time.Millisecond && r.Period <= maximumRatePeriod
}

// exactEvents is how many events of a key are kept one by one. Beyond it, those of 1/exactEvents of the period are kept together, so that
// no key takes more room than that.
const exactEvents = 128

// moment returns when an event of now counts, and the time up to which events count no more, both in milliseconds. Events that are kept
// together count from the end of their part of the period, so that they never count too short.
func (r Rate) moment(now time.Time) (at, past int64) {
	milliseconds, grain := now.UnixMilli(), int64(1)
	if r.Count > exactEvents {
		grain = max(1, r.Period.Milliseconds()/exactEvents)
	}
	at = (milliseconds + grain - 1) / grain * grain
	return at, milliseconds - r.Period.Milliseconds()
}

// wait returns how long it takes from a time until an event counts no more.
func (r Rate) wait(event int64, now time.Time) time.Duration {
	return min(r.Period, time.Duration(event-now.UnixMilli())*time.Millisecond+r.Period)
}
