package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// newSecret returns a random secret of the length HS256 takes.
func newSecret(t *testing.T) string {
	t.Helper()
	key, err := newSigningKey("HS256")
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(key))
}

// TestServeFromEnvironment starts the program as a container does: with no flag, its secrets in files.
func TestServeFromEnvironment(t *testing.T) {
	directory := t.TempDir()
	addNamed(t, directory, "alice", plainPassword)
	secret := newSecret(t)
	writeFile(t, directory, "signing-key", secret+"\n")
	writeFile(t, directory, "settings", `{"SIMPLE_JWT": {"ISSUER": "https://issuer.example"}}`)
	s := serveWith(t, directory, []string{
		"JETON_SIGNING_KEY_FILE=signing-key", "JETON_CONFIG_FILE=settings", "JETON_DATABASE_URL=" + defaultDatabase,
		"JETON_LOG_FORMAT=json", "JETON_METRICS_ADDR=127.0.0.1:0", "SECRET_KEY=" + newSecret(t), "JETON_TRUSTED_PROXIES=127.0.0.1,10.0.0.0/8",
	})
	token := s.login(t, "alice", plainPassword).Access
	s.log.waitFor(t, `"for":"metrics"`)
	s.log.waitFor(t, `"msg":"using the configured signing key","from":"JETON_SIGNING_KEY_FILE"`)
	s.stop(t)
	jwk, err := json.Marshal(map[string]string{"kty": "oct", "alg": "HS256", "k": segment(secret)})
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, directory, "key.jwk", string(jwk))
	mustRun(t, directory, token, "verify", "--keys", "key.jwk", "--iss", "https://issuer.example")
	if _, err := os.Stat(filepath.Join(directory, defaultDatabase+".signing-key")); err == nil {
		t.Error("a signing key was made although one is configured")
	}
	if strings.Contains(s.log.String(), secret) {
		t.Error("the log has the secret")
	}
}

// TestKeyPrecedence checks which signing key counts, by what "serve --check" says.
func TestKeyPrecedence(t *testing.T) {
	directory := t.TempDir()
	inSettings := writeFile(t, directory, "settings.json", `{"SECRET_KEY": "`+newSecret(t)+`"}`)
	for _, test := range []struct {
		name        string
		environment []string
		args        string
		want        string
	}{
		{"none", nil, "", defaultDatabase + ".signing-key, which will be made"},
		{"Django's alone", []string{"SECRET_KEY=" + newSecret(t)}, "", "SECRET_KEY"},
		{"settings before Django's", []string{"SECRET_KEY=" + newSecret(t)}, "--config " + inSettings, "--config " + inSettings},
		{"ours before settings", []string{"JETON_SIGNING_KEY=" + newSecret(t)}, "--config " + inSettings, "JETON_SIGNING_KEY"},
		{"settings in the environment", []string{`JETON_CONFIG={"SECRET_KEY":"` + newSecret(t) + `"}`}, "", "JETON_CONFIG"},
		{"a flag before the environment", []string{"JETON_CONFIG={}"}, "--config " + inSettings, "--config " + inSettings},
		{"an empty variable", []string{"JETON_SIGNING_KEY=", "JETON_CONFIG=", "JETON_ADDR="}, "--config " + inSettings, "--config " + inSettings},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := jetonWith(t, directory, "", test.environment, append([]string{"serve", "--check"}, strings.Fields(test.args)...)...)
			if got.status != 0 || !strings.Contains(got.stdout, "\nsigning key: "+test.want+", for HS256\n") {
				t.Errorf("status %d, %s%s", got.status, got.stdout, got.stderr)
			}
		})
	}
	if entries, err := os.ReadDir(directory); err != nil || len(entries) != 1 {
		t.Errorf("the check left something behind: %v, %v", entries, err)
	}
}

// TestBadEnvironment checks that every mistake is named by its variable, and that no value is quoted.
func TestBadEnvironment(t *testing.T) {
	directory := t.TempDir()
	const secret = "hunter2-hunter2"
	writeFile(t, directory, "secret", secret)
	writeFile(t, directory, "empty", "\n")
	for variable, reason := range map[string]string{
		"JETON_SIGNING_KEY=" + secret:                                     "JETON_SIGNING_KEY: ",
		"JETON_SIGNING_KEY_FILE=secret":                                   "JETON_SIGNING_KEY_FILE: ",
		"JETON_SIGNING_KEY_FILE=missing":                                  "JETON_SIGNING_KEY_FILE missing: no such file",
		"JETON_SIGNING_KEY_FILE=empty":                                    "JETON_SIGNING_KEY_FILE empty: the file is empty",
		"JETON_SIGNING_KEY=" + secret + "\nJETON_SIGNING_KEY_FILE=secret": "JETON_SIGNING_KEY and JETON_SIGNING_KEY_FILE are both set",
		"SECRET_KEY=" + secret:                                            "SECRET_KEY: ",
		"JETON_CONFIG=" + secret:                                          "JETON_CONFIG: settings: ",
		"JETON_CONFIG_FILE=secret":                                        "JETON_CONFIG_FILE: settings: ",
		`JETON_CONFIG={"SIMPLE_JWT":{"LEEWAY":"` + secret + `"}}`:         "JETON_CONFIG: LEEWAY: ",
		`JETON_CONFIG={"CORS_ALLOWED_ORIGINS":["` + secret + `"]}`:        "JETON_CONFIG: CORS_ALLOWED_ORIGINS: ",
		`JETON_CONFIG={"CORS_ALLOW_ALL":true}`:                            "JETON_CONFIG: CORS_ALLOW_ALL: is not a setting",
		"JETON_DATABASE_URL=mysql://u:" + secret + "@localhost/x":         "JETON_DATABASE_URL: URLs of this kind",
		"JETON_DATABASE_URL_FILE=missing":                                 "JETON_DATABASE_URL_FILE missing: no such file",
		"JETON_TRUSTED_PROXIES=" + secret:                                 "JETON_TRUSTED_PROXIES: not networks",
		"JETON_MAX_CONNECTIONS=" + secret:                                 "JETON_MAX_CONNECTIONS: not a whole number",
		"JETON_STOP_DELAY=5":                                              "JETON_STOP_DELAY: not a duration",
		"JETON_ACCESS_LOG=" + secret:                                      "JETON_ACCESS_LOG: not true or false",
		"JETON_LOG_FORMAT=" + secret:                                      "JETON_LOG_FORMAT: not text or json",
		"JETON_TLS_CERT_FILE=secret":                                      "--tls-key: name the file of the private key",
		"JETON_TLS_CERT_FILE=missing\nJETON_TLS_KEY_FILE=secret":          "JETON_TLS_CERT_FILE missing: no such file",
	} {
		t.Run(reason, func(t *testing.T) {
			got := jetonWith(t, directory, "", strings.Split(variable, "\n"), "serve", "--check")
			refused(t, got, statusUsage, "jeton: "+reason)
			if strings.Contains(got.stderr, secret) {
				t.Errorf("the value is quoted: %s", got.stderr)
			}
		})
	}
	t.Run("an address", func(t *testing.T) {
		got := jetonWith(t, t.TempDir(), "", []string{"JETON_ADDR=" + secret}, "serve")
		refused(t, got, statusUsage, "jeton: JETON_ADDR: not HOST:PORT")
	})
}

func TestCheck(t *testing.T) {
	directory := t.TempDir()
	addNamed(t, directory, "alice", plainPassword)
	before, err := os.ReadFile(filepath.Join(directory, defaultDatabase))
	if err != nil {
		t.Fatal(err)
	}
	secret := newSecret(t)
	config := writeFile(t, directory, "settings.json", `{"SECRET_KEY": "`+secret+`", "SIMPLE_JWT": {"ALGORITHM": "HS512"}}`)
	writeFile(t, directory, "short.json", `{"SECRET_KEY": "short"}`)
	if got := jeton(t, directory, "", "serve", "--check", "--config", "short.json"); got.status != statusUsage || !strings.Contains(got.stderr, "--config short.json: SIGNING_KEY: ") {
		t.Errorf("a short key gives status %d, %s", got.status, got.stderr)
	}
	if got, want := mustRun(t, directory, "", "serve", "--check", "--config", config), "settings: --config settings.json\nsigning key: --config settings.json, for HS512\ndatabase: jeton.sqlite3\n"; got != want {
		t.Errorf("the check says\n%swant\n%s", got, want)
	}
	after, err := os.ReadFile(filepath.Join(directory, defaultDatabase))
	if err != nil || string(after) != string(before) {
		t.Errorf("the check changed the database (%v)", err)
	}
	execute(t, filepath.Join(directory, defaultDatabase), `ALTER TABLE auth_user DROP COLUMN first_name`)
	if got := jeton(t, directory, "", "serve", "--check", "--config", config); got.status == 0 || !strings.Contains(got.stderr, "--db jeton.sqlite3: ") {
		t.Errorf("a table without a column gives status %d, %s", got.status, got.stderr)
	}
}
