package main

import (
	"encoding/binary"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/jeton-dev/jeton/core"
)

func TestEveryAlgorithmUnderWazero(t *testing.T) {
	inEachModule(t, func(t *testing.T, h *host) {
		if version := h.call("jeton_abi"); version != abiVersion {
			t.Fatalf("ABI %d", version)
		}
		for _, algorithm := range core.Algorithms() {
			t.Run(string(algorithm), func(t *testing.T) { testAlgorithm(t, &host{t, h.module, h.keys}, algorithm) })
		}
	})
}

func testAlgorithm(t *testing.T, h *host, algorithm core.Algorithm) {
	key := generate(t, algorithm)
	handle := h.importJWK(key)
	verifier := h.newVerifier(handle, `{"subject":"alice","algorithms":["`+string(algorithm)+`"]}`)
	token := h.encode(handle, `{}`, payload)
	if _, err := core.Verify(token, key, core.Policy{Clock: func() time.Time { return time.Unix(now, 0) }}); err != nil {
		t.Errorf("native core refuses the module's token: %v", err)
	}
	header, claims, rest := split(h.output(h.ok(h.verify(handle, verifier, token, now))))
	if claims != payload || !strings.Contains(header, `"alg":"`+string(algorithm)+`"`) || rest != "" {
		t.Errorf("verified %s %s %s", header, claims, rest)
	}
	h.want(core.TokenExpired, h.verify(handle, verifier, token, now+60))
	h.want(core.SignatureInvalid, h.verify(handle, verifier, token[:len(token)-8]+"AAAAAAAA", now))

	pending, signingInput, signature := h.begin(verifier, token, now)
	good := uint64(0)
	if key.Verify([]byte(signingInput), signature) {
		good = 1
	}
	_, claims, _ = split(h.output(h.ok(h.call("jeton_verify_finish", pending, good))))
	if claims != payload {
		t.Errorf("finished with %s", claims)
	}
	h.want(handleInvalid, h.call("jeton_verify_finish", pending, 1))

	_, claims, decoded := split(h.output(h.ok(h.call("jeton_decode", h.put([]byte(token))))))
	if claims != payload || decoded != string(signature) {
		t.Errorf("decoded %s", claims)
	}
	h.ok(h.call("jeton_verifier_free", verifier))
	h.ok(h.call("jeton_key_free", handle))
}

func TestHostKeyUnderWazero(t *testing.T) { inEachModule(t, testHostKeyUnderWazero) }

func testHostKeyUnderWazero(t *testing.T, h *host) {
	material := generate(t, core.ES256)
	handle := h.importKey(`{"host":{"alg":"ES256","kid":"k1"}}`)
	description := string(h.output(h.ok(h.call("jeton_key_describe", handle))))
	if description != `{"keys":[{"alg":"ES256","kid":"k1","host":true,"sign":true}]}` {
		t.Error(description)
	}
	h.want(core.HostRequired, h.call("jeton_encode", handle, h.put(framed(`{}`, payload))))
	answer := h.output(h.ok(h.call("jeton_encode_begin", handle, h.put(framed(`{"type":"at+jwt"}`, payload)))))
	signature, err := material.Sign(answer[4:])
	if err != nil {
		t.Fatal(err)
	}
	pending := uint64(binary.LittleEndian.Uint32(answer))
	token := string(h.output(h.ok(h.call("jeton_encode_finish", pending, h.put(signature)))))
	if _, err := core.Verify(token, material, core.Policy{Type: "at+jwt", Clock: func() time.Time { return time.Unix(now, 0) }}); err != nil {
		t.Error(err)
	}
	h.want(handleInvalid, h.call("jeton_encode_finish", pending, h.put(signature)))
	verifier := h.newVerifier(handle, `{}`)
	h.want(core.HostRequired, h.call("jeton_verify", verifier, h.put([]byte(token)), at(now)))
	answer = h.output(h.ok(h.call("jeton_verify_begin", verifier, h.put([]byte(token)), at(now))))
	for _, verdict := range []uint64{0, 2, math.MaxUint32} {
		first := h.output(h.ok(h.call("jeton_verify_begin", verifier, h.put([]byte(token)), at(now))))
		h.want(core.SignatureInvalid, h.call("jeton_verify_finish", uint64(binary.LittleEndian.Uint32(first)), verdict))
	}
	h.ok(h.call("jeton_verify_cancel", uint64(binary.LittleEndian.Uint32(answer))))
	h.want(handleInvalid, h.call("jeton_verify_finish", uint64(binary.LittleEndian.Uint32(answer)), 1))
}

// TestTwoVerificationsInFlight finishes two in the other order: each must get its own claims.
func TestTwoVerificationsInFlight(t *testing.T) { inEachModule(t, testTwoVerificationsInFlight) }

func testTwoVerificationsInFlight(t *testing.T, h *host) {
	key := generate(t, core.EdDSA)
	handle := h.importJWK(key)
	verifier := h.newVerifier(handle, `{}`)
	var pending [2]uint64
	payloads := [2]string{`{"sub":"alice","exp":1790000060}`, `{"sub":"bob","exp":1790000060}`}
	for i, text := range payloads {
		token := h.encode(handle, `{}`, text)
		pending[i], _, _ = h.begin(verifier, token, now)
	}
	for _, i := range []int{1, 0} {
		if _, claims, _ := split(h.output(h.ok(h.call("jeton_verify_finish", pending[i], 1)))); claims != payloads[i] {
			t.Errorf("%d finished with %s", i, claims)
		}
	}
}

// TestBoundary hands the exports every kind of nonsense; the instance must stay usable throughout.
func TestBoundary(t *testing.T) { inEachModule(t, testBoundary) }

func testBoundary(t *testing.T, h *host) {
	key := generate(t, core.HS256)
	handle := h.importJWK(key)
	verifier := h.newVerifier(handle, `{}`)
	token := []byte(h.encode(handle, `{}`, payload))
	const negative = math.MaxUint32 // -1 as an i32

	for _, length := range []uint64{negative, maximumInput + 1, math.MaxInt32, 1 << 31} {
		if pointer := h.call("jeton_reserve", length); pointer != 0 {
			t.Errorf("reserved %d bytes at %d", int32(length), pointer)
		}
		h.want(lengthInvalid, h.call("jeton_verify", verifier, length, at(now)))
	}
	for _, name := range []string{"jeton_key_import", "jeton_decode"} {
		h.put(token)
		h.want(lengthInvalid, h.call(name, uint64(len(token)+1)))
		h.want(lengthInvalid, h.call(name, 1)) // the reservation was used up
		h.want(lengthInvalid, h.call(name, negative))
	}
	for _, bad := range []uint64{0, negative, 2, 1 << 20, math.MaxInt32, 1 << 31} {
		h.want(handleInvalid, h.call("jeton_verify", bad, h.put(token), at(now)))
		h.want(handleInvalid, h.call("jeton_verify_begin", bad, h.put(token), at(now)))
		h.want(handleInvalid, h.call("jeton_verify_finish", bad, 1))
		h.want(handleInvalid, h.call("jeton_verify_cancel", bad))
		h.want(handleInvalid, h.call("jeton_encode", bad, h.put(framed(`{}`, payload))))
		h.want(handleInvalid, h.call("jeton_encode_finish", bad, h.put(token)))
		h.want(handleInvalid, h.call("jeton_encode_cancel", bad))
		h.want(handleInvalid, h.call("jeton_verifier_new", bad, h.put([]byte(`{}`))))
		h.want(handleInvalid, h.call("jeton_verifier_free", bad))
		h.want(handleInvalid, h.call("jeton_key_describe", bad))
		h.want(handleInvalid, h.call("jeton_key_free", bad))
	}
	for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), -1, 1e300} {
		h.want(clockInvalid, h.call("jeton_verify", verifier, h.put(token), at(bad)))
	}
	h.want(lengthInvalid, h.call("jeton_encode", handle, h.put([]byte{1, 2})))
	h.want(lengthInvalid, h.call("jeton_encode", handle, h.put([]byte{255, 255, 255, 255, '{', '}'})))
	for _, policy := range []string{``, `[]`, `{"audiense":["a"]}`, `{"issuer":"a"}`, `{"leeway":601}`, `{"leeway":"5"}`, `{"maxTokenBytes":-1}`, `{"algorithms":["none"]}`, `{"audience":[1]}`,
		`{"profile":"Access_Token"}`, `{"profile":""}`, `{"profile":1}`, `{"profile":"access_token"}`, `{"profile":"id_token","issuer":["a"]}`, `{"profile":"django_access","allowMissingExpiration":true}`,
		`{"keyAlgorithms":{}}`, `{"keyAlgorithms":[]}`, `{"keyAlgorithms":null}`, `{"keyAlgorithms":{"":[]}}`, `{"keyAlgorithms":{"a":"ES256"}}`, `{"keyAlgorithms":{"a":["none"]}}`, `{"keyAlgorithms":{"a":[]}}`} {
		h.want(core.PolicyInvalid, h.call("jeton_verifier_new", handle, h.put([]byte(policy))))
	}
	for _, request := range []string{`{}`, `{"key":{},"host":{}}`, `{"key":{"kty":"oct"},"extra":1}`} {
		h.want(requestInvalid, h.call("jeton_key_import", h.put([]byte(request))))
	}
	h.want(core.AlgorithmUnsupported, h.call("jeton_key_import", h.put([]byte(`{"host":{"alg":"none"}}`))))
	h.ok(h.call("jeton_verify", verifier, h.put(token), at(now)))
}

func TestFreedKeyStopsItsVerifiers(t *testing.T) { inEachModule(t, testFreedKeyStopsItsVerifiers) }

func testFreedKeyStopsItsVerifiers(t *testing.T, h *host) {
	key := generate(t, core.HS256)
	handle := h.importJWK(key)
	verifier := h.newVerifier(handle, `{}`)
	token := []byte(h.encode(handle, `{}`, payload))
	h.ok(h.call("jeton_key_free", handle))
	h.want(handleInvalid, h.call("jeton_verify", verifier, h.put(token), at(now)))
	h.want(handleInvalid, h.call("jeton_key_free", handle))

	zeros, err := core.NewHMACKey(core.HS256, make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	h.importJWK(generate(t, core.HS256)) // takes the freed slot
	forged, err := core.Encode(core.NewClaims().Set("exp", now+60), zeros)
	if err != nil {
		t.Fatal(err)
	}
	h.want(handleInvalid, h.call("jeton_verify", verifier, h.put([]byte(forged)), at(now)))
}

// TestNothingIsLeftForTheNextCaller looks for the bytes of one operation after the next.
func TestNothingIsLeftForTheNextCaller(t *testing.T) {
	inEachModule(t, testNothingIsLeftForTheNextCaller)
}

func testNothingIsLeftForTheNextCaller(t *testing.T, h *host) {
	marker := `{"exp":1790000060,"marker":"` + strings.Repeat("leak", 8) + `"}`
	handle := h.importJWK(generate(t, core.HS256))
	token := h.encode(handle, `{}`, marker)
	pointer := uint32(h.call("jeton_output"))
	h.want(core.TokenMalformed, h.call("jeton_decode", h.put([]byte("x"))))
	view, _ := h.module.Memory().Read(pointer, uint32(len(token)))
	if strings.Contains(string(view), token[40:]) {
		t.Error("the output of the last operation can still be read")
	}
	pointer = uint32(h.call("jeton_reserve", uint64(len(marker))))
	view, _ = h.module.Memory().Read(pointer, uint32(len(marker)))
	if strings.Trim(string(view), "\x00") != "" {
		t.Error("reserved space is not empty")
	}
}

// TestMemoryStaysFlat verifies 20,000 tokens. A verification allocates nothing, so the memory does not grow by a single page, whatever
// the collector does.
func TestMemoryStaysFlat(t *testing.T) { inEachModule(t, testMemoryStaysFlat) }

func testMemoryStaysFlat(t *testing.T, h *host) {
	handle := h.importJWK(generate(t, core.HS256))
	verifier := h.newVerifier(handle, `{}`)
	token := []byte(h.encode(handle, `{}`, payload))
	run := func(times int) uint32 {
		for range times {
			h.ok(h.call("jeton_verify", verifier, h.put(token), at(now)))
		}
		return h.module.Memory().Size()
	}
	settled := run(100)
	if after := run(20000); after != settled {
		t.Errorf("the memory grew from %d to %d bytes", settled, after)
	}
}
