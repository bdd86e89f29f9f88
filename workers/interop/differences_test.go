package interop

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// differences are the rows of the table of workers/auth/README.md that says where Jeton differs from Django on purpose, by their IDs.
type differences map[string]bool

// notByHTTP are the differences that no request shows, each with the reason.
var notByHTTP = map[string]string{
	"no-installed-apps":  "a Django site cannot be without the setting",
	"null-jti":           "Jeton does not start",
	"jwt-verify":         "Jeton does not start",
	"cookie-empty":       "Jeton does not start",
	"rate-words":         "Jeton does not start",
	"rate-events":        "it shows only over a long time",
	"short-secret":       "Jeton does not start",
	"unknown-settings":   "Jeton does not start",
	"user-secret-of-two": "it takes a function: the tests of workers/auth have it",
	"user-profile":       "it takes a user model of the site's own",
	"username-field":     "it takes a user model of the site's own",
	"blacklist-routes":   "it takes routes of the site's own",
	"is-not-blacklisted": "it takes a view of the site's own, and nothing comes as far as its permission",
	"one-successor":      "it takes requests at the very same moment: the suite of workers/store has them",
	"upgrade-race":       "it takes a change at the very moment of a login: the tests of workers/auth have one",
	"validators":         "registration is no endpoint of Django's",
}

var differenceID = regexp.MustCompile("^`([a-z0-9-]+)`$")

func readDifferences(t *testing.T) differences {
	t.Helper()
	text, err := os.ReadFile("../auth/README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, found := strings.Cut(string(text), "\n## Where we differ from Django on purpose\n")
	if !found {
		t.Fatal("workers/auth/README.md has no section that says where we differ from Django on purpose")
	}
	section, _, _ = strings.Cut(section, "\n## ")
	all := differences{}
	for i, line := range tableRows(section) {
		id := differenceID.FindStringSubmatch(strings.TrimSpace(strings.Split(line, "|")[1]))
		switch {
		case id == nil:
			t.Errorf("row %d of the table of differences does not begin with an ID such as `body-limit`: %s", i+1, line)
		case all[id[1]]:
			t.Errorf("the table of differences has two rows %s", id[1])
		default:
			all[id[1]] = true
		}
	}
	if len(all) == 0 {
		t.Error("the table of differences has no rows")
	}
	return all
}

// tableRows returns the rows of all tables, without their heads.
func tableRows(section string) []string {
	var rows []string
	inTable := 0
	for line := range strings.Lines(section) {
		if !strings.HasPrefix(line, "|") {
			inTable = 0
			continue
		}
		if inTable++; inTable > 2 {
			rows = append(rows, strings.TrimSpace(line))
		}
	}
	return rows
}

// check holds the marks of cases against the table: every mark has its row, and every row its case.
func (d differences) check(t *testing.T, used map[string]bool) {
	t.Helper()
	for id := range used {
		if id != "" && !d[id] {
			t.Errorf("a case is marked with the difference %q, which the table of workers/auth/README.md does not have", id)
		}
	}
	for id := range d {
		if !used[id] && notByHTTP[id] == "" {
			t.Errorf("the difference %q of workers/auth/README.md has no case", id)
		}
	}
	for id := range notByHTTP {
		if !d[id] || used[id] {
			t.Errorf("%q is said to be shown by no request, but it has no row, or a case", id)
		}
	}
}

// TestDifferences checks the table alone.
func TestDifferences(t *testing.T) { readDifferences(t) }
