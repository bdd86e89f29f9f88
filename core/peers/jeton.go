package peers

import (
	"time"

	"github.com/jeton-dev/jeton/core"
)

// Jeton is this repository's core, through its allocating forms.
func Jeton() Library {
	return Library{
		Name: "Jeton", Module: "github.com/jeton-dev/jeton",
		NewVerify: func(material *Material) (Verify, error) {
			verifier, err := NewJetonVerifier(material)
			if err != nil {
				return nil, err
			}
			return func(token string) error {
				_, err := verifier.Verify(token)
				return err
			}, nil
		},
		NewSign: func(material *Material) (Sign, error) {
			key, err := material.Key()
			if err != nil {
				return nil, err
			}
			signer, err := core.NewSigner(key, core.SignerOptions{})
			if err != nil {
				return nil, err
			}
			return func(claims *Claims) (string, error) { return signer.Encode(JetonClaims(claims)) }, nil
		},
		Unverified: func(token string) error {
			_, err := core.Decode(token)
			return err
		},
	}
}

// NewJetonVerifier returns core's verifier with what every verifier here expects. Its clock is the default one.
func NewJetonVerifier(material *Material) (*core.Verifier, error) {
	key, err := material.Key()
	if err != nil {
		return nil, err
	}
	return core.NewVerifier(key, core.Policy{
		Issuers: []string{ExpectedIssuer}, Audiences: []string{ExpectedAudience}, Type: ExpectedType,
	})
}

// JetonClaims returns claims in core's form.
func JetonClaims(claims *Claims) *core.Claims {
	return core.NewClaims().SetIssuer(claims.Issuer).SetSubject(claims.Subject).SetAudience(claims.Audience).
		SetExpiration(time.Unix(claims.Expiration, 0)).SetNotBefore(time.Unix(claims.NotBefore, 0)).SetIssuedAt(time.Unix(claims.IssuedAt, 0)).
		SetID(claims.ID).Set("client_id", claims.ClientID).Set("scope", claims.Scope).Set("roles", claims.Roles)
}
