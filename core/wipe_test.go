package core_test

import (
	"errors"
	"testing"

	"github.com/jeton-dev/jeton/core"
)

// TestWipedSecretDoesNothing: what is left of a key must not be a key of zeros, which anyone has.
func TestWipedSecretDoesNothing(t *testing.T) {
	for _, algorithm := range []core.Algorithm{core.HS256, core.HS384, core.HS512} {
		key, err := core.GenerateKey(algorithm)
		if err != nil {
			t.Fatal(err)
		}
		input := []byte("a.b")
		code, err := key.Sign(input)
		if err != nil || !key.Verify(input, code) {
			t.Fatal("the key does not work", err)
		}
		zeros, err := core.NewHMACKey(algorithm, make([]byte, 64))
		if err != nil {
			t.Fatal(err)
		}
		forged, err := zeros.Sign(input)
		if err != nil {
			t.Fatal(err)
		}
		key.Wipe()
		key.Wipe()
		if key.Verify(input, code) || key.Verify(input, forged) {
			t.Errorf("%s: a wiped key verifies", algorithm)
		}
		if _, err := key.Sign(input); !errors.Is(err, core.SigningFailed) {
			t.Errorf("%s: a wiped key signs: %v", algorithm, err)
		}
	}
}
