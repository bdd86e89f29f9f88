package main

import (
	"encoding/json"
	"math"
	"testing"

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
	shipped, here := newHost(t), new(native)
	ran := 0
	for _, c := range append(cases, more...) {
		if c.Kind == corpus.KindSignature {
			continue
		}
		ran++
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
	if ran < 1000 {
		t.Errorf("only %d cases ran", ran)
	}
}

// run takes a case through the exports the way any host would, and returns the error JSON of the first that fails, or "".
func run(t *testing.T, module exports, c *corpus.Case) string {
	t.Helper()
	request, err := json.Marshal(struct {
		Key        json.RawMessage `json:"key"`
		Algorithms []string        `json:"algorithms,omitempty"`
	}{json.RawMessage(c.Keys), c.Algorithms})
	if err != nil {
		t.Fatal(err)
	}
	keys := module.call("jeton_key_import", module.put(request))
	if keys < 0 {
		return string(module.output(keys))
	}
	defer func() { module.call("jeton_key_free", uint64(keys)) }()
	if c.Kind == corpus.KindKey {
		return ""
	}
	policy := c.Policy
	if policy == nil {
		policy = json.RawMessage(`{}`)
	}
	verifier := module.call("jeton_verifier_new", uint64(keys), module.put(policy))
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
