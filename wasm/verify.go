package main

import (
	"encoding/binary"
	"unsafe"

	"github.com/jeton-dev/jeton/core"
)

// verifierEntry names its keys by their handle, so that freeing a key stops every verifier built on it.
type verifierEntry struct {
	verifier *core.Verifier
	keys     int32
}

// newVerifier reads a policy and returns a handle.
func (m *module) newVerifier(keys, length int32) int32 {
	m.begin()
	defer m.release()
	input, ok := m.take(length)
	if !ok {
		return m.refuse(lengthInvalid)
	}
	entry, ok := m.keys.get(keys)
	if !ok {
		return m.refuse(handleInvalid)
	}
	policy, err := m.readPolicy(input)
	if err != nil {
		return m.failWith(err)
	}
	verifier, err := core.NewVerifier(entry.source, policy)
	if err != nil {
		return m.failWith(err)
	}
	handle := m.verifiers.add(verifierEntry{verifier, keys})
	if handle == 0 {
		return m.refuse(handlesSpent)
	}
	return handle
}

func (m *module) readPolicy(input []byte) (core.Policy, error) {
	object, err := core.ParseObject(input, core.Limits{Members: 1 << 12})
	if err != nil {
		return core.Policy{}, core.PolicyInvalid
	}
	options := optionsReader{object: object, known: []string{"issuer", "audience", "allAudiences", "type", "subject", "requiredClaims",
		"maxAge", "leeway", "profile", "algorithms", "keyAlgorithms", "allowMissingExpiration", "maxTokenBytes"}}
	policy := core.Policy{
		Issuers:                options.texts("issuer"),
		Audiences:              options.texts("audience"),
		AllAudiences:           options.flag("allAudiences"),
		Type:                   options.text("type"),
		Subject:                options.text("subject"),
		RequiredClaims:         options.texts("requiredClaims"),
		MaxAge:                 options.duration("maxAge"),
		Leeway:                 options.duration("leeway"),
		Profile:                options.profile("profile"),
		Algorithms:             options.algorithms("algorithms"),
		KeyAlgorithms:          options.keyAlgorithms("keyAlgorithms"),
		AllowMissingExpiration: options.flag("allowMissingExpiration"),
		Limits:                 core.Limits{TokenBytes: options.number("maxTokenBytes")},
		Clock:                  m.clock,
	}
	if !options.valid() {
		return core.Policy{}, options.err
	}
	return policy, nil
}

func (m *module) freeVerifier(handle int32) int32 {
	m.begin()
	if _, ok := m.verifiers.remove(handle); !ok {
		return m.refuse(handleInvalid)
	}
	return 0
}

// prepare finds the verifier of a call whose keys are still there, its token, and sets the clock. A nil verifier means that the
// refusal is the result. The token is the input itself, not a copy: it is gone once the input is released.
func (m *module) prepare(handle, length int32, now float64) (verifier *core.Verifier, token string, refusal int32) {
	m.begin()
	input, ok := m.take(length)
	if !ok {
		return nil, "", m.refuse(lengthInvalid)
	}
	entry, ok := m.verifiers.get(handle)
	if ok {
		_, ok = m.keys.get(entry.keys)
	}
	if !ok {
		return nil, "", m.refuse(handleInvalid)
	}
	if !m.setClock(now) {
		return nil, "", m.refuse(clockInvalid)
	}
	return entry.verifier, unsafe.String(unsafe.SliceData(input), len(input)), 0
}

func (m *module) verify(handle, length int32, now float64) int32 {
	defer m.release()
	verifier, text, refusal := m.prepare(handle, length, now)
	if verifier == nil {
		return refusal
	}
	defer m.token.Wipe()
	if err := verifier.VerifyInto(&m.token, text); err != nil {
		return m.failWith(err)
	}
	return m.answerToken(m.token.Header(), m.token.Payload(), nil)
}

// beginVerification answers what the host needs to check the signature: the pending id, the key's index, how much of the token was
// signed, and the signature.
func (m *module) beginVerification(handle, length int32, now float64) int32 {
	defer m.release()
	verifier, text, refusal := m.prepare(handle, length, now)
	if verifier == nil {
		return refusal
	}
	token := m.spareToken()
	token.text = append(token.text[:0], text...)
	pending := &token.pending
	if err := verifier.BeginInto(pending, unsafe.String(unsafe.SliceData(token.text), len(token.text))); err != nil {
		m.keepToken(token)
		return m.failWith(err)
	}
	entry, _ := m.verifiers.get(handle)
	index := m.keyIndex(entry.keys, pending.Key())
	id := m.pendingVerifications.add(token)
	if id == 0 {
		m.keepToken(token)
		return m.refuse(handlesSpent)
	}
	m.output = binary.LittleEndian.AppendUint32(m.output, uint32(id))
	m.output = binary.LittleEndian.AppendUint32(m.output, uint32(index))
	m.output = binary.LittleEndian.AppendUint32(m.output, uint32(len(pending.SigningInput())))
	m.output = append(m.output, pending.Signature()...)
	return m.answered()
}

// keyIndex returns where key stands in what describeKeys lists.
func (m *module) keyIndex(handle int32, key *core.Key) int {
	entry, _ := m.keys.get(handle)
	for i, candidate := range entry.keys {
		if candidate == key {
			return i
		}
	}
	return 0
}

// finishVerification takes the host's verdict: exactly 1 means that the signature is good.
func (m *module) finishVerification(id, verdict int32) int32 {
	m.begin()
	space, ok := m.pendingVerifications.remove(id)
	if !ok {
		return m.refuse(handleInvalid)
	}
	defer m.keepToken(space)
	token, err := space.pending.Finish(verdict == 1)
	if err != nil {
		return m.failWith(err)
	}
	defer token.Wipe()
	return m.answerToken(token.Header(), token.Payload(), nil)
}

func (m *module) cancelVerification(id int32) int32 {
	m.begin()
	space, ok := m.pendingVerifications.remove(id)
	if !ok {
		return m.refuse(handleInvalid)
	}
	m.keepToken(space)
	return 0
}

// pendingToken is a verification whose signature the host is looking at, and its token, which outlives the call that brought it.
type pendingToken struct {
	text    []byte
	pending core.PendingVerification
}

const (
	maximumSpareTokens = 16
	maximumSpareText   = 16 << 10 // one large token must not be paid for ever after
)

// spareToken returns space for a verification. It is handed back with keepToken.
func (m *module) spareToken() *pendingToken {
	last := len(m.spareTokens) - 1
	if last < 0 {
		return new(pendingToken)
	}
	token := m.spareTokens[last]
	m.spareTokens = m.spareTokens[:last]
	return token
}

func (m *module) keepToken(token *pendingToken) {
	clear(token.text)
	if len(m.spareTokens) < maximumSpareTokens && cap(token.text) <= maximumSpareText {
		m.spareTokens = append(m.spareTokens, token)
	}
}

func (m *module) decode(length int32) int32 {
	m.begin()
	defer m.release()
	input, ok := m.take(length)
	if !ok {
		return m.refuse(lengthInvalid)
	}
	token, err := core.Decode(string(input))
	if err != nil {
		return m.failWith(err)
	}
	return m.answerToken(token.UnverifiedHeader(), token.UnverifiedPayload(), token.UnverifiedSignature())
}

// answerToken leaves the two lengths, the two JSON texts and the rest in the output.
func (m *module) answerToken(header, payload, rest []byte) int32 {
	m.output = binary.LittleEndian.AppendUint32(m.output, uint32(len(header)))
	m.output = binary.LittleEndian.AppendUint32(m.output, uint32(len(payload)))
	m.output = append(append(append(m.output, header...), payload...), rest...)
	return m.answered()
}
