package core

import "time"

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
	// RequiredClaims lists further claims that must be there, with any value but null.
	RequiredClaims []string
	// MaxAge is the longest time since "iat", which it makes required. Zero sets no bound.
	MaxAge time.Duration
	// Leeway is how far the clocks of issuer and verifier may differ: at most 10 minutes. It applies to "exp", "nbf", "iat" and MaxAge.
	Leeway time.Duration
	// Algorithms narrows what is accepted to these, whatever keys there are. Empty accepts the algorithm of each key.
	Algorithms []Algorithm
	// AllowMissingExpiration accepts tokens without "exp", which never expire.
	AllowMissingExpiration bool
	// Clock gives the time. Nil means time.Now.
	Clock func() time.Time
	// Limits bounds the size of what is read.
	Limits Limits
}

const maximumLeeway = 10 * time.Minute

// resolve checks the policy against itself and the keys and returns a copy that nobody else can change.
func (p Policy) resolve(keys []*Key) (Policy, *Error) {
	invalid := func(reason string) (Policy, *Error) { return Policy{}, newError(PolicyInvalid, "", reason) }
	switch {
	case hasEmpty(p.Issuers):
		return invalid("an issuer is empty")
	case hasEmpty(p.Audiences):
		return invalid("an audience is empty")
	case p.AllAudiences && len(p.Audiences) == 0:
		return invalid("all audiences are asked for, but none is given")
	case hasEmpty(p.RequiredClaims):
		return invalid("a required claim has no name")
	case p.AllowMissingExpiration && hasText(p.RequiredClaims, "exp"):
		return invalid("exp is both required and allowed to be missing")
	case p.Leeway < 0 || p.Leeway > maximumLeeway:
		return invalid("the leeway is negative or more than 10 minutes")
	case p.MaxAge < 0:
		return invalid("the maximum age is negative")
	}
	for _, algorithm := range p.Algorithms {
		if schemeOf(algorithm) == nil {
			return invalid("an algorithm is not supported")
		}
	}
	if len(keys) > 0 && !p.someKeyServes(keys) {
		return invalid("no key may verify with an accepted algorithm")
	}
	limits, err := p.Limits.resolve()
	if err != nil {
		return Policy{}, err
	}
	p.Limits = limits
	p.Issuers = append([]string(nil), p.Issuers...)
	p.Audiences = append([]string(nil), p.Audiences...)
	p.RequiredClaims = append([]string(nil), p.RequiredClaims...)
	p.Algorithms = append([]Algorithm(nil), p.Algorithms...)
	if p.Clock == nil {
		p.Clock = time.Now
	}
	return p, nil
}

func (p *Policy) someKeyServes(keys []*Key) bool {
	for _, key := range keys {
		if key.canVerify && p.accepts(key.algorithm) {
			return true
		}
	}
	return false
}

func (p *Policy) accepts(algorithm Algorithm) bool {
	return len(p.Algorithms) == 0 || contains(p.Algorithms, algorithm)
}

func hasEmpty(list []string) bool { return hasText(list, "") }

func hasText(list []string, text string) bool {
	for _, other := range list {
		if other == text {
			return true
		}
	}
	return false
}
