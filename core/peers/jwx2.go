package peers

import (
	"github.com/lestrrat-go/jwx/v2/jwa"
	"github.com/lestrrat-go/jwx/v2/jwk"
	"github.com/lestrrat-go/jwx/v2/jws"
	"github.com/lestrrat-go/jwx/v2/jwt"
)

// JWX2 is jwx v2. Its jwt.Parse does not hand out the header, which "typ" stands in; so the adapter lets jws.Verify check the signature
// and hand out the message, and jwt.Parse read and validate the payload. That is what jwt.Parse does inside, and parses nothing twice.
func JWX2() Library {
	return Library{
		Name: "jwx v2", Module: "github.com/lestrrat-go/jwx/v2",
		NewVerify: func(material *Material) (Verify, error) {
			key, err := jwk.FromRaw(material.VerifyingKey())
			if err != nil {
				return nil, err
			}
			algorithm := jwa.SignatureAlgorithm(material.Algorithm)
			options := []jwt.ParseOption{
				jwt.WithVerify(false), jwt.WithValidate(true), jwt.WithIssuer(ExpectedIssuer), jwt.WithAudience(ExpectedAudience), jwt.WithRequiredClaim(jwt.ExpirationKey),
			}
			return func(text string) error {
				message := jws.NewMessage()
				payload, err := jws.Verify([]byte(text), jws.WithKey(algorithm, key), jws.WithMessage(message))
				if err != nil {
					return err
				}
				if message.Signatures()[0].ProtectedHeaders().Type() != ExpectedType {
					return errClaim
				}
				_, err = jwt.Parse(payload, options...)
				return err
			}, nil
		},
		NewSign: func(material *Material) (Sign, error) {
			key, err := jwk.FromRaw(material.SigningKey())
			if err != nil {
				return nil, err
			}
			algorithm := jwa.SignatureAlgorithm(material.Algorithm)
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
