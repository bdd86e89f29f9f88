package peers

import (
	"strings"
	"time"

	"github.com/tink-crypto/tink-go/v2/insecuresecretdataaccess"
	"github.com/tink-crypto/tink-go/v2/jwt"
	"github.com/tink-crypto/tink-go/v2/jwt/jwthmac"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/secretdata"

	"github.com/jeton-dev/jeton/core"
)

// Tink is tink-go's jwt package, whose validator checks everything asked for. It has no EdDSA. Private keys enter it as keysets only, so
// here it signs with HMAC alone; public keys enter as a JWK Set.
func Tink() Library {
	return Library{
		Name: "tink-go", Module: "github.com/tink-crypto/tink-go/v2",
		NewVerify: func(material *Material) (Verify, error) {
			issuer, audience, mediaType := ExpectedIssuer, ExpectedAudience, ExpectedType
			validator, err := jwt.NewValidator(&jwt.ValidatorOpts{
				ExpectedIssuer: &issuer, ExpectedAudience: &audience, ExpectedTypeHeader: &mediaType, ExpectIssuedInThePast: true,
			})
			if err != nil {
				return nil, err
			}
			if material.Secret != nil {
				mac, err := tinkMAC(material)
				if err != nil {
					return nil, err
				}
				return func(token string) error {
					_, err := mac.VerifyMACAndDecode(token, validator)
					return err
				}, nil
			}
			verifier, err := tinkVerifier(material)
			if err != nil {
				return nil, err
			}
			return func(token string) error {
				_, err := verifier.VerifyAndDecode(token, validator)
				return err
			}, nil
		},
		NewSign: func(material *Material) (Sign, error) {
			if material.Secret == nil {
				return nil, ErrUnsupported
			}
			mac, err := tinkMAC(material)
			if err != nil {
				return nil, err
			}
			mediaType := ExpectedType
			return func(claims *Claims) (string, error) {
				expiration, notBefore, issuedAt := time.Unix(claims.Expiration, 0), time.Unix(claims.NotBefore, 0), time.Unix(claims.IssuedAt, 0)
				roles := make([]any, len(claims.Roles))
				for i, role := range claims.Roles {
					roles[i] = role
				}
				raw, err := jwt.NewRawJWT(&jwt.RawJWTOptions{
					Issuer: &claims.Issuer, Subject: &claims.Subject, Audience: &claims.Audience, JWTID: &claims.ID, TypeHeader: &mediaType,
					ExpiresAt: &expiration, NotBefore: &notBefore, IssuedAt: &issuedAt,
					CustomClaims: map[string]any{"client_id": claims.ClientID, "scope": claims.Scope, "roles": roles},
				})
				if err != nil {
					return "", err
				}
				return mac.ComputeMACAndEncode(raw)
			}, nil
		},
	}
}

func tinkMAC(material *Material) (jwt.MAC, error) {
	algorithm := map[core.Algorithm]jwthmac.Algorithm{core.HS256: jwthmac.HS256, core.HS384: jwthmac.HS384, core.HS512: jwthmac.HS512}[material.Algorithm]
	parameters, err := jwthmac.NewParameters(len(material.Secret), jwthmac.IgnoredKID, algorithm)
	if err != nil {
		return nil, err
	}
	key, err := jwthmac.NewKey(jwthmac.KeyOpts{
		KeyBytes: secretdata.NewBytesFromData(material.Secret, insecuresecretdataaccess.Token{}), Parameters: parameters,
	})
	if err != nil {
		return nil, err
	}
	manager := keyset.NewManager()
	id, err := manager.AddKey(key)
	if err != nil {
		return nil, err
	}
	if err := manager.SetPrimary(id); err != nil {
		return nil, err
	}
	handle, err := manager.Handle()
	if err != nil {
		return nil, err
	}
	return jwt.NewMAC(handle)
}

func tinkVerifier(material *Material) (jwt.Verifier, error) {
	if material.Algorithm == core.EdDSA {
		return nil, ErrUnsupported
	}
	key, err := material.Key()
	if err != nil {
		return nil, err
	}
	public, err := key.Public()
	if err != nil {
		return nil, err
	}
	text, err := public.MarshalJWK()
	if err != nil {
		return nil, err
	}
	handle, err := jwt.JWKSetToPublicKeysetHandle([]byte(`{"keys":[` + strings.TrimSpace(string(text)) + `]}`))
	if err != nil {
		return nil, err
	}
	return jwt.NewVerifier(handle)
}
