package main

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"

	"github.com/jeton-dev/jeton/core"
	"github.com/jeton-dev/jeton/wasm/full"
)

// host runs a built module under wazero.
type host struct {
	t      *testing.T
	module api.Module
	// keys are what the host has itself of the keys that it imported, by their handles: where the module does not compute with a key, it
	// must.
	keys map[uint64]*core.Key
}

// slimVariable is the environment variable that names the small module, which takes TinyGo to build.
const slimVariable = "JETON_SLIM_WASM"

// fullText is the full module, built once for all tests.
var fullText []byte

func TestMain(m *testing.M) {
	directory, err := os.MkdirTemp("", "jeton-wasm")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(directory)
	if fullText, err = buildModule(filepath.Join(directory, "jeton.wasm")); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

// buildModule compiles this package the way it is shipped, with standard Go, and returns the module.
func buildModule(path string, flags ...string) ([]byte, error) {
	if err := full.Build(path, flags...); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
}

// inEachModule runs a test over the full module and over the small one, the very file that ships.
func inEachModule(t *testing.T, test func(t *testing.T, h *host)) {
	t.Helper()
	t.Run("full", func(t *testing.T) { test(t, instantiate(t, fullText)) })
	t.Run("slim", func(t *testing.T) { test(t, instantiate(t, slimText(t))) })
}

func slimText(t *testing.T) []byte {
	t.Helper()
	path := os.Getenv(slimVariable)
	if path == "" {
		t.Skip("the small module takes TinyGo: run \"make test\", which builds it")
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// cache keeps compiled machine code from one run of the tests to the next, inside the checkout.
func cache(t *testing.T) wazero.CompilationCache {
	t.Helper()
	compiled, err := wazero.NewCompilationCacheWithDir(filepath.Join("..", ".cache", "wazero"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { compiled.Close(context.Background()) })
	return compiled
}

func instantiate(t *testing.T, moduleText []byte) *host {
	t.Helper()
	module, err := tryInstantiate(t, moduleText, wazero.NewModuleConfig().WithStderr(os.Stderr).WithSysWalltime().WithSysNanotime())
	if err != nil {
		t.Fatal(err)
	}
	return &host{t, module, make(map[uint64]*core.Key)}
}

// tryInstantiate starts a module in a runtime of its own. The small one has no start function: it was started when it was built.
func tryInstantiate(t *testing.T, moduleText []byte, config wazero.ModuleConfig) (api.Module, error) {
	t.Helper()
	ctx := context.Background()
	runtime := wazero.NewRuntimeWithConfig(ctx, wazero.NewRuntimeConfig().WithCompilationCache(cache(t)))
	t.Cleanup(func() { runtime.Close(ctx) })
	wasi_snapshot_preview1.MustInstantiate(ctx, runtime)
	return runtime.InstantiateWithConfig(ctx, moduleText, config.WithStartFunctions("_initialize"))
}

func (h *host) call(name string, arguments ...uint64) int32 {
	h.t.Helper()
	results, err := h.module.ExportedFunction(name).Call(context.Background(), arguments...)
	if err != nil {
		h.t.Fatalf("%s: %v", name, err)
	}
	return int32(results[0])
}

// put reserves space and writes the input of the next operation; it returns the length as an argument.
func (h *host) put(input []byte) uint64 {
	h.t.Helper()
	pointer := h.call("jeton_reserve", uint64(len(input)))
	if !h.module.Memory().Write(uint32(pointer), input) {
		h.t.Fatal("the reserved space is outside the memory")
	}
	return uint64(len(input))
}

// output returns what an operation answered: n bytes of result or -n of error JSON.
func (h *host) output(n int32) []byte {
	h.t.Helper()
	if n < 0 {
		n = -n
	}
	view, ok := h.module.Memory().Read(uint32(h.call("jeton_output")), uint32(n))
	if !ok {
		h.t.Fatal("the output is outside the memory")
	}
	return append([]byte(nil), view...)
}

func (h *host) want(code core.Code, n int32) {
	h.t.Helper()
	if n >= 0 {
		h.t.Fatalf("succeeded with %d, want %s", n, code)
	}
	var refused struct {
		Code     core.Code `json:"code"`
		Message  string    `json:"message"`
		Failures []struct {
			Code    core.Code `json:"code"`
			Message string    `json:"message"`
		} `json:"failures"`
	}
	text := h.output(n)
	if err := json.Unmarshal(text, &refused); err != nil {
		h.t.Fatalf("%v in %s", err, text)
	}
	if refused.Code != code || refused.Message == "" {
		h.t.Fatalf("%s, want %s", text, code)
	}
}

func (h *host) ok(n int32) int32 {
	h.t.Helper()
	if n < 0 {
		h.t.Fatalf("%s", h.output(n))
	}
	return n
}

func (h *host) importKey(request string) uint64 {
	h.t.Helper()
	return uint64(h.ok(h.call("jeton_key_import", h.put([]byte(request)))))
}

func (h *host) importJWK(key *core.Key) uint64 {
	h.t.Helper()
	text, err := key.MarshalJWK()
	if err != nil {
		h.t.Fatal(err)
	}
	handle := h.importKey(`{"key":` + string(text) + `}`)
	h.keys[handle] = key
	return handle
}

func (h *host) newVerifier(key uint64, policy string) uint64 {
	h.t.Helper()
	return uint64(h.ok(h.call("jeton_verifier_new", key, h.put([]byte(policy)))))
}

// computes reports whether the module computes with a key itself.
func (h *host) computes(key uint64) bool {
	h.t.Helper()
	var described struct{ Keys []struct{ Host bool } }
	if err := json.Unmarshal(h.output(h.ok(h.call("jeton_key_describe", key))), &described); err != nil {
		h.t.Fatal(err)
	}
	return !described.Keys[0].Host
}

// encode makes a token, signing it where the module does not.
func (h *host) encode(key uint64, options, payload string) string {
	h.t.Helper()
	if h.computes(key) {
		return string(h.output(h.ok(h.call("jeton_encode", key, h.put(framed(options, payload))))))
	}
	h.want(core.HostRequired, h.call("jeton_encode", key, h.put(framed(options, payload))))
	begun := h.output(h.ok(h.call("jeton_encode_begin", key, h.put(framed(options, payload)))))
	signature, err := h.keys[key].Sign(begun[4:])
	if err != nil {
		h.t.Fatal(err)
	}
	return string(h.output(h.ok(h.call("jeton_encode_finish", uint64(binary.LittleEndian.Uint32(begun)), h.put(signature)))))
}

// verify checks a token with a verifier on the key, looking at the signature where the module does not.
func (h *host) verify(key, verifier uint64, token string, now float64) int32 {
	h.t.Helper()
	if h.computes(key) {
		return h.call("jeton_verify", verifier, h.put([]byte(token)), at(now))
	}
	h.want(core.HostRequired, h.call("jeton_verify", verifier, h.put([]byte(token)), at(now)))
	pending, signingInput, signature := h.begin(verifier, token, now)
	verdict := uint64(0)
	if h.keys[key].Verify([]byte(signingInput), signature) {
		verdict = 1
	}
	return h.call("jeton_verify_finish", pending, verdict)
}

// begin takes the first half of a verification.
func (h *host) begin(verifier uint64, token string, now float64) (pending uint64, signingInput string, signature []byte) {
	h.t.Helper()
	answer := h.output(h.ok(h.call("jeton_verify_begin", verifier, h.put([]byte(token)), at(now))))
	return uint64(binary.LittleEndian.Uint32(answer)), token[:binary.LittleEndian.Uint32(answer[8:])], answer[12:]
}

func framed(options, payload string) []byte {
	return append(append(binary.LittleEndian.AppendUint32(nil, uint32(len(options))), options...), payload...)
}

func split(answer []byte) (header, payload, rest string) {
	headerEnd := 8 + binary.LittleEndian.Uint32(answer)
	payloadEnd := headerEnd + binary.LittleEndian.Uint32(answer[4:])
	return string(answer[8:headerEnd]), string(answer[headerEnd:payloadEnd]), string(answer[payloadEnd:])
}

const (
	now     = 1790000000
	payload = `{"sub":"alice","exp":1790000060}`
)

func at(seconds float64) uint64 { return api.EncodeF64(seconds) }

func generate(t *testing.T, algorithm core.Algorithm) *core.Key {
	t.Helper()
	key, err := core.GenerateKey(algorithm)
	if err != nil {
		t.Fatal(err)
	}
	return key
}
