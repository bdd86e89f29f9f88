package peers

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"time"

	"github.com/cristalhq/jwt/v5"
)

// Cristalhq is cristalhq/jwt with a verifier and a builder that are kept. It checks the signature alone; the adapter calls its methods
// for the claims and compares "typ".
func Cristalhq() Library {
	return Library{
		Name: "cristalhq/jwt", Module: "github.com/cristalhq/jwt/v5",
		NewVerify: func(material *Material) (Verify, error) {
			verifier, err := cristalhqVerifier(material)
			if err != nil {
				return nil, err
			}
			return func(text string) error {
				token, err := jwt.Parse([]byte(text), verifier)
				if err != nil {
					return err
				}
				var claims jwt.RegisteredClaims
				if err := token.DecodeClaims(&claims); err != nil {
					return err
				}
				if claims.ExpiresAt == nil || !claims.IsValidAt(time.Now()) || !claims.IsIssuer(ExpectedIssuer) ||
					!claims.IsForAudience(ExpectedAudience) || token.Header().Type != ExpectedType {
					return errClaim
				}
				return nil
			}, nil
		},
		NewSign: func(material *Material) (Sign, error) {
			signer, err := cristalhqSigner(material)
			if err != nil {
				return nil, err
			}
			builder := jwt.NewBuilder(signer)
			return func(claims *Claims) (string, error) {
				token, err := builder.Build(claims)
				if err != nil {
					return "", err
				}
				return token.String(), nil
			}, nil
		},
		Unverified: func(text string) error {
			token, err := jwt.ParseNoVerify([]byte(text))
			if err != nil {
				return err
			}
			return token.DecodeClaims(new(jwt.RegisteredClaims))
		},
	}
}

func cristalhqVerifier(material *Material) (jwt.Verifier, error) {
	algorithm := jwt.Algorithm(material.Algorithm)
	switch key := material.VerifyingKey().(type) {
	case []byte:
		return jwt.NewVerifierHS(algorithm, key)
	case *ecdsa.PublicKey:
		return jwt.NewVerifierES(algorithm, key)
	case ed25519.PublicKey:
		return jwt.NewVerifierEdDSA(key)
	case *rsa.PublicKey:
		if algorithm[0] == 'P' {
			return jwt.NewVerifierPS(algorithm, key)
		}
		return jwt.NewVerifierRS(algorithm, key)
	}
	return nil, ErrUnsupported
}

func cristalhqSigner(material *Material) (jwt.Signer, error) {
	algorithm := jwt.Algorithm(material.Algorithm)
	switch key := material.SigningKey().(type) {
	case []byte:
		return jwt.NewSignerHS(algorithm, key)
	case *ecdsa.PrivateKey:
		return jwt.NewSignerES(algorithm, key)
	case ed25519.PrivateKey:
		return jwt.NewSignerEdDSA(key)
	case *rsa.PrivateKey:
		if algorithm[0] == 'P' {
			return jwt.NewSignerPS(algorithm, key)
		}
		return jwt.NewSignerRS(algorithm, key)
	}
	return nil, ErrUnsupported
}

// CristalhqBuilder returns the builder for payloads that are JSON already, which spares it encoding/json.
func CristalhqBuilder(material *Material) (*jwt.Builder, error) {
	signer, err := cristalhqSigner(material)
	if err != nil {
		return nil, err
	}
	return jwt.NewBuilder(signer), nil
}
