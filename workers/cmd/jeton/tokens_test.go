package main

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jeton-dev/jeton/core"
)

const farFuture = 4102444800 // 2100-01-01

// tokens holds keys and tokens made with the program itself, in a directory.
type tokens struct {
	directory string
	good      string
}

// newTokens makes signing.jwk, public.jwk and a good token.
func newTokens(t *testing.T, algorithm string) tokens {
	t.Helper()
	directory := t.TempDir()
	key := mustRun(t, directory, "", "key", "generate", "--alg", algorithm, "--kid", "k1")
	writeFile(t, directory, "signing.jwk", key)
	if core.Algorithm(algorithm).Symmetric() {
		writeFile(t, directory, "public.jwk", key)
	} else {
		writeFile(t, directory, "public.jwk", mustRun(t, directory, "", "key", "public", "signing.jwk"))
	}
	made := tokens{directory: directory}
	made.good = made.encode(t, `{"iss":"https://issuer.example","aud":["api","web"],"sub":"alice","exp":%d}`, farFuture)
	return made
}

// encode makes a token with the signing key.
func (m tokens) encode(t *testing.T, format string, args ...any) string {
	t.Helper()
	return strings.TrimSuffix(mustRun(t, m.directory, fmt.Sprintf(format, args...), "encode", "--key", "signing.jwk"), "\n")
}

func segment(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }

// tamper changes the claims and leaves the signature.
func tamper(token string) string {
	parts := strings.Split(token, ".")
	return parts[0] + "." + segment(fmt.Sprintf(`{"sub":"mallory","exp":%d}`, farFuture)) + "." + parts[2]
}

func unsigned() string {
	return segment(`{"alg":"none","typ":"JWT"}`) + "." + segment(fmt.Sprintf(`{"sub":"mallory","exp":%d}`, farFuture)) + "."
}

// answer is a line of verify's and decode's output.
type answer struct {
	Valid   bool            `json:"valid"`
	Code    string          `json:"code"`
	Message string          `json:"message"`
	Header  json.RawMessage `json:"header"`
	Claims  json.RawMessage `json:"claims"`
}

func readAnswers(t *testing.T, output string) []answer {
	t.Helper()
	var answers []answer
	for line := range strings.Lines(output) {
		var read answer
		decoder := json.NewDecoder(strings.NewReader(line))
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(&read); err != nil {
			t.Fatalf("the line %q: %v", line, err)
		}
		if read.Valid != (read.Code == "" && read.Message == "" && read.Header != nil && read.Claims != nil) {
			t.Errorf("the line %q has the wrong members", line)
		}
		answers = append(answers, read)
	}
	return answers
}

func TestEveryAlgorithm(t *testing.T) {
	for _, algorithm := range core.Algorithms() {
		t.Run(string(algorithm), func(t *testing.T) {
			made := newTokens(t, string(algorithm))
			var got answer
			if err := json.Unmarshal([]byte(mustRun(t, made.directory, "", "verify", "--keys", "public.jwk", made.good)), &got); err != nil || !got.Valid {
				t.Errorf("verify says %+v, %v", got, err)
			}
			refusedToken := jeton(t, made.directory, tamper(made.good), "verify", "--keys", "public.jwk", "--lines")
			if read := readAnswers(t, refusedToken.stdout); refusedToken.status != statusRefused || read[0].Code != "signature_invalid" {
				t.Errorf("the tampered token gives status %d and %+v", refusedToken.status, read)
			}
		})
	}
}

// TestVerifyLines tells tokens apart by code, as the one input that holds them all.
func TestVerifyLines(t *testing.T) {
	made := newTokens(t, "ES256")
	other := newTokens(t, "ES256")
	lines := []struct{ line, code string }{
		{made.good, ""},
		{tamper(made.good), "signature_invalid"},
		{made.encode(t, `{"exp":1000000000}`), "token_expired"},
		{unsigned(), "algorithm_unsupported"},
		{other.good, "signature_invalid"}, // the same kid
		{made.encode(t, `{"sub":"alice"}`), "claim_missing"},
		{made.encode(t, `{"exp":%d,"nbf":%d}`, farFuture, farFuture-10), "token_not_yet_valid"},
		{"", "token_malformed"},
		{"abc", "token_malformed"},
		{" " + made.good, "encoding_invalid"},
		{made.good + " ", "encoding_invalid"},
		{made.good + "\r", "encoding_invalid"},
		{made.good + "\x00", "encoding_invalid"},
		{"\"\u2028<&>\"", "token_malformed"},
		{strings.Repeat("a", 8193), "token_too_large"},
		{strings.Repeat("a.", 3<<20), "token_too_large"},
		{made.good, ""}, // the last, without a line feed
	}
	var input []string
	for _, line := range lines {
		input = append(input, line.line)
	}
	got := jeton(t, made.directory, strings.Join(input, "\n"), "verify", "--keys", "public.jwk", "--lines")
	if got.status != statusRefused || got.stderr != "" {
		t.Errorf("status %d, %q; want %d and silence", got.status, got.stderr, statusRefused)
	}
	answers := readAnswers(t, got.stdout)
	if len(answers) != len(lines) {
		t.Fatalf("%d lines give %d answers", len(lines), len(answers))
	}
	for i, line := range lines {
		if answers[i].Code != line.code || answers[i].Valid != (line.code == "") {
			t.Errorf("line %d gives %+v, want code %q", i, answers[i], line.code)
		}
	}
	if header, claims := string(answers[0].Header), string(answers[0].Claims); header != `{"alg":"ES256","kid":"k1","typ":"JWT"}` ||
		claims != `{"iss":"https://issuer.example","aud":["api","web"],"sub":"alice","exp":4102444800}` {
		t.Errorf("the good token has header %s and claims %s", header, claims)
	}
}

func TestLinesStatus(t *testing.T) {
	made := newTokens(t, "HS256")
	for _, test := range []struct {
		input           string
		status, answers int
	}{
		{"", 0, 0},
		{"\n", statusRefused, 1},
		{made.good, 0, 1},
		{made.good + "\n", 0, 1},
		{made.good + "\n\n", statusRefused, 2},
		{made.good + "\n" + made.good + "\n", 0, 2},
		{"x\n" + made.good + "\n", statusRefused, 2},
		{made.good + "\nx\n", statusRefused, 2},
	} {
		for _, args := range [][]string{{"verify", "--keys", "public.jwk", "--lines"}, {"decode", "--lines"}} {
			got := jeton(t, made.directory, test.input, args...)
			if answers := readAnswers(t, got.stdout); got.status != test.status || len(answers) != test.answers {
				t.Errorf("%s of %d bytes gives status %d and %d answers, want %d and %d", args[0], len(test.input), got.status, len(answers), test.status, test.answers)
			}
		}
	}
}

func TestDecode(t *testing.T) {
	made := newTokens(t, "HS256")
	input := made.good + "\n" + tamper(made.good) + "\n" + unsigned() + "\n" + "a.b\n"
	got := jeton(t, made.directory, input, "decode", "--lines")
	answers := readAnswers(t, got.stdout)
	if got.status != statusRefused || len(answers) != 4 {
		t.Fatalf("status %d and %d answers, want 1 and 4", got.status, len(answers))
	}
	for i, code := range []string{"", "", "", "token_malformed"} {
		if answers[i].Code != code {
			t.Errorf("line %d gives %+v, want code %q", i, answers[i], code)
		}
	}
	if string(answers[2].Header) != `{"alg":"none","typ":"JWT"}` {
		t.Errorf("the unsigned token has header %s", answers[2].Header)
	}
}

// TestSingleToken gives one token in each possible way.
func TestSingleToken(t *testing.T) {
	made := newTokens(t, "HS256")
	verify := []string{"verify", "--keys", "public.jwk"}
	want := mustRun(t, made.directory, "", append(verify, made.good)...)
	var read answer
	if err := json.Unmarshal([]byte(want), &read); err != nil || !read.Valid {
		t.Fatalf("verify prints %s (%v)", want, err)
	}
	for _, stdin := range []string{made.good, made.good + "\n", made.good + "\r\n"} {
		if got := mustRun(t, made.directory, stdin, verify...); got != want {
			t.Errorf("from standard input: %s", got)
		}
	}
	if got := mustRun(t, made.directory, made.good, "decode"); got != want {
		t.Errorf("decode differs: %s", got)
	}
	for _, stdin := range []string{"", "\n", made.good + "\n\n", made.good + "\n" + made.good, " " + made.good, made.good + "\r"} {
		got := jeton(t, made.directory, stdin, verify...)
		if err := json.Unmarshal([]byte(got.stdout), &read); err != nil || got.status != statusRefused || got.stderr != "" || read.Valid {
			t.Errorf("%d bytes give status %d, %s", len(stdin), got.status, got.stdout)
		}
	}
	if got := jeton(t, made.directory, strings.Repeat("x", 1<<20), verify...); !strings.Contains(got.stdout, `"token_too_large"`) {
		t.Errorf("a megabyte gives %s", got.stdout)
	}
}

func TestVerifyPolicy(t *testing.T) {
	made := newTokens(t, "HS256")
	typed := strings.TrimSpace(mustRun(t, made.directory, fmt.Sprintf(`{"exp":%d}`, farFuture), "encode", "--key", "signing.jwk", "--typ", "at+jwt"))
	endless := made.encode(t, `{"sub":"alice"}`)
	dated := made.encode(t, `{"exp":2000000000,"iat":1900000000}`)
	for _, test := range []struct {
		token, flags string
		codes        string
	}{
		{made.good, "--iss https://issuer.example --aud api --alg HS256 --typ JWT", ""},
		{made.good, "--iss https://other.example", "issuer_mismatch"},
		{made.good, "--aud other", "audience_mismatch"},
		{made.good, "--aud other --aud web", ""},
		{made.good, "--aud api,web", "audience_mismatch"},
		{made.good, "--typ at+jwt", "type_mismatch"},
		{typed, "--typ at+jwt", ""},
		{typed, "--iss x", "claim_missing"},
		{endless, "", "claim_missing"},
		{endless, "--allow-missing-exp", ""},
		{dated, "--now 1999999999", ""},
		{dated, "--now 2000000000", "token_expired"},
		{dated, "--now 2000000029 --leeway 30s", ""},
		{dated, "--now 2000000031 --leeway 30s", "token_expired"},
		{dated, "--now 2000000500 --leeway 10m", ""},
		{dated, "--now 1900000000", ""},
		{dated, "--now 1899999999", "token_issued_in_future"},
		{dated, "--now 1899999971 --leeway 30s", ""},
		{dated, "--now 1899999969 --leeway 30s", "token_issued_in_future"},
	} {
		t.Run(test.flags, func(t *testing.T) {
			args := append([]string{"verify", "--lines", "--keys", "public.jwk"}, strings.Fields(test.flags)...)
			got := jeton(t, made.directory, test.token, args...)
			if answers := readAnswers(t, got.stdout); len(answers) != 1 || answers[0].Code != test.codes || (got.status == 0) != (test.codes == "") {
				t.Errorf("status %d, %+v, %s; want code %q", got.status, answers, got.stderr, test.codes)
			}
		})
	}
	got := jeton(t, made.directory, made.good, "verify", "--lines", "--keys", "public.jwk", "--iss", "x", "--aud", "x", "--typ", "x")
	if answers := readAnswers(t, got.stdout); strings.Count(answers[0].Message, ";") != 2 {
		t.Errorf("three mismatches give the message %q", answers[0].Message)
	}
}

// TestNumbersStayExact sends numbers no float64 holds through encode, verify and decode.
func TestNumbersStayExact(t *testing.T) {
	made := newTokens(t, "HS256")
	const claims = `{"id":12345678901234567890123456789,"small":1.10,"exponent":1E+2,"exp":4102444800,"text":"\u00e9<é>","nested":{"z":[1,{"a":null}],"a":0}}`
	token := made.encode(t, "%s", strings.NewReplacer(":", " : ", ",", " ,\n").Replace(claims))
	for _, args := range [][]string{{"verify", "--keys", "public.jwk", "--lines"}, {"decode", "--lines"}} {
		if answers := readAnswers(t, mustRun(t, made.directory, token, args...)); string(answers[0].Claims) != claims {
			t.Errorf("%s shows %s, want %s", args[0], answers[0].Claims, claims)
		}
	}
	if single := mustRun(t, made.directory, token, "decode"); !strings.Contains(single, "12345678901234567890123456789,") || !strings.Contains(single, "1.10,") {
		t.Errorf("decode shows %s", single)
	}
}

func TestEncodeRefuses(t *testing.T) {
	made := newTokens(t, "ES256")
	writeFile(t, made.directory, "two.jwks", `{"keys":[`+mustRun(t, made.directory, "", "key", "generate", "--alg", "ES256")+","+mustRun(t, made.directory, "", "key", "generate", "--alg", "ES384")+"]}")
	for _, test := range []struct{ key, claims, reason string }{
		{"signing.jwk", "", "standard input: "},
		{"signing.jwk", "null", "standard input: "},
		{"signing.jwk", "[]", "standard input: "},
		{"signing.jwk", `{"exp":1`, "standard input: "},
		{"signing.jwk", `{"exp":1}{}`, "standard input: "},
		{"signing.jwk", `{"exp":1,"exp":2}`, "standard input: "},
		{"signing.jwk", `{"exp":"soon-hunter2"}`, "standard input: "},
		{"signing.jwk", `{"x":"` + strings.Repeat("x", 8192) + `"}`, "token_too_large"},
		{"signing.jwk", `{"x":"` + strings.Repeat("x", 1<<20) + `"}`, "larger than 1048576 bytes"},
		{"public.jwk", `{"exp":1}`, "--key public.jwk: the key cannot sign"},
		{"two.jwks", `{"exp":1}`, "--key two.jwks: a set of several keys"},
	} {
		got := jeton(t, made.directory, test.claims, "encode", "--key", test.key)
		refused(t, got, statusUsage, test.reason)
		if strings.Contains(got.stderr, "hunter2") {
			t.Errorf("a claim is quoted: %s", got.stderr)
		}
	}
}

// TestAnswersComeAtOnce writes tokens one by one and waits for each answer, as a program on both ends of a pipe does.
func TestAnswersComeAtOnce(t *testing.T) {
	made := newTokens(t, "HS256")
	data, err := os.ReadFile(filepath.Join(made.directory, "public.jwk"))
	if err != nil {
		t.Fatal(err)
	}
	key, err := core.ParseJWK(data)
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := core.NewVerifier(key, core.Policy{})
	if err != nil {
		t.Fatal(err)
	}
	input, inputEnd := io.Pipe()
	outputEnd, output := io.Pipe()
	done := make(chan error, 1)
	go func() {
		done <- answerLines(input, output, func(token string) (header, claims []byte, err error) {
			verified, err := verifier.Verify(token)
			if err != nil {
				return nil, nil, err
			}
			return verified.Header(), verified.Payload(), nil
		})
		output.Close()
	}()
	answers := bufio.NewReader(outputEnd)
	for range 3 {
		if _, err := io.WriteString(inputEnd, made.good+"\n"); err != nil {
			t.Fatal(err)
		}
		if line, err := answers.ReadString('\n'); err != nil || !strings.HasPrefix(line, `{"valid":true,`) {
			t.Fatalf("the answer is %q, %v", line, err)
		}
	}
	inputEnd.Close()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// TestLongLinesInBoundedMemory reads lines that are far larger than what is kept of them.
func TestLongLinesInBoundedMemory(t *testing.T) {
	const length = 64 << 20
	input := io.MultiReader(io.LimitReader(letters{}, length), strings.NewReader("\nshort\n"), io.LimitReader(letters{}, length))
	lines := lineReader{in: bufio.NewReader(input), limit: maxToken}
	for _, want := range []int{maxToken + 1, len("short"), maxToken + 1} {
		line, err := lines.next()
		if err != nil || len(line) != want {
			t.Fatalf("a line of %d bytes (%v), want %d", len(line), err, want)
		}
		if cap(lines.line) > 4*maxToken {
			t.Fatalf("%d bytes are kept", cap(lines.line))
		}
	}
	if line, err := lines.next(); err != io.EOF {
		t.Errorf("after the last line: %q, %v", line, err)
	}
}

type letters struct{}

func (letters) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'a'
	}
	return len(p), nil
}

func TestReadErrorEndsLines(t *testing.T) {
	broken := fmt.Errorf("broken pipe of the test")
	err := answerLines(io.MultiReader(strings.NewReader("x\ny"), failingReader{broken}), io.Discard, decode)
	if err == nil || statusOf(err) != statusRefused || !strings.Contains(err.Error(), "standard input") {
		t.Errorf("answerLines = %v", err)
	}
}

type failingReader struct{ err error }

func (r failingReader) Read([]byte) (int, error) { return 0, r.err }

// TestKeyOfAnotherLibrary verifies with keys and tokens that the program did not make.
func TestKeyOfAnotherLibrary(t *testing.T) {
	directory := t.TempDir()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	key, err := core.NewECDSAKey(private)
	if err != nil {
		t.Fatal(err)
	}
	token, err := core.Encode(core.NewClaims().SetExpiration(time.Now().Add(time.Minute)), key)
	if err != nil {
		t.Fatal(err)
	}
	public, err := private.PublicKey.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	x, y := base64.RawURLEncoding.EncodeToString(public[1:33]), base64.RawURLEncoding.EncodeToString(public[33:])
	writeFile(t, directory, "key.jwk", fmt.Sprintf(`{"kty":"EC","crv":"P-256","x":%q,"y":%q}`, x, y))
	mustRun(t, directory, token, "verify", "--keys", "key.jwk", "--lines")
}
