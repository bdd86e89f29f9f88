package main

import (
	"math"
	"time"

	"github.com/jeton-dev/jeton/core"
)

// abiVersion is what jeton_abi answers. It changes when a host written for the old one would misread the new one.
const abiVersion = 1

// maximumInput is the largest input of one call, in bytes.
const maximumInput = 1 << 20

// module is all state of one instance. An instance is single-threaded: calls never overlap.
type module struct {
	input  []byte // what jeton_reserve handed out; empty once an operation has read it
	output []byte // what the last operation answered

	// token is the one that is being verified. Reusing its space, a verification allocates nothing, so the memory does not grow.
	token core.Token

	keys                 table[keyEntry]
	verifiers            table[verifierEntry]
	pendingVerifications table[*pendingToken]
	pendingSignatures    table[*core.PendingSignature]

	// spareTokens is the space of operations that are over, for those to come.
	spareTokens []*pendingToken

	// now is the clock of the policy being checked: set by each call that brings a time.
	now time.Time
}

// reserve returns space for n bytes of input, all zero, or nil when n is out of range.
func (m *module) reserve(n int32) []byte {
	clear(m.input)
	m.input = m.input[:0]
	if n < 0 || n > maximumInput {
		return nil
	}
	if int(n) > cap(m.input) || cap(m.input) == 0 {
		m.input = make([]byte, n, max(int(n), 16<<10))
	}
	m.input = m.input[:n]
	return m.input[:max(n, 1)]
}

// begin starts an operation: it forgets what the last one answered, so that nothing of one caller is left for the next.
func (m *module) begin() {
	clear(m.output)
	m.output = m.output[:0]
}

// take returns the first n bytes of the input. It reports false when they were not reserved.
func (m *module) take(n int32) ([]byte, bool) {
	if n < 0 || int(n) > len(m.input) {
		return nil, false
	}
	return m.input[:n], true
}

// release wipes the input once an operation is done with it.
func (m *module) release() {
	clear(m.input)
	m.input = m.input[:0]
}

// answered returns the result of an operation that succeeded with the present output.
func (m *module) answered() int32 { return int32(len(m.output)) }

// setClock takes the time of a call, in seconds since 1970. It reports false for one that is no time.
func (m *module) setClock(seconds float64) bool {
	if math.IsNaN(seconds) || seconds < 0 || seconds > 253402300799 {
		return false
	}
	whole, fraction := math.Modf(seconds)
	m.now = time.Unix(int64(whole), int64(fraction*1e9))
	return true
}

func (m *module) clock() time.Time { return m.now }
