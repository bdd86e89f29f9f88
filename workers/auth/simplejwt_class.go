package auth

import "github.com/jeton-dev/jeton/core"

// TokenClass is a kind of token, by the name of its class in rest_framework_simplejwt.tokens.
type TokenClass string

// The kinds of token. An UntypedToken is a token of any of them.
const (
	AccessToken  TokenClass = "AccessToken"
	RefreshToken TokenClass = "RefreshToken"
	SlidingToken TokenClass = "SlidingToken"
	UntypedToken TokenClass = "UntypedToken"
)

// tokenTypes are the values of the claim TOKEN_TYPE_CLAIM.
var tokenTypes = map[TokenClass]string{AccessToken: "access", RefreshToken: "refresh", SlidingToken: "sliding", UntypedToken: "untyped"}

// tokenType is what a token of the class says of itself.
func (c TokenClass) tokenType() string { return tokenTypes[c] }

func (c TokenClass) known() bool { return tokenTypes[c] != "" }

// recorded reports whether tokens of the class are kept as outstanding, and refused when they are blacklisted.
func (c TokenClass) recorded() bool { return c == RefreshToken || c == SlidingToken }

// What a client is told of a token that is not good.
const (
	problemNoID        = "Token has no id"
	problemNoType      = "Token has no type"
	problemWrongType   = "Token has wrong type"
	problemBlacklisted = "Token is blacklisted"
)

// problemOf returns what makes a token whose signature is good no token of a class, or "". Whether it is blacklisted is not looked at.
func (d *simplejwt) problemOf(token *core.Token, class TokenClass) string {
	if _, found := token.Expiration(); !found {
		return "Token has no 'exp' claim"
	}
	if name := d.settings.JTIClaim; name != "" {
		if _, found := token.Claim(name); !found {
			return problemNoID
		}
	}
	if name := d.settings.TokenTypeClaim; name != "" && class != UntypedToken {
		claim, found := token.Claim(name)
		if !found {
			return problemNoType
		}
		if text, _ := claim.Text(); text != class.tokenType() {
			return problemWrongType
		}
	}
	return ""
}
