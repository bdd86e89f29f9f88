//go:build wasip1

package main

// What the rehearsal asks for. The key is no secret, and the token is signed with it: nothing else ever takes either.
const (
	rehearsedKey   = "rehearsal rehearsal rehearsal rehearsal"
	rehearsedToken = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9." +
		"eyJ0b2tlbl90eXBlIjoicmVmcmVzaCIsImV4cCI6MjUzNDAyMzAwNzk5LCJqdGkiOiIwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMCIsInVzZXJfaWQiOiIxIn0." +
		"7QNZcII81xR7qXUkWw6-dj30VVB1JiZi0n_m6Xaf0Hk"
)

// rehearse is what the build calls before it takes its snapshot, and nobody afterwards: the snapshot does not export it. A reactor of
// its own answers some requests, so that what is made when it is first used need not be made in every isolate: tables of the packages
// below, and a coroutine with a stack that has grown. What was configured goes with the reactor. Nothing here may ask for random bytes,
// which would be the same everywhere then.
//
//go:wasmexport jeton_edge_rehearse
func rehearse() {
	var rehearsal reactor
	rehearsal.put(appendBytes(appendBytes(appendBytes(nil, rehearsedKey), ""), ""), rehearsal.configure)
	for _, request := range [][2]string{
		{"/api/token/verify/", `{"token":"` + rehearsedToken + `"}`},
		{"/api/token/verify/", `{"token":"not a token"}`},
		{"/api/me/", ""},
	} {
		frame := appendBytes(appendBytes(appendBytes(appendBytes(nil, "POST"), request[0]), ""), "127.0.0.1")
		frame = appendBytes(appendBytes(appendUint32(frame, 1), "Content-Type"), "application/json")
		rehearsal.put(appendBytes(frame, request[1]), rehearsal.start)
	}
}

// put hands a frame to an export, as the host does.
func (m *reactor) put(frame []byte, export func(length int32) int32) {
	length := int32(len(frame))
	copy(m.reserve(length), frame)
	if export(length) < 0 {
		panic("edge: the rehearsal was refused: " + string(m.output))
	}
}
