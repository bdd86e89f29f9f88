package main

import (
	"encoding/binary"
	"encoding/json"
	"math"
	"path/filepath"
	"slices"
	"testing"

	"github.com/jeton-dev/jeton/core"
	"github.com/jeton-dev/jeton/core/corpus"
)

// exports is the module, wherever it runs.
type exports interface {
	call(name string, arguments ...uint64) int32
	put(input []byte) uint64
	output(n int32) []byte
}

// native is the module compiled for the machine that tests it.
type native struct{ module }

func (n *native) put(input []byte) uint64 {
	copy(n.reserve(int32(len(input))), input)
	return uint64(len(input))
}

func (n *native) output(int32) []byte { return n.module.output }

func (n *native) call(name string, arguments ...uint64) int32 {
	switch argument := func(i int) int32 { return int32(arguments[i]) }; name {
	case "jeton_key_import":
		return n.importKey(argument(0))
	case "jeton_key_free":
		return n.freeKey(argument(0))
	case "jeton_verifier_new":
		return n.newVerifier(argument(0), argument(1))
	case "jeton_verifier_free":
		return n.freeVerifier(argument(0))
	case "jeton_decode":
		return n.decode(argument(0))
	case "jeton_verify":
		return n.verify(argument(0), argument(1), math.Float64frombits(arguments[2]))
	}
	panic("no such export: " + name)
}

// TestCorpus runs the cases of core/corpus, Wycheproof's included, in the module that ships: every verdict must be the expected one, and
// every answer the one that the same code gives natively. Cases about a bare signature are left to core: no export takes one.
func TestCorpus(t *testing.T) {
	shipped, here := instantiate(t, fullText), new(native)
	for _, c := range corpusCases(t) {
		t.Run(c.Name, func(t *testing.T) {
			shipped.t = t
			answer := run(t, shipped, &c)
			if outcome := codeOf(t, answer); !c.Meets(outcome) {
				t.Errorf("%s, want %s", outcome, c.Expect)
			}
			if natively := run(t, here, &c); answer != natively {
				t.Errorf("the module answers %q, natively %q", answer, natively)
			}
		})
	}
}

// TestCorpusWithoutAsymmetricCryptography runs the same cases in the small module, and in its code as standard Go compiles it: the host,
// which is core here, imports the keys too and checks the signatures. Where the module leaves a key's arithmetic to the host, the
// host's code is the outcome.
func TestCorpusWithoutAsymmetricCryptography(t *testing.T) {
	t.Run("slim", func(t *testing.T) { corpusWithHost(t, instantiate(t, slimText(t))) })
	t.Run("its code by standard Go", func(t *testing.T) {
		text, err := buildModule(filepath.Join(t.TempDir(), "small.wasm"), "-tags=tinygo")
		if err != nil {
			t.Fatal(err)
		}
		corpusWithHost(t, instantiate(t, text))
	})
}

func corpusWithHost(t *testing.T, small *host) {
	for _, c := range corpusCases(t) {
		t.Run(c.Name, func(t *testing.T) {
			small.t = t
			if outcome := outcomeWithHost(t, small, &c); !c.Meets(outcome) {
				t.Errorf("%s, want %s", outcome, c.Expect)
			}
		})
	}
}

// TestCorpusFile runs the cases of a file where "make corpus" names one, and writes what each came to. The subtest says in which module.
func TestCorpusFile(t *testing.T) {
	t.Run("full", func(t *testing.T) {
		exchange(t, fullText, func(shipped *host, c *corpus.Case) string { return codeOf(t, run(t, shipped, c)) })
	})
	t.Run("slim", func(t *testing.T) {
		exchange(t, slimText(t), func(shipped *host, c *corpus.Case) string { return outcomeWithHost(t, shipped, c) })
	})
}

func exchange(t *testing.T, moduleText []byte, outcome func(*host, *corpus.Case) string) {
	shipped := instantiate(t, moduleText)
	asked, err := corpus.Exchange(func(c *corpus.Case) corpus.Outcome {
		if c.Kind == corpus.KindSignature {
			return corpus.Outcome{Skipped: "no export takes a bare signature"}
		}
		return corpus.Outcome{Outcome: outcome(shipped, c)}
	})
	if err != nil {
		t.Fatal(err)
	}
	if !asked {
		t.Skip("no file of cases is named: run \"make corpus\"")
	}
}

// outcomeWithHost is run where the host has the keys too and computes with those that are asymmetric.
func outcomeWithHost(t *testing.T, small *host, c *corpus.Case) string {
	t.Helper()
	here := new(native)
	hostKeys := here.call("jeton_key_import", here.put(keyRequest(t, c)))
	code := codeOf(t, run(t, small, c))
	switch {
	case hostKeys < 0 && code == corpus.Accepted, hostKeys < 0 && code == string(core.HostRequired):
		outcome := codeOf(t, string(here.output(hostKeys)))
		if outcome != string(core.KeyMalformed) {
			t.Errorf("the module leaves %s to the host", outcome)
		}
		return outcome
	case code != string(core.HostRequired):
		return code
	}
	keys := uint64(small.ok(small.call("jeton_key_import", small.put(keyRequest(t, c)))))
	defer small.call("jeton_key_free", keys)
	verifier := uint64(small.ok(small.call("jeton_verifier_new", keys, small.put(policyText(c)))))
	defer small.call("jeton_verifier_free", verifier)
	begun := small.output(small.ok(small.call("jeton_verify_begin", verifier, small.put([]byte(c.Token)), at(c.Now))))
	pending, index, signed := binary.LittleEndian.Uint32(begun), binary.LittleEndian.Uint32(begun[4:]), binary.LittleEndian.Uint32(begun[8:])
	entry, _ := here.keys.get(hostKeys)
	verdict := uint64(0)
	if entry.keys[index].Verify([]byte(c.Token[:signed]), begun[12:]) {
		verdict = 1
	}
	if n := small.call("jeton_verify_finish", uint64(pending), verdict); n < 0 {
		return codeOf(t, string(small.output(n)))
	}
	return corpus.Accepted
}

// corpusCases returns the cases that a module can run.
func corpusCases(t *testing.T) []corpus.Case {
	t.Helper()
	cases, err := corpus.Expand()
	if err != nil {
		t.Fatal(err)
	}
	directory, err := corpus.FetchWycheproof()
	if err != nil {
		t.Fatal(err)
	}
	more, err := corpus.Wycheproof(directory)
	if err != nil {
		t.Fatal(err)
	}
	cases = slices.DeleteFunc(append(cases, more...), func(c corpus.Case) bool { return c.Kind == corpus.KindSignature })
	if len(cases) < 1000 {
		t.Fatalf("only %d cases", len(cases))
	}
	return cases
}

// keyRequest is the input of jeton_key_import for a case.
func keyRequest(t *testing.T, c *corpus.Case) []byte {
	t.Helper()
	request, err := json.Marshal(struct {
		Key        json.RawMessage `json:"key"`
		Algorithms []string        `json:"algorithms,omitempty"`
	}{json.RawMessage(c.Keys), c.Algorithms})
	if err != nil {
		t.Fatal(err)
	}
	return request
}

func policyText(c *corpus.Case) []byte {
	if c.Policy == nil {
		return []byte(`{}`)
	}
	return c.Policy
}

// run takes a case through the exports the way any host would, and returns the error JSON of the first that fails, or "".
func run(t *testing.T, module exports, c *corpus.Case) string {
	t.Helper()
	keys := module.call("jeton_key_import", module.put(keyRequest(t, c)))
	if keys < 0 {
		return string(module.output(keys))
	}
	defer func() { module.call("jeton_key_free", uint64(keys)) }()
	if c.Kind == corpus.KindKey {
		return ""
	}
	verifier := module.call("jeton_verifier_new", uint64(keys), module.put(policyText(c)))
	if verifier < 0 {
		return string(module.output(verifier))
	}
	defer func() { module.call("jeton_verifier_free", uint64(verifier)) }()
	module.call("jeton_decode", module.put([]byte(c.Token))) // must not trap
	if n := module.call("jeton_verify", uint64(verifier), module.put([]byte(c.Token)), at(c.Now)); n < 0 {
		return string(module.output(n))
	}
	return ""
}

// codeOf returns the code in error JSON, or that there is no error.
func codeOf(t *testing.T, answer string) string {
	t.Helper()
	if answer == "" {
		return corpus.Accepted
	}
	var refused struct{ Code string }
	if err := json.Unmarshal([]byte(answer), &refused); err != nil {
		t.Fatal(err)
	}
	return refused.Code
}
