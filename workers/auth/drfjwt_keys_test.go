package auth_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/jeton-dev/jeton/core"
	"github.com/jeton-dev/jeton/core/keys"
	"github.com/jeton-dev/jeton/workers/auth"
	"github.com/jeton-dev/jeton/workers/store"
)

// testKey is a key as a site has it, and as the tests sign with it.
type testKey struct {
	private, public string // PEM, or the secret in both
	key             *core.Key
}

// testKeys are keys for each of a site's algorithms, made anew for each run.
var testKeys = sync.OnceValue(func() map[string]testKey {
	made := make(map[string]testKey)
	for name, algorithm := range map[string]core.Algorithm{"secret": core.HS256, "old secret": core.HS256} {
		secret := rand.Text() + rand.Text() + rand.Text()
		key, err := core.NewHMACKey(algorithm, []byte(secret))
		if err != nil {
			panic(err)
		}
		made[name] = testKey{secret, secret, key}
	}
	for name, algorithm := range map[string]core.Algorithm{"rsa": core.RS256, "old rsa": core.RS256, "ec": core.ES256} {
		var private, public any
		if algorithm == core.RS256 {
			key, err := rsa.GenerateKey(rand.Reader, 2048)
			if err != nil {
				panic(err)
			}
			private, public = key, &key.PublicKey
		} else {
			key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
			if err != nil {
				panic(err)
			}
			private, public = key, &key.PublicKey
		}
		pair := testKey{private: pemOf("PRIVATE KEY", private, x509.MarshalPKCS8PrivateKey), public: pemOf("PUBLIC KEY", public, x509.MarshalPKIXPublicKey)}
		var err error
		if pair.key, err = keys.ParsePEM([]byte(pair.private), algorithm); err != nil {
			panic(err)
		}
		made[name] = pair
	}
	return made
})

func pemOf(kind string, key any, marshal func(any) ([]byte, error)) string {
	der, err := marshal(key)
	if err != nil {
		panic(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

// asJSON is a setting.
func asJSON(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// keySites are sites with several keys or algorithms.
func keySites() []drfjwtSite {
	k := testKeys()
	secret, old := k["secret"].private, k["old secret"].private
	named := fmt.Sprintf(`"JWT_SECRET_KEY":{"new":%q,"old":%q}`, secret, old) // in that order
	return []drfjwtSite{
		{name: "secrets with IDs", settings: named, tokenHeader: `{"alg":"HS256","kid":"new","typ":"JWT"}`, cases: func(f *drfjwtFixture) []drfjwtCase {
			return f.keyCases([]keyCase{
				{"new", "HS256", "new", "secret", ""}, {"old", "HS256", "old", "old secret", ""}, {"no ID, new", "HS256", "", "secret", ""}, {"no ID, old", "HS256", "", "old secret", ""},
				{"ID of another", "HS256", "new", "old secret", "decode"}, {"unknown ID", "HS256", "x", "secret", "invalid"}, {"no ID, expired", "HS256", "", "old secret", "expired"},
			})
		}},
		{name: "insist on IDs", settings: named + `,"JWT_INSIST_ON_KID":true`, tokenHeader: `{"alg":"HS256","kid":"new","typ":"JWT"}`, cases: func(f *drfjwtFixture) []drfjwtCase {
			return f.keyCases([]keyCase{{"old", "HS256", "old", "old secret", ""}, {"no ID", "HS256", "", "secret", "invalid"}, {"ID of another", "HS256", "old", "secret", "decode"}, {"unknown ID", "HS256", "x", "secret", "invalid"}})
		}},
		{name: "list of secrets", settings: `"JWT_INSIST_ON_KID":true,"JWT_SECRET_KEY":` + asJSON([]string{secret, old}), tokenHeader: hs256, cases: func(f *drfjwtFixture) []drfjwtCase {
			return f.keyCases([]keyCase{{"first", "HS256", "", "secret", ""}, {"second", "HS256", "", "old secret", ""}, {"any ID", "HS256", "x", "old secret", ""}, {"second, expired", "HS256", "", "old secret", "expired"}})
		}},
		{name: "several of HMAC", settings: `"JWT_ALGORITHM":["HS512","HS256"],"JWT_SECRET_KEY":` + asJSON(secret), tokenHeader: `{"alg":"HS512","typ":"JWT"}`, cases: func(f *drfjwtFixture) []drfjwtCase {
			return f.keyCases([]keyCase{{"second", "HS256", "", "secret", ""}, {"other secret", "HS256", "", "old secret", "decode"}, {"none of them", "HS384", "", "secret", "invalid"}})
		}},
		{name: "key pairs and secrets", tokenHeader: `{"alg":"RS256","kid":"r2","typ":"JWT"}`, settings: `"JWT_ALGORITHM":["RS256","HS256"],"JWT_SECRET_KEY":` + asJSON(secret) +
			`,"JWT_PRIVATE_KEY":` + asJSON(map[string]string{"r2": k["rsa"].private}) + fmt.Sprintf(`,"JWT_PUBLIC_KEY":{"r1":%s,"r2":%s}`, asJSON(k["old rsa"].public), asJSON(k["rsa"].public)), cases: func(f *drfjwtFixture) []drfjwtCase {
			return f.keyCases([]keyCase{
				{"old pair", "RS256", "r1", "old rsa", ""}, {"no ID, old pair", "RS256", "", "old rsa", ""}, {"secret", "HS256", "", "secret", ""}, {"secret, ID of a pair", "HS256", "r1", "secret", ""},
				{"pair of another ID", "RS256", "r1", "rsa", "decode"}, {"none of them", "HS384", "", "secret", "invalid"}, {"public key as secret", "HS256", "r2", "public rsa", "decode"},
			})
		}},
		{name: "elliptic curve", tokenHeader: `{"alg":"ES256","typ":"JWT"}`, settings: `"JWT_ALGORITHM":"ES256","JWT_PRIVATE_KEY":` + asJSON(k["ec"].private) + `,"JWT_PUBLIC_KEY":` + asJSON(k["ec"].public), cases: func(f *drfjwtFixture) []drfjwtCase {
			return f.keyCases([]keyCase{{"any ID", "ES256", "x", "ec", ""}, {"secret", "HS256", "", "secret", "invalid"}})
		}},
		{name: "jpadilla key pair", dialect: auth.DjangoRESTFrameworkJWT, tokenHeader: `{"alg":"RS256","typ":"JWT"}`, settings: `"JWT_ALLOW_REFRESH":true,"JWT_ALGORITHM":"RS256","JWT_PRIVATE_KEY":` + asJSON(k["rsa"].private) +
			`,"JWT_PUBLIC_KEY":` + asJSON(k["rsa"].public), cases: func(f *drfjwtFixture) []drfjwtCase {
			return f.keyCases([]keyCase{{"any ID", "RS256", "x", "rsa", ""}, {"other pair", "RS256", "", "old rsa", "decode"}, {"secret", "HS256", "", "secret", "invalid"}})
		}},
	}
}

// keyCase is a token with an algorithm and a key ID in its header, signed with one of the test keys, and the exception that refuses it.
// That of "expired" has expired.
type keyCase struct{ name, algorithm, id, key, exception string }

// keyCases are a login, a refresh, and tokens signed with the site's keys and others.
func (f *drfjwtFixture) keyCases(tokens []keyCase) []drfjwtCase {
	further := fmt.Sprintf(`,"orig_iat":%d`, f.host.now.Unix()-10)
	if !f.isJpadilla() {
		further += fmt.Sprintf(`,"orig_jti":%q`, fixedID)
	}
	cases := []drfjwtCase{drfPost("obtain", pathAuth, fmt.Sprintf(`{"username":"alice","password":%q}`, f.password), f.words.status, f.handOut(f.newToken("1", "alice", `,"orig_iat":now`)))}
	cases = append(cases, f.ownCases()...)
	for _, c := range tokens {
		changes := map[string]any{}
		if c.exception == "expired" {
			changes["exp"] = 1
		}
		token := f.signedBy(c, changes)
		if c.exception != "" {
			cases = append(cases, f.refusedCases(c.name, token, c.exception)...)
			continue
		}
		cases = append(cases, f.acceptedCases(c.name, token, fmt.Sprint(f.host.now.Unix()), meAlice)...)
		cases = append(cases, drfPost(c.name+"/refresh", pathAgain, `{"token":"`+token+`"}`, f.words.status, f.handOut(f.newToken("1", "alice", further))))
	}
	return cases
}

// signedBy makes the token of a keyCase.
func (f *drfjwtFixture) signedBy(c keyCase, changes map[string]any) string {
	f.t.Helper()
	named := testKeys()[c.key]
	if pair, isPublic := strings.CutPrefix(c.key, "public "); isPublic {
		named = testKey{private: testKeys()[pair].public}
	}
	algorithm, key := core.Algorithm(c.algorithm), named.key
	if algorithm.Symmetric() {
		var err error
		if key, err = core.NewHMACKey(algorithm, []byte(named.private)); err != nil {
			f.t.Fatal(err)
		}
	}
	header := fmt.Sprintf(`{"alg":%q,"typ":"JWT"}`, algorithm)
	if c.id != "" {
		header = fmt.Sprintf(`{"alg":%q,"kid":%q,"typ":"JWT"}`, algorithm, c.id)
	}
	return withHeader(f.t, header, payload(f.t, f.claims(changes)), key)
}

// TestDRFJWTKeyErrors checks that keys no token could pass do not start.
func TestDRFJWTKeyErrors(t *testing.T) {
	k := testKeys()
	secret, rsa, oldRSA, ec := asJSON(k["secret"].private), k["rsa"], k["old rsa"], k["ec"]
	for _, test := range []struct {
		dialect        auth.Dialect
		settings, want string
	}{
		{auth.DRFJWT, `"JWT_SECRET_KEY":"short"`, "JWT_SECRET_KEY: HS256 needs a secret of at least 32 bytes; this one (SECRET_KEY unless set) has 5"},
		{auth.DRFJWT, `"JWT_SECRET_KEY":[` + secret + `,"short"]`, "JWT_SECRET_KEY: HS256 needs a secret of at least 32 bytes; this one (SECRET_KEY unless set) has 5"},
		{auth.DRFJWT, `"JWT_ALGORITHM":["HS256","HS512"]`, "JWT_SECRET_KEY: HS512 needs a secret of at least 64 bytes; this one (SECRET_KEY unless set) has 52"},
		{auth.DRFJWT, `"JWT_SECRET_KEY":` + asJSON(rsa.public), "JWT_SECRET_KEY: is an asymmetric key, which HS256 must not use as its secret"},
		{auth.DRFJWT, `"JWT_ALGORITHM":"RS256"`, "JWT_PRIVATE_KEY: is missing, and RS256 needs it to sign"},
		{auth.DRFJWT, `"JWT_ALGORITHM":["HS256","RS256"]`, "JWT_PRIVATE_KEY: has no key for RS256"},
		{auth.DRFJWT, `"JWT_ALGORITHM":"RS256","JWT_PRIVATE_KEY":` + asJSON(rsa.public), "JWT_PRIVATE_KEY: is a public key, which cannot sign"},
		{auth.DRFJWT, `"JWT_ALGORITHM":"RS256","JWT_PRIVATE_KEY":` + asJSON(rsa.private), ""},
		{auth.DRFJWT, `"JWT_ALGORITHM":"RS256","JWT_PRIVATE_KEY":` + asJSON(rsa.private) + `,"JWT_PUBLIC_KEY":` + asJSON(rsa.private), ""},
		{auth.DRFJWT, `"JWT_ALGORITHM":"RS256","JWT_PRIVATE_KEY":` + asJSON(rsa.private) + `,"JWT_PUBLIC_KEY":` + asJSON(oldRSA.public), "JWT_PRIVATE_KEY: no token signed with it would be accepted with the keys of JWT_PUBLIC_KEY"},
		{auth.DRFJWT, `"JWT_ALGORITHM":"RS256","JWT_PRIVATE_KEY":{"a":` + asJSON(rsa.private) + `},"JWT_PUBLIC_KEY":{"b":` + asJSON(rsa.public) + `}`, "JWT_PRIVATE_KEY: no token signed with it would be accepted with the keys of JWT_PUBLIC_KEY"},
		{auth.DRFJWT, `"JWT_ALGORITHM":"RS256","JWT_INSIST_ON_KID":true,"JWT_PRIVATE_KEY":` + asJSON(rsa.private) + `,"JWT_PUBLIC_KEY":{"b":` + asJSON(rsa.public) + `}`, "JWT_PRIVATE_KEY: no token signed with it would be accepted with the keys of JWT_PUBLIC_KEY"},
		{auth.DRFJWT, `"JWT_ALGORITHM":["RS256","ES256"],"JWT_PRIVATE_KEY":` + asJSON(rsa.private) + `,"JWT_PUBLIC_KEY":` + asJSON([]string{rsa.public, ec.public}), ""},
		{auth.DRFJWT, `"JWT_ALGORITHM":["RS256","ES384"],"JWT_PRIVATE_KEY":` + asJSON(rsa.private) + `,"JWT_PUBLIC_KEY":` + asJSON([]string{rsa.public, ec.public}), "JWT_PUBLIC_KEY: has no key for ES384"},
		{auth.DRFJWT, `"JWT_ALGORITHM":"RS256","JWT_PRIVATE_KEY":` + asJSON(rsa.private) + `,"JWT_PUBLIC_KEY":` + asJSON([]string{rsa.public, "x"}), "JWT_PUBLIC_KEY: RS256 needs a key in PEM or as a JWK"},
		{auth.DRFJWT, `"JWT_SECRET_KEY":{"` + strings.Repeat("a", 300) + `":` + secret + `}`, "JWT_SECRET_KEY: key_malformed: the key is malformed (kid): not valid text of at most 256 bytes"},
		{auth.DjangoRESTFrameworkJWT, `"JWT_PRIVATE_KEY":` + secret, "JWT_PRIVATE_KEY: no token signed with it would be accepted with the keys of JWT_SECRET_KEY"},
		{auth.DjangoRESTFrameworkJWT, `"JWT_PRIVATE_KEY":` + secret + `,"JWT_PUBLIC_KEY":` + secret, ""},
		{auth.DjangoRESTFrameworkJWT, `"JWT_ALGORITHM":"RS256","JWT_SECRET_KEY":` + asJSON(rsa.private) + `,"JWT_PUBLIC_KEY":` + asJSON(rsa.public), ""},
		{auth.DjangoRESTFrameworkJWT, `"JWT_ALGORITHM":"RS256","JWT_SECRET_KEY":` + asJSON(rsa.private), ""},
		{auth.DjangoRESTFrameworkJWT, `"JWT_ALGORITHM":"ES256","JWT_PRIVATE_KEY":` + asJSON(ec.private), ""},
	} {
		config, err := auth.ParseConfig([]byte(fmt.Sprintf(`{"SECRET_KEY":%q,"JWT_DIALECT":%q,"JWT_AUTH":{%s}}`, rand.Text()+rand.Text(), test.dialect, test.settings)))
		if err != nil {
			t.Errorf("%s: %v", test.settings, err)
			continue
		}
		config.PEMParser = keys.ParsePEM
		_, err = auth.New(config, store.NewMemory(), auth.NativeHost(), nil)
		var wrong *auth.SettingError
		if test.want == "" && err != nil || test.want != "" && (!errors.As(err, &wrong) || err.Error() != test.want) {
			t.Errorf("%s: got %v, want %q", test.settings, err, test.want)
		}
	}
}

// TestDRFJWTKeyLists checks lists of keys that no JSON can say.
func TestDRFJWTKeyLists(t *testing.T) {
	one, two := auth.Secret(testKeys()["secret"].private), auth.Secret(testKeys()["old secret"].private)
	for want, keys := range map[string][]auth.NamedKey{
		"JWT_SECRET_KEY: some keys have an ID and some have none": {{ID: "a", Key: one}, {Key: two}},
		"JWT_SECRET_KEY: two keys have one ID":                    {{ID: "a", Key: one}, {ID: "a", Key: two}},
	} {
		config := auth.DefaultConfig()
		config.Dialect, config.DRFJWT.SecretKeys = auth.DRFJWT, keys
		if _, err := auth.New(config, store.NewMemory(), auth.NativeHost(), nil); err == nil || err.Error() != want {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}
