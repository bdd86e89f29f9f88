package interop

import (
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // looks into the database that a test shares
	"github.com/jeton-dev/jeton/workers/store/storetest/postgrestest"
)

// TestOneDatabase runs a Django project and "jeton serve" at the same time on one database with one secret: whatever one of them does to
// users and tokens, the other goes by.
func TestOneDatabase(t *testing.T) {
	required(t, environmentsVariable)
	for _, dialect := range []struct {
		name, settings string
		tests          []sharedTest
	}{
		{"simplejwt", `"SIMPLE_JWT": {"ROTATE_REFRESH_TOKENS": true, "BLACKLIST_AFTER_ROTATION": true, "CHECK_REVOKE_TOKEN": true}`, simpleJWTTests},
		{"drf-jwt", `"JWT_AUTH": {}`, drfJWTTests},
	} {
		for _, kind := range databaseKinds {
			t.Run(dialect.name+" on "+kind.name, func(t *testing.T) {
				site := startSharedSite(t, dialect.settings, kind.make(t))
				for _, test := range dialect.tests {
					t.Run(test.name+" by Django", func(t *testing.T) { test.run(t, site, site.django, site.jeton) })
					t.Run(test.name+" by Jeton", func(t *testing.T) { test.run(t, site, site.jeton, site.django) })
				}
			})
		}
	}
}

// sharedTest is something that one of two services does, and that the other must know.
type sharedTest struct {
	name string
	run  func(t *testing.T, site *sharedSite, one, other *service)
}

// sharedSite is a database and the two services on it.
type sharedSite struct {
	django, jeton *service
	database      *sql.DB
}

// service is one of the two. Its command does something to a user, with a password, or to the whole site.
type service struct {
	address string
	command func(t *testing.T, verb, username, password string)
}

// databaseKinds are the kinds of databases that both use.
var databaseKinds = []struct {
	name string
	make func(t *testing.T) sharedDatabase
}{
	{"SQLite", newSQLiteDatabase},
	{"PostgreSQL", newPostgreSQLDatabase},
}

// sharedDatabase is an empty database: what "jeton --db" calls it, what Django does, and how a test gets in.
type sharedDatabase struct {
	name   string
	django map[string]any
	open   *sql.DB
}

func newSQLiteDatabase(t *testing.T) sharedDatabase {
	t.Helper()
	path := filepath.Join(newFolder(t), "site.sqlite3")
	return sharedDatabase{path, sqliteDatabase(path), openDatabase(t, "sqlite", "file:"+path+"?_pragma=busy_timeout(10000)")}
}

// newPostgreSQLDatabase needs the folder with PostgreSQL's programs that JETON_POSTGRES names.
func newPostgreSQLDatabase(t *testing.T) sharedDatabase {
	t.Helper()
	url, django := postgrestest.Start(t).NewDatabase(t)
	settings := map[string]any{}
	for name, value := range django {
		settings[name] = value
	}
	return sharedDatabase{url, settings, openDatabase(t, "pgx", url)}
}

func openDatabase(t *testing.T, driver, name string) *sql.DB {
	t.Helper()
	database, err := sql.Open(driver, name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { database.Close() })
	return database
}

func startSharedSite(t *testing.T, settings string, database sharedDatabase) *sharedSite {
	t.Helper()
	python, jeton := pythonWith(t, ""), required(t, jetonVariable)
	shared := fmt.Appendf(nil, `{"SECRET_KEY": %q, "PASSWORD_ITERATIONS": 1000, %s}`, rand.Text()+rand.Text(), settings)
	site := siteFile{Settings: shared, Database: database.django, Users: []map[string]any{{"username": "first"}}}
	django := startDjango(t, python, site)
	native := startNative(t, jeton, shared, database.name)
	site.Users = nil
	file := writeFile(t, newFolder(t), "site.json", must[[]byte](t)(json.Marshal(site)))
	return &sharedSite{
		django: &service{django, func(t *testing.T, verb, username, password string) {
			t.Helper()
			runCommand(t, password, python, "-W", "ignore", "site/operate.py", file, verb, username)
		}},
		jeton: &service{native, func(t *testing.T, verb, username, password string) {
			t.Helper()
			runCommand(t, password, append([]string{jeton}, append(jetonCommand(verb, username), "--db", database.name)...)...)
		}},
		database: database.open,
	}
}

// jetonCommand is what site/operate.py calls a verb.
func jetonCommand(verb, username string) []string {
	switch verb {
	case "create":
		return []string{"user", "add", username, "--password-stdin", "--iterations", "1000"}
	case "password":
		return []string{"user", "password", username, "--password-stdin", "--iterations", "1000"}
	case "delete":
		return []string{"user", "delete", username}
	}
	return []string{"flushexpired"}
}

func runCommand(t *testing.T, input string, arguments ...string) {
	t.Helper()
	command := exec.Command(arguments[0], arguments[1:]...)
	command.Stdin = strings.NewReader(input)
	if output, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", strings.Join(arguments[1:], " "), err, output)
	}
}

// answer is a response as a test of this file looks at it.
type answer struct {
	*testing.T
	status int
	body   string
	values map[string]any
}

// post sends an object as JSON, an empty one for nil, and get a token in a header.
func (s *service) post(t *testing.T, path string, values map[string]string, headers ...string) answer {
	t.Helper()
	body := must[[]byte](t)(json.Marshal(values))
	if values == nil {
		body = []byte("{}")
	}
	return s.ask(t, "POST "+path, append(headers, "Content-Type: application/json"), body)
}

func (s *service) get(t *testing.T, path, token string) answer {
	t.Helper()
	return s.ask(t, "GET "+path, []string{"Authorization: Bearer " + token}, nil)
}

func (s *service) ask(t *testing.T, request string, headers []string, body []byte) answer {
	t.Helper()
	received := must[*response](t)(exchange(s.address, request, headers, body, body != nil, false))
	a := answer{T: t, status: received.status, body: received.body}
	json.Unmarshal([]byte(received.body), &a.values)
	return a
}

// is checks the status, and that a text stands in the body.
func (a answer) is(status int, text string) answer {
	a.Helper()
	if a.status != status || !strings.Contains(a.body, text) {
		a.Fatalf("the answer is %d %s, and should be %d with %q in it", a.status, a.body, status, text)
	}
	return a
}

func (a answer) text(name string) string {
	a.Helper()
	text, ok := a.values[name].(string)
	if !ok {
		a.Fatalf("%s has no %q", a.body, name)
	}
	return text
}

// newUser has a service make a user.
func (s *service) newUser(t *testing.T) (username, password string) {
	t.Helper()
	username, password = "user"+strings.ToLower(rand.Text()), "pässword "+rand.Text()
	s.command(t, "create", username, password)
	return username, password
}

// change runs a statement, which must change so many rows.
func (s *sharedSite) change(t *testing.T, rows int64, statement string) {
	t.Helper()
	changed := must[int64](t)(must[sql.Result](t)(s.database.Exec(statement)).RowsAffected())
	if changed != rows {
		t.Fatalf("%q changes %d rows, not %d", statement, changed, rows)
	}
}

// rows checks what a query finds.
func (s *sharedSite) rows(t *testing.T, query, want string) {
	t.Helper()
	var lines []string
	for _, row := range must[[][]string](t)(queryTexts(s.database, query)) {
		lines = append(lines, strings.Join(row, " | "))
	}
	if got := strings.Join(lines, "\n"); got != want {
		t.Errorf("%q finds %q, not %q", query, got, want)
	}
}
