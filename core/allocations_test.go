package core_test

import (
	"testing"

	"github.com/jeton-dev/jeton/core"
)

// TestAllocations pins what the doc comments promise: the forms that take the caller's space allocate nothing once they are warm, and
// Encode allocates the token. The race detector allocates on its own account.
func TestAllocations(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	key := newKey(t, core.HS256)
	signer, err := core.NewSigner(key, core.SignerOptions{})
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := core.NewVerifier(key, core.Policy{
		Issuers: []string{"https://issuer.example"}, Audiences: []string{"api"}, Type: "JWT", Clock: policy().Clock,
	})
	if err != nil {
		t.Fatal(err)
	}
	host, err := core.NewHostKey(core.ES256)
	if err != nil {
		t.Fatal(err)
	}
	hostVerifier, err := core.NewVerifier(host, policy())
	if err != nil {
		t.Fatal(err)
	}
	claims := goodClaims()
	payload, err := claims.AppendJSON(nil)
	if err != nil {
		t.Fatal(err)
	}
	usual := encode(t, claims, key)
	unusual := sign(t, key, `{"alg":"HS256","kid":"none that is known","typ":"JWT"}`, string(payload))
	audiences := encode(t, goodClaims().SetAudience("other", "api"), key)
	hosted := segment(`{"alg":"ES256","typ":"JWT"}`) + "." + segment(string(payload)) + "." + segment(string(make([]byte, 64)))

	var token core.Token
	var pending core.PendingVerification
	var decoded core.Unverified
	var space []byte
	must := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, test := range []struct {
		name string
		want float64
		run  func()
	}{
		{"VerifyInto", 0, func() { must(verifier.VerifyInto(&token, usual)) }},
		{"VerifyInto, a header not known beforehand", 0, func() { must(verifier.VerifyInto(&token, unusual)) }},
		{"VerifyInto, a list of audiences", 0, func() { must(verifier.VerifyInto(&token, audiences)) }},
		{"BeginInto and Finish", 0, func() {
			must(hostVerifier.BeginInto(&pending, hosted))
			_, err := pending.Finish(true)
			must(err)
		}},
		{"DecodeInto", 0, func() { must(core.DecodeInto(&decoded, usual)) }},
		{"AppendEncode", 0, func() {
			var err error
			space, err = signer.AppendEncode(space[:0], payload)
			must(err)
		}},
		{"Encode", 1, func() {
			_, err := signer.Encode(claims)
			must(err)
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := testing.AllocsPerRun(1000, test.run); got != test.want {
				t.Errorf("%v allocations, want %v", got, test.want)
			}
		})
	}
}
