package core

import (
	"crypto/sha256"
	"errors"
	"time"
)

// RevocationQuery is what a policy's Revoked function is told about a token. It holds values alone: nothing in it changes when the
// verifier reads its next token.
type RevocationQuery struct {
	// Issuer is "iss", Subject is "sub" and ID is "jti": "" when the claim is absent. Only together with its issuer does an ID name
	// one token (RFC 7519 section 4.1.7).
	Issuer, Subject, ID string
	// IssuedAt is "iat" in UTC, or the zero Time when it is absent: for refusing what a user was given before some moment.
	IssuedAt time.Time
	// Digest is the SHA-256 of the signing input, header and payload as they stand in the token. It names a token without an ID.
	//
	// The signature is left out on purpose. Of an ECDSA signature (r, s) anyone can make another good one, (r, n-s), so a list of
	// whole tokens, or of their digests, is one that its holder can slip past.
	Digest [sha256.Size]byte
}

// checkRevocation asks the policy's Revoked function. Whatever it returns but nil refuses the token.
func (p *Policy) checkRevocation(token *Token) *Error {
	query := RevocationQuery{Digest: sha256.Sum256(bytesOf(token.compact.signingInput))}
	query.Issuer, _ = token.Issuer()
	query.Subject, _ = token.Subject()
	query.ID, _ = token.ID()
	if issuedAt, present := token.IssuedAt(); present {
		query.IssuedAt = issuedAt
	}
	err := p.Revoked(query)
	if err == nil {
		return nil
	}
	if known, ok := err.(*Error); ok && known == nil {
		// A nil *Error in an error is a slip in the function, and no answer.
		return newError(RevocationUnknown, "", "")
	}
	code, ok := errors.AsType[Code](err)
	if !ok || code == "" {
		code = RevocationUnknown
	}
	refused := newError(code, "", "")
	refused.cause = err
	return refused
}
