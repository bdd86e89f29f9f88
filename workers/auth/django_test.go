package auth_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"testing"
)

// TestDjango sends the requests of TestWire to a real Django site and holds its answers against the ones written down, so that what
// this package is built to is what Django does. Cases that differ on purpose must differ.
//
// JETON_DJANGO_PYTHON names a Python with djangorestframework-simplejwt; "make test" installs one.
func TestDjango(t *testing.T) {
	python := os.Getenv("JETON_DJANGO_PYTHON")
	if python == "" {
		t.Skip("JETON_DJANGO_PYTHON names no Python with djangorestframework-simplejwt: run make test")
	}
	for _, site := range wireSites() {
		t.Run(site.name, func(t *testing.T) {
			f := site.fixture(t, nil, nil)
			cases := site.wireCases(f)
			answers := askDjango(t, python, site, f, cases)
			for i, c := range cases {
				t.Run(c.name, func(t *testing.T) { f.compare(t, c, answers[i]) })
			}
		})
	}
}

// compare holds Django's answer against the one that is written down.
func (f *fixture) compare(t *testing.T, c wireCase, answer djangoAnswer) {
	t.Helper()
	got := normalise(answer.Body)
	same := answer.Status == c.status && (got == c.want || c.noView && c.want == "")
	switch {
	case c.differs == deletedUser: // depends on the version
	case c.differs != "":
		if same {
			t.Errorf("Django answers the same, though it is said to differ: %s", c.differs)
		}
	case !same:
		t.Errorf("%s %s %q\n Django   %d %s\n expected %d %s", c.method, c.path, c.body, answer.Status, got, c.status, c.want)
	default:
		f.checkHeader(t, c, func(name string) string { return answer.Header[name] })
	}
}

type djangoAnswer struct {
	Status int
	Header map[string]string
	Body   string
}

// askDjango runs the reference site over the fixture's users and the cases' requests.
func askDjango(t *testing.T, python string, site wireSite, f *fixture, cases []wireCase) []djangoAnswer {
	t.Helper()
	type row struct {
		ID        string `json:"id"`
		Username  string `json:"username"`
		Password  string `json:"password"`
		Email     string `json:"email"`
		FirstName string `json:"first_name"`
		LastName  string `json:"last_name"`
		IsActive  bool   `json:"is_active"`
	}
	type request struct {
		Method string      `json:"method"`
		Path   string      `json:"path"`
		Query  string      `json:"query"`
		Header [][2]string `json:"header"`
		Body   []byte      `json:"body"`
	}
	var task struct {
		Secret     string          `json:"secret"`
		Iterations int             `json:"iterations"`
		Settings   json.RawMessage `json:"settings"`
		Site       json.RawMessage `json:"site"`
		Apps       []string        `json:"apps"`
		Users      []row           `json:"users"`
		Requests   []request       `json:"requests"`
	}
	users, err := f.users.Users(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	task.Secret, task.Iterations, task.Settings = f.secret(), iterations, json.RawMessage("{"+site.settings+"}")
	task.Site = json.RawMessage("{" + site.site + "}")
	if !site.withoutBlacklist {
		task.Apps = []string{"rest_framework_simplejwt.token_blacklist"}
	}
	for _, u := range users {
		task.Users = append(task.Users, row{u.ID, u.Username, u.Password, u.Email, u.FirstName, u.LastName, u.IsActive})
	}
	for _, c := range cases {
		task.Requests = append(task.Requests, request{c.method, c.path, c.query, c.header, []byte(c.body)})
	}
	input, err := json.Marshal(task)
	if err != nil {
		t.Fatal(err)
	}
	command := exec.Command(python, "testdata/reference.py")
	command.Stdin = bytes.NewReader(input)
	var problems bytes.Buffer
	command.Stderr = &problems
	output, err := command.Output()
	if err != nil {
		t.Fatalf("the reference site failed: %v\n%s", err, problems.Bytes())
	}
	var answers []djangoAnswer
	if err := json.Unmarshal(output, &answers); err != nil || len(answers) != len(cases) {
		t.Fatalf("%d answers for %d requests: %v", len(answers), len(cases), err)
	}
	return answers
}
