package interop

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"path/filepath"
	"regexp"
	"testing"

	_ "modernc.org/sqlite" // looks into the databases of the services under test
)

// target is a service that answers a list, and the way into its database.
type target struct {
	name    string
	address string
	query   func(statement string) ([][]string, error)
}

// siteFile is what site/serve.py reads.
type siteFile struct {
	Settings json.RawMessage  `json:"settings"`
	Django   json.RawMessage  `json:"django,omitempty"`
	Database map[string]any   `json:"database"`
	Users    []map[string]any `json:"users,omitempty"`
	Dump     string           `json:"dump,omitempty"`
}

func sqliteDatabase(path string) map[string]any {
	return map[string]any{"ENGINE": "django.db.backends.sqlite3", "NAME": path}
}

// startDjango serves a site until the test ends.
func startDjango(t *testing.T, python string, site siteFile) (address string) {
	t.Helper()
	content, err := json.Marshal(site)
	if err != nil {
		t.Fatal(err)
	}
	folder := newFolder(t)
	script, err := filepath.Abs("site/serve.py")
	if err != nil {
		t.Fatal(err)
	}
	p, err := startProcess(folder, python, "-W", "ignore", script, writeFile(t, folder, "site.json", content))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.stop)
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("Django's log:\n%s", p.problems.String())
		}
	})
	var ready struct{ Address string }
	if err := json.Unmarshal([]byte(p.line(t)), &ready); err != nil {
		t.Fatal(err)
	}
	return ready.Address
}

var listening = regexp.MustCompile(`http://(127\.0\.0\.1:\d+)/`)

// startNative runs "jeton serve" with settings on a database, with further flags, until the test ends.
func startNative(t *testing.T, jeton string, settings []byte, database string, flags ...string) (address string) {
	t.Helper()
	folder := newFolder(t)
	arguments := append([]string{jeton, "serve", "--addr", "127.0.0.1:0", "--db", database, "--config", writeFile(t, folder, "settings.json", settings)}, flags...)
	p, err := startProcess(folder, arguments...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		p.interrupt()
		p.stop()
		if t.Failed() {
			t.Logf("the native log:\n%s", p.problems.String())
		}
	})
	for {
		if found := listening.FindStringSubmatch(p.line(t)); found != nil {
			return found[1]
		}
	}
}

// openSQLite returns a way into a database file that a service has open.
func openSQLite(t *testing.T, path string) func(statement string) ([][]string, error) {
	t.Helper()
	database, err := sql.Open("sqlite", "file:"+path+"?_pragma=busy_timeout(10000)&_pragma=foreign_keys(1)&_texttotime=0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { database.Close() })
	return func(statement string) ([][]string, error) { return queryTexts(database, statement) }
}

// queryTexts returns the rows of a query as texts.
func queryTexts(database *sql.DB, statement string) ([][]string, error) {
	rows, err := database.Query(statement)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	var all [][]string
	for rows.Next() {
		cells := make([]any, len(columns))
		for i := range cells {
			cells[i] = new(any)
		}
		if err := rows.Scan(cells...); err != nil {
			return nil, err
		}
		texts := make([]string, len(columns))
		for i, cell := range cells {
			texts[i] = cellText(*cell.(*any))
		}
		all = append(all, texts)
	}
	return all, rows.Err()
}

func cellText(cell any) string {
	switch value := cell.(type) {
	case nil:
		return "NULL"
	case []byte:
		return string(value)
	case float64:
		if value == float64(int64(value)) {
			return fmt.Sprint(int64(value)) // JSON has one kind of number
		}
	}
	return fmt.Sprint(cell)
}
