package main

import (
	"log/slog"
	"math"

	"github.com/jeton-dev/jeton/workers/auth"
)

const (
	// abiVersion is what jeton_edge_abi answers. It changes when a shim written for the old one would misread the new one.
	abiVersion = 1
	// maximumInput is the longest frame the host may send, in bytes.
	maximumInput = 1 << 20
	// maximumTasks is how many requests may be on their way at once. The shim answers one more with 503.
	maximumTasks = 1024
)

// What an export refuses with. The shim compares these texts.
const (
	refusedLength        = "length_invalid"        // a length that was not reserved
	refusedFrame         = "frame_malformed"       // a frame that is not what README.md describes
	refusedTask          = "task_unknown"          // a task that is finished, cancelled or never was
	refusedTasks         = "tasks_spent"           // maximumTasks are on their way
	refusedUnconfigured  = "not_configured"        // a request before a configuration was accepted
	refusedMissingKey    = "signing_key_missing"   // a configuration without a key
	refusedConfiguration = "configuration_invalid" // a configuration that cannot work; the reason follows
	refusedPanic         = "panicked"              // a bug: the instance must not be used any more
)

// The kinds of frame that start and step answer with.
const (
	frameResponse  = 0
	frameOperation = 1
)

// reactor is all state of one instance. An instance is single-threaded: exports never overlap.
type reactor struct {
	input  []byte // what reserve handed out; empty once an export has read it
	output []byte // what the last export answered

	handle handler  // nil until configured
	fields []string // the header fields that it reads
	logger *slog.Logger
	tasks  map[int32]*task
	lastID int32
}

// reserve returns space for length bytes of input, all zero, or nil when length is out of range.
func (m *reactor) reserve(length int32) []byte {
	clear(m.input)
	m.input = m.input[:0]
	if length < 0 || length > maximumInput {
		return nil
	}
	if int(length) > cap(m.input) || cap(m.input) == 0 {
		m.input = make([]byte, length, max(int(length), 16<<10))
	}
	m.input = m.input[:length]
	return m.input[:max(length, 1)]
}

// export runs one export over the reserved input. What the last one answered is wiped first and the input afterwards, so that nothing
// of one caller is left for the next.
func (m *reactor) export(length int32, work func(input []byte) int32) (result int32) {
	clear(m.output)
	m.output = nil
	defer func() {
		clear(m.input)
		m.input = m.input[:0]
		if value := recover(); value != nil {
			result = m.refuse(refusedPanic)
		}
	}()
	if length < 0 || int(length) > len(m.input) {
		return m.refuse(refusedLength)
	}
	return work(m.input[:length])
}

// refuse answers with a code, and returns its length below zero.
func (m *reactor) refuse(code string) int32 {
	m.output = []byte(code)
	return -int32(len(m.output))
}

// start begins a request.
func (m *reactor) start(length int32) int32 {
	return m.export(length, func(input []byte) int32 {
		switch {
		case m.handle == nil:
			return m.refuse(refusedUnconfigured)
		case len(m.tasks) >= maximumTasks:
			return m.refuse(refusedTasks)
		}
		request, err := readRequest(input)
		if err != nil {
			return m.refuse(refusedFrame)
		}
		return m.resume(m.nextID(), newTask(m.handle, request, m.logger), nil)
	})
}

// step goes on with a request, with the answer to the operation it asked for.
func (m *reactor) step(id, length int32) int32 {
	return m.export(length, func(input []byte) int32 {
		t := m.tasks[id]
		if t == nil {
			return m.refuse(refusedTask)
		}
		return m.resume(id, t, input)
	})
}

// resume runs a task, and answers with what it needs or with its response. A task that is finished is forgotten.
func (m *reactor) resume(id int32, t *task, answer []byte) int32 {
	operation := t.resume(answer)
	if operation != nil {
		if m.tasks == nil {
			m.tasks = make(map[int32]*task)
		}
		m.tasks[id] = t
		m.output = appendHead(frameOperation, id, operation)
		clear(operation)
	} else {
		delete(m.tasks, id)
		m.output = appendResponse(appendHead(frameResponse, id, nil), t.response)
	}
	return int32(len(m.output))
}

func appendHead(kind byte, id int32, rest []byte) []byte {
	frame := make([]byte, 0, 5+max(len(rest), 512))
	return append(appendUint32(append(frame, kind), int(id)), rest...)
}

// cancel ends a request whose client went away. It answers 1, or 0 when there is no such request any more.
func (m *reactor) cancel(id int32) int32 {
	return m.export(0, func([]byte) int32 {
		t := m.tasks[id]
		if t == nil {
			return 0
		}
		delete(m.tasks, id)
		t.cancel()
		return 1
	})
}

// live returns how many requests are on their way.
func (m *reactor) live() int32 { return int32(len(m.tasks)) }

// nextID returns a number above zero that no task has.
func (m *reactor) nextID() int32 {
	for {
		if m.lastID == math.MaxInt32 {
			m.lastID = 0
		}
		m.lastID++
		if m.tasks[m.lastID] == nil {
			return m.lastID
		}
	}
}

var _ handler = (*auth.Service)(nil).Serve
