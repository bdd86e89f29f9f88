package main

import (
	"context"
	"crypto"
	"crypto/ed25519"
	"errors"
	"slices"
	"time"

	"github.com/jeton-dev/jeton/core"
	"github.com/jeton-dev/jeton/workers/auth"
	"github.com/jeton-dev/jeton/workers/edge/platform"
)

// host is the [auth.Host] of a Worker. Time and random bytes come from the WASI imports; slow cryptography is the host's WebCrypto.
type host struct {
	native auth.Host
	keys   map[*core.Key]string // the JWK of each key used so far, with what is private in it
}

func newHost() *host { return &host{native: auth.NativeHost(), keys: make(map[*core.Key]string)} }

var _ auth.Host = (*host)(nil)

// Now implements [auth.Host].
func (h *host) Now() time.Time { return h.native.Now() }

// Random implements [auth.Host].
func (h *host) Random(p []byte) error { return h.native.Random(p) }

// Run implements password.Deriver: at once, since there is one thread and WebCrypto bounds itself.
func (h *host) Run(ctx context.Context, work func() error) error { return h.native.Run(ctx, work) }

// PBKDF2 implements password.Deriver: up to platform.MaximumIterations in WebCrypto, more than that in this module, slowly.
func (h *host) PBKDF2(ctx context.Context, hash crypto.Hash, plain, salt []byte, iterations, keyLength int) ([]byte, error) {
	if iterations < 1 || keyLength < 1 || keyLength > 64 {
		return nil, errors.New("edge: PBKDF2 needs at least one iteration and gives 1 to 64 bytes")
	}
	if iterations > platform.MaximumIterations {
		return h.native.PBKDF2(ctx, hash, plain, salt, iterations, keyLength)
	}
	operation := appendBytes([]byte{operationPBKDF2}, hash.String()) // WebCrypto's name of it too
	operation = appendBytes(appendBytes(operation, plain), salt)
	operation = appendUint32(appendUint32(operation, iterations), keyLength)
	derived, err := askBytes(ctx, operation)
	if err == nil && len(derived) != keyLength {
		err = errFrame
	}
	return derived, err
}

// Sign implements [auth.Host].
func (h *host) Sign(ctx context.Context, key *core.Key, signingInput []byte) ([]byte, error) {
	if key.Algorithm().Symmetric() {
		return key.Sign(signingInput)
	}
	operation, err := h.appendKey([]byte{operationSign}, key)
	if err != nil {
		return nil, err
	}
	signature, err := askBytes(ctx, appendBytes(operation, signingInput))
	if err == nil && len(signature) == 0 {
		err = errFrame
	}
	return signature, err
}

// VerifySignature implements [auth.Host].
func (h *host) VerifySignature(ctx context.Context, key *core.Key, signingInput, signature []byte) (bool, error) {
	if key.Algorithm().Symmetric() {
		return key.Verify(signingInput, signature), nil
	}
	if slices.Contains([]core.Algorithm{core.EdDSA, core.Ed25519}, key.Algorithm()) && len(signature) != ed25519.SignatureSize {
		return false, nil // WebCrypto answers such a one with an error, as if it had failed itself
	}
	public, err := h.appendKey([]byte{operationVerify}, key)
	if err != nil {
		return false, err
	}
	answer, err := ask(ctx, appendBytes(appendBytes(public, signingInput), signature))
	if err != nil {
		return false, err
	}
	verdict := answer.uint8()
	if answer.end() != nil || verdict > 1 {
		return false, errFrame
	}
	return verdict == 1, nil
}

// appendKey appends a key's algorithm and its JWK.
func (h *host) appendKey(operation []byte, key *core.Key) ([]byte, error) {
	jwk, known := h.keys[key]
	if !known {
		data, err := key.MarshalJWK()
		if err != nil {
			return nil, err
		}
		jwk = string(data)
		h.keys[key] = jwk
	}
	return appendBytes(appendBytes(operation, string(key.Algorithm())), jwk), nil
}

// fetchKeySet returns what is published at a URL. The core asks for keys without a context, on the coroutine of the request.
func fetchKeySet(location string) ([]byte, error) {
	answer, err := askForRunning(appendBytes([]byte{operationKeySet}, location))
	if err != nil {
		return nil, err
	}
	body := answer.bytes()
	if answer.end() != nil || len(body) > platform.MaximumKeySet {
		return nil, errFrame
	}
	return body, nil
}

// askBytes asks for an operation whose result is one field.
func askBytes(ctx context.Context, operation []byte) ([]byte, error) {
	answer, err := ask(ctx, operation)
	if err != nil {
		return nil, err
	}
	result := answer.bytes()
	if err := answer.end(); err != nil {
		return nil, err
	}
	return result, nil
}
