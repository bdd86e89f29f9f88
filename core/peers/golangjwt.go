package peers

import "github.com/golang-jwt/jwt/v5"

// golangClaims adds the private claims of Claims to the registered ones.
type golangClaims struct {
	jwt.RegisteredClaims
	ClientID string   `json:"client_id"`
	Scope    string   `json:"scope"`
	Roles    []string `json:"roles"`
}

// GolangJWT is golang-jwt with a parser that is kept, its options set to everything asked for. Claims are read into its registered
// claims, which is faster than its map of claims. Its parser leaves "typ" unchecked, so the adapter compares it in the header it returns.
func GolangJWT() Library {
	return Library{
		Name: "golang-jwt", Module: "github.com/golang-jwt/jwt/v5",
		NewVerify: func(material *Material) (Verify, error) {
			method := jwt.GetSigningMethod(string(material.Algorithm))
			if method == nil {
				return nil, ErrUnsupported
			}
			parser := jwt.NewParser(
				jwt.WithValidMethods([]string{string(material.Algorithm)}), jwt.WithIssuer(ExpectedIssuer), jwt.WithAudience(ExpectedAudience),
				jwt.WithExpirationRequired(), jwt.WithIssuedAt(),
			)
			key := material.VerifyingKey()
			find := func(*jwt.Token) (any, error) { return key, nil }
			return func(text string) error {
				token, err := parser.ParseWithClaims(text, new(jwt.RegisteredClaims), find)
				if err != nil {
					return err
				}
				if typ, _ := token.Header["typ"].(string); typ != ExpectedType {
					return errClaim
				}
				return nil
			}, nil
		},
		NewSign: func(material *Material) (Sign, error) {
			method := jwt.GetSigningMethod(string(material.Algorithm))
			if method == nil {
				return nil, ErrUnsupported
			}
			key := material.SigningKey()
			return func(claims *Claims) (string, error) {
				return jwt.NewWithClaims(method, jwt.MapClaims{
					"iss": claims.Issuer, "sub": claims.Subject, "aud": claims.Audience, "exp": claims.Expiration, "nbf": claims.NotBefore,
					"iat": claims.IssuedAt, "jti": claims.ID, "client_id": claims.ClientID, "scope": claims.Scope, "roles": claims.Roles,
				}).SignedString(key)
			}, nil
		},
		Unverified: func(token string) error {
			_, _, err := golangUnverified.ParseUnverified(token, new(jwt.RegisteredClaims))
			return err
		},
	}
}

var golangUnverified = jwt.NewParser()
