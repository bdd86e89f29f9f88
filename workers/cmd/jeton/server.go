package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"syscall"
	"time"
)

// The server's limits. A login takes a few tenths of a second of CPU, and longer when many come at once.
const (
	readHeaderTimeout = 5 * time.Second
	readTimeout       = 15 * time.Second
	writeTimeout      = 60 * time.Second
	idleTimeout       = 60 * time.Second
	stopTimeout       = 30 * time.Second
	maxHeaderBytes    = 32 << 10
)

// listen opens the address that --addr names.
func listen(address string) (net.Listener, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, usageError("--addr: not HOST:PORT, such as 127.0.0.1:8000")
	}
	if n, err := strconv.Atoi(port); err != nil || n < 0 || n > 65535 {
		return nil, usageError("--addr: the port is not a number from 0 to 65535")
	}
	listener, err := net.Listen("tcp", address)
	var unknownHost *net.DNSError
	switch {
	case err == nil:
		return listener, nil
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, failure("--addr %s: the port is in use by another program", address)
	case errors.Is(err, syscall.EACCES):
		return nil, failure("--addr %s: this user may not listen on that port", address)
	case errors.As(err, &unknownHost):
		return nil, usageError("--addr: there is no host %s", host)
	}
	return nil, failure("--addr %s: cannot listen: %w", address, err)
}

// urlOf returns the URL a browser on this machine reaches the listener by.
func urlOf(address net.Addr) string {
	tcp, ok := address.(*net.TCPAddr)
	if !ok {
		return address.String()
	}
	host := tcp.IP.String()
	if tcp.IP.IsUnspecified() {
		host = "127.0.0.1"
	}
	return "http://" + net.JoinHostPort(host, strconv.Itoa(tcp.Port)) + "/"
}

// serveHTTP answers requests until ctx ends, finishes those under way, and returns. A second signal, once release has been called, ends
// the program at once.
func serveHTTP(ctx context.Context, release func(), listener net.Listener, handler http.Handler, logger *slog.Logger) error {
	server := &http.Server{
		Handler:           logRequests(handler, logger),
		ReadHeaderTimeout: readHeaderTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderBytes,
		ErrorLog:          slog.NewLogLogger(logger.Handler(), slog.LevelWarn),
	}
	logger.Info("listening", "address", listener.Addr().String())
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	select {
	case err := <-ended:
		return failure("the server stopped: %w", err)
	case <-ctx.Done():
	}
	release()
	logger.Info("stopping", "reason", "signal")
	deadline, cancel := context.WithTimeout(context.Background(), stopTimeout)
	defer cancel()
	if err := server.Shutdown(deadline); err != nil {
		return failure("requests were cut off: not finished within %s of the signal", stopTimeout)
	}
	logger.Info("stopped")
	return nil
}
