package core_test

import (
	"encoding/base64"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/jeton-dev/jeton/core"
)

func segment(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }

const hs256Header = `{"alg":"HS256","typ":"JWT"}`

// TestFormRefusals covers what is wrong with a token before any claim: its segments, encoding, header and JSON.
func TestFormRefusals(t *testing.T) {
	key := newKey(t, core.HS256)
	good := sign(t, key, hs256Header, `{"exp":1790000060}`)
	parts := strings.Split(good, ".")
	signed := func(header, payload string) string { return sign(t, key, header, payload) }
	payload := func(text string) string { return signed(hs256Header, text) }
	for _, test := range []struct {
		name  string
		token string
		want  core.Code
	}{
		{"empty", "", core.TokenMalformed},
		{"one segment", parts[0], core.TokenMalformed},
		{"two segments", parts[0] + "." + parts[1], core.TokenMalformed},
		{"four segments", good + ".AA", core.TokenMalformed},
		{"trailing dot", good + ".", core.TokenMalformed},
		{"empty header", "." + parts[1] + "." + parts[2], core.TokenMalformed},
		{"empty payload", parts[0] + ".." + parts[2], core.TokenMalformed},
		{"empty signature", parts[0] + "." + parts[1] + ".", core.SignatureInvalid},
		{"JSON serialization", `{"payload":"e30","signatures":[]}`, core.TokenMalformed},
		{"line feed after the token", good + "\n", core.EncodingInvalid},
		{"space before the token", " " + good, core.EncodingInvalid},
		{"line feed inside a segment", parts[0][:4] + "\n" + parts[0][4:] + "." + parts[1] + "." + parts[2], core.EncodingInvalid},
		{"padding", parts[0] + "." + parts[1] + "." + parts[2] + "=", core.EncodingInvalid},
		{"standard alphabet", parts[0] + "." + parts[1] + ".+/" + parts[2][2:], core.EncodingInvalid},
		{"length 1 mod 4", parts[0] + "." + parts[1] + "." + parts[2][:41], core.EncodingInvalid},
		{"too large", good + strings.Repeat("A", 8192), core.TokenTooLarge},
		{"dots", strings.Repeat(".", 1<<20), core.TokenTooLarge},
		{"dots within the limit", strings.Repeat(".", 8000), core.TokenMalformed},

		{"none", segment(`{"alg":"none"}`) + "." + parts[1] + ".", core.AlgorithmUnsupported},
		{"none in mixed case", segment(`{"alg":"nOnE"}`) + "." + parts[1] + ".", core.AlgorithmUnsupported},
		{"another hash", signed(`{"alg":"HS512"}`, `{}`), core.AlgorithmMismatch},
		{"no alg", signed(`{"typ":"JWT"}`, `{}`), core.HeaderMalformed},
		{"ALG only", signed(`{"ALG":"HS256"}`, `{}`), core.HeaderMalformed},
		{"alg a number", signed(`{"alg":256}`, `{}`), core.HeaderMalformed},
		{"typ an array", signed(`{"alg":"HS256","typ":["JWT"]}`, `{}`), core.HeaderMalformed},
		{"cty an object", signed(`{"alg":"HS256","cty":{}}`, `{}`), core.HeaderMalformed},
		{"kid a number", signed(`{"alg":"HS256","kid":1}`, `{}`), core.HeaderMalformed},
		{"kid of 257 bytes", signed(`{"alg":"HS256","kid":"`+strings.Repeat("k", 257)+`"}`, `{}`), core.HeaderMalformed},
		{"alg twice", signed(`{"alg":"none","alg":"HS256"}`, `{}`), core.HeaderMalformed},
		{"header not an object", signed(`["HS256"]`, `{}`), core.HeaderMalformed},
		{"header with data behind", signed(hs256Header+"{}", `{}`), core.HeaderMalformed},
		{"crit unknown", signed(`{"alg":"HS256","crit":["x"],"x":1}`, `{}`), core.CriticalUnsupported},
		{"crit empty", signed(`{"alg":"HS256","crit":[]}`, `{}`), core.CriticalUnsupported},
		{"crit not an array", signed(`{"alg":"HS256","crit":"x"}`, `{}`), core.CriticalUnsupported},
		{"b64 with crit", signed(`{"alg":"HS256","b64":false,"crit":["b64"]}`, `{}`), core.CriticalUnsupported},
		{"b64 without crit", signed(`{"alg":"HS256","b64":false}`, `{}`), core.CriticalUnsupported},

		{"payload an array", payload(`[1]`), core.PayloadMalformed},
		{"payload a string", payload(`"x"`), core.PayloadMalformed},
		{"payload null", payload(`null`), core.PayloadMalformed},
		{"two objects", payload(`{"exp":1790000060}{"exp":1790000060}`), core.PayloadMalformed},
		{"member twice", payload(`{"exp":1790000060,"sub":"a","sub":"b"}`), core.PayloadMalformed},
		{"member twice, once escaped", payload(`{"exp":1790000060,"sub":"a","\u0073ub":"b"}`), core.PayloadMalformed},
		{"nested member twice", payload(`{"exp":1790000060,"a":{"b":1,"b":2}}`), core.PayloadMalformed},
		{"invalid UTF-8", payload("{\"exp\":1790000060,\"a\":\"\xff\"}"), core.PayloadMalformed},
		{"overlong UTF-8", payload("{\"exp\":1790000060,\"a\":\"\xc0\xaf\"}"), core.PayloadMalformed},
		{"lone surrogate", payload(`{"exp":1790000060,"a":"\ud800"}`), core.PayloadMalformed},
		{"surrogates the wrong way", payload(`{"exp":1790000060,"a":"\udc00\ud800"}`), core.PayloadMalformed},
		{"encoded surrogate", payload("{\"exp\":1790000060,\"a\":\"\xed\xa0\x80\"}"), core.PayloadMalformed},
		{"byte order mark", payload("\ufeff{\"exp\":1790000060}"), core.PayloadMalformed},
		{"byte order mark in a string", payload("{\"exp\":1790000060,\"a\":\"\ufeff\"}"), core.PayloadMalformed},
		{"NUL", payload("{\"exp\":1790000060,\"a\":\"\x00\"}"), core.PayloadMalformed},
		{"escaped NUL", payload(`{"exp":1790000060,"a":"\u0000"}`), core.PayloadMalformed},
		{"depth 33", payload(`{"exp":1790000060,"a":` + strings.Repeat("[", 32) + strings.Repeat("]", 32) + `}`), core.LimitExceeded},
		{"257 members", payload(`{"exp":1790000060,"a":[0` + strings.Repeat(",0", 254) + `]}`), core.LimitExceeded},
		{"leading zero", payload(`{"exp":01790000060}`), core.PayloadMalformed},
		{"NaN", payload(`{"exp":NaN}`), core.PayloadMalformed},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := core.Verify(test.token, key, policy())
			wantCode(t, err, test.want)
		})
	}
	t.Run("depth 32 and 256 members are accepted", func(t *testing.T) {
		deep := payload(`{"exp":1790000060,"a":` + strings.Repeat("[", 31) + strings.Repeat("]", 31) + `}`)
		wide := payload(`{"exp":1790000060,"a":[0` + strings.Repeat(",0", 253) + `]}`)
		for _, token := range []string{deep, wide} {
			if _, err := core.Verify(token, key, policy()); err != nil {
				t.Error(err)
			}
		}
	})
}

// TestClaimRefusals covers the claims of tokens whose signature is good.
func TestClaimRefusals(t *testing.T) {
	key := newKey(t, core.HS256)
	strict := core.Policy{
		Issuers: []string{"https://a.example"}, Audiences: []string{"api", "app"}, Type: "at+jwt", Subject: "alice",
		RequiredClaims: []string{"scope"}, MaxAge: time.Hour, Leeway: 10 * time.Second, Clock: policy().Clock,
	}
	const rest = `"iss":"https://a.example","aud":"api","sub":"alice","scope":"s"`
	for _, test := range []struct {
		name    string
		payload string
		want    core.Code // empty: accepted
	}{
		{"good", `{"exp":1790000060,"iat":1790000000,` + rest + `}`, ""},
		{"audience in a list", `{"exp":1790000060,"iat":1790000000,"iss":"https://a.example","aud":["x","app"],"sub":"alice","scope":"s"}`, ""},
		{"fractions", `{"exp":1790000060.5,"iat":1789999999.25,` + rest + `}`, ""},
		{"exponent", `{"exp":1.79000006e9,"iat":1790000000,` + rest + `}`, ""},
		{"exp within the leeway", `{"exp":1789999991,"iat":1789999900,` + rest + `}`, ""},
		{"exp at the end of the leeway", `{"exp":1789999990,"iat":1789999900,` + rest + `}`, core.TokenExpired},
		{"exp a fraction past the leeway", `{"exp":1789999989.999,"iat":1789999900,` + rest + `}`, core.TokenExpired},
		{"exp missing", `{"iat":1790000000,` + rest + `}`, core.ClaimMissing},
		{"EXP only", `{"EXP":1790000060,"iat":1790000000,` + rest + `}`, core.ClaimMissing},
		{"exp a string", `{"exp":"1790000060","iat":1790000000,` + rest + `}`, core.ClaimMalformed},
		{"exp null", `{"exp":null,"iat":1790000000,` + rest + `}`, core.ClaimMalformed},
		{"exp a list", `{"exp":[1790000060],"iat":1790000000,` + rest + `}`, core.ClaimMalformed},
		{"exp true", `{"exp":true,"iat":1790000000,` + rest + `}`, core.ClaimMalformed},
		{"exp in milliseconds", `{"exp":1790000060000,"iat":1790000000,` + rest + `}`, core.ClaimMalformed},
		{"exp 1e300", `{"exp":1e300,"iat":1790000000,` + rest + `}`, core.ClaimMalformed},
		{"exp of twenty digits", `{"exp":99999999999999999999,"iat":1790000000,` + rest + `}`, core.ClaimMalformed},
		{"exp negative", `{"exp":-1,"iat":1790000000,` + rest + `}`, core.ClaimMalformed},
		{"exp zero", `{"exp":0,"iat":0,` + rest + `}`, core.TokenExpired},
		{"nbf in the future", `{"nbf":1790000011,"exp":1790000060,"iat":1790000000,` + rest + `}`, core.TokenNotYetValid},
		{"nbf within the leeway", `{"nbf":1790000010,"exp":1790000060,"iat":1790000000,` + rest + `}`, ""},
		{"nbf a string", `{"nbf":"soon","exp":1790000060,"iat":1790000000,` + rest + `}`, core.ClaimMalformed},
		{"iat in the future", `{"exp":1790000060,"iat":1790000011,` + rest + `}`, core.TokenIssuedInFuture},
		{"iat missing", `{"exp":1790000060,` + rest + `}`, core.ClaimMissing},
		{"too old", `{"exp":1790000060,"iat":1789996389,` + rest + `}`, core.TokenTooOld},
		{"old enough", `{"exp":1790000060,"iat":1789996390,` + rest + `}`, ""},
		{"another issuer", `{"exp":1790000060,"iat":1790000000,"iss":"https://a.example/","aud":"api","sub":"alice","scope":"s"}`, core.IssuerMismatch},
		{"issuer a list", `{"exp":1790000060,"iat":1790000000,"iss":["https://a.example"],"aud":"api","sub":"alice","scope":"s"}`, core.ClaimMalformed},
		{"issuer missing", `{"exp":1790000060,"iat":1790000000,"aud":"api","sub":"alice","scope":"s"}`, core.ClaimMissing},
		{"another audience", `{"exp":1790000060,"iat":1790000000,"iss":"https://a.example","aud":"API","sub":"alice","scope":"s"}`, core.AudienceMismatch},
		{"audience empty", `{"exp":1790000060,"iat":1790000000,"iss":"https://a.example","aud":[],"sub":"alice","scope":"s"}`, core.ClaimMalformed},
		{"audience mixed", `{"exp":1790000060,"iat":1790000000,"iss":"https://a.example","aud":["api",1],"sub":"alice","scope":"s"}`, core.ClaimMalformed},
		{"audience an object", `{"exp":1790000060,"iat":1790000000,"iss":"https://a.example","aud":{"0":"api"},"sub":"alice","scope":"s"}`, core.ClaimMalformed},
		{"another subject", `{"exp":1790000060,"iat":1790000000,"iss":"https://a.example","aud":"api","sub":"bob","scope":"s"}`, core.SubjectMismatch},
		{"subject a number", `{"exp":1790000060,"iat":1790000000,"iss":"https://a.example","aud":"api","sub":1,"scope":"s"}`, core.ClaimMalformed},
		{"jti a number", `{"jti":1,"exp":1790000060,"iat":1790000000,` + rest + `}`, core.ClaimMalformed},
		{"scope missing", `{"exp":1790000060,"iat":1790000000,"iss":"https://a.example","aud":"api","sub":"alice"}`, core.ClaimMissing},
		{"scope null", `{"exp":1790000060,"iat":1790000000,"iss":"https://a.example","aud":"api","sub":"alice","scope":null}`, core.ClaimMissing},
	} {
		t.Run(test.name, func(t *testing.T) {
			token := sign(t, key, `{"alg":"HS256","typ":"application/AT+JWT"}`, test.payload)
			_, err := core.Verify(token, key, strict)
			if test.want != "" {
				wantCode(t, err, test.want)
			} else if err != nil {
				t.Error(err)
			}
		})
	}
	t.Run("another type", func(t *testing.T) {
		_, err := core.Verify(sign(t, key, hs256Header, `{"exp":1790000060,"iat":1790000000,`+rest+`}`), key, strict)
		wantCode(t, err, core.TypeMismatch)
	})
	t.Run("no type", func(t *testing.T) {
		_, err := core.Verify(sign(t, key, `{"alg":"HS256"}`, `{"exp":1790000060,"iat":1790000000,`+rest+`}`), key, strict)
		wantCode(t, err, core.TypeMismatch)
	})
	t.Run("all audiences", func(t *testing.T) {
		all := core.Policy{Audiences: []string{"api", "app"}, AllAudiences: true, Clock: policy().Clock}
		_, err := core.Verify(sign(t, key, hs256Header, `{"exp":1790000060,"aud":["api"]}`), key, all)
		wantCode(t, err, core.AudienceMismatch)
		if _, err := core.Verify(sign(t, key, hs256Header, `{"exp":1790000060,"aud":["app","x","api"]}`), key, all); err != nil {
			t.Error(err)
		}
	})
	t.Run("missing exp allowed", func(t *testing.T) {
		if _, err := core.Verify(sign(t, key, hs256Header, `{}`), key, core.Policy{AllowMissingExpiration: true}); err != nil {
			t.Error(err)
		}
	})
}

// TestExpirationGrace checks the edge of the grace after "exp", alone and on top of the leeway, and that no other claim has any.
func TestExpirationGrace(t *testing.T) {
	key := newKey(t, core.HS256)
	at := time.Unix(1_790_000_000, 0)
	for _, test := range []struct {
		leeway, grace time.Duration
		late          time.Duration // after exp
		expired       bool
	}{
		{0, 0, -1, false}, {0, 0, 0, true},
		{0, time.Second, time.Second - 1, false}, {0, time.Second, time.Second, true},
		{5 * time.Second, time.Second, 6*time.Second - 1, false}, {5 * time.Second, time.Second, 6 * time.Second, true},
		{10 * time.Minute, math.MaxInt64, 200 * 365 * 24 * time.Hour, false},
	} {
		policy := core.Policy{Leeway: test.leeway, ExpirationGrace: test.grace, Clock: func() time.Time { return at.Add(test.late) }}
		_, err := core.Verify(sign(t, key, hs256Header, `{"exp":1790000000}`), key, policy)
		if test.expired {
			wantCode(t, err, core.TokenExpired)
		} else if err != nil {
			t.Errorf("%v after exp with a leeway of %v and a grace of %v: %v", test.late, test.leeway, test.grace, err)
		}
	}
	patient := core.Policy{ExpirationGrace: math.MaxInt64, Clock: func() time.Time { return at }}
	_, err := core.Verify(sign(t, key, hs256Header, `{"iat":1790000001,"exp":1790000060}`), key, patient)
	wantCode(t, err, core.TokenIssuedInFuture)
	_, err = core.Verify(sign(t, key, hs256Header, `{"nbf":1790000001,"exp":1790000060}`), key, patient)
	wantCode(t, err, core.TokenNotYetValid)
	_, err = core.Verify(sign(t, key, hs256Header, `{}`), key, patient)
	wantCode(t, err, core.ClaimMissing)
}

func TestPolicyRefusals(t *testing.T) {
	key := newKey(t, core.HS256)
	for name, refused := range map[string]core.Policy{
		"negative leeway":        {Leeway: -1},
		"leeway over 10 min":     {Leeway: 10*time.Minute + 1},
		"negative grace":         {ExpirationGrace: -1},
		"negative age":           {MaxAge: -1},
		"empty issuer":           {Issuers: []string{""}},
		"empty audience":         {Audiences: []string{"a", ""}},
		"all of no audience":     {AllAudiences: true},
		"nameless claim":         {RequiredClaims: []string{""}},
		"exp both ways":          {RequiredClaims: []string{"exp"}, AllowMissingExpiration: true},
		"unknown algorithm":      {Algorithms: []core.Algorithm{"none"}},
		"algorithm of no key":    {Algorithms: []core.Algorithm{core.ES256}},
		"negative limit":         {Limits: core.Limits{Depth: -1}},
		"limit over its maximum": {Limits: core.Limits{TokenBytes: 1<<20 + 1}},

		"issuer that is not text":         {Issuers: []string{"https://a.example", "\xff"}},
		"audience that is not text":       {Audiences: []string{"a\x00"}},
		"type that is not text":           {Type: "\xff"},
		"subject that is not text":        {Subject: "\xff"},
		"claim that is not text":          {RequiredClaims: []string{"\xff"}},
		"all audiences without a list":    {Audiences: []string{"a", "b"}, AllAudiences: true, Limits: core.Limits{Depth: 1}},
		"all audiences without room":      {Audiences: []string{"a", "b"}, AllAudiences: true, Limits: core.Limits{Members: 2}},
		"access token of no issuer":       {Profile: core.AccessToken(), Audiences: []string{"api"}},
		"access token of no audience":     {Profile: core.AccessToken(), Issuers: []string{"https://a.example"}},
		"ID token of no issuer":           {Profile: core.IDToken(), Audiences: []string{"api"}},
		"ID token of no audience":         {Profile: core.IDToken(), Issuers: []string{"https://a.example"}},
		"access token of another type":    {Profile: core.AccessToken(), Issuers: []string{"a"}, Audiences: []string{"b"}, Type: "JWT"},
		"ID token of another type":        {Profile: core.IDToken(), Issuers: []string{"a"}, Audiences: []string{"b"}, Type: "at+jwt"},
		"django token of another type":    {Profile: core.DjangoAccess(), Type: "at+jwt"},
		"ID token with a foreign claim":   {Profile: core.IDToken(), Issuers: []string{"a"}, Audiences: []string{"b"}, RequiredClaims: []string{"token_type"}},
		"access token that never expires": {Profile: core.AccessToken(), Issuers: []string{"a"}, Audiences: []string{"b"}, AllowMissingExpiration: true},
		"django token that never expires": {Profile: core.DjangoSliding(), AllowMissingExpiration: true},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := core.NewVerifier(key, refused)
			wantCode(t, err, core.PolicyInvalid)
		})
	}
	for name, keys := range map[string]core.Keys{"nil": nil, "nil key": (*core.Key)(nil), "nil set": (*core.KeySet)(nil), "nil func": core.KeyFunc(nil), "nil set func": core.KeySetFunc(nil)} {
		t.Run(name, func(t *testing.T) {
			_, err := core.NewVerifier(keys, core.Policy{})
			wantCode(t, err, core.PolicyInvalid)
		})
	}
}
