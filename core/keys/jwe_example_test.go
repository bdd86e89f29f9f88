package keys_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jeton-dev/jeton/core"
	"github.com/jeton-dev/jeton/core/keys"
)

// A token that only its receiver can read: signed by the issuer, then encrypted to the receiver's public key.
func ExampleDecrypter() {
	receiver, err := keys.GenerateEncryptionKey(keys.ECDHES, keys.A256GCM)
	if err != nil {
		panic(err)
	}
	public, err := receiver.Public() // what the receiver gives to the issuer
	if err != nil {
		panic(err)
	}
	issuer, err := core.GenerateKey(core.EdDSA)
	if err != nil {
		panic(err)
	}
	signer, err := core.NewSigner(issuer, core.SignerOptions{})
	if err != nil {
		panic(err)
	}
	encrypter, err := keys.NewEncrypter(signer, public)
	if err != nil {
		panic(err)
	}
	token, err := encrypter.Encode(core.NewClaims().SetSubject("alice").SetExpiration(time.Now().Add(time.Minute)))
	if err != nil {
		panic(err)
	}

	verifier, err := core.NewVerifier(issuer, core.Policy{})
	if err != nil {
		panic(err)
	}
	decrypter, err := keys.NewDecrypter(receiver, verifier, keys.DecryptOptions{})
	if err != nil {
		panic(err)
	}
	verified, err := decrypter.Verify(token)
	if err != nil {
		panic(err)
	}
	fmt.Println(verified.Subject())
	// Output: alice true
}

func ExampleEncrypter() {
	secret := make([]byte, 32)
	rand.Read(secret)
	shared, err := keys.NewSecretEncryptionKey(keys.A256GCMKW, keys.A128CBCHS256, secret)
	if err != nil {
		panic(err)
	}
	key, err := core.GenerateKey(core.ES256)
	if err != nil {
		panic(err)
	}
	signer, err := core.NewSigner(key, core.SignerOptions{})
	if err != nil {
		panic(err)
	}
	encrypter, err := keys.NewEncrypter(signer, shared)
	if err != nil {
		panic(err)
	}
	token, err := encrypter.Encode(core.NewClaims().SetSubject("alice"))
	if err != nil {
		panic(err)
	}
	fmt.Println(strings.Count(token, ".") + 1)
	// Output: 5
}

func ExampleParseEncryptionPEM() {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		panic(err)
	}
	text := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
	key, err := keys.ParseEncryptionPEM(text, keys.ECDHES, keys.A256GCM)
	if err != nil {
		panic(err)
	}
	fmt.Println(key.Algorithm(), key.ContentAlgorithm(), key.CanDecrypt())
	// Output: ECDH-ES A256GCM true
}

func ExampleParseEncryptionJWK() {
	key, err := keys.GenerateEncryptionKey(keys.RSAOAEP256, keys.A256GCM)
	if err != nil {
		panic(err)
	}
	public, err := key.Public()
	if err != nil {
		panic(err)
	}
	text, err := public.MarshalJWK()
	if err != nil {
		panic(err)
	}
	read, err := keys.ParseEncryptionJWK(text, keys.RSAOAEP256, keys.A256GCM)
	if err != nil {
		panic(err)
	}
	_, err = keys.ParseEncryptionJWK(text, keys.ECDHES, keys.A256GCM)
	fmt.Println(read.CanDecrypt(), errors.Is(err, core.KeyUnusable))
	// Output: false true
}
