//go:build !tinygo

package core

import (
	"bytes"
	"encoding/asn1"
	"math/big"
	"testing"
)

// FuzzDER holds the DER form of a signature against encoding/asn1.
func FuzzDER(f *testing.F) {
	f.Add([]byte{0}, []byte{0})
	f.Add([]byte{0, 0x7f}, []byte{0, 0x80})
	f.Add(bytes.Repeat([]byte{0xff}, 66), bytes.Repeat([]byte{0xff}, 66))
	f.Add(make([]byte, 32), append(make([]byte, 31), 1))
	f.Fuzz(func(t *testing.T, r, s []byte) {
		if len(r) == 0 || len(s) == 0 || len(r) > 66 || len(s) > 66 {
			return
		}
		want, err := asn1.Marshal(struct{ R, S *big.Int }{new(big.Int).SetBytes(r), new(big.Int).SetBytes(s)})
		if err != nil {
			t.Fatal(err)
		}
		if got := appendDER(nil, r, s); !bytes.Equal(got, want) || len(got) > maximumDERSize {
			t.Fatalf("%x, encoding/asn1 %x", got, want)
		}
	})
}
