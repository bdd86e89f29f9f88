package main

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"github.com/jeton-dev/jeton/workers/auth"
	"github.com/jeton-dev/jeton/workers/password"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// maxMetricsConnections is how many connections the metrics' listener takes at once.
const maxMetricsConnections = 64

// latencyBuckets reach from a token that is verified to a login that waits its turn, in seconds.
var latencyBuckets = []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}

// metrics is what Prometheus is told. The nil *metrics counts nothing.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	duration *prometheus.HistogramVec
	inFlight prometheus.Gauge
	logins   *prometheus.CounterVec
	failures *prometheus.CounterVec
}

// newMetrics returns metrics of the service and of the process, and of the pool that hashes passwords. Every label has few values: no
// client can add one.
func newMetrics(pool *password.Pool) *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "jeton_http_requests_total", Help: "Requests that were answered.",
		}, []string{"route", "method", "status"}),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "jeton_http_request_duration_seconds", Help: "How long requests took, from their header to the end of the answer.", Buckets: latencyBuckets,
		}, []string{"route", "method"}),
		inFlight: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "jeton_http_requests_in_flight", Help: "Requests that are being answered.",
		}),
		logins: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "jeton_logins_total", Help: "Logins that were accepted or refused.",
		}, []string{"outcome"}),
		failures: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "jeton_unavailable_total", Help: "Requests that ended with 503, by what was tried, and whether the database, or anything else, failed or too many passwords waited.",
		}, []string{"operation", "cause"}),
	}
	for _, outcome := range [...]string{loginAccepted, loginRefused} {
		m.logins.WithLabelValues(outcome) // 0 is said too, so that the first one is an increase
	}
	build := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "jeton_build_info", Help: "1, with the version that runs.", ConstLabels: prometheus.Labels{"version": moduleVersion()},
	})
	build.Set(1)
	m.registry.MustRegister(m.requests, m.duration, m.inFlight, m.logins, m.failures, build,
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "jeton_passwords_hashing", Help: "Passwords that are being hashed.",
		}, func() float64 { hashing, _ := pool.Load(); return float64(hashing) }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "jeton_passwords_waiting", Help: "Logins that wait for a password to be hashed.",
		}, func() float64 { _, waiting := pool.Load(); return float64(waiting) }),
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// The outcomes of logins, and the causes of failures.
const (
	loginAccepted = "accepted"
	loginRefused  = "refused"
	causeBusy     = "busy"
	causeError    = "error"
)

// watch has the service's logins counted, and what ends its requests with 503.
func (m *metrics) watch(hooks *auth.Hooks) {
	count := func(outcome string) func(context.Context, auth.LoginEvent) {
		return func(context.Context, auth.LoginEvent) { m.logins.WithLabelValues(outcome).Inc() }
	}
	hooks.OnLoginSuccess, hooks.OnLoginFailed = count(loginAccepted), count(loginRefused)
	hooks.OnUnavailable = func(ctx context.Context, operation string, err error) {
		switch {
		case ctx.Err() != nil: // the client is gone
		case errors.Is(err, password.ErrBusy):
			m.failures.WithLabelValues(operation, causeBusy).Inc()
		default:
			m.failures.WithLabelValues(operation, causeError).Inc()
		}
	}
}

// begin counts a request as being answered, until end.
func (m *metrics) begin() {
	if m != nil {
		m.inFlight.Inc()
	}
}

// end counts an answered request. The route must be one of few.
func (m *metrics) end(route, method string, status int, taken time.Duration) {
	if m == nil {
		return
	}
	method = knownMethod(method)
	m.inFlight.Dec()
	m.requests.WithLabelValues(route, method, strconv.Itoa(status)).Inc()
	m.duration.WithLabelValues(route, method).Observe(taken.Seconds())
}

// knownMethod returns "other" for methods that a client made up.
func knownMethod(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodOptions, http.MethodPut, http.MethodPatch, http.MethodDelete:
		return method
	}
	return "other"
}

// handler serves /metrics, and /healthz for those who may not reach the other listener.
func (m *metrics) handler(health http.Handler, logger *slog.Logger) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/metrics", promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{
		Registry: m.registry,
		ErrorLog: slog.NewLogLogger(logger.Handler(), slog.LevelWarn),
		Timeout:  10 * time.Second,
	}))
	mux.Handle(healthPath, health)
	return mux
}
