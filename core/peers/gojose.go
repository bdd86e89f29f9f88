package peers

import (
	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

// GoJOSE is go-jose's jwt package. Its validation leaves "typ" and a missing "exp" to the caller, so the adapter looks at both. Validate
// has a leeway of a minute; the adapter asks for none.
func GoJOSE() Library {
	return Library{
		Name: "go-jose", Module: "github.com/go-jose/go-jose/v4",
		NewVerify: func(material *Material) (Verify, error) {
			accepted := []jose.SignatureAlgorithm{jose.SignatureAlgorithm(material.Algorithm)}
			key := material.VerifyingKey()
			expected := jwt.Expected{Issuer: ExpectedIssuer, AnyAudience: jwt.Audience{ExpectedAudience}}
			return func(text string) error {
				token, err := jwt.ParseSigned(text, accepted)
				if err != nil {
					return err
				}
				var claims jwt.Claims
				if err := token.Claims(key, &claims); err != nil {
					return err
				}
				if err := claims.ValidateWithLeeway(expected, 0); err != nil {
					return err
				}
				if typ, _ := token.Headers[0].ExtraHeaders[jose.HeaderType].(string); typ != ExpectedType || claims.Expiry == nil {
					return errClaim
				}
				return nil
			}, nil
		},
		NewSign: func(material *Material) (Sign, error) {
			signer, err := jose.NewSigner(
				jose.SigningKey{Algorithm: jose.SignatureAlgorithm(material.Algorithm), Key: material.SigningKey()},
				new(jose.SignerOptions).WithType(ExpectedType),
			)
			if err != nil {
				return nil, err
			}
			return func(claims *Claims) (string, error) { return jwt.Signed(signer).Claims(claims).Serialize() }, nil
		},
		Unverified: func(text string) error {
			token, err := jwt.ParseSigned(text, goJOSEAlgorithms)
			if err != nil {
				return err
			}
			return token.UnsafeClaimsWithoutVerification(new(jwt.Claims))
		},
	}
}

var goJOSEAlgorithms = []jose.SignatureAlgorithm{jose.HS256}
