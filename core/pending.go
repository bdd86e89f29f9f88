package core

// PendingVerification is a verification whose signature someone else checks: WebCrypto, a KMS, an HSM. Nothing the token claims can be
// read from it. It is for one goroutine at a time and for one Finish. The zero value is one whose Finish was called; BeginInto fills it.
type PendingVerification struct {
	verifier *Verifier // nil when there is nothing to finish
	key      *Key
	now      instant
	token    Token
}

// Begin does everything Verify does before the signature: form, header, algorithm, key. The caller then checks that Signature is one
// of SigningInput under Key and says so to Finish. The policy's clock is read here, once.
func (v *Verifier) Begin(token string) (*PendingVerification, error) {
	pending := new(PendingVerification)
	if err := v.begin(pending, token); err != nil {
		return nil, err
	}
	return pending, nil
}

// BeginInto is Begin into a PendingVerification of the caller's, whose space it reuses: after the first tokens it allocates nothing.
// It overwrites whatever was read from pending before, and the [Token] that its Finish returned: who still needs that Token, or has
// handed it on, calls Begin. When BeginInto fails there is nothing to finish, and Finish says AlreadySpent.
func (v *Verifier) BeginInto(pending *PendingVerification, token string) error {
	if err := v.begin(pending, token); err != nil {
		return err
	}
	return nil
}

func (v *Verifier) begin(pending *PendingVerification, token string) *Error {
	pending.verifier, pending.key, pending.now = nil, nil, instantOf(v.policy.Clock())
	key, err := v.open(&pending.token, token)
	if err != nil {
		pending.token.reset()
		return err
	}
	pending.verifier, pending.key = v, key
	return nil
}

// SigningInput returns the bytes that were signed. The caller must not change them.
func (p *PendingVerification) SigningInput() []byte { return bytesOf(p.token.compact.signingInput) }

// Signature returns the signature in the form RFC 7518 gives it: r‖s for ECDSA. The caller must not change it.
func (p *PendingVerification) Signature() []byte { return p.token.compact.signature }

// Algorithm returns the algorithm to check the signature with. It is that of Key, or "" when there is nothing to finish.
func (p *PendingVerification) Algorithm() Algorithm {
	if p.key == nil {
		return ""
	}
	return p.key.algorithm
}

// Key returns the key to check the signature with, or nil when there is nothing to finish.
func (p *PendingVerification) Key() *Key { return p.key }

// Finish takes the verdict on the signature, looks at the claims if it was good, and returns the verified token. The token lives inside
// the PendingVerification and is overwritten by the next BeginInto. A second Finish fails with AlreadySpent.
func (p *PendingVerification) Finish(ok bool) (*Token, error) {
	verifier := p.verifier
	if verifier == nil {
		return nil, newError(AlreadySpent, "", "")
	}
	p.verifier = nil
	if !ok {
		p.token.reset()
		return nil, newError(SignatureInvalid, "", "")
	}
	if err := verifier.admit(&p.token, p.now); err != nil {
		p.token.reset()
		return nil, err
	}
	return &p.token, nil
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
