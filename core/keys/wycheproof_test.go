package keys_test

import (
	"encoding/hex"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jeton-dev/jeton/core"
	"github.com/jeton-dev/jeton/core/keys"
)

// The vectors of Project Wycheproof, as a Go module that is downloaded when the test runs and held against its checksum.
const (
	wycheproofModule = "github.com/c2sp/wycheproof@v0.0.0-20260902155932-3fa63dd0344a"
	wycheproofSum    = "h1:pNbL2nztRsWfW/ispAwsvcDFxs9Id38uIsR2/Up5G2c="
)

// wycheproofExceptions are the algorithms of valid cases that are refused here, with the reason. There is no other exception: every
// other valid case must open, and every invalid one must not.
var wycheproofExceptions = map[string]string{
	"RSA1_5":         "left out on purpose: what it decrypts can be found out by asking (RFC 8725 section 3.2)",
	"RSA-OAEP":       "left out: SHA-1; RSA-OAEP-256 is there",
	"A128KW":         "left out: A256GCMKW is there",
	"A192KW":         "left out: A256GCMKW is there",
	"A256KW":         "left out: A256GCMKW is there",
	"A128GCMKW":      "left out: A256GCMKW is there",
	"A192GCMKW":      "left out: A256GCMKW is there",
	"ECDH-ES+A128KW": "left out: ECDH-ES+A256KW is there",
	"ECDH-ES+A192KW": "left out: ECDH-ES+A256KW is there",
	"A128GCM":        "left out: A256GCM is there",
	"A192GCM":        "left out: A256GCM is there",
	"A192CBC-HS384":  "left out: A128CBC-HS256 is there",
	"A256CBC-HS512":  "left out: A128CBC-HS256 is there",
}

func wycheproofFile(t *testing.T, name string) []byte {
	t.Helper()
	download := exec.CommandContext(t.Context(), "go", "mod", "download", "-json", wycheproofModule)
	download.Dir = t.TempDir() // outside this module, whose go.mod knows nothing of it
	download.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=mod")
	output, err := download.Output()
	if err != nil {
		t.Fatalf("go mod download: %v\n%s", err, output)
	}
	var module struct{ Dir, Sum string }
	if err := json.Unmarshal(output, &module); err != nil {
		t.Fatal(err)
	}
	if module.Sum != wycheproofSum {
		t.Fatalf("the module has the checksum %s", module.Sum)
	}
	data, err := os.ReadFile(filepath.Join(module.Dir, "testvectors_v1", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestWycheproofJWE(t *testing.T) {
	var file struct {
		NumberOfTests int
		TestGroups    []struct {
			Private json.RawMessage
			Tests   []struct {
				TCID    int
				Comment string
				JWE     json.RawMessage
				PT      string
				Result  string
			}
		}
	}
	if err := json.Unmarshal(wycheproofFile(t, "json_web_encryption_test.json"), &file); err != nil {
		t.Fatal(err)
	}
	seen, opened, excepted := 0, 0, map[string]bool{}
	for _, group := range file.TestGroups {
		for _, test := range group.Tests {
			seen++
			token := wycheproofToken(test.JWE)
			algorithm, content := algorithmsOf(token)
			plaintext, err := openWith(group.Private, token, content)
			if err == nil {
				opened++
			} else {
				known(t, err)
			}
			_, exceptedAlgorithm := wycheproofExceptions[algorithm]
			_, exceptedContent := wycheproofExceptions[content]
			switch {
			case test.Result != "valid":
				if err == nil {
					t.Errorf("%d (%s): opened", test.TCID, test.Comment)
				}
			case exceptedAlgorithm || exceptedContent:
				excepted[algorithm], excepted[content] = true, true
				if err == nil {
					t.Errorf("%d (%s): opened, although %s with %s is an exception", test.TCID, test.Comment, algorithm, content)
				}
			case err != nil:
				t.Errorf("%d (%s): %v", test.TCID, test.Comment, err)
			case hex.EncodeToString(plaintext) != test.PT:
				t.Errorf("%d (%s): another plaintext", test.TCID, test.Comment)
			}
		}
	}
	if seen != file.NumberOfTests || opened == 0 {
		t.Errorf("%d of %d cases were seen, %d opened", seen, file.NumberOfTests, opened)
	}
	for name := range wycheproofExceptions {
		if !excepted[name] {
			t.Errorf("no case needs the exception for %s", name)
		}
	}
	t.Logf("%d cases: %d opened", seen, opened)
}

// wycheproofToken returns a token as it would arrive: the text, or the JSON of a case in another serialization.
func wycheproofToken(value json.RawMessage) string {
	var text string
	if json.Unmarshal(value, &text) == nil {
		return text
	}
	return string(value)
}

// algorithmsOf returns what a token's header names.
func algorithmsOf(token string) (algorithm, content string) {
	var header struct{ Alg, Enc string }
	data, err := decodeSegment(strings.Split(token, ".")[0])
	if err != nil || json.Unmarshal(data, &header) != nil {
		return "", ""
	}
	return header.Alg, header.Enc
}

// openWith opens a token with a key for the algorithm that the key itself names, and for the content algorithm that the token names if it
// is one of ours.
func openWith(private []byte, token, content string) ([]byte, error) {
	var named struct{ Alg string }
	if err := json.Unmarshal(private, &named); err != nil {
		return nil, err
	}
	if content != string(keys.A128CBCHS256) {
		content = string(keys.A256GCM)
	}
	key, err := keys.ParseEncryptionJWK(private, keys.KeyAlgorithm(named.Alg), keys.ContentAlgorithm(content))
	if err != nil {
		return nil, err
	}
	signing, err := core.GenerateKey(core.HS256)
	if err != nil {
		return nil, err
	}
	verifier, err := core.NewVerifier(signing, core.Policy{})
	if err != nil {
		return nil, err
	}
	decrypter, err := keys.NewDecrypter(key, verifier, keys.DecryptOptions{})
	if err != nil {
		return nil, err
	}
	return decrypter.Open(token)
}
