package core_test

import (
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/jeton-dev/jeton/core"
)

func Example() {
	key, err := core.GenerateKey(core.ES256)
	if err != nil {
		panic(err)
	}
	token, err := core.Encode(core.NewClaims().SetSubject("alice").SetExpiration(time.Now().Add(5*time.Minute)), key)
	if err != nil {
		panic(err)
	}
	verified, err := core.Verify(token, key, core.Policy{})
	if err != nil {
		panic(err)
	}
	subject, _ := verified.Subject()
	fmt.Println(subject)
	// Output: alice
}

func ExampleVerifier() {
	secret := make([]byte, 32)
	rand.Read(secret)
	key, err := core.NewHMACKey(core.HS256, secret)
	if err != nil {
		panic(err)
	}
	verifier, err := core.NewVerifier(key, core.Policy{
		Issuers:   []string{"https://issuer.example"},
		Audiences: []string{"api"},
		Leeway:    5 * time.Second,
	})
	if err != nil {
		panic(err)
	}
	token, err := core.Encode(core.NewClaims().SetIssuer("https://issuer.example").SetAudience("app").SetExpiration(time.Now().Add(-time.Hour)), key)
	if err != nil {
		panic(err)
	}
	_, err = verifier.Verify(token)
	fmt.Println(errors.Is(err, core.TokenExpired), errors.Is(err, core.AudienceMismatch))
	// Output: true true
}

func ExampleSigner_AppendEncode() {
	key, err := core.GenerateKey(core.HS256)
	if err != nil {
		panic(err)
	}
	signer, err := core.NewSigner(key, core.SignerOptions{Type: "at+jwt"})
	if err != nil {
		panic(err)
	}
	header := []byte("Authorization: Bearer ")
	header, err = signer.AppendEncode(header, []byte(`{"sub":"alice","exp":4102444800}`))
	if err != nil {
		panic(err)
	}
	fmt.Println(string(header[:25]))
	// Output: Authorization: Bearer eyJ
}

func ExampleDecode() {
	unverified, err := core.Decode("eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbGljZSJ9.")
	if err != nil {
		panic(err)
	}
	claim, _ := unverified.UnverifiedClaim("sub")
	text, _ := claim.Text()
	fmt.Println(unverified.UnverifiedAlgorithm(), text)
	// Output: none alice
}

func ExampleVerifier_Begin() {
	material, err := core.GenerateKey(core.EdDSA) // stands for a key in an HSM
	if err != nil {
		panic(err)
	}
	token, err := core.Encode(core.NewClaims().SetSubject("alice").SetExpiration(time.Now().Add(time.Minute)), material)
	if err != nil {
		panic(err)
	}
	host, err := core.NewHostKey(core.EdDSA)
	if err != nil {
		panic(err)
	}
	verifier, err := core.NewVerifier(host, core.Policy{})
	if err != nil {
		panic(err)
	}
	pending, err := verifier.Begin(token)
	if err != nil {
		panic(err)
	}
	good := material.Verify(pending.SigningInput(), pending.Signature())
	verified, err := pending.Finish(good)
	if err != nil {
		panic(err)
	}
	fmt.Println(verified.Subject())
	// Output: alice true
}

func ExampleParseJWKSet() {
	key, err := core.GenerateKey(core.ES256)
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
	published, err := set.Public()
	if err != nil {
		panic(err)
	}
	text, err := published.MarshalJSON()
	if err != nil {
		panic(err)
	}
	read, err := core.ParseJWKSet(text)
	if err != nil {
		panic(err)
	}
	fmt.Println(read.Keys()[0].ID(), read.Keys()[0].CanSign())
	// Output: 2026-01 false
}

func ExampleKey_Thumbprint() {
	key, err := core.GenerateKey(core.EdDSA)
	if err != nil {
		panic(err)
	}
	thumbprint, err := key.Thumbprint()
	if err != nil {
		panic(err)
	}
	named, err := key.WithID(thumbprint)
	if err != nil {
		panic(err)
	}
	fmt.Println(named.ID() == thumbprint, len(thumbprint))
	// Output: true 43
}
