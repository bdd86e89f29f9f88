package main

import "github.com/jeton-dev/jeton/core"

// The codes of the boundary itself, beside those of core. They mean that the host has a bug, never that a token is bad.
const (
	lengthInvalid  core.Code = "length_invalid"  // a length that was not reserved, or input cut short
	handleInvalid  core.Code = "handle_invalid"  // a handle that names nothing, or no longer
	handlesSpent   core.Code = "handles_spent"   // too many handles in use
	clockInvalid   core.Code = "clock_invalid"   // a time that is not one
	requestInvalid core.Code = "request_invalid" // options that are not what README.md describes
)

var boundaryMessages = map[core.Code]string{
	lengthInvalid:  "the length does not match the reserved input",
	handleInvalid:  "the handle names nothing",
	handlesSpent:   "too many handles are in use",
	clockInvalid:   "the time is not a number of seconds between 1970 and 9999",
	requestInvalid: "the options are not understood",
}

// refuse answers with a failure of the boundary.
func (m *module) refuse(code core.Code) int32 {
	return m.fail(code, boundaryMessages[code], nil)
}

// failWith answers with an error of core, or with a bare code.
func (m *module) failWith(err error) int32 {
	switch known := err.(type) {
	case *core.Error:
		return m.fail(known.Code(), known.Failures()[0].String(), known.Failures())
	case core.Code:
		if boundaryMessages[known] != "" {
			return m.refuse(known)
		}
		return m.fail(known, known.Error(), []core.Failure{{Code: known}})
	default:
		return m.refuse(requestInvalid)
	}
}

// fail leaves the error JSON in the output and returns its length below zero.
func (m *module) fail(code core.Code, message string, failures []core.Failure) int32 {
	list := core.RawJSON{'['}
	for i, failure := range failures {
		if i > 0 {
			list = append(list, ',')
		}
		entry := core.NewClaims().Set("code", string(failure.Code))
		if failure.Claim != "" {
			entry.Set("claim", failure.Claim)
		}
		list, _ = entry.Set("message", failure.String()).AppendJSON(list)
	}
	list = append(list, ']')
	m.output, _ = core.NewClaims().Set("code", string(code)).Set("message", message).Set("failures", list).AppendJSON(m.output[:0])
	return -int32(len(m.output))
}
