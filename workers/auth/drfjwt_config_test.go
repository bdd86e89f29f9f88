package auth_test

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/jeton-dev/jeton/core"
	"github.com/jeton-dev/jeton/workers/auth"
	"github.com/jeton-dev/jeton/workers/store"
)

// TestParseDRFJWTConfig reads every setting once at a value that is not its default.
func TestParseDRFJWTConfig(t *testing.T) {
	got, err := auth.ParseConfig([]byte(`{"SECRET_KEY": "one", "JWT_AUTH": {
		"JWT_SECRET_KEY": {"b": "two", "a": "three"}, "JWT_PRIVATE_KEY": ["four"], "JWT_PUBLIC_KEY": "five", "JWT_ALGORITHM": ["ES256", "HS256"], "JWT_INSIST_ON_KID": true,
		"JWT_TOKEN_ID": "require", "JWT_AUDIENCE": ["a"], "JWT_ISSUER": "me", "JWT_PAYLOAD_INCLUDE_USER_ID": false, "JWT_VERIFY": true, "JWT_VERIFY_EXPIRATION": false, "JWT_LEEWAY": 1.5,
		"JWT_EXPIRATION_DELTA": "0:10:00", "JWT_ALLOW_REFRESH": false, "JWT_REFRESH_EXPIRATION_DELTA": "30 00:00:00", "JWT_AUTH_HEADER_PREFIX": "Token", "JWT_AUTH_COOKIE": "jwt",
		"JWT_AUTH_COOKIE_DOMAIN": "example.com", "JWT_AUTH_COOKIE_PATH": "/api", "JWT_AUTH_COOKIE_SECURE": false, "JWT_AUTH_COOKIE_SAMESITE": "Strict", "JWT_IMPERSONATION_COOKIE": "imp",
		"JWT_DELETE_STALE_BLACKLISTED_TOKENS": true}}`))
	if err != nil {
		t.Fatal(err)
	}
	want := auth.DefaultConfig()
	want.SecretKey, want.Dialect = "one", auth.DRFJWT
	want.DRFJWT = auth.DRFJWTConfig{
		SecretKeys: []auth.NamedKey{{ID: "b", Key: "two"}, {ID: "a", Key: "three"}}, PrivateKeys: []auth.NamedKey{{Key: "four"}}, PublicKeys: []auth.NamedKey{{Key: "five"}},
		Algorithms: []core.Algorithm{core.ES256, core.HS256}, InsistOnKeyID: true, TokenID: auth.TokenIDRequire, Audience: []string{"a"}, AudienceList: true, Issuer: "me",
		Leeway: 1500 * time.Millisecond, ExpirationDelta: 10 * time.Minute, RefreshExpirationDelta: 720 * time.Hour, AuthHeaderPrefix: "Token",
		AuthCookie: "jwt", AuthCookieDomain: "example.com", AuthCookiePath: "/api", AuthCookieSameSite: "Strict", ImpersonationCookie: "imp", DeleteStaleBlacklistedTokens: true,
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

// TestDRFJWTDefaultsAccepted pastes the whole default dictionaries of both packages.
func TestDRFJWTDefaultsAccepted(t *testing.T) {
	const shared = `"JWT_GET_USER_SECRET_KEY": null, "JWT_PRIVATE_KEY": null, "JWT_PUBLIC_KEY": null, "JWT_ALGORITHM": "HS256", "JWT_AUDIENCE": null, "JWT_ISSUER": null, "JWT_VERIFY": true,
		"JWT_VERIFY_EXPIRATION": true, "JWT_LEEWAY": 0, "JWT_EXPIRATION_DELTA": 300, "JWT_REFRESH_EXPIRATION_DELTA": "7 days, 0:00:00", "JWT_AUTH_COOKIE": null,
		"JWT_PAYLOAD_GET_USERNAME_HANDLER": "rest_framework_jwt.utils.jwt_get_username_from_payload_handler"`
	for dialect, settings := range map[auth.Dialect]string{
		auth.DRFJWT: `"JWT_INSIST_ON_KID": false, "JWT_TOKEN_ID": "include", "JWT_ENCODE_HANDLER": "rest_framework_jwt.utils.jwt_encode_payload",
			"JWT_DECODE_HANDLER": "rest_framework_jwt.utils.jwt_decode_token", "JWT_PAYLOAD_HANDLER": "rest_framework_jwt.utils.jwt_create_payload", "JWT_PAYLOAD_INCLUDE_USER_ID": true,
			"JWT_ALLOW_REFRESH": true, "JWT_AUTH_HEADER_PREFIX": "Bearer", "JWT_RESPONSE_PAYLOAD_HANDLER": "rest_framework_jwt.utils.jwt_create_response_payload",
			"JWT_AUTH_COOKIE_DOMAIN": null, "JWT_AUTH_COOKIE_PATH": "/", "JWT_AUTH_COOKIE_SECURE": true, "JWT_AUTH_COOKIE_SAMESITE": "Lax", "JWT_IMPERSONATION_COOKIE": null,
			"JWT_DELETE_STALE_BLACKLISTED_TOKENS": false`,
		auth.DjangoRESTFrameworkJWT: `"JWT_ENCODE_HANDLER": "rest_framework_jwt.utils.jwt_encode_handler", "JWT_DECODE_HANDLER": "rest_framework_jwt.utils.jwt_decode_handler",
			"JWT_PAYLOAD_HANDLER": "rest_framework_jwt.utils.jwt_payload_handler", "JWT_PAYLOAD_GET_USER_ID_HANDLER": "rest_framework_jwt.utils.jwt_get_user_id_from_payload_handler",
			"JWT_RESPONSE_PAYLOAD_HANDLER": "rest_framework_jwt.utils.jwt_response_payload_handler", "JWT_ALLOW_REFRESH": false, "JWT_AUTH_HEADER_PREFIX": "JWT"`,
	} {
		config, err := auth.ParseConfig([]byte(fmt.Sprintf(`{"JWT_AUTH": {%s, %s}, "JWT_DIALECT": %q}`, shared, settings, dialect)))
		if want := auth.DefaultDRFJWTConfig(dialect); err != nil || !reflect.DeepEqual(config.DRFJWT, want) || config.Dialect != dialect {
			t.Errorf("%s: got %+v, %v", dialect, config.DRFJWT, err)
		}
	}
}

// TestDialects checks which package is spoken.
func TestDialects(t *testing.T) {
	for settings, want := range map[string]auth.Dialect{
		`{}`:                                auth.SimpleJWT,
		`{"SIMPLE_JWT": {}}`:                auth.SimpleJWT,
		`{"JWT_AUTH": {}}`:                  auth.DRFJWT,
		`{"JWT_AUTH": {}, "SIMPLE_JWT":{}}`: auth.SimpleJWT,
		`{"JWT_AUTH": {}, "SIMPLE_JWT":{}, "JWT_DIALECT": "drf-jwt"}`: auth.DRFJWT,
		`{"JWT_DIALECT": "drf-jwt"}`:                                  auth.DRFJWT,
		`{"JWT_DIALECT": "simplejwt", "JWT_AUTH": {}}`:                auth.SimpleJWT,
		`{"JWT_DIALECT": "djangorestframework-jwt"}`:                  auth.DjangoRESTFrameworkJWT,
	} {
		config, err := auth.ParseConfig([]byte(settings))
		if err != nil || config.Dialect != want {
			t.Errorf("%s: got %q, %v", settings, config.Dialect, err)
			continue
		}
		if config.HasSigningKey() {
			t.Errorf("%s: there is a key", settings)
		}
		config.SetSigningKey(auth.Secret(rand.Text() + rand.Text()))
		if !config.HasSigningKey() || config.Algorithm() != core.HS256 {
			t.Errorf("%s: no key for %q", settings, config.Algorithm())
		}
		if _, err := auth.New(config, store.NewMemory(), auth.NativeHost(), nil); err != nil {
			t.Errorf("%s: %v", settings, err)
		}
	}
	pair := auth.DefaultConfig()
	pair.Dialect, pair.DRFJWT.Algorithms = auth.DRFJWT, []core.Algorithm{core.ES256}
	key, _ := jwkPair(t, core.ES256, "")
	pair.SetSigningKey(key)
	if _, err := auth.New(pair, store.NewMemory(), auth.NativeHost(), nil); err != nil {
		t.Error(err)
	}
}

// TestDRFJWTSettingErrors checks that each setting that is wrong is named, when it is read or when the service is built.
func TestDRFJWTSettingErrors(t *testing.T) {
	const python = "names Python code, which does not run here"
	const cookieName, notASetting = "is no name of a cookie", "is not a setting of djangorestframework-jwt"
	for _, test := range []struct{ settings, name, problem string }{
		{`"JWT_SECRET_KEY": null`, "JWT_SECRET_KEY", ""},
		{`"JWT_SECRET_KEY": ""`, "JWT_SECRET_KEY", "must be text that is not empty"},
		{`"JWT_SECRET_KEY": []`, "JWT_SECRET_KEY", "must be a key, a list of keys, or an object of keys by their IDs, all of them text that is not empty"},
		{`"JWT_SECRET_KEY": {}`, "JWT_SECRET_KEY", ""},
		{`"JWT_SECRET_KEY": {"": "x"}`, "JWT_SECRET_KEY", ""},
		{`"JWT_SECRET_KEY": {"a": null}`, "JWT_SECRET_KEY", ""},
		{`"JWT_SECRET_KEY": ["a", 1]`, "JWT_SECRET_KEY", ""},
		{`"JWT_SECRET_KEY": 1`, "JWT_SECRET_KEY", ""},
		{`"JWT_ALGORITHM": "none"`, "JWT_ALGORITHM", "is not a supported algorithm"},
		{`"JWT_ALGORITHM": []`, "JWT_ALGORITHM", "is not a supported algorithm"},
		{`"JWT_ALGORITHM": ["HS256", "none"]`, "JWT_ALGORITHM", "is not a supported algorithm"},
		{`"JWT_TOKEN_ID": "allow"`, "JWT_TOKEN_ID", `must be "off", "include" or "require"`},
		{`"JWT_TOKEN_ID": null`, "JWT_TOKEN_ID", ""},
		{`"JWT_VERIFY": false`, "JWT_VERIFY", "is true here: without it anybody could write tokens"},
		{`"JWT_VERIFY_EXPIRATION": 0`, "JWT_VERIFY_EXPIRATION", "must be true or false"},
		{`"JWT_LEEWAY": 601`, "JWT_LEEWAY", "must be 0 to 600 seconds"},
		{`"JWT_EXPIRATION_DELTA": 0`, "JWT_EXPIRATION_DELTA", "must be more than zero and at most 100 years"},
		{`"JWT_REFRESH_EXPIRATION_DELTA": -1`, "JWT_REFRESH_EXPIRATION_DELTA", ""},
		{`"JWT_AUDIENCE": ""`, "JWT_AUDIENCE", ""},
		{`"JWT_ISSUER": ["a"]`, "JWT_ISSUER", "must be text that is not empty"},
		{`"JWT_AUTH_HEADER_PREFIX": "a b"`, "JWT_AUTH_HEADER_PREFIX", "must be a word of ASCII characters"},
		{`"JWT_AUTH_HEADER_PREFIX": "a\r\nX: y"`, "JWT_AUTH_HEADER_PREFIX", ""},
		{`"JWT_AUTH_COOKIE": "a b"`, "JWT_AUTH_COOKIE", cookieName},
		{`"JWT_AUTH_COOKIE": "a;b"`, "JWT_AUTH_COOKIE", cookieName},
		{`"JWT_AUTH_COOKIE": "Path"`, "JWT_AUTH_COOKIE", cookieName},
		{`"JWT_IMPERSONATION_COOKIE": "a=b"`, "JWT_IMPERSONATION_COOKIE", cookieName},
		{`"JWT_IMPERSONATION_COOKIE": "a", "JWT_AUTH_COOKIE": "a"`, "JWT_IMPERSONATION_COOKIE", "is the name of the other cookie"},
		{`"JWT_AUTH_COOKIE_DOMAIN": "a; Secure"`, "JWT_AUTH_COOKIE_DOMAIN", ""},
		{`"JWT_AUTH_COOKIE_PATH": "/\n"`, "JWT_AUTH_COOKIE_PATH", ""},
		{`"JWT_AUTH_COOKIE_SAMESITE": "Loose"`, "JWT_AUTH_COOKIE_SAMESITE", `must be "Lax", "Strict", "None" or null`},
		{`"JWT_GET_USER_SECRET_KEY": "site.secret"`, "JWT_GET_USER_SECRET_KEY", python + ": in a Go program the hook UserSecretKey takes its place"},
		{`"JWT_PAYLOAD_HANDLER": "site.payload"`, "JWT_PAYLOAD_HANDLER", python + ": in a Go program the hook Claims takes its place"},
		{`"JWT_ENCODE_HANDLER": "rest_framework_jwt.utils.jwt_encode_handler"`, "JWT_ENCODE_HANDLER", python},
		{`"JWT_PAYLOAD_GET_USER_ID_HANDLER": null`, "JWT_PAYLOAD_GET_USER_ID_HANDLER", "is not a setting of JWT_AUTH in drf-jwt"},
		{`}, "JWT_DIALECT": "djangorestframework-jwt", "SIMPLE_JWT": {}, "JWT_AUTH": {"JWT_TOKEN_ID": "off"`, "settings", ""},
		{`}, "JWT_DIALECT": "jwt", "SIMPLE_JWT": {`, "JWT_DIALECT", `must be "simplejwt", "drf-jwt" or "djangorestframework-jwt"`},
		{`}, "JWT_DIALECT": null, "SIMPLE_JWT": {`, "JWT_DIALECT", ""},
	} {
		checkSettingError(t, fmt.Sprintf(`{"SECRET_KEY": %q, "JWT_AUTH": {%s}}`, rand.Text()+rand.Text(), test.settings), test.name, test.problem)
	}
	for _, test := range []struct{ settings, name, problem string }{
		{`"JWT_TOKEN_ID": "off"`, "JWT_TOKEN_ID", "is not a setting of JWT_AUTH in djangorestframework-jwt"},
		{`"JWT_SECRET_KEY": ["a"]`, "JWT_SECRET_KEY", "must be text that is not empty"},
		{`"JWT_ALGORITHM": ["HS256"]`, "JWT_ALGORITHM", "is not a supported algorithm"},
		{`"JWT_PAYLOAD_HANDLER": "rest_framework_jwt.utils.jwt_create_payload"`, "JWT_PAYLOAD_HANDLER", ""},
	} {
		checkSettingError(t, fmt.Sprintf(`{"SECRET_KEY": %q, "JWT_DIALECT": "djangorestframework-jwt", "JWT_AUTH": {%s}}`, rand.Text()+rand.Text(), test.settings), test.name, test.problem)
	}
	for name, change := range map[string]func(*auth.DRFJWTConfig){
		"JWT_INSIST_ON_KID":                   func(c *auth.DRFJWTConfig) { c.InsistOnKeyID = true },
		"JWT_TOKEN_ID":                        func(c *auth.DRFJWTConfig) { c.TokenID = auth.TokenIDInclude },
		"JWT_PAYLOAD_INCLUDE_USER_ID":         func(c *auth.DRFJWTConfig) { c.PayloadIncludeUserID = false },
		"JWT_IMPERSONATION_COOKIE":            func(c *auth.DRFJWTConfig) { c.ImpersonationCookie = "x" },
		"JWT_DELETE_STALE_BLACKLISTED_TOKENS": func(c *auth.DRFJWTConfig) { c.DeleteStaleBlacklistedTokens = true },
	} {
		config := auth.DefaultConfig()
		config.SecretKey, config.Dialect, config.DRFJWT = vectorSecret, auth.DjangoRESTFrameworkJWT, auth.DefaultDRFJWTConfig(auth.DjangoRESTFrameworkJWT)
		change(&config.DRFJWT)
		if _, err := auth.New(config, store.NewMemory(), auth.NativeHost(), nil); err == nil || err.Error() != name+": "+notASetting {
			t.Errorf("%s: %v", name, err)
		}
	}
	config := auth.DefaultConfig()
	config.SecretKey, config.Dialect, config.DRFJWT = vectorSecret, auth.DjangoRESTFrameworkJWT, auth.DefaultDRFJWTConfig(auth.DjangoRESTFrameworkJWT)
	config.DRFJWT.Algorithms = append(config.DRFJWT.Algorithms, core.HS512)
	if _, err := auth.New(config, store.NewMemory(), auth.NativeHost(), nil); err == nil || err.Error() != "JWT_ALGORITHM: takes one, without an ID, in djangorestframework-jwt" {
		t.Error(err)
	}
}

// checkSettingError reads settings and builds a service of them, and checks which setting is refused and how.
func checkSettingError(t *testing.T, settings, name, problem string) {
	t.Helper()
	config, err := auth.ParseConfig([]byte(settings))
	if err == nil {
		_, err = auth.New(config, store.NewMemory(), auth.NativeHost(), nil)
	}
	var wrong *auth.SettingError
	if !errors.As(err, &wrong) || wrong.Name != name || problem != "" && wrong.Problem != problem {
		t.Errorf("%s: got %v, want %s: %s", settings, err, name, problem)
	}
}

// TestDRFJWTSecretHidden checks that no way of printing a Config shows its keys.
func TestDRFJWTSecretHidden(t *testing.T) {
	config := auth.DefaultConfig()
	secret := rand.Text() + rand.Text()
	config.DRFJWT.SecretKeys = []auth.NamedKey{{ID: "a", Key: auth.Secret(secret)}}
	config.DRFJWT.PrivateKeys, config.DRFJWT.PublicKeys = config.DRFJWT.SecretKeys, config.DRFJWT.SecretKeys
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "keys", config.DRFJWT.SecretKeys)
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "config", config.DRFJWT)
	encoded, err := json.Marshal(config.DRFJWT)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{fmt.Sprintf("%v %+v %#v", config, config, config), string(encoded), log.String()} {
		if strings.Contains(text, secret) {
			t.Errorf("the secret is in %s", text)
		}
	}
}
