package peers

import (
	"github.com/lestrrat-go/jwx/v3/jwa"
	"github.com/lestrrat-go/jwx/v3/jwk"
	"github.com/lestrrat-go/jwx/v3/jws"
	"github.com/lestrrat-go/jwx/v3/jwt"
)

// JWX3 is jwx v3, used the way JWX2 uses v2.
func JWX3() Library {
	return Library{
		Name: "jwx v3", Module: "github.com/lestrrat-go/jwx/v3",
		NewVerify: func(material *Material) (Verify, error) {
			key, err := jwk.Import(material.VerifyingKey())
			if err != nil {
				return nil, err
			}
			algorithm, known := jwa.LookupSignatureAlgorithm(string(material.Algorithm))
			if !known {
				return nil, ErrUnsupported
			}
			options := []jwt.ParseOption{
				jwt.WithVerify(false), jwt.WithValidate(true), jwt.WithIssuer(ExpectedIssuer), jwt.WithAudience(ExpectedAudience), jwt.WithRequiredClaim(jwt.ExpirationKey),
			}
			return func(text string) error {
				message := jws.NewMessage()
				payload, err := jws.Verify([]byte(text), jws.WithKey(algorithm, key), jws.WithMessage(message))
				if err != nil {
					return err
				}
				if typ, _ := message.Signatures()[0].ProtectedHeaders().Type(); typ != ExpectedType {
					return errClaim
				}
				_, err = jwt.Parse(payload, options...)
				return err
			}, nil
		},
		NewSign: func(material *Material) (Sign, error) {
			key, err := jwk.Import(material.SigningKey())
			if err != nil {
				return nil, err
			}
			algorithm, known := jwa.LookupSignatureAlgorithm(string(material.Algorithm))
			if !known {
				return nil, ErrUnsupported
			}
			return func(claims *Claims) (string, error) {
				token, err := jwt.NewBuilder().Issuer(claims.Issuer).Subject(claims.Subject).Audience([]string{claims.Audience}).
					Claim(jwt.ExpirationKey, claims.Expiration).Claim(jwt.NotBeforeKey, claims.NotBefore).Claim(jwt.IssuedAtKey, claims.IssuedAt).
					JwtID(claims.ID).Claim("client_id", claims.ClientID).Claim("scope", claims.Scope).Claim("roles", claims.Roles).Build()
				if err != nil {
					return "", err
				}
				signed, err := jwt.Sign(token, jwt.WithKey(algorithm, key))
				return string(signed), err
			}, nil
		},
		Unverified: func(text string) error {
			_, err := jwt.ParseInsecure([]byte(text))
			return err
		},
	}
}
