package core

import "strings"

// Code identifies one kind of failure. Its text is stable, and the same in Go, in the WebAssembly module, in JavaScript and in HTTP
// bodies. A Code is an error itself, so errors.Is(err, core.TokenExpired) asks whether err reports that failure.
type Code string

// The codes, grouped by what failed. The text beside each in codeMessages is what Error returns.
const (
	// The form of the token. Nothing in it has been looked up or checked yet.
	TokenTooLarge   Code = "token_too_large"
	TokenMalformed  Code = "token_malformed"
	EncodingInvalid Code = "encoding_invalid"
	HeaderMalformed Code = "header_malformed"
	LimitExceeded   Code = "limit_exceeded"

	// The choice of algorithm and key.
	AlgorithmUnsupported Code = "algorithm_unsupported"
	AlgorithmMismatch    Code = "algorithm_mismatch"
	CriticalUnsupported  Code = "critical_unsupported"
	KeyNotFound          Code = "key_not_found"
	KeyAmbiguous         Code = "key_ambiguous"

	// The signature. It wins over everything below.
	SignatureInvalid Code = "signature_invalid"

	// The encryption around a signed token (core/keys). One code for every reason, so that no answer helps to guess a key or a text.
	DecryptionFailed Code = "decryption_failed"

	// The payload and its claims, looked at only once the signature is known to be good.
	PayloadMalformed    Code = "payload_malformed"
	TypeMismatch        Code = "type_mismatch"
	TokenExpired        Code = "token_expired"
	TokenNotYetValid    Code = "token_not_yet_valid"
	TokenIssuedInFuture Code = "token_issued_in_future"
	TokenTooOld         Code = "token_too_old"
	ClaimMissing        Code = "claim_missing"
	ClaimMalformed      Code = "claim_malformed"
	IssuerMismatch      Code = "issuer_mismatch"
	AudienceMismatch    Code = "audience_mismatch"
	SubjectMismatch     Code = "subject_mismatch"

	// What the policy's Revoked function said, asked last.
	TokenRevoked      Code = "token_revoked"
	RevocationUnknown Code = "revocation_unknown"

	// Keys, when they are imported or used.
	KeyMalformed        Code = "key_malformed"
	KeyTooWeak          Code = "key_too_weak"
	KeyUnsupported      Code = "key_unsupported"
	KeyUnusable         Code = "key_unusable"
	KeyAlgorithmMissing Code = "key_algorithm_missing"
	KeyDuplicate        Code = "key_duplicate"
	KeySetMalformed     Code = "key_set_malformed"
	KeySetUnavailable   Code = "key_set_unavailable"
	HostRequired        Code = "host_required"

	// What the caller asked for.
	PolicyInvalid Code = "policy_invalid"
	ClaimsInvalid Code = "claims_invalid"
	SigningFailed Code = "signing_failed"
	AlreadySpent  Code = "already_spent"
)

var codeMessages = map[Code]string{
	TokenTooLarge:        "the token is larger than the limit",
	TokenMalformed:       "the token is not three segments separated by dots",
	EncodingInvalid:      "a segment is not canonical unpadded base64url",
	HeaderMalformed:      "the header is not acceptable",
	LimitExceeded:        "the JSON exceeds a limit",
	AlgorithmUnsupported: "the algorithm is not supported",
	AlgorithmMismatch:    "the algorithm is not the one the key is for",
	CriticalUnsupported:  "the header asks for an extension that is not supported",
	KeyNotFound:          "no key matches the token",
	KeyAmbiguous:         "more than one key matches the token",
	SignatureInvalid:     "the signature does not match",
	DecryptionFailed:     "the token could not be decrypted",
	PayloadMalformed:     "the payload is not an acceptable JSON object",
	TypeMismatch:         "the token is not of the expected type",
	TokenExpired:         "the token has expired",
	TokenNotYetValid:     "the token is not valid yet",
	TokenIssuedInFuture:  "the token was issued in the future",
	TokenTooOld:          "the token was issued too long ago",
	ClaimMissing:         "a required claim is missing",
	ClaimMalformed:       "a claim is malformed",
	IssuerMismatch:       "the issuer is not an expected one",
	AudienceMismatch:     "the token is meant for another audience",
	SubjectMismatch:      "the subject is not the expected one",
	TokenRevoked:         "the token was revoked",
	RevocationUnknown:    "whether the token was revoked could not be found out",
	KeyMalformed:         "the key is malformed",
	KeyTooWeak:           "the key is too weak",
	KeyUnsupported:       "keys of this kind are not supported",
	KeyUnusable:          "the key may not be used for this",
	KeyAlgorithmMissing:  "the key does not say which algorithm it is for",
	KeyDuplicate:         "two keys share one key ID",
	KeySetMalformed:      "the key set is not acceptable",
	KeySetUnavailable:    "the key set could not be read or fetched",
	HostRequired:         "the key is held by the host, which must do this operation",
	PolicyInvalid:        "the policy is contradictory or out of range",
	ClaimsInvalid:        "the claims cannot be put into a token",
	SigningFailed:        "the signature could not be made",
	AlreadySpent:         "the operation was finished before",
}

// Error returns the code's meaning in words.
func (c Code) Error() string {
	if message, ok := codeMessages[c]; ok {
		return message
	}
	return string(c)
}

// Codes returns every code of this package, in no particular order.
func Codes() []Code {
	codes := make([]Code, 0, len(codeMessages))
	for code := range codeMessages {
		codes = append(codes, code)
	}
	return codes
}

// Failure is one reason why something was refused. Claim names the header or claim member concerned, such as "exp", or is empty; it
// is never a member's value. Reason adds what Code leaves open, in fixed words, or is empty.
type Failure struct {
	Code   Code
	Claim  string
	Reason string
}

// String returns the failure in words.
func (f Failure) String() string {
	text := f.Code.Error()
	if f.Claim != "" {
		text += " (" + f.Claim + ")"
	}
	if f.Reason != "" {
		text += ": " + f.Reason
	}
	return text
}

// Error is the error of every function in this package and in core/keys. It lists all that was found wrong: one failure, or every claim
// that failed when the signature was good.
type Error struct {
	failures []Failure
	cause    error
}

func newError(code Code, claim, reason string) *Error {
	return &Error{failures: []Failure{{code, claim, reason}}}
}

// NewError returns an error that reports one failure, and cause as what led to it, or nil. It is for packages beside this one that report
// in the same terms, so that a caller handles one type; failure and cause must carry no token, key or claim value.
func NewError(failure Failure, cause error) *Error {
	return &Error{failures: []Failure{failure}, cause: cause}
}

// Code returns the code of the first failure.
func (e *Error) Code() Code { return e.failures[0].Code }

// Failures returns all failures, in the order in which they were checked. The caller must not change the slice.
func (e *Error) Failures() []Failure { return e.failures }

// Error returns the code and the meaning of each failure.
func (e *Error) Error() string {
	texts := make([]string, len(e.failures))
	for i, failure := range e.failures {
		texts[i] = string(failure.Code) + ": " + failure.String()
	}
	return strings.Join(texts, "; ")
}

// Is reports whether target is the Code of one of the failures.
func (e *Error) Is(target error) bool {
	code, ok := target.(Code)
	if !ok {
		return false
	}
	for _, failure := range e.failures {
		if failure.Code == code {
			return true
		}
	}
	return false
}

// Unwrap returns the error that a caller's own function gave (a [KeyFunc], a [KeySetFunc], or a policy's Revoked), or nil.
func (e *Error) Unwrap() error { return e.cause }
