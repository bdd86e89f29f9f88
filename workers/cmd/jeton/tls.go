package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"log/slog"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"
	"time"
)

// certificateInterval is how often the files of the certificate are looked at. They are compared whole: their times and links say
// nothing where a volume is swapped beneath them.
const certificateInterval = 5 * time.Second

// certificateFiles is the server's certificate and its key, in PEM files that may be replaced while it runs.
type certificateFiles struct {
	certPath, keyPath string
	cert, key         []byte // what was read last, good or not
	problem           string // what was wrong with it
	current           atomic.Pointer[tls.Certificate]
}

// loadCertificate reads the files that --tls-cert and --tls-key name. Without both it returns nil.
func loadCertificate(certPath, keyPath string) (*certificateFiles, error) {
	switch {
	case certPath == "" && keyPath == "":
		return nil, nil
	case certPath == "":
		return nil, usageError("--tls-cert: name the file of the certificate that --tls-key is for")
	case keyPath == "":
		return nil, usageError("--tls-key: name the file of the private key of --tls-cert")
	}
	files := &certificateFiles{certPath: certPath, keyPath: keyPath}
	_, err := files.load()
	return files, err
}

// load reads the files and uses what is in them when it is good and not what was read last.
func (f *certificateFiles) load() (changed bool, err error) {
	cert, err := readFile("--tls-cert", f.certPath)
	if err != nil {
		return false, err
	}
	key, err := readFile("--tls-key", f.keyPath)
	if err != nil {
		return false, err
	}
	if bytes.Equal(cert, f.cert) && bytes.Equal(key, f.key) {
		return false, nil
	}
	f.cert, f.key = cert, key
	pair, err := tls.X509KeyPair(cert, key)
	if err != nil { // the standard library's errors quote nothing of the files
		return false, usageError("--tls-cert %s, --tls-key %s: %w", f.certPath, f.keyPath, err)
	}
	f.current.Store(&pair)
	return true, nil
}

// config returns the TLS settings of a server, which take every handshake's certificate from f.
func (f *certificateFiles) config() *tls.Config {
	return &tls.Config{
		MinVersion:     tls.VersionTLS12,
		NextProtos:     []string{"h2", "http/1.1"},
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return f.current.Load(), nil },
	}
}

// watch loads the files anew on SIGHUP and when they change, until ctx ends. A pair that is not usable is logged, and the one before it
// stays in use.
func (f *certificateFiles) watch(ctx context.Context, logger *slog.Logger) {
	hangup := make(chan os.Signal, 1)
	signal.Notify(hangup, syscall.SIGHUP)
	defer signal.Stop(hangup)
	ticker := time.NewTicker(certificateInterval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		case <-hangup:
			f.cert, f.problem = nil, "" // what is there is said again
		}
		changed, err := f.load()
		problem := ""
		if err != nil {
			problem = err.Error()
		}
		switch {
		case problem != "" && problem != f.problem:
			logger.Error("the new certificate is not usable; the one before it stays in use", "error", err)
		case changed:
			logger.Info("loaded the certificate", "file", f.certPath)
		}
		f.problem = problem
	}
}
