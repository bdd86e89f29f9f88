package core

import (
	"sync"

	"github.com/jeton-dev/jeton/core/internal/base64url"
)

// Signer makes tokens with one key. It is immutable and safe for concurrent use.
type Signer struct {
	key    *Key
	header []byte // the encoded header segment and its dot
	kind   *profileRules
	limits Limits
	spaces sync.Pool // of *signingSpace
}

// signingSpace is what making one token takes and the next one takes again.
type signingSpace struct {
	payload   []byte
	signature []byte
	object    Object
	claims    registered
}

// maximumKeptSpace bounds the buffers that a signer keeps, in bytes: one large token must not be paid for ever after.
const maximumKeptSpace = 64 << 10

// space returns space to make a token in. It is handed back with keep, which leaves nothing of the token in it.
func (s *Signer) space() *signingSpace {
	if space, ok := s.spaces.Get().(*signingSpace); ok {
		return space
	}
	return new(signingSpace)
}

func (s *Signer) keep(space *signingSpace) {
	clear(space.payload)
	clear(space.signature)
	space.object.data, space.claims = nil, registered{} // the caller's
	if cap(space.payload) <= maximumKeptSpace && cap(space.object.members) <= maximumKeptSpace/16 {
		s.spaces.Put(space)
	}
}

// SignerOptions says how a [Signer] makes its tokens. The zero value is the usual way.
type SignerOptions struct {
	// Type is the header's "typ": that of the Profile by default, or "JWT".
	Type string
	// Profile is the kind of token to make. Claims that a verifier with this profile would refuse are refused with ClaimsInvalid.
	Profile Profile
	// Limits bounds what is made, by the same rules and defaults as what is read.
	Limits Limits
}

// NewSigner returns a signer. It refuses a key that cannot sign with KeyUnusable, and options out of range with PolicyInvalid.
func NewSigner(key *Key, options SignerOptions) (*Signer, error) {
	switch {
	case key == nil:
		return nil, newError(PolicyInvalid, "", "no key")
	case !key.canSign:
		return nil, newError(KeyUnusable, "", "it cannot sign")
	}
	limits, err := options.Limits.resolve()
	if err != nil {
		return nil, err
	}
	kind := options.Profile.rules
	switch {
	case options.Type == "" && kind != nil:
		options.Type = kind.mediaType
	case options.Type == "":
		options.Type = "JWT"
	case kind != nil && !sameType(options.Type, kind.mediaType):
		return nil, newError(PolicyInvalid, "typ", "the type is not that of the profile")
	}
	if !isText(options.Type) {
		return nil, newError(PolicyInvalid, "typ", "not valid text")
	}
	members := []jwkMember{{"alg", string(key.algorithm)}}
	if key.id != "" {
		members = append(members, jwkMember{"kid", key.id})
	}
	members = append(members, jwkMember{"typ", options.Type})
	text := append(appendMembers([]byte{'{'}, members), '}')
	return &Signer{key: key, header: append(base64url.AppendEncode(nil, text), '.'), kind: kind, limits: limits}, nil
}

// Encode returns a token with the given claims. Claims that no verifier would accept, such as a NaN or an "aud" that is a number, are
// refused with ClaimsInvalid, and a token over the size limit with TokenTooLarge.
func (s *Signer) Encode(claims *Claims) (string, error) {
	space := s.space()
	defer s.keep(space)
	var err *Error
	if space.payload, err = claims.appendJSON(space.payload[:0]); err != nil {
		return "", err
	}
	if s.kind != nil || !claims.isSound(s.limits) {
		if err := s.checkPayload(space.payload, space); err != nil {
			return "", err
		}
	}
	token, err := s.appendToken(make([]byte, 0, s.sizeOf(space.payload)), space.payload, space)
	if err != nil {
		return "", err
	}
	return textOf(token), nil // nobody else has these bytes
}

// AppendEncode appends a token with the given payload, a JSON object, to dst. The payload is put into the token byte for byte, once it
// was found to be strict JSON with well-formed registered claims; otherwise it is refused like the claims of Encode.
func (s *Signer) AppendEncode(dst, payload []byte) ([]byte, error) {
	space := s.space()
	defer s.keep(space)
	if err := s.checkPayload(payload, space); err != nil {
		return dst, err
	}
	token, err := s.appendToken(dst, payload, space)
	if err != nil {
		return dst, err
	}
	return token, nil
}

// Begin returns the token's signing input for someone else to sign, under the same conditions as AppendEncode.
func (s *Signer) Begin(payload []byte) (*PendingSignature, error) {
	space := s.space()
	defer s.keep(space)
	if err := s.checkPayload(payload, space); err != nil {
		return nil, err
	}
	signingInput := s.appendSigningInput(make([]byte, 0, s.sizeOf(payload)), payload)
	return &PendingSignature{signingInput: signingInput, key: s.key}, nil
}

// Finish returns the token once signature is known, in the form RFC 7518 gives it: r‖s for ECDSA. A signature whose length the
// algorithm cannot have is refused with SigningFailed, and a second Finish with AlreadySpent; nothing else about it is checked.
func (p *PendingSignature) Finish(signature []byte) (string, error) {
	if p.signingInput == nil {
		return "", newError(AlreadySpent, "", "")
	}
	if !schemeOf(p.key.algorithm).plausible(len(signature)) {
		return "", newError(SigningFailed, "", "the signature has the wrong length")
	}
	token := append(p.signingInput, '.')
	p.signingInput = nil
	return string(base64url.AppendEncode(token, signature)), nil
}

// signatureSize returns the length of the scheme's signatures, in bytes: for RSA, the least there can be.
func (s *scheme) signatureSize() int {
	switch s.family {
	case familyHMAC:
		return s.hash.Size()
	case familyECDSA:
		return 2 * s.curve.size
	case familyEd25519:
		return 64
	default:
		return minimumRSABits / 8
	}
}

// plausible reports whether a signature of the scheme can be so many bytes long.
func (s *scheme) plausible(length int) bool {
	if s.family == familyRSA || s.family == familyRSAPSS {
		return length >= minimumRSABits/8 && length <= maximumRSABits/8
	}
	return length == s.signatureSize()
}

// appendToken appends the token of a payload that was found acceptable.
func (s *Signer) appendToken(dst, payload []byte, space *signingSpace) ([]byte, *Error) {
	if base64url.EncodedLen(len(payload)) > s.limits.TokenBytes {
		return dst, newError(TokenTooLarge, "", "")
	}
	start := len(dst)
	token := s.appendSigningInput(dst, payload)
	var err *Error
	if space.signature, err = s.key.appendSignature(space.signature[:0], token[start:]); err != nil {
		return dst, err
	}
	token = base64url.AppendEncode(append(token, '.'), space.signature)
	if len(token)-start > s.limits.TokenBytes {
		return dst, newError(TokenTooLarge, "", "")
	}
	return token, nil
}

// sizeOf returns the length of a token, so that it is allocated in one piece; one that a longer RSA key signs grows.
func (s *Signer) sizeOf(payload []byte) int {
	return len(s.header) + base64url.EncodedLen(len(payload)) + 1 + base64url.EncodedLen(schemeOf(s.key.algorithm).signatureSize())
}

func (s *Signer) appendSigningInput(dst, payload []byte) []byte {
	return base64url.AppendEncode(append(dst, s.header...), payload)
}

// checkPayload refuses what no verifier would accept.
func (s *Signer) checkPayload(payload []byte, space *signingSpace) *Error {
	if base64url.EncodedLen(len(payload)) > s.limits.TokenBytes {
		return newError(TokenTooLarge, "", "")
	}
	space.object.data, space.object.limits = payload, s.limits.forJSON()
	if err := space.object.scan(ClaimsInvalid); err != nil {
		return err
	}
	var failed failures
	if s.kind != nil {
		s.kind.checkKind(&space.object, &failed)
	}
	space.claims.read(&space.object, &failed)
	if s.kind != nil {
		s.kind.checkClaims(&space.object, &space.claims, nil, &failed)
	}
	for i := range failed.list {
		failure := &failed.list[i]
		if failure.Reason == "" {
			failure.Reason = failure.Code.Error()
		}
		failure.Code = ClaimsInvalid
	}
	return failed.err()
}

// Encode makes one token of type "JWT": NewSigner and Encode in one. Who makes many tokens keeps a Signer.
func Encode(claims *Claims, key *Key) (string, error) {
	signer, err := NewSigner(key, SignerOptions{})
	if err != nil {
		return "", err
	}
	return signer.Encode(claims)
}
