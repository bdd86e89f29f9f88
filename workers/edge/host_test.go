package main

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ed25519"
	"crypto/pbkdf2"
	"hash"
	"testing"
	"time"

	"github.com/jeton-dev/jeton/core"
	"github.com/jeton-dev/jeton/workers/auth"
	"github.com/jeton-dev/jeton/workers/edge/platform"
)

// runTask runs work as a task, hands its only operation to answer, and reports whether there was one.
func runTask(t *testing.T, work func(ctx context.Context), answer func(operation *frameReader) []byte) (asked bool) {
	t.Helper()
	task := newTask(func(ctx context.Context, _ *auth.Request) *auth.Response {
		work(ctx)
		return &auth.Response{}
	}, nil, nil)
	operation := task.resume(nil)
	if operation == nil {
		return false
	}
	if task.resume(answer(newFrameReader(operation))) != nil {
		t.Fatal("the host was asked twice")
	}
	return true
}

func TestPBKDF2(t *testing.T) {
	for name, test := range map[string]struct {
		hash       crypto.Hash
		iterations int
		asks       bool
	}{
		"one iteration": {crypto.SHA256, 1, true},
		"at the cap":    {crypto.SHA256, platform.MaximumIterations, true},
		"above the cap": {crypto.SHA256, platform.MaximumIterations + 1, false},
		"SHA-1":         {crypto.SHA1, 1000, true},
	} {
		t.Run(name, func(t *testing.T) {
			var derived []byte
			var err error
			asked := runTask(t, func(ctx context.Context) {
				derived, err = newHost().PBKDF2(ctx, test.hash, []byte("word"), []byte("salt"), test.iterations, test.hash.Size())
			}, func(operation *frameReader) []byte {
				kind, name, plain, salt := operation.uint8(), operation.text(), operation.text(), operation.bytes()
				iterations, length := operation.uint32(), operation.uint32()
				if operation.end() != nil || kind != operationPBKDF2 || name != test.hash.String() || iterations > platform.MaximumIterations {
					t.Error("the operation is malformed")
				}
				key, _ := pbkdf2.Key(func() hash.Hash { return test.hash.New() }, plain, salt, int(iterations), int(length))
				return appendBytes([]byte{0}, key)
			})
			want, _ := pbkdf2.Key(func() hash.Hash { return test.hash.New() }, "word", []byte("salt"), test.iterations, test.hash.Size())
			if err != nil || !bytes.Equal(derived, want) {
				t.Errorf("got %x, %v; want %x", derived, err, want)
			}
			if asked != test.asks {
				t.Errorf("asked the host: %v", asked)
			}
		})
	}
}

func TestPBKDF2Refuses(t *testing.T) {
	for _, test := range []struct{ iterations, length int }{{0, 32}, {-1, 32}, {1, 0}, {1, 65}} {
		if _, err := newHost().PBKDF2(context.Background(), crypto.SHA256, nil, nil, test.iterations, test.length); err == nil {
			t.Errorf("%+v was accepted", test)
		}
	}
}

func TestSignatures(t *testing.T) {
	input := []byte("signing input")
	for _, algorithm := range []core.Algorithm{core.ES256, core.EdDSA} {
		key, err := core.GenerateKey(algorithm)
		if err != nil {
			t.Fatal(err)
		}
		public, err := key.Public()
		if err != nil {
			t.Fatal(err)
		}
		var signature []byte
		runTask(t, func(ctx context.Context) { signature, err = newHost().Sign(ctx, key, input) }, func(operation *frameReader) []byte {
			kind, name, jwk := operation.uint8(), operation.text(), operation.bytes()
			parsed, err := core.ParseJWK(jwk)
			if err != nil || kind != operationSign || name != string(algorithm) || !parsed.CanSign() {
				t.Fatalf("%s: the operation is malformed: %v", algorithm, err)
			}
			made, _ := parsed.Sign(operation.bytes())
			return appendBytes([]byte{0}, made)
		})
		if err != nil || !public.Verify(input, signature) {
			t.Errorf("%s: the signature is not good: %v", algorithm, err)
		}
		for _, verdict := range []byte{0, 1, 2} {
			var good bool
			runTask(t, func(ctx context.Context) { good, err = newHost().VerifySignature(ctx, public, input, signature) }, func(operation *frameReader) []byte {
				kind, _, jwk := operation.uint8(), operation.text(), operation.bytes()
				if parsed, err := core.ParseJWK(jwk); err != nil || kind != operationVerify || parsed.CanSign() {
					t.Fatalf("%s: the operation is malformed: %v", algorithm, err)
				}
				return []byte{0, verdict}
			})
			if good != (verdict == 1) || (err != nil) != (verdict == 2) {
				t.Errorf("%s: verdict %d gave %v, %v", algorithm, verdict, good, err)
			}
		}
	}
}

// TestHostLies checks that what the host must not answer makes no signature and verifies none.
func TestHostLies(t *testing.T) {
	key, err := core.GenerateKey(core.EdDSA)
	if err != nil {
		t.Fatal(err)
	}
	for name, answer := range map[string][]byte{
		"nothing":            {},
		"no field":           {0},
		"an empty field":     {0, 0, 0, 0, 0},
		"a field cut short":  {0, 4, 0, 0, 0, 1},
		"more behind it":     {0, 1, 0, 0, 0, 1, 1},
		"an unknown status":  {7},
		"a failure":          {1, 0, 0, 0, 0},
		"a failure and more": {1, 0, 0, 0, 0, 9},
	} {
		runTask(t, func(ctx context.Context) {
			if signature, err := newHost().Sign(ctx, key, nil); err == nil {
				t.Errorf("%s: got the signature %x", name, signature)
			}
		}, func(*frameReader) []byte { return answer })
		runTask(t, func(ctx context.Context) {
			if good, err := newHost().VerifySignature(ctx, key, nil, make([]byte, ed25519.SignatureSize)); err == nil || good {
				t.Errorf("%s: got %v", name, good)
			}
		}, func(*frameReader) []byte { return answer })
		runTask(t, func(ctx context.Context) {
			if derived, err := newHost().PBKDF2(ctx, crypto.SHA256, nil, nil, 1, 32); err == nil {
				t.Errorf("%s: derived %x", name, derived)
			}
		}, func(*frameReader) []byte { return answer })
	}
}

func TestSymmetricKeysStayInside(t *testing.T) {
	key, err := core.GenerateKey(core.HS256)
	if err != nil {
		t.Fatal(err)
	}
	// A context outside a request: asking the host would fail.
	signature, err := newHost().Sign(context.Background(), key, []byte("x"))
	if err != nil {
		t.Fatal(err)
	}
	good, err := newHost().VerifySignature(context.Background(), key, []byte("x"), signature)
	if err != nil || !good {
		t.Errorf("got %v, %v", good, err)
	}
}

// TestThrottleBinding checks which scopes a binding is asked about, and that its verdict counts.
func TestThrottleBinding(t *testing.T) {
	limit := newThrottle()
	rate := auth.Rate{Count: 1, Period: time.Minute}
	allow := func(scope string, answer []byte) (allowed bool, operations []byte, err error) {
		task := newTask(func(ctx context.Context, _ *auth.Request) *auth.Response {
			allowed, _, err = limit.Allow(ctx, scope, "key", rate, time.Now())
			return &auth.Response{}
		}, nil, nil)
		for operation := task.resume(nil); operation != nil; {
			operations = append(operations, operation[0])
			if operation[0] != operationLimit {
				operation = task.resume(rowsAnswer([][]any{{int64(1)}}))
				continue
			}
			r := newFrameReader(operation[1:])
			if asked, key := r.text(), r.text(); asked != scope || key != "key" || r.end() != nil {
				t.Errorf("asked about %q, %q", asked, key)
			}
			operation = task.resume(answer)
		}
		return allowed, operations, err
	}
	for _, test := range []struct {
		scope   string
		answer  []byte
		allowed bool
		asks    bool
		inD1    bool
		fails   bool
	}{
		{scope: auth.ThrottleLogin, answer: []byte{0, verdictAllowed}, allowed: true, asks: true},
		{scope: auth.ThrottleLogin, answer: []byte{0, verdictRefused}, asks: true},
		{scope: auth.ThrottleLogin, answer: []byte{0, 3}, asks: true, fails: true},
		{scope: auth.ThrottleLogin, answer: []byte{0}, asks: true, fails: true},
		{scope: auth.ThrottleLogin, answer: failedAnswer(errFrame), asks: true, fails: true},
		{scope: auth.ThrottleAnon, answer: []byte{0, verdictUnbound}, allowed: true, asks: true, inD1: true},
		{scope: auth.ThrottleAnon, allowed: true, inD1: true}, // not asked about again
		{scope: auth.ThrottleLoginFailed, allowed: true, inD1: true},
	} {
		allowed, operations, err := allow(test.scope, test.answer)
		if allowed != test.allowed || (err != nil) != test.fails ||
			bytes.Contains(operations, []byte{operationLimit}) != test.asks || bytes.Contains(operations, []byte{operationQuery}) != test.inD1 {
			t.Errorf("%s %v: %v, %v, operations %v", test.scope, test.answer, allowed, err, operations)
		}
	}
	for scope, forgives := range map[string]bool{auth.ThrottleLogin: false, auth.ThrottleAnon: true, auth.ThrottleLoginFailed: true} {
		asked := runTask(t, func(ctx context.Context) {
			if err := limit.Forgive(ctx, scope, "key", rate, time.Now()); err != nil {
				t.Error(err)
			}
		}, func(*frameReader) []byte { return make([]byte, 9) })
		if asked != forgives {
			t.Errorf("%s: an event is taken back: %v", scope, asked)
		}
	}
}

// TestFetchKeySet asks for a key set without a context, and is lied to.
func TestFetchKeySet(t *testing.T) {
	const location = "https://keys.example/jwks.json"
	for name, test := range map[string]struct {
		answer []byte
		want   string
		failed bool
	}{
		"set":       {appendBytes([]byte{0}, `{"keys":[]}`), `{"keys":[]}`, false},
		"failure":   {appendBytes([]byte{1}, "away"), "", true},
		"too much":  {appendBytes([]byte{0}, bytes.Repeat([]byte(" "), platform.MaximumKeySet+1)), "", true},
		"behind it": {append(appendBytes([]byte{0}, "x"), 0), "", true},
	} {
		t.Run(name, func(t *testing.T) {
			var body []byte
			var err error
			runTask(t, func(context.Context) { body, err = fetchKeySet(location) }, func(operation *frameReader) []byte {
				if kind, url := operation.uint8(), operation.text(); kind != operationKeySet || url != location || operation.end() != nil {
					t.Error("the operation is malformed")
				}
				return test.answer
			})
			clear(test.answer) // as a frame is once it has been read
			if string(body) != test.want || (err != nil) != test.failed {
				t.Errorf("got %q, %v", body, err)
			}
		})
	}
	if _, err := fetchKeySet(location); err == nil {
		t.Error("a key set outside a request")
	}
}
