package core

import (
	"maps"
	"slices"
	"time"
)

// Policy says which tokens a [Verifier] accepts beyond a good signature. The zero Policy is strict about time alone: "exp" must be
// there and not passed, and "nbf" and "iat" must not lie in the future. Registered claims that are there must always be well formed.
type Policy struct {
	// Issuers lists the accepted values of "iss", compared exactly. Empty leaves the claim unchecked.
	Issuers []string
	// Audiences lists who the token may be meant for: one of them must stand in "aud", or all of them with AllAudiences. Empty leaves
	// the claim unchecked.
	Audiences    []string
	AllAudiences bool
	// Type is the expected "typ" of the header, such as "at+jwt" (RFC 9068). Empty leaves it unchecked.
	Type string
	// Subject is the expected "sub". Empty leaves it unchecked.
	Subject string
	// RequiredClaims lists further claims that must be there, with any value but null and the empty string.
	RequiredClaims []string
	// MaxAge is the longest time since "iat", which it makes required. Zero sets no bound.
	MaxAge time.Duration
	// Leeway is how far the clocks of issuer and verifier may differ: at most 10 minutes. It applies to "exp", "nbf", "iat" and MaxAge.
	Leeway time.Duration
	// ExpirationGrace is how long tokens are accepted beyond their "exp", on top of Leeway: for issuers whose "exp" does not mean what
	// RFC 7519 says. A second counts the second of "exp" in, as PyJWT did before 2.6; math.MaxInt64 accepts what expired centuries ago.
	ExpirationGrace time.Duration
	// Profile is the kind of token that is accepted. Zero accepts any kind.
	Profile Profile
	// Algorithms narrows what is accepted to these, whatever keys there are; one name of Ed25519 stands for both. Empty accepts the
	// algorithm of each key.
	Algorithms []Algorithm
	// KeyAlgorithms narrows what is accepted to tokens whose "kid" is in the map, and for each to the algorithms there: an empty list
	// accepts whatever the key is for. A token without "kid" is then refused. Nil accepts any key ID. An ID may be listed before there
	// is a key for it.
	KeyAlgorithms map[string][]Algorithm
	// AllowMissingExpiration accepts tokens without "exp", which never expire.
	AllowMissingExpiration bool
	// Clock gives the time. Nil means time.Now.
	Clock func() time.Time
	// Revoked is asked about each token that has passed every other check, Finish's included; nil asks nobody. It returns nil for a
	// token that is not revoked. An error that is or wraps a [Code], TokenRevoked or one of the caller's own, refuses the token with
	// that code; any other error refuses it with RevocationUnknown, for what could not be found out is not known to be good. The
	// error can be had from [Error.Unwrap].
	//
	// It is called on the goroutine that verifies, once for a token, and must be safe for concurrent use if its verifier is. How long
	// it may take is for it to bound. A panic in it is the caller's: it comes out of Verify.
	Revoked func(RevocationQuery) error
	// Limits bounds the size of what is read.
	Limits Limits
}

const maximumLeeway = 10 * time.Minute

// resolve checks the policy against itself and the keys and returns a copy that nobody else can change.
func (p Policy) resolve(keys []*Key) (Policy, *Error) {
	limits, err := p.Limits.resolve()
	if err != nil {
		return Policy{}, err
	}
	p.Limits = limits
	if reason := p.contradiction(); reason != "" {
		return Policy{}, newError(PolicyInvalid, "", reason)
	}
	if reason := p.keyContradiction(keys); reason != "" {
		return Policy{}, newError(PolicyInvalid, "", reason)
	}
	p.Issuers = slices.Clone(p.Issuers)
	p.Audiences = slices.Clone(p.Audiences)
	p.RequiredClaims = slices.Clone(p.RequiredClaims)
	p.Algorithms = slices.Clone(p.Algorithms)
	p.KeyAlgorithms = maps.Clone(p.KeyAlgorithms)
	for id, algorithms := range p.KeyAlgorithms {
		p.KeyAlgorithms[id] = slices.Clone(algorithms)
	}
	if p.Clock == nil {
		p.Clock = time.Now
	}
	return p, nil
}

// contradiction says why no token could meet the policy, or what in it cannot be meant, or returns "".
func (p *Policy) contradiction() string {
	switch {
	case !areTexts(p.Issuers):
		return "an issuer is empty or not valid text"
	case !areTexts(p.Audiences):
		return "an audience is empty or not valid text"
	case p.AllAudiences && len(p.Audiences) == 0:
		return "all audiences are asked for, but none is given"
	case p.AllAudiences && !p.Limits.hold(p.Audiences):
		return "all audiences are asked for, which the limits do not let a token list"
	case !isText(p.Type):
		return "the type is not valid text"
	case !isText(p.Subject):
		return "the subject is not valid text"
	case !areTexts(p.RequiredClaims):
		return "a required claim has no name, or one that is not valid text"
	case p.AllowMissingExpiration && hasText(p.RequiredClaims, "exp"):
		return "exp is both required and allowed to be missing"
	case p.Leeway < 0 || p.Leeway > maximumLeeway:
		return "the leeway is negative or more than 10 minutes"
	case p.ExpirationGrace < 0:
		return "the grace after the expiration is negative"
	case p.MaxAge < 0:
		return "the maximum age is negative"
	case p.Profile.rules != nil:
		return p.Profile.rules.contradiction(p)
	}
	return ""
}

// hold reports whether a payload within the limits can list all of texts.
func (l Limits) hold(texts []string) bool {
	for _, text := range texts {
		if text != texts[0] {
			return l.Depth >= 2 && l.Members >= 3
		}
	}
	return true
}

func areTexts(list []string) bool {
	for _, text := range list {
		if text == "" || !isText(text) {
			return false
		}
	}
	return true
}

func hasText(list []string, text string) bool {
	for _, other := range list {
		if other == text {
			return true
		}
	}
	return false
}
