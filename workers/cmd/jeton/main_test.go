package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/jeton-dev/jeton/workers/store/storetest/postgrestest"
)

// program is the real program, built once for all tests.
var program string

func TestMain(m *testing.M) {
	directory, err := os.MkdirTemp("", "jeton-test")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	// The tests that need a user without privileges run the program as one.
	if err := os.Chmod(directory, 0o755); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	program = filepath.Join(directory, "jeton")
	if output, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "go build: %v\n%s", err, output)
		os.Exit(1)
	}
	status := postgrestest.Run(m)
	os.RemoveAll(directory)
	os.Exit(status)
}

// detectRaces has a test that is not parallel run a program that was built with the race detector, if the tests were. It is several times
// slower, so that the others are not.
func detectRaces(t *testing.T) {
	t.Helper()
	if !raceEnabled {
		return
	}
	path, err := raceProgram()
	if err != nil {
		t.Fatal(err)
	}
	usual := program
	program = path
	t.Cleanup(func() { program = usual })
}

var raceProgram = sync.OnceValues(func() (string, error) {
	path := program + "-race"
	if output, err := exec.Command("go", "build", "-race", "-o", path, ".").CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build -race: %w\n%s", err, output)
	}
	return path, nil
})

// result is what a run of the program gave.
type result struct {
	stdout, stderr string
	status         int
}

// jeton runs the program in directory with that standard input.
func jeton(t *testing.T, directory, stdin string, args ...string) result {
	t.Helper()
	return jetonWith(t, directory, stdin, nil, args...)
}

// jetonWith runs it with more environment variables.
func jetonWith(t *testing.T, directory, stdin string, environment []string, args ...string) result {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), program, args...)
	cmd.Dir = directory
	cmd.Env = append(programEnvironment(), environment...)
	cmd.Stdin = strings.NewReader(stdin)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return result{stdout.String(), stderr.String(), cmd.ProcessState.ExitCode()}
}

// programEnvironment returns the environment without what would set flags of the program.
func programEnvironment() []string {
	return slices.DeleteFunc(os.Environ(), func(variable string) bool {
		return strings.HasPrefix(variable, "JETON_") || strings.HasPrefix(variable, "SECRET_KEY")
	})
}

// mustRun runs the program, which must succeed in silence, and returns its output.
func mustRun(t *testing.T, directory, stdin string, args ...string) string {
	t.Helper()
	got := jeton(t, directory, stdin, args...)
	if got.status != 0 || got.stderr != "" {
		t.Fatalf("jeton %s: status %d, %s", strings.Join(args, " "), got.status, got.stderr)
	}
	return got.stdout
}

// refused checks that the program refused with one line on standard error that has every one of the texts, and nothing else.
func refused(t *testing.T, got result, status int, texts ...string) {
	t.Helper()
	if got.status != status || got.stdout != "" {
		t.Errorf("status %d, output %q; want status %d and no output", got.status, got.stdout, status)
	}
	if !strings.HasPrefix(got.stderr, "jeton: ") || strings.Count(got.stderr, "\n") != 1 || !strings.HasSuffix(got.stderr, "\n") {
		t.Errorf("standard error is not one line: %q", got.stderr)
	}
	for _, text := range texts {
		if !strings.Contains(got.stderr, text) {
			t.Errorf("standard error is %q, want %q in it", got.stderr, text)
		}
	}
}

// writeFile makes a file in directory and returns its name.
func writeFile(t *testing.T, directory, name, content string) string {
	t.Helper()
	if err := os.WriteFile(filepath.Join(directory, name), []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestHelp(t *testing.T) {
	directory := t.TempDir()
	for _, command := range []string{"serve", "user add", "user list", "user export", "schema", "key generate", "key public", "encode", "decode", "verify", "version"} {
		args := strings.Fields(command)
		if help := mustRun(t, directory, "", append(args, "--help")...); !strings.Contains(help, "jeton "+command) {
			t.Errorf("the help of %s does not show its use:\n%s", command, help)
		}
		if help := mustRun(t, directory, "", append([]string{"help"}, args...)...); !strings.Contains(help, "jeton "+command) {
			t.Errorf("help %s does not show its use:\n%s", command, help)
		}
		if top := mustRun(t, directory, "", "--help"); !strings.Contains(top, "\n  "+args[0]+" ") {
			t.Errorf("the help does not list %s", args[0])
		}
	}
	if version := mustRun(t, directory, "", "version"); !strings.HasPrefix(version, "jeton ") || !strings.Contains(version, " go1") {
		t.Errorf("version prints %q", version)
	}
}

// TestBadUsage checks that every mistake on the command line is named, with its flag, and that nothing given is quoted back.
func TestBadUsage(t *testing.T) {
	directory := t.TempDir()
	key := writeFile(t, directory, "key.jwk", mustRun(t, directory, "", "key", "generate", "--alg", "HS256"))
	const secret = "hunter2-hunter2"
	for _, test := range []struct {
		args   string
		reason string
	}{
		{secret, "not a command"},
		{"vrify", "did you mean verify?"},
		{"help " + secret, "not a command"},
		{"key", "which command?"},
		{"user " + secret, "not a command of 'jeton user'"},
		{"version " + secret, "takes no argument"},
		{"--" + "unknown=" + secret, "--unknown: there is no such flag"},
		{"verify --unknown=" + secret, "--unknown: there is no such flag"},
		{"user add alice -p" + secret, "-p: there is no such flag"},
		{"verify --=" + secret, "a flag is malformed"},
		{"verify", "--keys: name the file"},
		{"verify --keys", "--keys: a value is missing"},
		{"verify --keys=", "--keys: the file name is empty"},
		{"verify --keys missing.jwk", "--keys missing.jwk: no such file or directory"},
		{"verify --keys .", "--keys .: is a directory"},
		{"verify --keys key.jwk --leeway " + secret, "--leeway: not a duration"},
		{"verify --keys key.jwk --leeway 10", "--leeway: not a duration"},
		{"verify --keys key.jwk --leeway -1s", "--leeway: not between"},
		{"verify --keys key.jwk --leeway 11m", "--leeway: not between"},
		{"verify --keys key.jwk --now " + secret, "--now: not a Unix time"},
		{"verify --keys key.jwk --now 1.5", "--now: not a Unix time"},
		{"verify --keys key.jwk --now -1", "--now: not a Unix time"},
		{"verify --keys key.jwk --now 1795000000000", "--now: not a Unix time"},
		{"verify --keys key.jwk --alg " + secret, "--alg: not one of HS256, "},
		{"verify --keys key.jwk --alg none", "--alg: not one of HS256, "},
		{"verify --keys key.jwk --alg hs256", "--alg: not one of HS256, "},
		{"verify --keys key.jwk --alg RS256", "--keys key.jwk: key_unusable"},
		{"verify --keys key.jwk --iss=", "--iss: the value is empty"},
		{"verify --keys key.jwk --aud=", "--aud: the value is empty"},
		{"verify --keys key.jwk --aud a --aud=", "--aud: the value is empty"},
		{"verify --keys key.jwk --typ=", "--typ: the value is empty"},
		{"verify --keys key.jwk --allow-missing-exp=" + secret, "--allow-missing-exp: not true or false"},
		{"verify --keys key.jwk --lines " + secret, "--lines: the tokens come from standard input"},
		{"verify --keys key.jwk " + secret + " " + secret, "takes one TOKEN"},
		{"decode --lines " + secret, "--lines: the tokens come from standard input"},
		{"decode " + secret + " " + secret, "takes one TOKEN"},
		{"encode", "--key: name the file"},
		{"encode --key key.jwk " + secret, "takes no argument"},
		{"encode --key missing.jwk", "--key missing.jwk: no such file"},
		{"encode --key key.jwk --typ=", "--typ: the value is empty"},
		{"key generate", "--alg: name the algorithm: HS256, "},
		{"key generate --alg " + secret, "--alg: not one of HS256, "},
		{"key generate --alg HS256 --kid=", "--kid: the value is empty"},
		{"key generate --alg HS256 --kid " + strings.Repeat("k", 257), "--kid: "},
		{"key generate HS256", "takes no argument"},
		{"key public missing.jwk", "FILE missing.jwk: no such file"},
		{"key public a b", "takes one FILE"},
		{"user add", "takes one NAME"},
		{"user add alice " + secret, "takes one NAME"},
		{"user add alice --password-stdin --iterations 0", "--iterations: not between 1 and 10000000"},
		{"user add alice --password-stdin --iterations 10000001", "--iterations: not between 1 and 10000000"},
		{"user add alice --password-stdin --iterations many", "--iterations: not a whole number"},
		{"user add alice --password-stdin --db=", "--db: the file name is empty"},
		{"user add alice --password-stdin --db postgres://u:" + secret + "@localhost:port/x", "--db: "},
		{"user add alice --password-stdin --db x.db --user-table a.b", "--user-table: not a name"},
		{"user add alice --password-stdin --db x.db --username-column a;b", "--username-column: not a name"},
		{"user add alice --password-stdin --db x.db --print-sql", "--print-sql: it uses no database"},
		{"user list " + secret, "takes no argument"},
		{"user list --db missing.db", "--db missing.db: there is no such file"},
		{"user list --db postgresql://u:" + secret + "@127.0.0.1:1/x?sslmode=disable", "--db postgres://...: the database cannot be reached"},
		{"user list --db postgres://u:" + secret + "@127.0.0.1:1/x?sslmode=" + secret, "--db: "},
		{"user list --db mysql://u:" + secret + "@localhost/x", "--db: URLs of this kind are not supported"},
		{"user list --db key.jwk", "--db key.jwk: not an SQLite database"},
		{"user list --db .", "--db .: a directory"},
		{"user export " + secret, "takes no argument"},
		{"user export --db missing.db", "--db missing.db: there is no such file"},
		{"user export --db missing.db --output users.sql", "--db missing.db: there is no such file"},
		{"user export --db key.jwk", "--db key.jwk: not an SQLite database"},
		{"user export --output=", "--output: the file name is empty"},
		{"user export --output key.jwk", "--output key.jwk: file exists"},
		{"schema --tables " + secret, "--tables: not a list of users, tokens"},
		{"serve " + secret, "takes no argument"},
		{"serve --addr " + secret, "--addr: not HOST:PORT"},
		{"serve --addr 127.0.0.1:http", "--addr: the port is not a number"},
		{"serve --addr 127.0.0.1:65536", "--addr: the port is not a number"},
		{"serve --addr 127.0.0.1:0 --db postgres://u:" + secret + "@127.0.0.1:1/x?sslmode=disable", "--db postgres://...: the database cannot be reached"},
		{"serve --addr 127.0.0.1:0 --demo --db postgres://u:" + secret + "@127.0.0.1:1/x", "--demo: "},
		{"user delete", "takes one NAME"},
		{"user delete alice --db missing.db", "--db missing.db: there is no such file"},
		{"user delete alice " + secret, "takes one NAME"},
		{"user password", "takes one NAME"},
		{"user password alice --password-stdin --db missing.db", "--db missing.db: there is no such file"},
		{"user password alice --password-stdin --iterations 0", "--iterations: not between"},
		{"flushexpired " + secret, "takes no argument"},
		{"flushexpired --db missing.db", "--db missing.db: there is no such file"},
		{"flushexpired --db key.jwk", "--db key.jwk: not an SQLite database"},
		{"serve --addr 127.0.0.1:0 --db .", "--db .: a directory"},
		{"serve --addr 127.0.0.1:0 --db key.jwk", "--db key.jwk: not an SQLite database"},
		{"serve --addr 127.0.0.1:0 --db missing/x.db", "--db missing/x.db: no such file or directory"},
		{"serve --addr 127.0.0.1:0 --db /proc/x.db", "--db /proc/x.db: "},
		{"serve --config=", "--config: the file name is empty"},
		{"serve --config missing.json", "--config missing.json: no such file"},
		{"serve --metrics-addr " + secret + " --addr 127.0.0.1:0", "--metrics-addr: not HOST:PORT"},
		{"serve --tls-cert key.jwk", "--tls-key: name the file"},
		{"serve --tls-key key.jwk", "--tls-cert: name the file"},
		{"serve --tls-cert missing.pem --tls-key key.jwk", "--tls-cert missing.pem: no such file"},
		{"serve --tls-cert key.jwk --tls-key key.jwk", "--tls-cert key.jwk, --tls-key key.jwk: tls: failed to find any PEM data"},
		{"serve --trusted-proxies 10.0.0.0/8," + secret, "--trusted-proxies: not networks or addresses"},
		{"serve --trusted-proxies 10.0.0.0/33", "--trusted-proxies: not networks or addresses"},
		{"serve --proxy-header " + secret, "--proxy-header: not X-Forwarded-For or Forwarded"},
		{"serve --log-format " + secret, "--log-format: not text or json"},
		{"serve --max-connections 0", "--max-connections: not at least 1"},
		{"serve --max-connections " + secret, "--max-connections: not a whole number"},
		{"serve --stop-delay 2m", "--stop-delay: not between 0s and 1m"},
		{"serve --access-log=" + secret, "--access-log: not true or false"},
		{"serve --check --db key.jwk", "--db key.jwk: not an SQLite database"},
		{"serve --check " + secret, "takes no argument"},
		{"serve --demo", "--demo-dir examples/browser/dist: no such file"},
		{"serve --demo --demo-dir .", "--demo-dir .: it has no index.html"},
		{"serve --demo --demo-dir key.jwk", "--demo-dir key.jwk: not a directory"},
	} {
		t.Run(test.args, func(t *testing.T) {
			got := jeton(t, directory, "a password\n", strings.Fields(test.args)...)
			refused(t, got, statusUsage, test.reason)
			if strings.Contains(got.stderr, secret) {
				t.Errorf("what was given is quoted: %s", got.stderr)
			}
		})
	}
	entries, err := os.ReadDir(directory)
	if err != nil || len(entries) != 1 || entries[0].Name() != key {
		t.Errorf("the commands left something behind: %v, %v", entries, err)
	}
	if got := jeton(t, directory, ""); got.status != statusUsage || got.stdout != "" || !strings.Contains(got.stderr, "Available Commands") {
		t.Errorf("without arguments: status %d, %q, %q; want the help on standard error and 2", got.status, got.stdout, got.stderr)
	}
}
