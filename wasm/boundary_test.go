package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"math"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/sys"

	"github.com/jeton-dev/jeton/core"
)

const (
	minusOne = math.MaxUint32 // as an i32
	mostI32  = math.MaxInt32
	overI32  = 1 << 31 // the most negative i32
)

// usable fails unless the instance still verifies.
func (h *host) usable(verifier uint64, token string) {
	h.t.Helper()
	if _, claims, _ := split(h.output(h.ok(h.call("jeton_verify", verifier, h.put([]byte(token)), at(now))))); claims != payload {
		h.t.Fatalf("afterwards it verifies %s", claims)
	}
}

// ready imports a secret and returns a verifier on it, and a token.
func (h *host) ready() (key, verifier uint64, token string) {
	h.t.Helper()
	key = h.importJWK(generate(h.t, core.HS256))
	return key, h.newVerifier(key, `{}`), h.encode(key, `{}`, payload)
}

// TestG1ReservedSpaceIsInsideTheMemory takes every kind of reservation: it is inside the memory, empty, and apart from the output.
func TestG1ReservedSpaceIsInsideTheMemory(t *testing.T) {
	inEachModule(t, func(t *testing.T, h *host) {
		_, verifier, token := h.ready()
		for _, length := range []uint64{0, 1, 2, 255, 16 << 10, 16<<10 + 1, 65536, maximumInput, 3, maximumInput - 1, 0} {
			n := h.ok(h.call("jeton_decode", h.put([]byte(token))))
			output := uint64(uint32(h.call("jeton_output")))
			pointer := uint64(uint32(h.call("jeton_reserve", length)))
			size := uint64(h.module.Memory().Size())
			if pointer == 0 || pointer+length > size || output+uint64(n) > size {
				t.Fatalf("%d bytes at %d, %d of output at %d, in a memory of %d", length, pointer, n, output, size)
			}
			if pointer < output+uint64(n) && output < pointer+length {
				t.Errorf("%d bytes at %d overlap the output at %d", length, pointer, output)
			}
			view, _ := h.module.Memory().Read(uint32(pointer), uint32(length))
			if len(bytes.Trim(view, "\x00")) != 0 {
				t.Errorf("%d reserved bytes are not empty", length)
			}
		}
		h.usable(verifier, token)
	})
}

// TestG1LengthsBeyondTheReservation names more bytes than there are, in every operation that takes some.
func TestG1LengthsBeyondTheReservation(t *testing.T) {
	inEachModule(t, func(t *testing.T, h *host) {
		key, verifier, token := h.ready()
		lengths := []uint64{uint64(len(token)) + 1, maximumInput + 1, mostI32, overI32, minusOne, minusOne - 1}
		for _, length := range lengths {
			for _, operation := range []func() int32{
				func() int32 { return h.call("jeton_key_import", length) },
				func() int32 { return h.call("jeton_verifier_new", key, length) },
				func() int32 { return h.call("jeton_verify", verifier, length, at(now)) },
				func() int32 { return h.call("jeton_verify_begin", verifier, length, at(now)) },
				func() int32 { return h.call("jeton_decode", length) },
				func() int32 { return h.call("jeton_encode", key, length) },
				func() int32 { return h.call("jeton_encode_begin", key, length) },
			} {
				h.put([]byte(token))
				h.want(lengthInvalid, operation())
				h.want(lengthInvalid, operation()) // nor does a second try find the rest
			}
			begun := h.output(h.ok(h.call("jeton_encode_begin", key, h.put(framed(`{}`, payload)))))
			h.put([]byte(token))
			h.want(lengthInvalid, h.call("jeton_encode_finish", uint64(binary.LittleEndian.Uint32(begun)), length))
		}
		h.usable(verifier, token)
	})
}

// TestG1InputThatOverlapsTheOutput writes a token over the output of the call before, as a host would that mixes up its pointers.
func TestG1InputThatOverlapsTheOutput(t *testing.T) {
	inEachModule(t, func(t *testing.T, h *host) {
		_, verifier, token := h.ready()
		for range 3 {
			h.ok(h.call("jeton_verify", verifier, h.put([]byte(token)), at(now)))
			output := uint32(h.call("jeton_output"))
			h.call("jeton_reserve", uint64(len(token)))
			h.module.Memory().Write(output, []byte(token))
			h.want(core.TokenMalformed, h.call("jeton_verify", verifier, uint64(len(token)), at(now))) // zeros, not what was written elsewhere
		}
		h.usable(verifier, token)
	})
}

// TestG1LargestInputs gives every operation as much as it may take, and the deepest nesting there can be.
func TestG1LargestInputs(t *testing.T) {
	inEachModule(t, func(t *testing.T, h *host) {
		key, verifier, token := h.ready()
		patient := h.newVerifier(key, `{"maxTokenBytes":1048576}`)
		for _, text := range []string{
			strings.Repeat("a", maximumInput), strings.Repeat(".", maximumInput), strings.Repeat("[", maximumInput), strings.Repeat("\x00", maximumInput),
			strings.Repeat(`{"a":`, maximumInput/5), `{"key":{"keys":[` + strings.Repeat(`{},`, maximumInput/4) + `{}]}}`,
			`{"key":{"kty":"oct","k":"` + strings.Repeat("A", maximumInput-100) + `"}}`, `{"key":{"kty":"oct","alg":"HS256","kid":"` + strings.Repeat(`\u0041`, 170000) + `","k":"AA"}}`,
		} {
			for _, operation := range []func(length uint64) int32{
				func(length uint64) int32 { return h.call("jeton_key_import", length) },
				func(length uint64) int32 { return h.call("jeton_verifier_new", key, length) },
				func(length uint64) int32 { return h.call("jeton_verify", patient, length, at(now)) },
				func(length uint64) int32 { return h.call("jeton_verify_begin", patient, length, at(now)) },
				func(length uint64) int32 { return h.call("jeton_decode", length) },
				func(length uint64) int32 { return h.call("jeton_encode", key, length) },
			} {
				if n := operation(h.put([]byte(text))); n >= 0 {
					t.Errorf("%.20s… is accepted", text)
				}
			}
		}
		long := `{"exp":1790000060,"text":"` + strings.Repeat("a", 700000) + `","deep":` + strings.Repeat("[", 30) + strings.Repeat("]", 30) + `}`
		large := h.encode(key, `{"maxTokenBytes":1048576}`, long)
		for range 20 { // the memory is found again each time
			if _, claims, _ := split(h.output(h.ok(h.call("jeton_verify", patient, h.put([]byte(large)), at(now))))); claims != long {
				t.Fatal("another payload came out")
			}
		}
		h.usable(verifier, token)
	})
}

// TestG1RandomCalls calls the exports with random numbers over random input. Whatever comes, it is an answer and never a trap.
func TestG1RandomCalls(t *testing.T) {
	inEachModule(t, func(t *testing.T, h *host) {
		_, verifier, token := h.ready()
		random := rand.New(rand.NewPCG(1, 2))
		numbers := []uint64{0, 1, 2, 16384, 16385, 1 << 20, mostI32, overI32, minusOne, math.Float64bits(now)}
		exports := h.module.ExportedFunctionDefinitions()
		names := make([]string, 0, len(exports))
		for name := range exports {
			if strings.HasPrefix(name, "jeton_") && !strings.HasSuffix(name, "_free") {
				names = append(names, name)
			}
		}
		if len(names) < 14 {
			t.Fatalf("only %v", names)
		}
		for range 20000 {
			name := names[random.IntN(len(names))]
			arguments := make([]uint64, len(exports[name].ParamTypes()))
			for i := range arguments {
				if arguments[i] = numbers[random.IntN(len(numbers))]; random.IntN(2) == 0 {
					arguments[i] = uint64(random.IntN(len(token)))
				}
			}
			if random.IntN(2) == 0 {
				h.put([]byte(token[:random.IntN(len(token))]))
			}
			if n := h.call(name, arguments...); n < 0 && name != "jeton_output" {
				h.output(n)
			}
		}
		h.usable(verifier, token)
	})
}

// TestG2ClockOfTheCall turns the clock that a call brings backwards and to what is no time: each call is judged by its own.
func TestG2ClockOfTheCall(t *testing.T) {
	inEachModule(t, func(t *testing.T, h *host) {
		_, verifier, token := h.ready()
		for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), -1, -math.SmallestNonzeroFloat64, 1e300, 253402300800} {
			h.want(clockInvalid, h.call("jeton_verify", verifier, h.put([]byte(token)), at(bad)))
			h.want(clockInvalid, h.call("jeton_verify_begin", verifier, h.put([]byte(token)), at(bad)))
		}
		h.want(core.TokenExpired, h.call("jeton_verify", verifier, h.put([]byte(token)), at(now+60)))
		h.usable(verifier, token)
		pending, _, _ := h.begin(verifier, token, now+60) // the time of the first half counts
		h.usable(verifier, token)
		h.want(core.TokenExpired, h.call("jeton_verify_finish", pending, 1))
	})
}

// lyingClock is a host clock that stands still, jumps backwards and then overflows.
func lyingClock() sys.Walltime {
	calls := 0
	return func() (int64, int32) {
		calls++
		return []int64{1790000000, 5, -1 << 40, math.MaxInt64}[calls%4], int32(calls)
	}
}

// TestG2HostClockThatLies: no verdict comes from the host's clock, only from the time that the call brings.
func TestG2HostClockThatLies(t *testing.T) {
	lying := func() wazero.ModuleConfig {
		clock := lyingClock()
		return wazero.NewModuleConfig().WithStderr(os.Stderr).WithWalltime(clock, 1).
			WithNanotime(func() int64 { seconds, _ := clock(); return seconds }, 1)
	}
	for name, text := range map[string]func(*testing.T) []byte{"full": func(*testing.T) []byte { return fullText }, "slim": slimText} {
		t.Run(name, func(t *testing.T) {
			module, err := tryInstantiate(t, text(t), lying())
			if err != nil {
				t.Fatal(err)
			}
			h := &host{t, module, make(map[uint64]*core.Key)}
			_, verifier, token := h.ready()
			for range 100 {
				h.usable(verifier, token)
				h.want(core.TokenExpired, h.call("jeton_verify", verifier, h.put([]byte(token)), at(now+60)))
			}
		})
	}
}

type brokenRandom struct{ give int }

func (r brokenRandom) Read(data []byte) (int, error) {
	if r.give == 0 {
		return 0, errors.New("no random numbers")
	}
	return min(r.give, len(data)), nil // zeros
}

// TestG2RandomThatLies starts the module where random numbers are zeros, come by one byte, or fail: it does not start, or it refuses
// forgeries as ever. The small module asks for none.
func TestG2RandomThatLies(t *testing.T) {
	for name, source := range map[string]brokenRandom{"zeros": {1 << 20}, "short": {1}, "failing": {0}} {
		for build, text := range map[string]func(*testing.T) []byte{"full": func(*testing.T) []byte { return fullText }, "slim": slimText} {
			t.Run(build+", "+name, func(t *testing.T) {
				config := wazero.NewModuleConfig().WithRandSource(source).WithSysWalltime().WithSysNanotime()
				module, err := tryInstantiate(t, text(t), config)
				if err != nil {
					if build == "slim" {
						t.Error(err)
					}
					return
				}
				h := &host{t, module, make(map[uint64]*core.Key)}
				_, verifier, token := h.ready()
				h.usable(verifier, token)
				h.want(core.SignatureInvalid, h.call("jeton_verify", verifier, h.put([]byte(token[:len(token)-4]+"AAAA")), at(now)))
				signWithoutRandomNumbers(t, h, name)
			})
		}
	}
}

// signWithoutRandomNumbers makes signatures that take random numbers: a module whose host has none must fail, and one whose host gives
// zeros must not give its key away by them.
func signWithoutRandomNumbers(t *testing.T, h *host, source string) {
	handle := h.importJWK(generate(t, core.ES256))
	if !h.computes(handle) {
		return
	}
	seen := make(map[string]bool)
	for _, text := range []string{payload, `{"exp":1790000060,"sub":"bob"}`} {
		length := h.put(framed(`{}`, text))
		results, err := h.module.ExportedFunction("jeton_encode").Call(context.Background(), handle, length)
		if err != nil || int32(results[0]) < 0 {
			return // a trap, or a refusal: no token was made
		}
		token := string(h.output(int32(results[0])))
		signature := token[strings.LastIndexByte(token, '.')+1:]
		if seen[signature[:40]] {
			t.Errorf("%s: two signatures have one r, which gives the key away", source)
		}
		seen[signature[:40]] = true
	}
	if source == "failing" {
		t.Error("a signature without random numbers")
	}
}

// TestG3ManyInFlight begins more verifications and signatures than one, on two keys, and ends them in the other order; those that are
// cancelled or whose key is freed come to nothing.
func TestG3ManyInFlight(t *testing.T) {
	inEachModule(t, func(t *testing.T, h *host) {
		type begun struct {
			pending uint64
			claims  string
		}
		var flights []begun
		keys := [2]uint64{h.importJWK(generate(t, core.HS256)), h.importJWK(generate(t, core.EdDSA))}
		verifiers := [2]uint64{h.newVerifier(keys[0], `{}`), h.newVerifier(keys[1], `{}`)}
		for i := range 40 {
			claims := strings.Replace(payload, "alice", strings.Repeat("user", i), 1)
			token := h.encode(keys[i%2], `{}`, claims)
			pending, _, _ := h.begin(verifiers[i%2], token, now)
			flights = append(flights, begun{pending, claims})
		}
		for i := len(flights) - 1; i >= 0; i-- {
			switch flight := flights[i]; i % 4 {
			case 0:
				h.ok(h.call("jeton_verify_cancel", flight.pending))
				h.want(handleInvalid, h.call("jeton_verify_finish", flight.pending, 1))
			case 1:
				h.want(core.SignatureInvalid, h.call("jeton_verify_finish", flight.pending, 0))
			default:
				if _, claims, _ := split(h.output(h.ok(h.call("jeton_verify_finish", flight.pending, 1)))); claims != flight.claims {
					t.Errorf("%d finished with %s", i, claims)
				}
			}
			h.want(handleInvalid, h.call("jeton_verify_finish", flights[i].pending, 1))
		}
	})
}

// TestG6LengthsBeyondI32 names lengths that are negative as an i32 and huge as a u32, alone and inside input.
func TestG6LengthsBeyondI32(t *testing.T) {
	inEachModule(t, func(t *testing.T, h *host) {
		key, verifier, token := h.ready()
		for _, length := range []uint64{overI32, overI32 + 1, minusOne, mostI32, 1<<32 - maximumInput, 1 << 24} {
			if pointer := h.call("jeton_reserve", length); pointer != 0 {
				t.Errorf("reserved %d bytes at %d", length, pointer)
			}
			h.want(lengthInvalid, h.call("jeton_verify", verifier, length, at(now)))
			input := framed(`{}`, payload)
			binary.LittleEndian.PutUint32(input, uint32(length))
			h.want(lengthInvalid, h.call("jeton_encode", key, h.put(input)))
			h.want(lengthInvalid, h.call("jeton_encode_begin", key, h.put(input)))
		}
		h.usable(verifier, token)
	})
}
