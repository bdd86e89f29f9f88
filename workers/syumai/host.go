//go:build js

package main

import (
	"context"
	"crypto"
	"errors"
	"syscall/js"

	"github.com/jeton-dev/jeton/workers/auth"
	"github.com/jeton-dev/jeton/workers/edge/platform"
)

// host is the [auth.Host] of a Worker: Go's own, but for PBKDF2, which is many times faster in WebCrypto.
type host struct{ auth.Host }

func newHost() host { return host{auth.NativeHost()} }

// PBKDF2 implements password.Deriver: up to platform.MaximumIterations in WebCrypto, more than that in this program, slowly.
func (h host) PBKDF2(ctx context.Context, hash crypto.Hash, password, salt []byte, iterations, keyLength int) ([]byte, error) {
	if iterations > platform.MaximumIterations {
		return h.Host.PBKDF2(ctx, hash, password, salt, iterations, keyLength)
	}
	subtle := js.Global().Get("crypto").Get("subtle")
	key, err := await(subtle.Call("importKey", "raw", toUint8Array(password), "PBKDF2", false, []any{"deriveBits"}))
	if err != nil {
		return nil, err
	}
	parameters := map[string]any{"name": "PBKDF2", "hash": hash.String(), "salt": toUint8Array(salt), "iterations": iterations}
	bits, err := await(subtle.Call("deriveBits", parameters, key, 8*keyLength))
	if err != nil {
		return nil, err
	}
	derived := make([]byte, keyLength)
	if js.CopyBytesToGo(derived, js.Global().Get("Uint8Array").New(bits)) != keyLength {
		return nil, errors.New("syumai: WebCrypto gave a key of the wrong length")
	}
	return derived, nil
}

func toUint8Array(data []byte) js.Value {
	array := js.Global().Get("Uint8Array").New(len(data))
	js.CopyBytesToJS(array, data)
	return array
}

// await returns what a promise is fulfilled with. The reason of one that is rejected stays out of the error unless it is D1's: it may
// quote what was passed in.
func await(promise js.Value) (js.Value, error) {
	type outcome struct {
		value js.Value
		err   error
	}
	settled := make(chan outcome, 1)
	fulfilled := js.FuncOf(func(_ js.Value, args []js.Value) any {
		settled <- outcome{value: args[0]}
		return nil
	})
	defer fulfilled.Release()
	rejected := js.FuncOf(func(_ js.Value, args []js.Value) any {
		failed := errors.New("syumai: the platform refused")
		if reason, ok := databaseReason(args[0]); ok {
			failed = errors.New(reason)
		}
		settled <- outcome{err: failed}
		return nil
	})
	defer rejected.Release()
	promise.Call("then", fulfilled, rejected)
	result := <-settled
	return result.value, result.err
}
