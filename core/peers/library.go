package peers

import (
	"errors"
	"time"
)

// Verify checks one token completely: its signature, "exp" (which must be there), "nbf", "iat", and that "iss", "aud" and "typ" are those
// of Expected. What a library does not check itself, its adapter checks with the values that the library returned.
type Verify func(token string) error

// Sign makes one token of the given claims.
type Sign func(claims *Claims) (string, error)

// Library is one JWT library under the same three verbs. A verb that the library lacks is nil, and so is one that makers return for an
// algorithm it lacks, beside ErrUnsupported.
type Library struct {
	Name       string
	Module     string
	NewVerify  func(*Material) (Verify, error)
	NewSign    func(*Material) (Sign, error)
	Unverified func(token string) error // reads a token without checking its signature
}

// ErrUnsupported says that a library lacks an algorithm.
var ErrUnsupported = errors.New("the library lacks the algorithm")

// errClaim says that an adapter refused what its library had let pass.
var errClaim = errors.New("a claim or the type is not the expected one")

// What every verifier here expects.
const (
	ExpectedIssuer   = "https://issuer.example"
	ExpectedAudience = "https://api.example"
	ExpectedType     = "JWT"
)

// Libraries returns all libraries: ours first, then the peers.
func Libraries() []Library {
	return []Library{Jeton(), GolangJWT(), Cristalhq(), GoJOSE(), JWX2(), JWX3(), Tink()}
}

// Claims is the payload of an ordinary access token, about 290 bytes.
type Claims struct {
	Issuer     string   `json:"iss"`
	Subject    string   `json:"sub"`
	Audience   string   `json:"aud"`
	Expiration int64    `json:"exp"`
	NotBefore  int64    `json:"nbf"`
	IssuedAt   int64    `json:"iat"`
	ID         string   `json:"jti"`
	ClientID   string   `json:"client_id"`
	Scope      string   `json:"scope"`
	Roles      []string `json:"roles"`
}

// NewClaims returns claims that are valid at the given time and for the next hour. Those of different numbers differ in "sub" and "jti".
func NewClaims(number int, now time.Time) *Claims {
	id := []byte("0b8f6a52-4c1d-4e07-9a3e-000000000000")
	for i, rest := len(id)-1, number; rest > 0; i, rest = i-1, rest/10 {
		id[i] = '0' + byte(rest%10)
	}
	return &Claims{
		Issuer: ExpectedIssuer, Audience: ExpectedAudience, Subject: "user-" + string(id[28:]), ID: string(id),
		Expiration: now.Unix() + 3600, NotBefore: now.Unix() - 60, IssuedAt: now.Unix() - 60,
		ClientID: "browser", Scope: "openid profile orders:read orders:write", Roles: []string{"customer", "reviewer"},
	}
}
