// Package peers holds core beside the other JWT libraries of Go: whether each verifies what the other signed, which hostile tokens each
// accepts, and how long each takes for the same work.
//
// It is a module of its own, so that nobody who imports core downloads a peer. Nothing outside it imports it.
package peers
