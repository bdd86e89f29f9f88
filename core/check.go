package core

import "github.com/jeton-dev/jeton/core/internal/jsontext"

// check holds a token's header and claims, whose signature is known to be good, against the policy. Every claim is looked at and every
// failure reported, so that a caller can tell a token that has merely expired from one that was never meant for it.
func (p *Policy) check(h *header, payload *Object, claims *registered, now instant) *Error {
	var failed failures
	profile := p.Profile.rules
	if p.Type != "" && !h.hasType(p.Type) || profile != nil && !profile.acceptsType(h) {
		failed.add(TypeMismatch, "typ", "")
	}
	if profile != nil {
		profile.checkKind(payload, &failed)
	}
	claims.read(payload, &failed)
	p.checkTimes(claims, now, &failed)
	p.checkParties(claims, &failed)
	for _, name := range p.RequiredClaims {
		failed.requireIn(payload, name)
	}
	if profile != nil {
		profile.checkClaims(payload, claims, p.Audiences, &failed)
	}
	return failed.err()
}

// checkTimes looks at "exp", "nbf", "iat" and the maximum age. A token is expired from the second "exp" names (RFC 7519 section 4.1.4:
// on or after it), or so much later as the policy's grace lasts.
func (p *Policy) checkTimes(claims *registered, now instant, failed *failures) {
	past, future := now.add(-p.Leeway), now.add(p.Leeway)
	switch {
	case failed.has("exp"):
	case !claims.expiration.present():
		if !p.AllowMissingExpiration {
			failed.require("exp")
		}
	case !claims.expiresAt.after(past.add(-p.ExpirationGrace)):
		failed.add(TokenExpired, "exp", "")
	}
	if claims.notBefore.present() && !failed.has("nbf") && claims.validFrom.after(future) {
		failed.add(TokenNotYetValid, "nbf", "")
	}
	switch {
	case failed.has("iat"):
	case !claims.issuedAt.present():
		if p.MaxAge > 0 {
			failed.require("iat")
		}
	case claims.issuedAtInstant.after(future):
		failed.add(TokenIssuedInFuture, "iat", "")
	case p.MaxAge > 0 && past.after(claims.issuedAtInstant.add(p.MaxAge)):
		failed.add(TokenTooOld, "iat", "")
	}
}

// checkParties looks at "iss", "aud" and "sub".
func (p *Policy) checkParties(claims *registered, failed *failures) {
	switch {
	case len(p.Issuers) == 0 || failed.has("iss"):
	case !claims.issuer.present():
		failed.require("iss")
	case !claims.issuer.equalAny(p.Issuers):
		failed.add(IssuerMismatch, "iss", "")
	}
	switch {
	case len(p.Audiences) == 0 || failed.has("aud"):
	case !claims.audience.present():
		failed.require("aud")
	case !p.meantFor(claims.audience):
		failed.add(AudienceMismatch, "aud", "")
	}
	switch {
	case p.Subject == "" || failed.has("sub"):
	case !claims.subject.present():
		failed.require("sub")
	case !claims.subject.equal(p.Subject):
		failed.add(SubjectMismatch, "sub", "")
	}
}

// meantFor compares the audiences of a well-formed "aud" with the policy's, exactly.
func (p *Policy) meantFor(audience Value) bool {
	for _, expected := range p.Audiences {
		found := audience.equal(expected)
		if audience.kind == jsontext.Array {
			found = audience.hasElement(expected)
		}
		if found != p.AllAudiences {
			return found
		}
	}
	return p.AllAudiences
}

// require records that a claim is missing, once.
func (f *failures) require(claim string) {
	if !f.has(claim) {
		f.add(ClaimMissing, claim, "")
	}
}

// requireIn records that a claim is missing from payload, null or the empty string.
func (f *failures) requireIn(payload *Object, name string) {
	if value, present := payload.Get(name); !present || value.IsNull() || value.equal("") {
		f.require(name)
	}
}

func (v Value) present() bool { return v.kind != jsontext.Invalid }

func (v Value) equalAny(texts []string) bool {
	for _, text := range texts {
		if v.equal(text) {
			return true
		}
	}
	return false
}

func (v Value) hasElement(text string) bool {
	if v.kind != jsontext.Array {
		return false
	}
	for m, i, found := jsontext.NextElement(v.raw, 0); found; m, i, found = jsontext.NextElement(v.raw, i) {
		element := Value{raw: v.raw[m.ValueStart:m.ValueEnd], kind: m.Kind}
		if element.equal(text) {
			return true
		}
	}
	return false
}
