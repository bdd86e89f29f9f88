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

// TestParseConfig reads every setting once at a value that is not its default.
func TestParseConfig(t *testing.T) {
	got, err := auth.ParseConfig([]byte(`{"SECRET_KEY": "one", "PASSWORD_ITERATIONS": 7, "PASSWORD_HASHERS": ["c", "d"],
		"PASSWORD_LEGACY_HASHERS": true, "PASSWORD_MEMORY_LIMIT": 8, "SIMPLE_JWT": {
		"ACCESS_TOKEN_LIFETIME": 60, "REFRESH_TOKEN_LIFETIME": "2 00:00:01.5", "ALGORITHM": "ES256", "SIGNING_KEY": "two", "VERIFYING_KEY": "three",
		"AUDIENCE": ["a", "b"], "ISSUER": "me", "LEEWAY": 1.5, "AUTH_HEADER_TYPES": ["JWT", "Bearer"], "AUTH_HEADER_NAME": "HTTP_X_ACCESS_TOKEN",
		"SLIDING_TOKEN_LIFETIME": 61, "SLIDING_TOKEN_REFRESH_LIFETIME": "PT1H", "SLIDING_TOKEN_REFRESH_EXP_CLAIM": "until", "ROTATE_REFRESH_TOKENS": true,
		"BLACKLIST_AFTER_ROTATION": true, "CHECK_REVOKE_TOKEN": true, "REVOKE_TOKEN_CLAIM": "mark", "JWK_URL": "https://keys.example/jwks.json", "USER_ID_AS_NUMBER": true,
		"AUTH_TOKEN_CLASSES": ["rest_framework_simplejwt.tokens.SlidingToken", "rest_framework_simplejwt.tokens.UntypedToken"],
		"USER_ID_FIELD": "email", "USER_ID_CLAIM": "sub", "TOKEN_TYPE_CLAIM": null, "JTI_CLAIM": "id", "CHECK_USER_IS_ACTIVE": false, "UPDATE_LAST_LOGIN": true},
		"INSTALLED_APPS": ["a"], "USERNAME_FIELD": "email", "URLS": {"token_verify": "/v/", "me": null}}`))
	if err != nil {
		t.Fatal(err)
	}
	want := auth.Config{SecretKey: "one", Dialect: auth.SimpleJWT, PasswordIterations: 7, PasswordHashers: []string{"c", "d"}, PasswordLegacyHashers: true, PasswordMemoryLimit: 8, InstalledApps: []string{"a"}, UsernameField: "email", URLs: map[string]string{"token_verify": "/v/", "me": ""}, SimpleJWT: auth.SimpleJWTConfig{
		SlidingTokenLifetime: 61 * time.Second, SlidingTokenRefreshLifetime: time.Hour, SlidingTokenRefreshExpClaim: "until", RotateRefreshTokens: true, BlacklistAfterRotation: true,
		CheckRevokeToken: true, RevokeTokenClaim: "mark", JWKURL: "https://keys.example/jwks.json", UserIDAsNumber: true, UserIDField: "email",
		AuthTokenClasses:    []auth.TokenClass{auth.SlidingToken, auth.UntypedToken},
		AccessTokenLifetime: time.Minute, RefreshTokenLifetime: 48*time.Hour + 1500*time.Millisecond, Algorithm: core.ES256, SigningKey: "two", VerifyingKey: "three",
		Audience: []string{"a", "b"}, AudienceList: true, Issuer: "me", Leeway: 1500 * time.Millisecond, AuthHeaderTypes: []string{"JWT", "Bearer"}, AuthHeaderName: "X-Access-Token",
		UserIDClaim: "sub", JTIClaim: "id", UpdateLastLogin: true,
	}, DRFJWT: auth.DefaultDRFJWTConfig(auth.DRFJWT), RESTFramework: auth.DefaultRESTFrameworkConfig()}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	defaults, err := auth.ParseConfig([]byte(`{"SECRET_KEY": "one"}`))
	want = auth.DefaultConfig()
	want.SecretKey = "one"
	if err != nil || !reflect.DeepEqual(defaults, want) {
		t.Errorf("defaults: %+v, %v", defaults, err)
	}
}

// TestDefaultsAccepted pastes the whole default dictionary of djangorestframework-simplejwt.
func TestDefaultsAccepted(t *testing.T) {
	const serializers = `"rest_framework_simplejwt.serializers.`
	settings := `{"SIMPLE_JWT": {"ACCESS_TOKEN_LIFETIME": "0:05:00", "REFRESH_TOKEN_LIFETIME": "P1D", "ROTATE_REFRESH_TOKENS": false, "BLACKLIST_AFTER_ROTATION": false,
		"UPDATE_LAST_LOGIN": false, "ALGORITHM": "HS256", "VERIFYING_KEY": "", "AUDIENCE": null, "ISSUER": null, "JSON_ENCODER": null, "JWK_URL": null, "LEEWAY": 0,
		"AUTH_HEADER_TYPES": ["Bearer"], "AUTH_HEADER_NAME": "HTTP_AUTHORIZATION", "USER_ID_FIELD": "id", "USER_ID_CLAIM": "user_id",
		"USER_AUTHENTICATION_RULE": "rest_framework_simplejwt.authentication.default_user_authentication_rule", "AUTH_TOKEN_CLASSES": [ "rest_framework_simplejwt.tokens.AccessToken" ],
		"ON_LOGIN_SUCCESS": ` + serializers + `default_on_login_success", "ON_LOGIN_FAILED": ` + serializers + `default_on_login_failed",
		"TOKEN_TYPE_CLAIM": "token_type", "JTI_CLAIM": "jti", "TOKEN_USER_CLASS": "rest_framework_simplejwt.models.TokenUser", "SLIDING_TOKEN_REFRESH_EXP_CLAIM": "refresh_exp",
		"SLIDING_TOKEN_LIFETIME": 300, "SLIDING_TOKEN_REFRESH_LIFETIME": "1 0:00:00", "TOKEN_OBTAIN_SERIALIZER": ` + serializers + `TokenObtainPairSerializer",
		"TOKEN_REFRESH_SERIALIZER": ` + serializers + `TokenRefreshSerializer", "TOKEN_VERIFY_SERIALIZER": ` + serializers + `TokenVerifySerializer",
		"TOKEN_BLACKLIST_SERIALIZER": ` + serializers + `TokenBlacklistSerializer", "SLIDING_TOKEN_OBTAIN_SERIALIZER": ` + serializers + `TokenObtainSlidingSerializer",
		"SLIDING_TOKEN_REFRESH_SERIALIZER": ` + serializers + `TokenRefreshSlidingSerializer", "CHECK_REVOKE_TOKEN": false, "REVOKE_TOKEN_CLAIM": "hash_password",
		"CHECK_USER_IS_ACTIVE": true}}`
	config, err := auth.ParseConfig([]byte(settings))
	if want := auth.DefaultConfig(); err != nil || !reflect.DeepEqual(config, want) {
		t.Errorf("got %+v, %v", config, err)
	}
}

// TestSettingErrors checks that each setting that is wrong is named, when it is read or when the service is built.
func TestSettingErrors(t *testing.T) {
	const (
		python  = "names Python code, which does not run here: in a Go program the hook %s takes its place"
		classes = "must be a list of rest_framework_simplejwt.tokens.AccessToken, RefreshToken, SlidingToken or UntypedToken: classes of a site's own are Python"
	)
	for _, test := range []struct{ settings, name, problem string }{
		{`"ACCESS_TOKEN_LIFETIME": 0`, "ACCESS_TOKEN_LIFETIME", "must be more than zero and at most 100 years"},
		{`"REFRESH_TOKEN_LIFETIME": -1`, "REFRESH_TOKEN_LIFETIME", ""},
		{`"REFRESH_TOKEN_LIFETIME": "soon"`, "REFRESH_TOKEN_LIFETIME", ""},
		{`"REFRESH_TOKEN_LIFETIME": true`, "REFRESH_TOKEN_LIFETIME", ""},
		{`"ACCESS_TOKEN_LIFETIME": 1e300`, "ACCESS_TOKEN_LIFETIME", ""},
		{`"ALGORITHM": "none"`, "ALGORITHM", "is not a supported algorithm"},
		{`"ALGORITHM": null`, "ALGORITHM", "is not a supported algorithm"},
		{`"SIGNING_KEY": 1`, "SIGNING_KEY", "must be text that is not empty"},
		{`"SIGNING_KEY": null, "ALGORITHM": "ES256"`, "SIGNING_KEY", "ES256 needs a key in PEM or as a JWK"},
		{`"SIGNING_KEY": ""`, "SIGNING_KEY", "must be text that is not empty"},
		{`"SIGNING_KEY": "short"`, "SIGNING_KEY", "HS256 needs a secret of at least 32 bytes; this one (SECRET_KEY unless set) has 5"},
		{`"ALGORITHM": "HS512"`, "SIGNING_KEY", "HS512 needs a secret of at least 64 bytes; this one (SECRET_KEY unless set) has 52"},
		{`"ALGORITHM": "RS256", "SIGNING_KEY": "{}"`, "SIGNING_KEY", ""},
		{`"AUDIENCE": []`, "AUDIENCE", ""},
		{`"AUDIENCE": [1]`, "AUDIENCE", ""},
		{`"AUDIENCE": ""`, "AUDIENCE", ""},
		{`"ISSUER": ["a"]`, "ISSUER", "must be text that is not empty"},
		{`"LEEWAY": 601`, "LEEWAY", "must be 0 to 600 seconds"},
		{`"AUTH_HEADER_TYPES": []`, "AUTH_HEADER_TYPES", ""},
		{`"AUTH_HEADER_TYPES": ["a b"]`, "AUTH_HEADER_TYPES", ""},
		{`"AUTH_HEADER_TYPES": "a\r\nX: y"`, "AUTH_HEADER_TYPES", ""},
		{`"AUTH_HEADER_NAME": "Authorization"`, "AUTH_HEADER_NAME", ""},
		{`"AUTH_HEADER_NAME": "HTTP_A B"`, "AUTH_HEADER_NAME", ""},
		{`"USER_ID_CLAIM": null`, "USER_ID_CLAIM", "must be text that is not empty"},
		{`"USER_ID_CLAIM": "exp"`, "USER_ID_CLAIM", "the claim of that name is another one"},
		{`"JTI_CLAIM": "token_type"`, "JTI_CLAIM", "the claim of that name is another one"},
		{`"CHECK_USER_IS_ACTIVE": 1`, "CHECK_USER_IS_ACTIVE", "must be true or false"},
		{`"JTI_CLAIM": null`, "JTI_CLAIM", "the blacklist knows tokens by it: name the claim, or give INSTALLED_APPS without rest_framework_simplejwt.token_blacklist"},
		{`"USER_ID_AS_NUMBER": true, "USER_ID_CLAIM": "sub"`, "USER_ID_AS_NUMBER", "the claim sub must be text, or no token with it would be accepted"},
		{`"REVOKE_TOKEN_CLAIM": "user_id"`, "REVOKE_TOKEN_CLAIM", "the claim of that name is another one"},
		{`"SLIDING_TOKEN_REFRESH_EXP_CLAIM": "exp"`, "SLIDING_TOKEN_REFRESH_EXP_CLAIM", "the claim of that name is another one"},
		{`"USER_ID_FIELD": "uuid"`, "USER_ID_FIELD", `must be "id" or "pk", which are the primary key whatever its name, "username" or "email"`},
		{`"ROTATE_REFRESH_TOKENS": "yes"`, "ROTATE_REFRESH_TOKENS", "must be true or false"},
		{`"SLIDING_TOKEN_LIFETIME": 0`, "SLIDING_TOKEN_LIFETIME", "must be more than zero and at most 100 years"},
		{`"SLIDING_TOKEN_REFRESH_LIFETIME": 0`, "SLIDING_TOKEN_REFRESH_LIFETIME", ""},
		{`"JWK_URL": "https://keys.example/jwks.json", "ALGORITHM": "RS256"`, "JWK_URL", "key sets cannot be fetched here: give the public key as VERIFYING_KEY"},
		{`"AUTH_TOKEN_CLASSES": []`, "AUTH_TOKEN_CLASSES", classes},
		{`"AUTH_TOKEN_CLASSES": "rest_framework_simplejwt.tokens.AccessToken"`, "AUTH_TOKEN_CLASSES", classes},
		{`"AUTH_TOKEN_CLASSES": ["site.tokens.AccessToken"]`, "AUTH_TOKEN_CLASSES", classes},
		{`"AUTH_TOKEN_CLASSES": ["rest_framework_simplejwt.tokens.Token"]`, "AUTH_TOKEN_CLASSES", classes},
		{`"JSON_ENCODER": "site.Encoder"`, "JSON_ENCODER", fmt.Sprintf(python, "Claims")},
		{`"USER_AUTHENTICATION_RULE": "site.rule"`, "USER_AUTHENTICATION_RULE", fmt.Sprintf(python, "AuthenticationRule")},
		{`"TOKEN_USER_CLASS": "site.User"`, "TOKEN_USER_CLASS", fmt.Sprintf(python, "TokenUser")},
		{`"ON_LOGIN_SUCCESS": "site.success"`, "ON_LOGIN_SUCCESS", fmt.Sprintf(python, "OnLoginSuccess")},
		{`"ON_LOGIN_FAILED": "site.failed"`, "ON_LOGIN_FAILED", fmt.Sprintf(python, "OnLoginFailed")},
		{`"TOKEN_OBTAIN_SERIALIZER": "site.Serializer"`, "TOKEN_OBTAIN_SERIALIZER", fmt.Sprintf(python, "Claims or ResponsePayload")},
		{`"AUTH_HEADER_TYPE": "JWT"`, "AUTH_HEADER_TYPE", "was removed from djangorestframework-simplejwt: use AUTH_HEADER_TYPES"},
		{`"AUTH_TOKEN_CLASS": "x"`, "AUTH_TOKEN_CLASS", "was removed from djangorestframework-simplejwt: use AUTH_TOKEN_CLASSES"},
		{`"SECRET_KEY": "x"`, "SECRET_KEY", "was removed from djangorestframework-simplejwt: use SIGNING_KEY"},
		{`"TOKEN_BACKEND_CLASS": "x"`, "TOKEN_BACKEND_CLASS", "was removed from djangorestframework-simplejwt"},
		{`"ACCESS_TOKEN_LIFETIMES": 5`, "ACCESS_TOKEN_LIFETIMES", "is not a setting of SIMPLE_JWT"},
		{`"ISSUER": "a", "ISSUER": "b"`, "settings", ""},
		{`}, "DEBUG": true, "x": {`, "DEBUG", "is not a setting"},
		{`}, "PASSWORD_ITERATIONS": "x", "x": {`, "PASSWORD_ITERATIONS", "must be an integer"},
	} {
		secret := rand.Text() + rand.Text()
		config, err := auth.ParseConfig([]byte(fmt.Sprintf(`{"SECRET_KEY": %q, "SIMPLE_JWT": {%s}}`, secret, test.settings)))
		if err == nil {
			_, err = auth.New(config, store.NewMemory(), auth.NativeHost(), nil)
		}
		var wrong *auth.SettingError
		if !errors.As(err, &wrong) || wrong.Name != test.name || test.problem != "" && wrong.Problem != test.problem {
			t.Errorf("%s: got %v", test.settings, err)
		}
	}
}

// TestSecretHidden checks that no way of printing a Config shows its keys.
func TestSecretHidden(t *testing.T) {
	config := auth.DefaultConfig()
	secret := rand.Text() + rand.Text()
	config.SimpleJWT.SigningKey, config.SimpleJWT.VerifyingKey = auth.Secret(secret), auth.Secret(secret)
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "config", config, "key", config.SimpleJWT.SigningKey)
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "config", config, "key", config.SimpleJWT.SigningKey)
	encoded, err := json.Marshal(config.SimpleJWT.SigningKey)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{fmt.Sprintf("%v %+v %#v", config, config, config), fmt.Sprint(config.SimpleJWT.SigningKey), string(encoded), log.String()} {
		if strings.Contains(text, secret) {
			t.Errorf("the secret is in %s", text)
		}
	}
}

// TestDurations reads lifetimes in every form there is.
func TestDurations(t *testing.T) {
	for text, want := range map[string]time.Duration{
		`5`: 5 * time.Second, `0.25`: 250 * time.Millisecond, `1e2`: 100 * time.Second,
		`"7"`: 7 * time.Second, `"1:00"`: time.Minute, `"00:05:00"`: 5 * time.Minute, `"0:00:01.000001"`: time.Second + time.Microsecond,
		`"3 00:00:00"`: 72 * time.Hour, `"3 days, 1:00:00"`: 73 * time.Hour, `"1 day, 0:00:00"`: 24 * time.Hour, `"30 0"`: 720 * time.Hour, `"100:00:00"`: 100 * time.Hour,
		`"PT5M"`: 5 * time.Minute, `"P1D"`: 24 * time.Hour, `"P1DT2H3M4.5S"`: 26*time.Hour + 3*time.Minute + 4500*time.Millisecond, `"PT36H"`: 36 * time.Hour,
		`""`: -1, `"PT"`: -1, `"P1DT"`: -1, `"P5M"`: -1, `"PT1D"`: -1, `"PT1S1M"`: -1, `"P1W"`: -1, `"PT5"`: -1, `"5 x"`: -1, `"1:2:3:4"`: -1, `":30"`: -1,
		`"-1"`: -1, `"1e3"`: -1, `"1.5:00"`: -1, `".5"`: -1, `"1..5"`: -1, `null`: -1, `[5]`: -1, `"40000 00:00:00"`: -1, `"999999999999999999999"`: -1, `"0x10"`: -1,
	} {
		config, err := auth.ParseConfig([]byte(`{"SIMPLE_JWT":{"ACCESS_TOKEN_LIFETIME":` + text + `}}`))
		if want < 0 && err == nil || want >= 0 && (err != nil || config.SimpleJWT.AccessTokenLifetime != want) {
			t.Errorf("%s: got %v, %v", text, config.SimpleJWT.AccessTokenLifetime, err)
		}
	}
}
