package core

// Key is a key for signing or verifying with exactly one algorithm. It is immutable and safe for concurrent use.
//
// Being bound to its algorithm is what makes key confusion impossible: a token that names another algorithm is refused before any
// cryptography, whatever the key's bytes would mean to it (RFC 8725 section 3.1).
type Key struct {
	algorithm Algorithm
	id        string
	primitive primitive // nil for a key of which nothing is here
	canSign   bool
	canVerify bool
}

// primitive is the cryptography of one key. Implementations are immutable and safe for concurrent use.
type primitive interface {
	// verify reports whether signature, in the form RFC 7518 gives it, is one of signingInput. It does not keep its arguments.
	verify(signingInput, signature []byte) bool
	// appendSignature appends the signature of signingInput to dst.
	appendSignature(dst, signingInput []byte) ([]byte, error)
	// private reports whether there is something to sign with.
	private() bool
	// public returns the verifying half, or nil where there is none.
	public() primitive
	// jwk returns the key's own JWK members in the order that RFC 7638 asks for: the public ones, then the private ones.
	jwk() (public, private []jwkMember)
	// wipe overwrites the secret bytes that it can reach. The key must not be used afterwards.
	wipe()
}

func newKey(algorithm Algorithm, p primitive) *Key {
	return &Key{algorithm: algorithm, primitive: p, canSign: p.private(), canVerify: true}
}

// NewHostKey returns a key whose material stays with the host: a CryptoKey, a KMS or an HSM. It takes part in Begin and Finish of
// [Verifier] and [Signer] only; whatever would need the material fails with HostRequired.
func NewHostKey(algorithm Algorithm) (*Key, error) {
	if schemeOf(algorithm) == nil {
		return nil, newError(AlgorithmUnsupported, "alg", "")
	}
	return &Key{algorithm: algorithm, canSign: true, canVerify: true}, nil
}

// Algorithm returns the algorithm the key is for.
func (k *Key) Algorithm() Algorithm { return k.algorithm }

// ID returns the key ID, or "" when the key has none.
func (k *Key) ID() string { return k.id }

// WithID returns the same key under another key ID: the "kid" that a signer writes and a verifier looks for. It refuses an ID of more
// than 256 bytes, or one that is not valid text, with KeyMalformed.
func (k *Key) WithID(id string) (*Key, error) {
	if !validKeyID(id) {
		return nil, newError(KeyMalformed, "kid", "not valid text of at most 256 bytes")
	}
	named := *k
	named.id = id
	return &named, nil
}

// CanSign reports whether the key can sign: it has a secret or private part, here or at the host, and no "key_ops" forbids it.
func (k *Key) CanSign() bool { return k.canSign }

// HeldByHost reports whether the host must do what the key is for, through Begin and Finish of [Verifier] and [Signer].
func (k *Key) HeldByHost() bool { return k.primitive == nil || computedByHost(k.primitive) }

// Public returns the key without its private part. An HMAC key has no public half and a host key nothing to show: KeyUnusable.
func (k *Key) Public() (*Key, error) {
	if k.primitive == nil {
		return nil, newError(KeyUnusable, "", "the host holds it")
	}
	half := k.primitive.public()
	if half == nil {
		return nil, newError(KeyUnusable, "", "a secret has no public half")
	}
	return &Key{algorithm: k.algorithm, id: k.id, primitive: half, canVerify: true}, nil
}

// Verify reports whether signature, in the form RFC 7518 gives it (r‖s for ECDSA), is one of signingInput. It is the bare primitive:
// it looks at no header and no claim. A host key verifies nothing.
func (k *Key) Verify(signingInput, signature []byte) bool {
	return !k.HeldByHost() && k.canVerify && k.primitive.verify(signingInput, signature)
}

// Sign returns the signature of signingInput in the form RFC 7518 gives it. It fails with KeyUnusable when the key cannot sign and
// with HostRequired when the host holds it.
func (k *Key) Sign(signingInput []byte) ([]byte, error) {
	signature, err := k.appendSignature(nil, signingInput)
	if err != nil {
		return nil, err
	}
	return signature, nil
}

func (k *Key) appendSignature(dst, signingInput []byte) ([]byte, *Error) {
	switch {
	case k.HeldByHost():
		return dst, newError(HostRequired, "", "")
	case !k.canSign:
		return dst, newError(KeyUnusable, "", "it cannot sign")
	}
	signed, err := k.primitive.appendSignature(dst, signingInput)
	if err != nil {
		return dst, newError(SigningFailed, "", "")
	}
	return signed, nil
}

// Wipe overwrites the secret bytes that the key holds, as far as the standard library lets them be reached. It is for hosts that free
// keys by hand; the key, and every copy that WithID made of it, must not be used afterwards. A wiped secret verifies and signs nothing.
func (k *Key) Wipe() {
	if k.primitive != nil {
		k.primitive.wipe()
	}
}

// wipe wipes keys that were read and will not be used.
func wipe(keys []*Key) {
	for _, key := range keys {
		key.Wipe()
	}
}

// allowOps narrows what the key may do to what its JWK allows. It reports false when nothing is left.
func (k *Key) allowOps(sign, verify bool) bool {
	k.canSign = k.canSign && sign
	k.canVerify = k.canVerify && verify
	return k.canSign || k.canVerify
}
