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

// A server that checks many tokens keeps a Token and has it filled again: nothing is allocated for a token.
func ExampleVerifier_VerifyInto() {
	key, err := core.GenerateKey(core.HS256)
	if err != nil {
		panic(err)
	}
	verifier, err := core.NewVerifier(key, core.Policy{})
	if err != nil {
		panic(err)
	}
	var token core.Token
	for _, name := range []string{"alice", "bob"} {
		text, err := core.Encode(core.NewClaims().SetSubject(name).SetExpiration(time.Now().Add(time.Minute)), key)
		if err != nil {
			panic(err)
		}
		if err := verifier.VerifyInto(&token, text); err != nil {
			panic(err)
		}
		fmt.Println(token.Subject())
	}
	// Output:
	// alice true
	// bob true
}

func ExampleVerifier_BeginInto() {
	material, err := core.GenerateKey(core.HS256) // stands for a key in an HSM
	if err != nil {
		panic(err)
	}
	host, err := core.NewHostKey(core.HS256)
	if err != nil {
		panic(err)
	}
	verifier, err := core.NewVerifier(host, core.Policy{})
	if err != nil {
		panic(err)
	}
	var pending core.PendingVerification
	for _, name := range []string{"alice", "bob"} {
		text, err := core.Encode(core.NewClaims().SetSubject(name).SetExpiration(time.Now().Add(time.Minute)), material)
		if err != nil {
			panic(err)
		}
		if err := verifier.BeginInto(&pending, text); err != nil {
			panic(err)
		}
		token, err := pending.Finish(material.Verify(pending.SigningInput(), pending.Signature()))
		if err != nil {
			panic(err)
		}
		fmt.Println(token.Subject())
	}
	// Output:
	// alice true
	// bob true
}

func ExampleDecodeInto() {
	var unverified core.Unverified
	for _, token := range []string{"eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbGljZSJ9.", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJib2IifQ."} {
		if err := core.DecodeInto(&unverified, token); err != nil {
			panic(err)
		}
		claim, _ := unverified.UnverifiedClaim("sub")
		fmt.Println(claim.Text())
	}
	// Output:
	// alice true
	// bob true
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

func ExampleAccessToken() {
	key, err := core.GenerateKey(core.ES256)
	if err != nil {
		panic(err)
	}
	signer, err := core.NewSigner(key, core.SignerOptions{Profile: core.IDToken()})
	if err != nil {
		panic(err)
	}
	now := time.Now()
	idToken, err := signer.Encode(core.NewClaims().SetIssuer("https://issuer.example").SetSubject("alice").SetAudience("app").
		SetIssuedAt(now).SetExpiration(now.Add(time.Minute)))
	if err != nil {
		panic(err)
	}
	verifier, err := core.NewVerifier(key, core.Policy{
		Profile:   core.AccessToken(),
		Issuers:   []string{"https://issuer.example"},
		Audiences: []string{"app"},
	})
	if err != nil {
		panic(err)
	}
	_, err = verifier.Verify(idToken)
	fmt.Println(errors.Is(err, core.TypeMismatch))
	// Output: true
}

func ExampleIDToken() {
	_, err := core.NewVerifier(core.KeyFunc(func(core.Header) (*core.Key, error) { return nil, nil }), core.Policy{
		Profile: core.IDToken(),
		Issuers: []string{"https://issuer.example"},
	})
	fmt.Println(err)
	// Output: policy_invalid: the policy is contradictory or out of range: the profile needs to know the audiences
}

func ExampleDjangoAccess() {
	key, err := core.GenerateKey(core.HS256)
	if err != nil {
		panic(err)
	}
	refresh, err := core.Encode(core.NewClaims().Set("token_type", "refresh").SetID("1").SetExpiration(time.Now().Add(time.Hour)), key)
	if err != nil {
		panic(err)
	}
	for _, profile := range []core.Profile{core.DjangoAccess(), core.DjangoRefresh(), core.DjangoSliding()} {
		_, err := core.Verify(refresh, key, core.Policy{Profile: profile})
		fmt.Println(profile, err == nil)
	}
	// Output:
	// django_access false
	// django_refresh true
	// django_sliding false
}

func ExampleParseProfile() {
	profile, err := core.ParseProfile("access_token")
	fmt.Println(profile == core.AccessToken(), err)
	// Output: true <nil>
}

func ExamplePolicy_revoked() {
	key, err := core.GenerateKey(core.HS256)
	if err != nil {
		panic(err)
	}
	loggedOut := map[string]time.Time{"alice": time.Now()} // only read below; a map that changes needs a lock
	verifier, err := core.NewVerifier(key, core.Policy{
		RequiredClaims: []string{"sub", "iat"},
		Revoked: func(query core.RevocationQuery) error {
			if moment, ok := loggedOut[query.Subject]; ok && query.IssuedAt.Before(moment) {
				return core.TokenRevoked
			}
			return nil
		},
	})
	if err != nil {
		panic(err)
	}
	for _, subject := range []string{"alice", "bob"} {
		issued := time.Now().Add(-time.Minute)
		token, err := core.Encode(core.NewClaims().SetSubject(subject).SetIssuedAt(issued).SetExpiration(issued.Add(time.Hour)), key)
		if err != nil {
			panic(err)
		}
		_, err = verifier.Verify(token)
		fmt.Println(subject, errors.Is(err, core.TokenRevoked))
	}
	// Output:
	// alice true
	// bob false
}

func ExamplePolicy_keyAlgorithms() {
	key, err := core.GenerateKey(core.ES256)
	if err != nil {
		panic(err)
	}
	old, err := key.WithID("2025")
	if err != nil {
		panic(err)
	}
	token, err := core.Encode(core.NewClaims().SetExpiration(time.Now().Add(time.Minute)), old)
	if err != nil {
		panic(err)
	}
	keys := core.KeyFunc(func(core.Header) (*core.Key, error) { return key, nil })
	_, err = core.Verify(token, keys, core.Policy{KeyAlgorithms: map[string][]core.Algorithm{"2026": {core.ES256}}})
	fmt.Println(err)
	// Output: key_not_found: no key matches the token (kid): not an accepted key ID
}

func ExampleValue() {
	key, err := core.GenerateKey(core.HS256)
	if err != nil {
		panic(err)
	}
	text, err := core.Encode(core.NewClaims().Set("auth_time", time.Unix(1_790_000_000, 0)).Set("amr", []string{"pwd", "otp"}).Set("scope", "read write").
		SetExpiration(time.Now().Add(time.Minute)), key)
	if err != nil {
		panic(err)
	}
	token, err := core.Verify(text, key, core.Policy{})
	if err != nil {
		panic(err)
	}
	since, _ := token.Claim("auth_time")
	methods, _ := token.Claim("amr")
	fmt.Println(since.Time())
	fmt.Println(methods.Texts())
	fmt.Println(token.Scope())
	// Output:
	// 2026-09-21 14:13:20 +0000 UTC true
	// [pwd otp] true
	// [read write]
}
