package auth

import "github.com/jeton-dev/jeton/core"

// pyjwtError is the exception with which PyJWT refuses a token: what Django's packages choose their words by.
type pyjwtError string

const (
	// pyjwtExpired is ExpiredSignatureError.
	pyjwtExpired pyjwtError = "expired"
	// pyjwtDecode is DecodeError: the token's form, its signature, or a time that is no number.
	pyjwtDecode pyjwtError = "decode"
	// pyjwtInvalid is any other InvalidTokenError.
	pyjwtInvalid pyjwtError = "invalid"
)

// pyjwtErrorOf returns the exception for a token that was refused.
func pyjwtErrorOf(refused *core.Error) pyjwtError {
	first := refused.Failures()[0]
	switch first.Code {
	case core.TokenTooLarge, core.TokenMalformed, core.EncodingInvalid, core.LimitExceeded, core.SignatureInvalid, core.PayloadMalformed:
		return pyjwtDecode
	case core.HeaderMalformed:
		if first.Claim == "" {
			return pyjwtDecode
		}
	}
	return firstClaimError(refused.Failures())
}

// claimOrder is the order in which PyJWT looks at claims. It stops at the first that is wrong.
var claimOrder = [...]string{"iat", "nbf", "exp", "iss", "aud", "sub", "jti"}

// firstClaimError returns the exception for the claim that PyJWT would stop at.
func firstClaimError(failures []core.Failure) pyjwtError {
	for _, claim := range claimOrder {
		for _, failure := range failures {
			switch {
			case failure.Claim != claim:
			case failure.Code == core.TokenExpired:
				return pyjwtExpired
			case failure.Code == core.ClaimMalformed && (claim == "nbf" || claim == "exp"):
				return pyjwtDecode
			default:
				return pyjwtInvalid
			}
		}
	}
	return pyjwtInvalid
}
