package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// newCertificate puts a self-signed certificate for 127.0.0.1 and its key into the directory, as cert.pem and key.pem.
func newCertificate(t *testing.T, directory string, serial int64) *x509.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: "localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	replace(t, directory, "key.pem", pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}))
	replace(t, directory, "cert.pem", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return certificate
}

// replace puts a file in another's place at once.
func replace(t *testing.T, directory, name string, content []byte) {
	t.Helper()
	path := filepath.Join(directory, name)
	if err := os.WriteFile(path+".new", content, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		t.Fatal(err)
	}
}

// served asks for /healthz over HTTPS with a new connection and no newer version of TLS than that, 0 for any.
func served(t *testing.T, s *server, trusted *x509.Certificate, newest uint16) (*http.Response, error) {
	t.Helper()
	config := &tls.Config{RootCAs: x509.NewCertPool(), MaxVersion: newest}
	config.RootCAs.AddCert(trusted)
	transport := &http.Transport{TLSClientConfig: config, ForceAttemptHTTP2: true}
	defer transport.CloseIdleConnections()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+"/healthz", nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := transport.RoundTrip(request)
	if err == nil {
		readBody(t, response)
	}
	return response, err
}

// waitForCertificate asks until the server has that certificate.
func waitForCertificate(t *testing.T, s *server, want *x509.Certificate) {
	t.Helper()
	for deadline := time.Now().Add(60 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		response, err := served(t, s, want, 0)
		if err == nil && response.TLS.PeerCertificates[0].Equal(want) {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("the server never has the certificate: %v\n%s", err, s.log)
		}
	}
}

func TestTLS(t *testing.T) {
	detectRaces(t)
	directory := t.TempDir()
	first := newCertificate(t, directory, 1)
	s := serve(t, directory, "--tls-cert", "cert.pem", "--tls-key", "key.pem")
	if !strings.HasPrefix(s.url, "https://") {
		t.Errorf("the address is %s", s.url)
	}
	response, err := served(t, s, first, 0)
	if err != nil || response.StatusCode != 200 || response.ProtoMajor != 2 {
		t.Fatalf("HTTPS gives %v, %v; want 200 over HTTP/2", response, err)
	}
	if _, err := served(t, s, first, tls.VersionTLS11); err == nil {
		t.Error("TLS 1.1 is spoken")
	}
	if response, body := get(t, "GET", strings.Replace(s.url, "https:", "http:", 1)+"/healthz", nil); response.StatusCode != 400 {
		t.Errorf("plain HTTP gives %d %s", response.StatusCode, body)
	}

	second := newCertificate(t, directory, 2) // noticed by itself
	waitForCertificate(t, s, second)

	replace(t, directory, "key.pem", []byte("nonsense"))
	s.cmd.Process.Signal(syscall.SIGHUP)
	s.log.waitFor(t, "the new certificate is not usable")
	waitForCertificate(t, s, second)

	third := newCertificate(t, directory, 3)
	s.cmd.Process.Signal(syscall.SIGHUP)
	waitForCertificate(t, s, third)
	if status := s.stop(t); status != 0 {
		t.Errorf("the status is %d, want 0:\n%s", status, s.log)
	}
	if !strings.Contains(s.log.String(), "scheme=https protocol=HTTP/2.0") {
		t.Errorf("the log lacks a request over HTTPS:\n%s", s.log)
	}

	newCertificate(t, directory, 4)
	if got := mustRun(t, directory, "", "serve", "--check", "--tls-cert", "cert.pem", "--tls-key", "key.pem"); !strings.Contains(got, "certificate: good until ") {
		t.Errorf("the check says %s", got)
	}
	newCertificate(t, directory, 5)
	otherKey, err := os.ReadFile(filepath.Join(directory, "key.pem"))
	if err != nil {
		t.Fatal(err)
	}
	newCertificate(t, directory, 6)
	replace(t, directory, "key.pem", otherKey)
	got := jeton(t, directory, "", "serve", "--check", "--tls-cert", "cert.pem", "--tls-key", "key.pem")
	refused(t, got, statusUsage, "--tls-cert cert.pem, --tls-key key.pem: tls: private key does not match public key")
}
