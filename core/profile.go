package core

// Profile is a kind of token: which "typ" it has, which claims it must carry, and which claim tells it from other kinds. A verifier
// with a profile accepts that kind alone, however genuine a token of another kind may be (RFC 8725 section 3.12), and a signer with one
// makes nothing else.
//
// Profiles are immutable values and safe for concurrent use. The zero Profile asks for nothing; the others come from [AccessToken],
// [IDToken], [DjangoAccess], [DjangoRefresh], [DjangoSliding] and [ParseProfile], and from nowhere else.
type Profile struct {
	rules *profileRules
}

// profileRules is what a profile asks for beyond the policy.
type profileRules struct {
	name      string
	mediaType string // the "typ" that it must have, and that a signer writes
	// typeOptional lets "typ" be missing: for kinds older than explicit typing.
	typeOptional bool
	required     []string
	texts        []string // claims that must be strings when they are there
	// kindClaim, when it is not empty, must be there and be kind.
	kindClaim, kind string
	foreign         []string // claims that only tokens of another kind have
	// partiesExpected refuses a policy that does not say who issues the tokens and for whom.
	partiesExpected bool
	// authorizedParty asks a token for several audiences which of them it was issued to.
	authorizedParty bool
}

var (
	accessTokenRules = profileRules{
		name: "access_token", mediaType: "at+jwt",
		required: []string{"iss", "exp", "aud", "sub", "client_id", "iat", "jti"}, texts: []string{"client_id"},
		partiesExpected: true,
	}
	idTokenRules = profileRules{
		name: "id_token", mediaType: "JWT", typeOptional: true,
		required: []string{"iss", "sub", "aud", "exp", "iat"}, texts: []string{"azp", "nonce"},
		foreign:         []string{"token_type", "events"},
		partiesExpected: true, authorizedParty: true,
	}
	djangoAccessRules  = djangoRules("django_access", "access")
	djangoRefreshRules = djangoRules("django_refresh", "refresh")
	djangoSlidingRules = djangoRules("django_sliding", "sliding")
)

func djangoRules(name, kind string) profileRules {
	return profileRules{
		name: name, mediaType: "JWT", typeOptional: true,
		required: []string{"exp", "jti"}, kindClaim: "token_type", kind: kind,
	}
}

// AccessToken returns the profile of OAuth 2.0 access tokens (RFC 9068): "typ" is "at+jwt" or "application/at+jwt", and "iss", "exp",
// "aud", "sub", "client_id", "iat" and "jti" are there. A policy with it must name Issuers and Audiences.
func AccessToken() Profile { return Profile{&accessTokenRules} }

// IDToken returns the profile of ID tokens (OpenID Connect Core 1.0 section 2): "typ" is "JWT" or missing, "iss", "sub", "aud", "exp"
// and "iat" are there, and nothing marks the token as one of another kind: neither "token_type" nor the "events" of a logout token or
// another security event. A policy with it must name Issuers and, as Audiences, the client IDs of the party that verifies.
//
// A token for several audiences must say in "azp" that it was issued to one of Audiences. In a token for a single audience "azp" is
// not compared: there it names the party that asked for the token on the audience's behalf, such as an app for its own server. The
// profile knows no nonce: who sent one compares it with [Token.Claim] afterwards.
func IDToken() Profile { return Profile{&idTokenRules} }

// DjangoAccess returns the profile of djangorestframework-simplejwt's access tokens: "token_type" is "access", "exp" and "jti" are
// there, and "typ" is "JWT" or missing.
func DjangoAccess() Profile { return Profile{&djangoAccessRules} }

// DjangoRefresh returns the profile of djangorestframework-simplejwt's refresh tokens: [DjangoAccess] with the "token_type" "refresh".
func DjangoRefresh() Profile { return Profile{&djangoRefreshRules} }

// DjangoSliding returns the profile of djangorestframework-simplejwt's sliding tokens: [DjangoAccess] with the "token_type" "sliding".
// Its "refresh_exp" is for the endpoint that renews such tokens to check, and is neither asked for nor looked at.
func DjangoSliding() Profile { return Profile{&djangoSlidingRules} }

// Profiles returns every profile but the zero one.
func Profiles() []Profile {
	return []Profile{AccessToken(), IDToken(), DjangoAccess(), DjangoRefresh(), DjangoSliding()}
}

// ParseProfile returns the profile of that exact name: "access_token", "id_token", "django_access", "django_refresh" or
// "django_sliding". It refuses any other with PolicyInvalid.
func ParseProfile(name string) (Profile, error) {
	for _, profile := range Profiles() {
		if profile.rules.name == name {
			return profile, nil
		}
	}
	return Profile{}, newError(PolicyInvalid, "", "there is no profile of that name")
}

// String returns the profile's name, which ParseProfile reads, or "" for the zero Profile.
func (p Profile) String() string {
	if p.rules == nil {
		return ""
	}
	return p.rules.name
}

// acceptsType reports whether the header's "typ" is that of the profile.
func (r *profileRules) acceptsType(h *header) bool {
	if !h.typ.present() {
		return r.typeOptional
	}
	return h.hasType(r.mediaType)
}

// checkKind looks for what makes a token one of another kind.
func (r *profileRules) checkKind(payload *Object, failed *failures) {
	if r.kindClaim != "" {
		kind, present := payload.Get(r.kindClaim)
		switch {
		case !present || kind.IsNull():
			failed.require(r.kindClaim)
		case !kind.equal(r.kind):
			failed.add(TypeMismatch, r.kindClaim, "")
		}
	}
	for _, name := range r.foreign {
		if _, present := payload.Get(name); present {
			failed.add(TypeMismatch, name, "only tokens of another kind have it")
		}
	}
}

// checkClaims looks at the claims that tokens of the kind carry. Audiences are those that the verifier expects, or nil for a token in
// the making.
func (r *profileRules) checkClaims(payload *Object, claims *registered, audiences []string, failed *failures) {
	for _, name := range r.required {
		failed.requireIn(payload, name)
	}
	for _, name := range r.texts {
		if value, present := payload.Get(name); present && !failed.has(name) {
			text(value, name, failed)
		}
	}
	if !r.authorizedParty || failed.has("aud") || failed.has("azp") {
		return
	}
	if several, _ := claims.audience.Elements(); len(several) < 2 {
		return
	}
	party, _ := payload.Get("azp")
	switch {
	case !party.present():
		failed.require("azp")
	case audiences != nil && !party.equalAny(audiences):
		failed.add(AudienceMismatch, "azp", "")
	}
}

// contradiction says what is wrong with a policy that has this profile, or returns "".
func (r *profileRules) contradiction(p *Policy) string {
	switch {
	case p.Type != "" && !sameType(p.Type, r.mediaType):
		return "the type is not that of the profile"
	case p.AllowMissingExpiration:
		return "the profile requires exp, which is allowed to be missing"
	case r.partiesExpected && len(p.Issuers) == 0:
		return "the profile needs to know the issuers"
	case r.partiesExpected && len(p.Audiences) == 0:
		return "the profile needs to know the audiences"
	}
	for _, name := range r.foreign {
		if hasText(p.RequiredClaims, name) {
			return "a required claim is one that the profile refuses"
		}
	}
	return ""
}
