package main

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"os"
	"runtime/debug"
	"strconv"
	"syscall"
	"time"

	"golang.org/x/net/netutil"
)

// The server's limits. A login takes a few tenths of a second of CPU, and longer when many come at once.
const (
	readHeaderTimeout = 5 * time.Second
	readTimeout       = 15 * time.Second
	writeTimeout      = 60 * time.Second
	idleTimeout       = 60 * time.Second
	stopTimeout       = 25 * time.Second // service managers tend to kill after 30
	maxHeaderBytes    = 32 << 10
)

// collectLater lets the garbage collector wait until there is five times as much as is in use, unless GOGC says otherwise. What is in use
// is a few megabytes, which requests turn over many times a second: at Go's own setting the collector would hardly ever rest.
func collectLater() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400)
	}
}

// listen opens the address that a flag names.
func listen(flag, address string) (net.Listener, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, usageError("%s: not HOST:PORT, such as 127.0.0.1:8000", flag)
	}
	if n, err := strconv.Atoi(port); err != nil || n < 0 || n > 65535 {
		return nil, usageError("%s: the port is not a number from 0 to 65535", flag)
	}
	listener, err := net.Listen("tcp", address)
	var unknownHost *net.DNSError
	switch {
	case err == nil:
		return listener, nil
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, failure("%s %s: the port is in use by another program", flag, address)
	case errors.Is(err, syscall.EACCES):
		return nil, failure("%s %s: this user may not listen on that port", flag, address)
	case errors.As(err, &unknownHost):
		return nil, usageError("%s: there is no host %s", flag, host)
	}
	return nil, failure("%s %s: cannot listen: %w", flag, address, err)
}

// urlOf returns the URL a browser on this machine reaches the listener by.
func urlOf(scheme string, address net.Addr) string {
	tcp, ok := address.(*net.TCPAddr)
	if !ok {
		return address.String()
	}
	host := tcp.IP.String()
	if tcp.IP.IsUnspecified() {
		host = "127.0.0.1"
	}
	return scheme + "://" + net.JoinHostPort(host, strconv.Itoa(tcp.Port)) + "/"
}

// httpServer is one listener and what answers there.
type httpServer struct {
	name     string // for the log
	listener net.Listener
	handler  http.Handler
	tls      *tls.Config // nil: without TLS
	limit    int         // of connections at once; more wait to be accepted
	http     http.Server
}

// start begins to answer, and sends to ended if that comes to an end by itself.
func (s *httpServer) start(logger *slog.Logger, ended chan<- error) {
	s.http = http.Server{
		Handler:           s.handler,
		TLSConfig:         s.tls,
		ReadHeaderTimeout: readHeaderTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderBytes,
		ErrorLog:          slog.NewLogLogger(logger.Handler(), slog.LevelWarn),
	}
	logger.Info("listening", "for", s.name, "address", s.listener.Addr().String(), "tls", s.tls != nil)
	listener := netutil.LimitListener(s.listener, s.limit)
	go func() {
		if s.tls != nil {
			ended <- s.http.ServeTLS(listener, "", "")
		} else {
			ended <- s.http.Serve(listener)
		}
	}()
}

// lifecycle is how the servers of one program stop.
type lifecycle struct {
	release   func()        // called when stopping begins: after it a second signal ends the program at once
	announced func()        // called then too, so that /healthz says so
	delay     time.Duration // how long to go on answering then, until load balancers have noticed
	logger    *slog.Logger
}

// serve answers requests until ctx ends, finishes those under way, and returns. The servers stop in their order.
func (l *lifecycle) serve(ctx context.Context, servers ...*httpServer) error {
	collectLater()
	ended := make(chan error, len(servers))
	for _, s := range servers {
		s.start(l.logger, ended)
	}
	select {
	case err := <-ended:
		return failure("the server stopped: %w", err)
	case <-ctx.Done():
	}
	l.release()
	l.announced()
	l.logger.Info("stopping", "reason", "signal")
	time.Sleep(l.delay)
	deadline, cancel := context.WithTimeout(context.Background(), stopTimeout)
	defer cancel()
	for _, s := range servers {
		if err := s.http.Shutdown(deadline); err != nil {
			return failure("requests were cut off: not finished within %s of the signal", l.delay+stopTimeout)
		}
	}
	l.logger.Info("stopped")
	return nil
}
