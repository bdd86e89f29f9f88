package keys_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"fmt"

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
