package keys_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
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
