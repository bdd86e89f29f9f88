package core_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/jeton-dev/jeton/core"
)

// pyJWTScript reads one request per line, verifies the token in it, and answers with the claims it read and a token of its own.
const pyJWTScript = `
import json, sys, jwt
for line in sys.stdin:
    request = json.loads(line)
    algorithm, key = request["algorithm"], jwt.PyJWK(request["key"], request["algorithm"])
    public = jwt.PyJWK(request["public"], algorithm)
    claims = jwt.decode(request["token"], public, algorithms=[algorithm], audience="api", issuer="https://issuer.example")
    token = jwt.encode({"sub": "alice", "exp": claims["exp"], "naïve": "é😀", "list": [1, 2.5, None]}, key, algorithm=algorithm)
    print(json.dumps({"claims": claims, "token": token}), flush=True)
`

// TestTokensOfPyJWT holds core against PyJWT for every algorithm: each verifies what the other signed. JETON_PYTHON names a Python that
// has PyJWT and cryptography; make test installs one.
func TestTokensOfPyJWT(t *testing.T) {
	python := os.Getenv("JETON_PYTHON")
	if python == "" {
		t.Skip("JETON_PYTHON is not set: run make test")
	}
	process := exec.Command(python, "-c", pyJWTScript)
	process.Stderr = os.Stderr
	requests, err := process.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	answers, err := process.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	decoder := json.NewDecoder(answers)
	for _, algorithm := range core.Algorithms() {
		if algorithm == core.Ed25519 {
			continue // PyJWT has no name for it
		}
		t.Run(string(algorithm), func(t *testing.T) {
			key := newKey(t, algorithm)
			private := string(marshal(t, members(t, key)))
			published := private
			if !algorithm.Symmetric() {
				published = string(marshal(t, members(t, public(t, key))))
			}
			expiration := time.Now().Add(time.Hour).Truncate(time.Second)
			token := encode(t, core.NewClaims().SetIssuer("https://issuer.example").SetAudience("api").SetSubject("alice").SetExpiration(expiration), key)
			request := `{"algorithm":"` + string(algorithm) + `","key":` + private + `,"public":` + published + `,"token":"` + token + `"}`
			if _, err := requests.Write([]byte(request + "\n")); err != nil {
				t.Fatal(err)
			}
			var answer struct {
				Claims struct {
					Subject    string `json:"sub"`
					Expiration int64  `json:"exp"`
				} `json:"claims"`
				Token string `json:"token"`
			}
			if err := decoder.Decode(&answer); err != nil {
				t.Fatal(err)
			}
			if answer.Claims.Subject != "alice" || answer.Claims.Expiration != expiration.Unix() {
				t.Errorf("PyJWT read %+v", answer.Claims)
			}
			verified, err := core.Verify(answer.Token, key, core.Policy{Subject: "alice"})
			if err != nil {
				t.Fatal(err)
			}
			value, _ := verified.Claim("naïve")
			if text, _ := value.Text(); text != "é😀" {
				t.Errorf("core read %q", text)
			}
			if !strings.HasPrefix(answer.Token, token[:strings.IndexByte(token, '.')]) {
				t.Error("the two write different headers")
			}
		})
	}
	if err := requests.Close(); err != nil {
		t.Fatal(err)
	}
	if err := process.Wait(); err != nil {
		t.Error(err)
	}
}
