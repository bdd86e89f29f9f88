package main

import (
	"context"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"github.com/jeton-dev/jeton/workers/auth"
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
}

// newMetrics returns metrics of the service and of the process. Every label has few values: no client can add one.
func newMetrics() *metrics {
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
	}
	for _, outcome := range [...]string{loginAccepted, loginRefused} {
		m.logins.WithLabelValues(outcome) // 0 is said too, so that the first one is an increase
	}
	build := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "jeton_build_info", Help: "1, with the version that runs.", ConstLabels: prometheus.Labels{"version": moduleVersion()},
	})
	build.Set(1)
	m.registry.MustRegister(m.requests, m.duration, m.inFlight, m.logins, build,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// The outcomes of logins.
const (
	loginAccepted = "accepted"
	loginRefused  = "refused"
)

// watchLogins has the service's logins counted.
func (m *metrics) watchLogins(hooks *auth.Hooks) {
	count := func(outcome string) func(context.Context, auth.LoginEvent) {
		return func(context.Context, auth.LoginEvent) { m.logins.WithLabelValues(outcome).Inc() }
	}
	hooks.OnLoginSuccess, hooks.OnLoginFailed = count(loginAccepted), count(loginRefused)
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
