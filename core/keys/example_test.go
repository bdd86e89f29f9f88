package keys_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net/http"
	"net/http/httptest"
	"testing/fstest"
	"time"

	"github.com/jeton-dev/jeton/core"
	"github.com/jeton-dev/jeton/core/keys"
)

func ExampleParsePEM() {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		panic(err)
	}
	text := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
	key, err := keys.ParsePEM(text, core.ES256)
	if err != nil {
		panic(err)
	}
	fmt.Println(key.Algorithm(), key.CanSign())
	// Output: ES256 true
}

func ExampleVerifyCertificate() {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	now := time.Now()
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		panic(err)
	}
	chain := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(chain)
	key, err := keys.VerifyCertificate(chain, core.ES256, roots, now)
	if err != nil {
		panic(err)
	}
	_, err = keys.VerifyCertificate(chain, core.ES256, roots, now.Add(2*time.Hour))
	fmt.Println(key.Algorithm(), errors.Is(err, core.KeyUnusable))
	// Output: ES256 true
}

func ExampleReadKeySet() {
	key, err := core.GenerateKey(core.ES256)
	if err != nil {
		panic(err)
	}
	set, err := core.NewKeySet(key)
	if err != nil {
		panic(err)
	}
	text, err := set.MarshalJSON()
	if err != nil {
		panic(err)
	}
	files := fstest.MapFS{"keys.json": {Data: text}} // or os.DirFS, or an embed.FS
	read, err := keys.ReadKeySet(files, "keys.json")
	if err != nil {
		panic(err)
	}
	fmt.Println(len(read.Keys()), read.Keys()[0].Algorithm())
	// Output: 1 ES256
}

func ExampleReadKeySetFile() {
	_, err := keys.ReadKeySetFile("no such file.json", core.RS256)
	fmt.Println(errors.Is(err, core.KeySetUnavailable), errors.Is(err, fs.ErrNotExist))
	// Output: true true
}

func ExampleRemoteSet() {
	key, err := core.GenerateKey(core.EdDSA)
	if err != nil {
		panic(err)
	}
	key, err = key.WithID("2026-01")
	if err != nil {
		panic(err)
	}
	set, err := core.NewKeySet(key)
	if err != nil {
		panic(err)
	}
	public, err := set.Public()
	if err != nil {
		panic(err)
	}
	issuer := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		text, err := public.MarshalJSON()
		if err != nil {
			panic(err)
		}
		w.Header().Set("Cache-Control", "max-age=600")
		w.Write(text)
	}))
	defer issuer.Close()

	remote, err := keys.NewRemoteSet(issuer.URL, keys.RemoteOptions{
		Algorithms: []core.Algorithm{core.EdDSA},
		AllowHTTP:  true, // the issuer of this example is on the loopback
	})
	if err != nil {
		panic(err)
	}
	defer remote.Close()
	verifier, err := core.NewVerifier(core.KeySetFunc(remote.KeySet), core.Policy{})
	if err != nil {
		panic(err)
	}
	token, err := core.Encode(core.NewClaims().SetSubject("alice").SetExpiration(time.Now().Add(time.Minute)), key)
	if err != nil {
		panic(err)
	}
	verified, err := verifier.Verify(token)
	if err != nil {
		panic(err)
	}
	fmt.Println(verified.Subject())
	// Output: alice true
}

func ExampleRemoteSet_Refresh() {
	remote, err := keys.NewRemoteSet("http://127.0.0.1:1/", keys.RemoteOptions{AllowHTTP: true, Timeout: time.Second})
	if err != nil {
		panic(err)
	}
	defer remote.Close()
	err = remote.Refresh(context.Background()) // at the start of a program, to see that the source answers
	fmt.Println(errors.Is(err, core.KeySetUnavailable), remote.Status().Failure != nil)
	// Output: true true
}
