package pythonjson_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os/exec"
	"strings"
	"testing"

	"github.com/jeton-dev/jeton/workers/auth/internal/pythonjson"
)

// reference reads one base64 line per document and answers with one line of JSON each: the error's text, or the value written out the
// way describe does it. Surrogates are written as numbers, since a pipe cannot carry them.
const reference = `
import base64, json, sys

def strict(name):
    raise ValueError('Out of range float values are not JSON compliant: ' + repr(name))

def text(s):
    return ' '.join('%x' % ord(c) for c in s)

def describe(v):
    if v is None: return 'NoneType'
    if isinstance(v, dict): return 'dict{' + ','.join(text(k) + ':' + describe(x) for k, x in sorted(v.items())) + '}'
    if isinstance(v, list): return 'list[' + ','.join(describe(x) for x in v) + ']'
    return type(v).__name__ + '(' + text(str(v)) + ')'

for line in sys.stdin:
    try:
        answer = {'value': describe(json.loads(base64.b64decode(line).decode('utf-8'), parse_constant=strict))}
    except ValueError as error:
        answer = {'error': str(error)}
    print(json.dumps(answer))
`

type answer struct{ Value, Error string }

// askPython returns what the real json module makes of the documents.
func askPython(t *testing.T, documents []string) []answer {
	t.Helper()
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("python3 is not on the PATH: nothing to compare with")
	}
	// 3.13 has a message of its own for a trailing comma; before 3.11 long integers have no limit.
	if exec.Command(python, "-c", "import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 13))").Run() != nil {
		t.Skip("python3 is not 3.11 or 3.12, whose messages these are")
	}
	var input bytes.Buffer
	for _, document := range documents {
		fmt.Fprintln(&input, base64.StdEncoding.EncodeToString([]byte(document)))
	}
	command := exec.Command(python, "-c", reference)
	command.Stdin = &input
	output, err := command.Output()
	if err != nil {
		t.Fatalf("the reference failed: %v", err)
	}
	lines := strings.Split(strings.TrimSpace(string(output)), "\n")
	if len(lines) != len(documents) {
		t.Fatalf("%d answers for %d documents", len(lines), len(documents))
	}
	answers := make([]answer, len(lines))
	for i, line := range lines {
		if err := json.Unmarshal([]byte(line), &answers[i]); err != nil {
			t.Fatal(err)
		}
	}
	return answers
}

// read gives the answer of this package for a document.
func read(document string) answer {
	if err := pythonjson.CheckUTF8(document); err != nil {
		return answer{Error: err.Error()}
	}
	value, err := pythonjson.Parse(document)
	if err != nil {
		return answer{Error: err.Error()}
	}
	return answer{Value: describe(value)}
}

func describe(v pythonjson.Value) string {
	switch v.Kind {
	case pythonjson.None:
		return "NoneType"
	case pythonjson.Dict:
		return "dict{" + strings.Join(describeMembers(v), ",") + "}"
	case pythonjson.List:
		parts := make([]string, len(v.Elements))
		for i, element := range v.Elements {
			parts[i] = describe(element)
		}
		return "list[" + strings.Join(parts, ",") + "]"
	default:
		return v.Kind.String() + "(" + characters(v.Text) + ")"
	}
}

// TestPython compares with the real module over the whole corpus: every document, and every document cut short at each byte.
func TestPython(t *testing.T) {
	var documents []string
	for _, document := range corpus() {
		documents = append(documents, document)
		if len(document) < 200 {
			for cut := range document {
				documents = append(documents, document[:cut], document[:cut]+"x", document[:cut]+"\n"+document[cut:])
			}
		}
	}
	answers := askPython(t, documents)
	for i, document := range documents {
		if got := read(document); got != answers[i] {
			t.Errorf("%.80q:\n got  %.200v\n want %.200v", document, got, answers[i])
		}
	}
}
