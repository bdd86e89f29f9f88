package interop

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jeton-dev/jeton/core"
	"github.com/jeton-dev/jeton/core/keys"
)

// fixture is a list with the keys, passwords and services that it is replayed with.
type fixture struct {
	*list
	keys    map[string]*core.Key
	values  map[string]string // of variables
	jwk     map[string]string // of those variables that hold a PEM key, the same as a JWK, for where PEM is not read
	targets []*target
	// reordered counts the answers of Django that show the difference of the whole list.
	reordered int
}

// newFixture makes keys and passwords, and starts Django and both kinds of Jeton on databases with the same rows.
func newFixture(t *testing.T, l *list) *fixture {
	t.Helper()
	f := &fixture{list: l, keys: map[string]*core.Key{}, values: map[string]string{}, jwk: map[string]string{}}
	f.values["password"] = "pässword " + rand.Text()
	f.values["new password"] = "new password " + rand.Text()
	f.values["255 characters"] = strings.Repeat("x", 255)
	f.values["8 KiB"] = strings.Repeat("x", 8<<10)
	f.values["64 KiB"] = strings.Repeat("x", 64<<10)
	f.values["64 KiB and more"] = strings.Repeat("x", 64<<10+1)
	f.values["5000 brackets"] = strings.Repeat("[", 5000)
	f.makeKeys(t)
	f.publishKeys(t)
	python := pythonWith(t, l.Requirements)
	jeton := required(t, jetonVariable)

	folder := newFolder(t)
	original, copied, dump := filepath.Join(folder, "django.sqlite3"), filepath.Join(folder, "native.sqlite3"), filepath.Join(folder, "dump.json")
	site := siteFile{Settings: f.fill(t, l.Settings, nil), Database: sqliteDatabase(original), Users: f.users(t), Dump: dump}
	if l.Django != nil {
		site.Django = f.fill(t, l.Django, nil)
	}
	django := &target{name: "Django", address: startDjango(t, python, site), query: openSQLite(t, original)}
	copyFile(t, original, copied)
	if l.Program != "" {
		f.targets = []*target{django, startProgram(t, site.Settings, copied, l.Program)}
		return f
	}
	native := &target{name: "native", address: startNative(t, jeton, f.fill(t, l.Settings, nil), copied, l.Flags...), query: openSQLite(t, copied)}
	f.targets = []*target{django, native}
	if l.Only == "native" {
		return f
	}
	var statements []string
	readJSON(t, dump, &statements)
	worker := startWorker(t, map[string]string{"JETON_CONFIG": string(f.fill(t, l.Settings, f.jwk))}, statements)
	f.targets = append(f.targets, worker)
	return f
}

// makeKeys makes the list's keys, and "signing" unless it is one of them. An HMAC key is the variable of its name; other keys are
// "private NAME" and "public NAME"; the text of the public one is an HMAC key for attackers, "public NAME as secret".
func (f *fixture) makeKeys(t *testing.T) {
	t.Helper()
	algorithms := map[string]string{"signing": "HS256", "other": "HS256"}
	for name, algorithm := range f.Keys {
		algorithms[name] = algorithm
	}
	for name, text := range algorithms {
		algorithm, err := core.ParseAlgorithm(text)
		if err != nil {
			t.Fatal(err)
		}
		if algorithm.Symmetric() {
			f.values[name] = rand.Text() + rand.Text() + rand.Text()
			f.keys[name] = must[*core.Key](t)(core.NewHMACKey(algorithm, []byte(f.values[name])))
			continue
		}
		private := newPrivateKey(t, algorithm)
		f.keys[name] = must[*core.Key](t)(keys.ParsePEM([]byte(private), algorithm))
		public := must[*core.Key](t)(f.keys[name].Public())
		f.values["private "+name], f.values["public "+name] = private, publicPEM(t, private)
		f.keys["public "+name+" as secret"] = must[*core.Key](t)(core.NewHMACKey(core.HS256, []byte(f.values["public "+name])))
		f.jwk["private "+name] = string(must[[]byte](t)(f.keys[name].MarshalJWK()))
		f.jwk["public "+name] = string(must[[]byte](t)(public.MarshalJWK()))
	}
}

// publishKeys serves the public keys of the list as a JWK Set, each under its name as "kid". The variable "key set" is where; at
// "no key set" nobody answers.
func (f *fixture) publishKeys(t *testing.T) {
	t.Helper()
	if !strings.Contains(string(f.Settings), "key set}") {
		return
	}
	var set struct {
		Keys []json.RawMessage `json:"keys"`
	}
	for name := range f.Keys {
		public := must[*core.Key](t)(f.keys[name].Public())
		named := must[*core.Key](t)(public.WithID(name))
		set.Keys = append(set.Keys, must[[]byte](t)(named.MarshalJWK()))
	}
	text := must[[]byte](t)(json.Marshal(set))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/jwk-set+json")
		w.Write(text)
	}))
	t.Cleanup(server.Close)
	closed := httptest.NewServer(nil)
	closed.Close()
	f.values["key set"], f.values["no key set"] = server.URL+"/keys", closed.URL+"/keys"
}

func must[T any](t *testing.T) func(T, error) T {
	return func(value T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

// newPrivateKey returns a new key as PEM.
func newPrivateKey(t *testing.T, algorithm core.Algorithm) string {
	t.Helper()
	var private any
	var err error
	switch algorithm {
	case core.ES256:
		private, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	case core.ES384:
		private, err = ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	case core.ES512:
		private, err = ecdsa.GenerateKey(elliptic.P521(), rand.Reader)
	case core.EdDSA:
		_, private, err = ed25519.GenerateKey(rand.Reader)
	default:
		private, err = rsa.GenerateKey(rand.Reader, 2048)
	}
	if err != nil {
		t.Fatal(err)
	}
	der := must[[]byte](t)(x509.MarshalPKCS8PrivateKey(private))
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
}

func publicPEM(t *testing.T, private string) string {
	t.Helper()
	block, _ := pem.Decode([]byte(private))
	signer := must[any](t)(x509.ParsePKCS8PrivateKey(block.Bytes)).(crypto.Signer)
	der := must[[]byte](t)(x509.MarshalPKIXPublicKey(signer.Public()))
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
}

// fill puts keys and passwords into settings. Values in instead go before the list's.
func (f *fixture) fill(t *testing.T, settings json.RawMessage, instead map[string]string) []byte {
	t.Helper()
	v := &variables{list: f, saved: instead}
	if instead == nil {
		v.saved = map[string]string{}
	}
	return []byte(must[string](t)(v.json(string(settings))))
}

// users returns the rows of cases/users.json and the list's own, which stand alone where the site has a user model of its own.
func (f *fixture) users(t *testing.T) []map[string]any {
	t.Helper()
	var rows []map[string]any
	if !strings.Contains(string(f.Django), "AUTH_USER_MODEL") {
		readJSON(t, "cases/users.json", &rows)
	}
	filled := f.fill(t, must[[]byte](t)(json.Marshal(append(rows, f.Users...))), nil)
	if err := json.Unmarshal(filled, &rows); err != nil {
		t.Fatal(err)
	}
	return rows
}

func readJSON(t *testing.T, path string, into any) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(text, into)
	}
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	source, err := os.Open(from)
	if err != nil {
		t.Fatal(err)
	}
	defer source.Close()
	destination, err := os.Create(to)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(destination, source); err != nil {
		t.Fatal(err)
	}
	if err := destination.Close(); err != nil {
		t.Fatal(err)
	}
}

// verified reports whether a key of the list's made a signature.
func (f *fixture) verified(input, signature string) bool {
	for _, key := range f.keys {
		if key.Verify([]byte(input), []byte(signature)) {
			return true
		}
	}
	return false
}
