package core_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/jeton-dev/jeton/core"
)

// kinds has, for each profile, a payload that only its own kind has, with every claim that any of the others asks for beside it.
var kinds = map[core.Profile]string{
	core.AccessToken():   allClaims,
	core.IDToken():       allClaims,
	core.DjangoAccess():  allClaims + `,"token_type":"access"`,
	core.DjangoRefresh(): allClaims + `,"token_type":"refresh"`,
	core.DjangoSliding(): allClaims + `,"token_type":"sliding","refresh_exp":1790000060`,
}

const allClaims = `"iss":"https://issuer.example","sub":"alice","aud":"api","exp":1790000060,"iat":1790000000,"jti":"1","client_id":"app"`

func profilePolicy(profile core.Profile) core.Policy {
	return core.Policy{Profile: profile, Issuers: []string{"https://issuer.example"}, Audiences: []string{"api", "app"}, Clock: policy().Clock}
}

// TestNoKindStandsInForAnother signs one token of each kind with one key and holds each against each profile.
func TestNoKindStandsInForAnother(t *testing.T) {
	key := newKey(t, core.HS256)
	if len(kinds) != len(core.Profiles()) {
		t.Fatalf("%d kinds for %d profiles", len(kinds), len(core.Profiles()))
	}
	for _, made := range core.Profiles() {
		signer, err := core.NewSigner(key, core.SignerOptions{Profile: made})
		if err != nil {
			t.Fatal(err)
		}
		token, err := signer.AppendEncode(nil, []byte("{"+kinds[made]+"}"))
		if err != nil {
			t.Fatalf("%s: %v", made, err)
		}
		for _, wanted := range core.Profiles() {
			t.Run(made.String()+" as "+wanted.String(), func(t *testing.T) {
				_, err := core.Verify(string(token), key, profilePolicy(wanted))
				switch {
				case made == wanted && err != nil:
					t.Errorf("its own profile refuses it: %v", err)
				case made != wanted && err == nil:
					t.Error("accepted")
				case made != wanted && !errors.Is(err, core.TypeMismatch) && !errors.Is(err, core.ClaimMissing):
					t.Errorf("refused with %v", err)
				}
				if made == wanted {
					return
				}
				// What one profile's verifier takes, a signer of another must not make.
				other, err := core.NewSigner(key, core.SignerOptions{Profile: wanted})
				if err != nil {
					t.Fatal(err)
				}
				misnamed, err := other.AppendEncode(nil, []byte("{"+kinds[made]+"}"))
				if err != nil {
					wantCode(t, err, core.ClaimsInvalid)
				} else if _, err := core.Verify(string(misnamed), key, profilePolicy(made)); err == nil {
					t.Error("a signer of another kind made one")
				}
			})
		}
	}
}

func TestProfileRefusals(t *testing.T) {
	key := newKey(t, core.HS256)
	const access, id, django = `{"alg":"HS256","typ":"at+jwt"}`, `{"alg":"HS256"}`, hs256Header
	without := func(claims, name string) string {
		var kept []string
		for _, member := range strings.Split(claims, ",") {
			if !strings.HasPrefix(member, `"`+name+`"`) {
				kept = append(kept, member)
			}
		}
		return "{" + strings.Join(kept, ",") + "}"
	}
	type row struct {
		name            string
		profile         core.Profile
		header, payload string
		want            core.Code // empty: accepted
		claim           string
	}
	rows := []row{
		{"access token", core.AccessToken(), access, "{" + allClaims + "}", "", ""},
		{"access token of the long type", core.AccessToken(), `{"alg":"HS256","typ":"application/at+jwt"}`, "{" + allClaims + "}", "", ""},
		{"access token in capitals", core.AccessToken(), `{"alg":"HS256","typ":"AT+JWT"}`, "{" + allClaims + "}", "", ""},
		{"access token without a type", core.AccessToken(), id, "{" + allClaims + "}", core.TypeMismatch, "typ"},
		{"access token of a client that is a number", core.AccessToken(), access, strings.Replace("{"+allClaims+"}", `"app"`, "1", 1), core.ClaimMalformed, "client_id"},
		{"access token of a null client", core.AccessToken(), access, strings.Replace("{"+allClaims+"}", `"app"`, "null", 1), core.ClaimMissing, "client_id"},

		{"ID token", core.IDToken(), id, "{" + allClaims + "}", "", ""},
		{"ID token of type JWT", core.IDToken(), django, "{" + allClaims + "}", "", ""},
		{"ID token of type at+jwt", core.IDToken(), access, "{" + allClaims + "}", core.TypeMismatch, "typ"},
		{"ID token of type logout+jwt", core.IDToken(), `{"alg":"HS256","typ":"logout+jwt"}`, "{" + allClaims + "}", core.TypeMismatch, "typ"},
		{"logout token without a type", core.IDToken(), id, "{" + allClaims + `,"events":{"http://schemas.openid.net/event/backchannel-logout":{}}}`, core.TypeMismatch, "events"},
		{"ID token with a token_type", core.IDToken(), id, "{" + allClaims + `,"token_type":null}`, core.TypeMismatch, "token_type"},
		{"ID token for two", core.IDToken(), id, strings.Replace("{"+allClaims+"}", `"aud":"api"`, `"aud":["api","other"]`, 1), core.ClaimMissing, "azp"},
		{"ID token for two, issued to us", core.IDToken(), id, strings.Replace("{"+allClaims+`,"azp":"app"}`, `"aud":"api"`, `"aud":["api","other"]`, 1), "", ""},
		{"ID token for two, issued to another", core.IDToken(), id, strings.Replace("{"+allClaims+`,"azp":"other"}`, `"aud":"api"`, `"aud":["api","other"]`, 1), core.AudienceMismatch, "azp"},
		{"ID token for two, issued to null", core.IDToken(), id, strings.Replace("{"+allClaims+`,"azp":null}`, `"aud":"api"`, `"aud":["api","other"]`, 1), core.ClaimMalformed, "azp"},
		{"ID token for one, issued to its app", core.IDToken(), id, strings.Replace("{"+allClaims+`,"azp":"phone"}`, `"aud":"api"`, `"aud":["api"]`, 1), "", ""},
		{"ID token for others", core.IDToken(), id, strings.Replace("{"+allClaims+`,"azp":"app"}`, `"aud":"api"`, `"aud":["x","other"]`, 1), core.AudienceMismatch, "aud"},
		{"ID token with a nonce that is a number", core.IDToken(), id, "{" + allClaims + `,"nonce":1}`, core.ClaimMalformed, "nonce"},

		{"django access", core.DjangoAccess(), django, `{"token_type":"access","exp":1790000060,"jti":"1","user_id":"1"}`, "", ""},
		{"django access without a type", core.DjangoAccess(), id, `{"token_type":"access","exp":1790000060,"jti":"1"}`, "", ""},
		{"django access without a kind", core.DjangoAccess(), django, `{"exp":1790000060,"jti":"1"}`, core.ClaimMissing, "token_type"},
		{"django access of a null kind", core.DjangoAccess(), django, `{"token_type":null,"exp":1790000060,"jti":"1"}`, core.ClaimMissing, "token_type"},
		{"django access of another kind", core.DjangoAccess(), django, `{"token_type":"refresh","exp":1790000060,"jti":"1"}`, core.TypeMismatch, "token_type"},
		{"django access in capitals", core.DjangoAccess(), django, `{"token_type":"Access","exp":1790000060,"jti":"1"}`, core.TypeMismatch, "token_type"},
		{"django access in a list", core.DjangoAccess(), django, `{"token_type":["access"],"exp":1790000060,"jti":"1"}`, core.TypeMismatch, "token_type"},
		{"django access with another name", core.DjangoAccess(), django, `{"TOKEN_TYPE":"access","exp":1790000060,"jti":"1"}`, core.ClaimMissing, "token_type"},
		{"django access of type at+jwt", core.DjangoAccess(), access, `{"token_type":"access","exp":1790000060,"jti":"1"}`, core.TypeMismatch, "typ"},
		{"the kind comes before the time", core.DjangoAccess(), django, `{"token_type":"refresh","exp":1,"jti":"1"}`, core.TypeMismatch, "token_type"},
	}
	required := map[core.Profile][]string{
		core.AccessToken():   {"iss", "exp", "aud", "sub", "client_id", "iat", "jti"},
		core.IDToken():       {"iss", "sub", "aud", "exp", "iat"},
		core.DjangoAccess():  {"exp", "jti", "token_type"},
		core.DjangoRefresh(): {"exp", "jti", "token_type"},
		core.DjangoSliding(): {"exp", "jti", "token_type"},
	}
	for _, profile := range core.Profiles() {
		header := map[bool]string{true: access, false: django}[profile == core.AccessToken()]
		for _, name := range required[profile] {
			rows = append(rows, row{profile.String() + " without " + name, profile, header, without(kinds[profile], name), core.ClaimMissing, name})
		}
	}
	for _, test := range rows {
		t.Run(test.name, func(t *testing.T) {
			wanted := profilePolicy(test.profile)
			if strings.HasPrefix(test.profile.String(), "django") {
				wanted.Issuers, wanted.Audiences = nil, nil
			}
			_, err := core.Verify(sign(t, key, test.header, test.payload), key, wanted)
			if test.want == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			wantCode(t, err, test.want)
			if failure := err.(*core.Error).Failures()[0]; failure.Claim != test.claim {
				t.Errorf("claim %q, want %q", failure.Claim, test.claim)
			}
		})
	}
}

// TestSignerKeepsToItsProfile holds that a signer makes exactly those payloads that the profile's verifier takes.
func TestSignerKeepsToItsProfile(t *testing.T) {
	key := newKey(t, core.ES256)
	for _, test := range []struct {
		profile core.Profile
		payload string
		claim   string // what is wrong; empty: made
	}{
		{core.AccessToken(), "{" + allClaims + "}", ""},
		{core.AccessToken(), strings.Replace("{"+allClaims+"}", `,"client_id":"app"`, "", 1), "client_id"},
		{core.AccessToken(), strings.Replace("{"+allClaims+"}", `"app"`, "1", 1), "client_id"},
		{core.IDToken(), "{" + allClaims + "}", ""},
		{core.IDToken(), "{" + allClaims + `,"token_type":"access"}`, "token_type"},
		{core.IDToken(), strings.Replace("{"+allClaims+"}", `"aud":"api"`, `"aud":["api","b"]`, 1), "azp"},
		{core.IDToken(), strings.Replace("{"+allClaims+`,"azp":"b"}`, `"aud":"api"`, `"aud":["api","b"]`, 1), ""},
		{core.DjangoRefresh(), `{"token_type":"refresh","exp":1790000060,"jti":"1"}`, ""},
		{core.DjangoRefresh(), `{"token_type":"access","exp":1790000060,"jti":"1"}`, "token_type"},
		{core.DjangoRefresh(), `{"exp":1790000060,"jti":"1"}`, "token_type"},
		{core.DjangoRefresh(), `{"token_type":"refresh","jti":"1"}`, "exp"},
	} {
		t.Run(test.profile.String()+" "+test.claim, func(t *testing.T) {
			signer, err := core.NewSigner(key, core.SignerOptions{Profile: test.profile})
			if err != nil {
				t.Fatal(err)
			}
			claims, err := core.ParseClaims([]byte(test.payload))
			if err != nil {
				t.Fatal(err)
			}
			_, beginErr := signer.Begin([]byte(test.payload))
			token, err := signer.Encode(claims)
			if test.claim == "" {
				if err != nil || beginErr != nil {
					t.Fatal(err, beginErr)
				}
				wanted := profilePolicy(test.profile)
				if strings.HasPrefix(test.profile.String(), "django") {
					wanted.Issuers, wanted.Audiences = nil, nil
				}
				wanted.Audiences = append(wanted.Audiences, "b")
				if strings.HasPrefix(test.profile.String(), "django") {
					wanted.Audiences = nil
				}
				if _, err := core.Verify(token, key, wanted); err != nil {
					t.Error(err)
				}
				return
			}
			wantCode(t, err, core.ClaimsInvalid)
			wantCode(t, beginErr, core.ClaimsInvalid)
			if failure := err.(*core.Error).Failures()[0]; failure.Claim != test.claim || failure.Reason == "" {
				t.Errorf("failure %v", failure)
			}
		})
	}
	for _, typ := range []string{"JWT", "application/jwt"} {
		if _, err := core.NewSigner(key, core.SignerOptions{Profile: core.DjangoAccess(), Type: typ}); err != nil {
			t.Errorf("%s: %v", typ, err)
		}
		_, err := core.NewSigner(key, core.SignerOptions{Profile: core.AccessToken(), Type: typ})
		wantCode(t, err, core.PolicyInvalid)
	}
}

func TestParseProfile(t *testing.T) {
	for _, profile := range core.Profiles() {
		if parsed, err := core.ParseProfile(profile.String()); err != nil || parsed != profile {
			t.Errorf("%s: %s, %v", profile, parsed, err)
		}
	}
	for _, name := range []string{"", "Access_Token", "access_token ", "django"} {
		_, err := core.ParseProfile(name)
		wantCode(t, err, core.PolicyInvalid)
	}
	if name := (core.Profile{}).String(); name != "" {
		t.Errorf("the zero profile is named %s", name)
	}
}

// TestProfileCostsNoMemory holds that a profile is checked without allocating when the token is good.
func TestProfileCostsNoMemory(t *testing.T) {
	key := newKey(t, core.HS256)
	for _, profile := range core.Profiles() {
		signer, err := core.NewSigner(key, core.SignerOptions{Profile: profile})
		if err != nil {
			t.Fatal(err)
		}
		token, err := signer.AppendEncode(nil, []byte("{"+kinds[profile]+"}"))
		if err != nil {
			t.Fatal(err)
		}
		verifier, err := core.NewVerifier(key, profilePolicy(profile))
		if err != nil {
			t.Fatal(err)
		}
		var verified core.Token
		text := string(token)
		allocations := testing.AllocsPerRun(100, func() {
			if err := verifier.VerifyInto(&verified, text); err != nil {
				t.Fatal(err)
			}
		})
		if allocations != 0 && !raceEnabled {
			t.Errorf("%s: %v allocations", profile, allocations)
		}
	}
}
