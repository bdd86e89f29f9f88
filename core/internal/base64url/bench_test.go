package base64url

import (
	"bytes"
	"encoding/base64"
	"testing"
)

var benchmarkData = bytes.Repeat([]byte(`{"iss":"https://issuer.example"`), 9)

func BenchmarkAppendDecode(b *testing.B) {
	text := string(AppendEncode(nil, benchmarkData))
	var space []byte
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		var ok bool
		if space, ok = AppendDecode(space[:0], text); !ok {
			b.Fatal("refused")
		}
	}
}

func BenchmarkAppendEncode(b *testing.B) {
	var space []byte
	b.SetBytes(int64(base64.RawURLEncoding.EncodedLen(len(benchmarkData))))
	b.ReportAllocs()
	for b.Loop() {
		space = AppendEncode(space[:0], benchmarkData)
	}
}

// BenchmarkStandardLibrary is what the two above are measured against: encoding/base64, which is more lenient.
func BenchmarkStandardLibrary(b *testing.B) {
	text := base64.RawURLEncoding.AppendEncode(nil, benchmarkData)
	space := make([]byte, len(text))
	b.Run("decode", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		for b.Loop() {
			if _, err := base64.RawURLEncoding.Decode(space, text); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("encode", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		for b.Loop() {
			base64.RawURLEncoding.Encode(space, benchmarkData)
		}
	})
}
