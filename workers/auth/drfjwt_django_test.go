package auth_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"testing"

	"github.com/jeton-dev/jeton/workers/auth"
)

// TestDRFJWTDjango sends the requests of TestDRFJWTWire to real Django sites with drf-jwt and with djangorestframework-jwt and holds their
// answers against the ones written down. Cases that differ on purpose must differ.
//
// JETON_DJANGO_PYTHON names a Python with drf-jwt, and JETON_JPADILLA_PYTHON one with djangorestframework-jwt, which runs on Django 3.2
// and older alone; "make test" installs them.
func TestDRFJWTDjango(t *testing.T) {
	for _, site := range drfjwtSites() {
		t.Run(site.name, func(t *testing.T) {
			variable := "JETON_DJANGO_PYTHON"
			if site.dialect == auth.DjangoRESTFrameworkJWT {
				variable = "JETON_JPADILLA_PYTHON"
			}
			python := os.Getenv(variable)
			if python == "" {
				t.Skip(variable + " names no Python: run make test")
			}
			f := newDRFJWTFixture(t, site, nil)
			cases := site.cases(f)
			answers := f.askDjango(python, cases)
			for i, c := range cases {
				t.Run(c.name, func(t *testing.T) {
					got := answers[i]
					same := got.Status == c.status && normaliseDRFJWT(got.Body) == normaliseDRFJWT(c.want)
					switch {
					case c.differs != "" && same:
						t.Errorf("Django answers the same, though it is said to differ: %s", c.differs)
					case c.differs == "":
						f.checkAnswer(t, c, got.Status, got.Body, func(name string) string { return got.Header[name] })
					}
				})
			}
		})
	}
}

// askDjango runs the reference site over the fixture's users and the cases' requests.
func (f *drfjwtFixture) askDjango(python string, cases []drfjwtCase) []djangoAnswer {
	f.t.Helper()
	type request struct {
		Method string   `json:"method"`
		Path   string   `json:"path"`
		Query  string   `json:"query"`
		Header [][2]any `json:"header"`
		Body   []byte   `json:"body"`
	}
	task := map[string]any{
		"secret": string(f.config.SecretKey), "settings": json.RawMessage("{" + f.site.settings + "}"), "user_secrets": f.config.Hooks.UserSecretKey != nil, "iterations": iterations,
	}
	apps := []string{"rest_framework_jwt", "rest_framework_jwt.blacklist"}
	if f.site.noApp || f.isJpadilla() {
		apps = apps[:1]
	}
	var users []map[string]any
	stored, err := f.users.Users(f.t.Context())
	if err != nil {
		f.t.Fatal(err)
	}
	for _, u := range stored {
		users = append(users, map[string]any{
			"id": u.ID, "username": u.Username, "password": u.Password, "email": u.Email, "first_name": u.FirstName, "last_name": u.LastName,
			"is_active": u.IsActive, "is_superuser": u.IsSuperuser,
		})
	}
	var requests []request
	for _, c := range cases {
		header := make([][2]any, len(c.header))
		for i, field := range c.header {
			header[i] = [2]any{field[0], []byte(field[1])}
		}
		requests = append(requests, request{c.method, c.path, c.query, header, []byte(c.body)})
	}
	task["apps"], task["users"], task["requests"] = apps, users, requests
	input, err := json.Marshal(task)
	if err != nil {
		f.t.Fatal(err)
	}
	command := exec.CommandContext(f.t.Context(), python, "testdata/reference_drfjwt.py")
	command.Stdin = bytes.NewReader(input)
	var problems bytes.Buffer
	command.Stderr = &problems
	output, err := command.Output()
	if err != nil {
		f.t.Fatalf("the reference site failed: %v\n%s", err, problems.Bytes())
	}
	var answers []djangoAnswer
	if err := json.Unmarshal(output, &answers); err != nil || len(answers) != len(cases) {
		f.t.Fatalf("%d answers for %d requests: %v", len(answers), len(cases), err)
	}
	return answers
}
