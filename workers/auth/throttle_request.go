package auth

import (
	"context"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"log/slog"
	"net/netip"
	"slices"
	"time"

	"github.com/jeton-dev/jeton/workers/auth/internal/rest"
)

// event is something that a scope counts.
type event struct{ scope, key string }

// throttleRequest counts a request as the classes of DEFAULT_THROTTLE_CLASSES do.
func (s *site) throttleRequest(ctx context.Context, c *call) *rest.Failure {
	classes := &s.config.RESTFramework
	if !classes.AnonRateThrottle && !classes.UserRateThrottle {
		return nil
	}
	address := c.request.clientNetwork()
	var events []event
	if classes.AnonRateThrottle && c.identity == nil {
		events = append(events, event{ThrottleAnon, address})
	}
	if classes.UserRateThrottle {
		if c.identity == nil {
			events = append(events, event{ThrottleUser, address})
		} else {
			events = append(events, event{ThrottleUser, "user " + c.identity.User.ID})
		}
	}
	return s.throttle(ctx, c.request, s.host.Now(), events...)
}

// throttle counts events that happen now, and returns the 429 when one of them is not allowed. As REST framework does, it counts all,
// also when one is not allowed, and tells the longest wait.
func (s *site) throttle(ctx context.Context, request *Request, now time.Time, events ...event) *rest.Failure {
	var refused *rest.Failure
	longest := time.Duration(-1)
	for _, e := range events {
		rate := s.config.RESTFramework.ThrottleRates[e.scope]
		if rate.unlimited() {
			continue
		}
		allowed, wait, err := s.throttling.Allow(ctx, e.scope, s.throttleKey(e), rate, now)
		if err != nil {
			return s.unavailable(ctx, "count a request", err)
		}
		if !allowed {
			s.logger.InfoContext(ctx, "a request was throttled", slog.String("scope", e.scope), slog.String("remote", request.RemoteAddress))
		}
		if !allowed && wait > longest {
			refused, longest = rest.RefuseThrottled(wait), wait
		}
	}
	return refused
}

// forgive takes back an event that was counted.
func (s *site) forgive(ctx context.Context, at time.Time, e event) *rest.Failure {
	rate := s.config.RESTFramework.ThrottleRates[e.scope]
	if rate.unlimited() {
		return nil
	}
	if err := s.throttling.Forgive(ctx, e.scope, s.throttleKey(e), rate, at); err != nil {
		return s.unavailable(ctx, "take back a counted request", err)
	}
	return nil
}

// throttleKey returns what stands for an event's key where events are counted: a keyed hash, so that neither memory nor a table can be
// searched for names and addresses.
func (s *site) throttleKey(e event) string {
	const length = 16
	mac := hmac.New(sha256.New, s.throttleSecret)
	mac.Write([]byte(e.scope + " " + e.key))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:length])
}

// setUpThrottle gives the site what counts, and the secret that keys are hashed with: the same in every process of a site, and of use
// for nothing else.
func (s *site) setUpThrottle() (err error) {
	if s.throttling = s.config.Throttle; s.throttling == nil {
		s.throttling = NewMemoryThrottle(0)
	}
	secrets := s.config.SecretKey + "\x00" + s.config.SimpleJWT.SigningKey
	for _, key := range slices.Concat(s.config.DRFJWT.SecretKeys, s.config.DRFJWT.PrivateKeys) {
		secrets += "\x00" + key.Key
	}
	s.throttleSecret, err = hkdf.Key(sha256.New, []byte(secrets), nil, "jeton: keys of throttles", sha256.Size)
	return err
}

// clientNetwork names who sent a request: an IPv4 address, the network of 64 bits of an IPv6 address, or what the transport says where
// that is no address.
func (r *Request) clientNetwork() string {
	address, err := netip.ParseAddr(r.RemoteAddress)
	if err != nil {
		withPort, err := netip.ParseAddrPort(r.RemoteAddress)
		if err != nil {
			return "client " + r.RemoteAddress
		}
		address = withPort.Addr()
	}
	address = address.Unmap().WithZone("")
	bits := address.BitLen()
	if address.Is6() {
		bits = 64
	}
	return "network " + netip.PrefixFrom(address, bits).Masked().String()
}
