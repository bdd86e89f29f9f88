package core_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jeton-dev/jeton/core"
)

// benchmarkPayload returns the payload of an ordinary access token, about 290 bytes.
func benchmarkPayload(number int) []byte {
	now := time.Now().Unix()
	return fmt.Appendf(nil, `{"iss":"https://issuer.example","sub":"user-%08d","aud":"https://api.example","exp":%d,"nbf":%d,"iat":%d,"jti":"0b8f6a52-4c1d-4e07-9a3e-%012d",`+
		`"client_id":"browser","scope":"openid profile orders:read orders:write","roles":["customer","reviewer"]}`, number, now+3600, now-60, now-60, number)
}

// benchmarkTokens returns 64 tokens that differ, so that no branch predictor or cache learns one by heart.
func benchmarkTokens(b *testing.B, key *core.Key) []string {
	signer, err := core.NewSigner(key, core.SignerOptions{})
	if err != nil {
		b.Fatal(err)
	}
	tokens := make([]string, 64)
	for i := range tokens {
		token, err := signer.AppendEncode(nil, benchmarkPayload(i))
		if err != nil {
			b.Fatal(err)
		}
		tokens[i] = string(token)
	}
	return tokens
}

func fullPolicy() core.Policy {
	return core.Policy{Issuers: []string{"https://issuer.example"}, Audiences: []string{"https://api.example"}, Type: "JWT"}
}

func benchmarkVerifier(b *testing.B, key *core.Key) *core.Verifier {
	verifier, err := core.NewVerifier(key, fullPolicy())
	if err != nil {
		b.Fatal(err)
	}
	return verifier
}

func BenchmarkVerify(b *testing.B) {
	for _, algorithm := range []core.Algorithm{core.HS256, core.RS256, core.PS256, core.ES256, core.EdDSA} {
		b.Run(string(algorithm), func(b *testing.B) {
			key := newKey(b, algorithm)
			tokens, verifier := benchmarkTokens(b, key), benchmarkVerifier(b, key)
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

// BenchmarkVerifyUnusualHeader verifies tokens whose header the verifier has not worked out beforehand.
func BenchmarkVerifyUnusualHeader(b *testing.B) {
	key := newKey(b, core.HS256)
	verifier := benchmarkVerifier(b, key)
	tokens := make([]string, 64)
	for i := range tokens {
		tokens[i] = signFor(b, key, `{"alg":"HS256","kid":"`+strconv.Itoa(i)+`","typ":"JWT"}`, string(benchmarkPayload(i)))
	}
	var token core.Token
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if err := verifier.VerifyInto(&token, tokens[i%len(tokens)]); err != nil {
			b.Fatal(err)
		}
	}
}

func signFor(b *testing.B, key *core.Key, header, payload string) string {
	input := segment(header) + "." + segment(payload)
	signature, err := key.Sign([]byte(input))
	if err != nil {
		b.Fatal(err)
	}
	return input + "." + segment(string(signature))
}

// BenchmarkVerifyParallel verifies on as many cores as -cpu gives it.
func BenchmarkVerifyParallel(b *testing.B) {
	key := newKey(b, core.HS256)
	tokens, verifier := benchmarkTokens(b, key), benchmarkVerifier(b, key)
	b.ReportAllocs()
	b.RunParallel(func(loop *testing.PB) {
		var token core.Token
		for i := 0; loop.Next(); i++ {
			if err := verifier.VerifyInto(&token, tokens[i%len(tokens)]); err != nil {
				b.Error(err)
				return
			}
		}
	})
}

// BenchmarkMAC is the floor of BenchmarkVerify/HS256 and of BenchmarkAppendEncode: the HMAC alone, its keyed state reused.
func BenchmarkMAC(b *testing.B) {
	tokens := benchmarkTokens(b, newKey(b, core.HS256))
	mac := hmac.New(sha256.New, make([]byte, 32))
	var sum [32]byte
	inputs := make([][]byte, len(tokens))
	for i, token := range tokens {
		inputs[i] = []byte(token[:strings.LastIndexByte(token, '.')])
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		mac.Reset()
		mac.Write(inputs[i%len(inputs)])
		mac.Sum(sum[:0])
	}
}

// BenchmarkBeginFinish is all that Verify does but for the primitive, which takes its place here by saying yes.
func BenchmarkBeginFinish(b *testing.B) {
	for _, algorithm := range []core.Algorithm{core.HS256, core.RS256, core.PS256, core.ES256, core.EdDSA} {
		b.Run(string(algorithm), func(b *testing.B) {
			key := newKey(b, algorithm)
			tokens, verifier := benchmarkTokens(b, key), benchmarkVerifier(b, key)
			var pending core.PendingVerification
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				if err := verifier.BeginInto(&pending, tokens[i%len(tokens)]); err != nil {
					b.Fatal(err)
				}
				if _, err := pending.Finish(true); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkAppendEncode(b *testing.B) {
	signer, err := core.NewSigner(newKey(b, core.HS256), core.SignerOptions{})
	if err != nil {
		b.Fatal(err)
	}
	payloads := make([][]byte, 64)
	for i := range payloads {
		payloads[i] = benchmarkPayload(i)
	}
	var space []byte
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if space, err = signer.AppendEncode(space[:0], payloads[i%len(payloads)]); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEncode(b *testing.B) {
	signer, err := core.NewSigner(newKey(b, core.HS256), core.SignerOptions{})
	if err != nil {
		b.Fatal(err)
	}
	claims := make([]*core.Claims, 64)
	for i := range claims {
		claims[i] = goodClaims().SetNotBefore(testTime).SetID(strconv.Itoa(1e9+i)).Set("client_id", "web").
			Set("scope", "read write profile").Set("roles", []string{"editor", "reviewer"})
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if _, err := signer.Encode(claims[i%len(claims)]); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDecode(b *testing.B) {
	tokens := benchmarkTokens(b, newKey(b, core.HS256))
	var decoded core.Unverified
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if err := core.DecodeInto(&decoded, tokens[i%len(tokens)]); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkGrowth verifies ever larger tokens, of many members and of one long one: the time per byte must not grow.
func BenchmarkGrowth(b *testing.B) {
	key := newKey(b, core.HS256)
	limits := core.Limits{TokenBytes: 1 << 20, Members: 1 << 16}
	signer, err := core.NewSigner(key, core.SignerOptions{Limits: limits})
	if err != nil {
		b.Fatal(err)
	}
	verifier, err := core.NewVerifier(key, core.Policy{AllowMissingExpiration: true, Limits: limits})
	if err != nil {
		b.Fatal(err)
	}
	for _, size := range []int{1 << 8, 1 << 10, 1 << 13, 1 << 16, 1 << 19} {
		for shape, payload := range map[string]string{"text": longText(size), "members": manyMembers(size)} {
			b.Run(shape+"/"+strconv.Itoa(size), func(b *testing.B) {
				signed, err := signer.AppendEncode(nil, []byte(payload))
				if err != nil {
					b.Fatal(err)
				}
				text := string(signed)
				var token core.Token
				b.SetBytes(int64(len(text)))
				b.ReportAllocs()
				for b.Loop() {
					if err := verifier.VerifyInto(&token, text); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// longText and manyMembers return a payload of about size bytes.
func longText(size int) string { return `{"a":"` + strings.Repeat("x", size-8) + `"}` }

func manyMembers(size int) string {
	var text strings.Builder
	text.WriteByte('{')
	for i := 0; text.Len() < size-12; i++ {
		if i > 0 {
			text.WriteByte(',')
		}
		text.WriteString(`"m` + strconv.Itoa(i) + `":true`)
	}
	text.WriteByte('}')
	return text.String()
}

// BenchmarkDots refuses a line of dots as large as the largest token, beside one pass over it.
func BenchmarkDots(b *testing.B) {
	dots := strings.Repeat(".", 1<<20)
	verifier, err := core.NewVerifier(newKey(b, core.HS256), core.Policy{Limits: core.Limits{TokenBytes: 1 << 20}})
	if err != nil {
		b.Fatal(err)
	}
	b.Run("refuse", func(b *testing.B) {
		var token core.Token
		for b.Loop() {
			if err := verifier.VerifyInto(&token, dots); err == nil {
				b.Fatal("accepted")
			}
		}
	})
	b.Run("read", func(b *testing.B) {
		for b.Loop() {
			if strings.IndexByte(dots, 'x') >= 0 {
				b.Fatal("found")
			}
		}
	})
}
