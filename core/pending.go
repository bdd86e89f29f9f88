package core

// PendingVerification is a verification whose signature someone else checks: WebCrypto, a KMS, an HSM. Nothing the token claims can be
// read from it. It is for one goroutine at a time and for one Finish.
type PendingVerification struct {
	verifier *Verifier
	token    *Token
	key      *Key
	now      instant
}

// Begin does everything Verify does before the signature: form, header, algorithm, key. The caller then checks that Signature is one
// of SigningInput under Key and says so to Finish. The policy's clock is read here, once.
func (v *Verifier) Begin(token string) (*PendingVerification, error) {
	pending := &PendingVerification{verifier: v, token: new(Token), now: instantOf(v.policy.Clock())}
	key, err := v.open(pending.token, token)
	if err != nil {
		return nil, err
	}
	pending.key = key
	return pending, nil
}

// SigningInput returns the bytes that were signed. The caller must not change them.
func (p *PendingVerification) SigningInput() []byte { return bytesOf(p.token.compact.signingInput) }

// Signature returns the signature in the form RFC 7518 gives it: r‖s for ECDSA. The caller must not change it.
func (p *PendingVerification) Signature() []byte { return p.token.compact.signature }

// Algorithm returns the algorithm to check the signature with. It is that of Key.
func (p *PendingVerification) Algorithm() Algorithm { return p.key.algorithm }

// Key returns the key to check the signature with.
func (p *PendingVerification) Key() *Key { return p.key }

// Finish takes the verdict on the signature, looks at the claims if it was good, and returns the verified token. A second Finish fails
// with AlreadySpent.
func (p *PendingVerification) Finish(ok bool) (*Token, error) {
	token := p.token
	if token == nil {
		return nil, newError(AlreadySpent, "", "")
	}
	p.token = nil
	if !ok {
		return nil, newError(SignatureInvalid, "", "")
	}
	if err := p.verifier.admit(token, p.now); err != nil {
		return nil, err
	}
	return token, nil
}

// PendingSignature is a token that someone else signs. It is for one goroutine at a time and for one Finish.
type PendingSignature struct {
	signingInput []byte
	key          *Key
}

// SigningInput returns the bytes to sign. The caller must not change them.
func (p *PendingSignature) SigningInput() []byte { return p.signingInput }

// Key returns the key to sign with.
func (p *PendingSignature) Key() *Key { return p.key }
