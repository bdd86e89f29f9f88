package core_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"strconv"
	"testing"

	"github.com/jeton-dev/jeton/core"
)

// benchmarkTokens returns 64 tokens that differ, so that no branch predictor or cache learns one by heart.
func benchmarkTokens(b *testing.B, key *core.Key) []string {
	tokens := make([]string, 64)
	for i := range tokens {
		tokens[i] = encode(b, goodClaims().SetID(strconv.Itoa(i)).SetNotBefore(testTime), key)
	}
	return tokens
}

func fullPolicy() core.Policy {
	return core.Policy{Issuers: []string{"https://issuer.example"}, Audiences: []string{"api"}, Type: "JWT", Clock: policy().Clock}
}

func BenchmarkVerify(b *testing.B) {
	for _, algorithm := range []core.Algorithm{core.HS256, core.RS256, core.PS256, core.ES256, core.EdDSA} {
		b.Run(string(algorithm), func(b *testing.B) {
			key := newKey(b, algorithm)
			tokens := benchmarkTokens(b, key)
			verifier, err := core.NewVerifier(key, fullPolicy())
			if err != nil {
				b.Fatal(err)
			}
			var token core.Token
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				if err := verifier.VerifyInto(&token, tokens[i%len(tokens)]); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkMAC is the floor of BenchmarkVerify/HS256: the HMAC alone, its keyed state reused.
func BenchmarkMAC(b *testing.B) {
	tokens := benchmarkTokens(b, newKey(b, core.HS256))
	mac := hmac.New(sha256.New, make([]byte, 32))
	var sum [32]byte
	inputs := make([][]byte, len(tokens))
	for i, token := range tokens {
		inputs[i] = []byte(token[:len(token)-44])
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		mac.Reset()
		mac.Write(inputs[i%len(inputs)])
		mac.Sum(sum[:0])
	}
}

func BenchmarkAppendEncode(b *testing.B) {
	signer, err := core.NewSigner(newKey(b, core.HS256), core.SignerOptions{})
	if err != nil {
		b.Fatal(err)
	}
	payload, err := goodClaims().AppendJSON(nil)
	if err != nil {
		b.Fatal(err)
	}
	var space []byte
	b.ReportAllocs()
	for b.Loop() {
		if space, err = signer.AppendEncode(space[:0], payload); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDecode(b *testing.B) {
	tokens := benchmarkTokens(b, newKey(b, core.HS256))
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if _, err := core.Decode(tokens[i%len(tokens)]); err != nil {
			b.Fatal(err)
		}
	}
}
