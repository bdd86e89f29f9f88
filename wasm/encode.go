package main

import (
	"encoding/binary"
	"unsafe"

	"github.com/jeton-dev/jeton/core"
)

// prepareSigner reads the options and the payload of a token to be made. A nil signer means that the refusal is the result.
func (m *module) prepareSigner(handle, length int32) (signer *core.Signer, payload []byte, refusal int32) {
	m.begin()
	input, ok := m.take(length)
	if !ok || len(input) < 4 {
		return nil, nil, m.refuse(lengthInvalid)
	}
	optionsLength := uint64(binary.LittleEndian.Uint32(input))
	if optionsLength > uint64(len(input)-4) {
		return nil, nil, m.refuse(lengthInvalid)
	}
	entry, ok := m.keys.get(handle)
	if !ok {
		return nil, nil, m.refuse(handleInvalid)
	}
	signer, err := entry.signerFor(input[4 : 4+optionsLength])
	if err != nil {
		return nil, nil, m.failWith(err)
	}
	return signer, input[4+optionsLength:], 0
}

// keySigner is the signer that a key was last used with, and the options it was made for. Most callers sign all their tokens in one
// way, and reusing the signer and its space, that allocates nothing.
type keySigner struct {
	options string
	signer  *core.Signer
}

func (e keyEntry) signerFor(input []byte) (*core.Signer, error) {
	if e.signer.signer != nil && e.signer.options == unsafe.String(unsafe.SliceData(input), len(input)) {
		return e.signer.signer, nil
	}
	if len(e.keys) != 1 {
		return nil, core.KeyAmbiguous
	}
	options, err := readSignerOptions(input)
	if err != nil {
		return nil, err
	}
	signer, err := core.NewSigner(e.keys[0], options)
	if err != nil {
		return nil, err
	}
	e.signer.signer, e.signer.options = signer, string(input)
	return signer, nil
}

func readSignerOptions(input []byte) (core.SignerOptions, error) {
	object, err := core.ParseObject(input, core.Limits{})
	if err != nil {
		return core.SignerOptions{}, core.PolicyInvalid
	}
	options := optionsReader{object: object, known: []string{"type", "profile", "maxTokenBytes"}}
	read := core.SignerOptions{Type: options.text("type"), Profile: options.profile("profile"), Limits: core.Limits{TokenBytes: options.number("maxTokenBytes")}}
	if !options.valid() {
		return core.SignerOptions{}, options.err
	}
	return read, nil
}

func (m *module) encode(handle, length int32) int32 {
	defer m.release()
	signer, payload, refusal := m.prepareSigner(handle, length)
	if signer == nil {
		return refusal
	}
	token, err := signer.AppendEncode(m.output, payload)
	if err != nil {
		return m.failWith(err)
	}
	m.output = token
	return m.answered()
}

// beginSignature answers the pending id and the signing input, for the host to sign.
func (m *module) beginSignature(handle, length int32) int32 {
	defer m.release()
	signer, payload, refusal := m.prepareSigner(handle, length)
	if signer == nil {
		return refusal
	}
	pending, err := signer.Begin(payload)
	if err != nil {
		return m.failWith(err)
	}
	id := m.pendingSignatures.add(pending)
	if id == 0 {
		return m.refuse(handlesSpent)
	}
	m.output = binary.LittleEndian.AppendUint32(m.output, uint32(id))
	m.output = append(m.output, pending.SigningInput()...)
	return m.answered()
}

// finishSignature takes the signature and answers the token. The pending id is spent whatever the outcome.
func (m *module) finishSignature(id, length int32) int32 {
	m.begin()
	defer m.release()
	pending, known := m.pendingSignatures.remove(id)
	signature, ok := m.take(length)
	switch {
	case !known:
		return m.refuse(handleInvalid)
	case !ok:
		return m.refuse(lengthInvalid)
	}
	token, err := pending.Finish(signature)
	if err != nil {
		return m.failWith(err)
	}
	m.output = append(m.output, token...)
	return m.answered()
}

func (m *module) cancelSignature(id int32) int32 {
	m.begin()
	if _, ok := m.pendingSignatures.remove(id); !ok {
		return m.refuse(handleInvalid)
	}
	return 0
}
