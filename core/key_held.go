//go:build !tinygo

package core

// computedByHost reports whether p is only there to be shown: this build computes with every key it has.
func computedByHost(primitive) bool { return false }
