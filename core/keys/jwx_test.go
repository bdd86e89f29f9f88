package keys_test

import (
	"testing"
	"time"

	"github.com/lestrrat-go/jwx/v2/jwa"
	"github.com/lestrrat-go/jwx/v2/jwk"
	"github.com/lestrrat-go/jwx/v2/jwt"

	"github.com/jeton-dev/jeton/core"
)

// TestTokensOfJWX holds core against jwx for every algorithm that jwx knows: each verifies what the other signed, with the key handed
// over as a JWK.
func TestTokensOfJWX(t *testing.T) {
	for _, algorithm := range core.Algorithms() {
		if algorithm == core.Ed25519 {
			continue // jwx v2 has no name for it
		}
		t.Run(string(algorithm), func(t *testing.T) {
			ours := must[*core.Key](t)(core.GenerateKey(algorithm))
			theirs := must[jwk.Key](t)(jwk.ParseKey(must[[]byte](t)(ours.MarshalJWK())))
			expiration := time.Now().Add(time.Hour).Truncate(time.Second)

			token := must[string](t)(core.Encode(core.NewClaims().SetSubject("alice").SetExpiration(expiration), ours))
			public := must[jwk.Key](t)(theirs.PublicKey())
			read := must[jwt.Token](t)(jwt.Parse([]byte(token), jwt.WithKey(jwa.SignatureAlgorithm(algorithm), public)))
			if read.Subject() != "alice" || !read.Expiration().Equal(expiration) {
				t.Errorf("jwx read subject %q, expiration %v", read.Subject(), read.Expiration())
			}

			made := must[jwt.Token](t)(jwt.NewBuilder().Subject("alice").Expiration(expiration).Build())
			signed := must[[]byte](t)(jwt.Sign(made, jwt.WithKey(jwa.SignatureAlgorithm(algorithm), theirs)))
			verified := must[*core.Token](t)(core.Verify(string(signed), ours, core.Policy{}))
			if subject, _ := verified.Subject(); subject != "alice" {
				t.Errorf("core read subject %q", subject)
			}
		})
	}
}
