package jsontext

import "unsafe"

// textOf returns b as text for a comparison. A conversion would copy it where the compiler is TinyGo.
func textOf(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// word returns the eight bytes at position i, the first of them lowest. The compiler makes one load of it.
func word(data []byte, i int) uint64 {
	b := data[i : i+8]
	return uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 |
		uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56
}

const (
	lowBits  = 0x0101_0101_0101_0101 // the lowest bit of each byte
	highBits = 0x8080_8080_8080_8080 // the highest
)

// notPlain marks, by its highest bit, the first byte of a word that does not stand for itself in a string: a quote, a backslash, a
// control character or one outside ASCII. It is zero when there is none.
//
// An addition to all bytes at once sets the highest bit of each ASCII byte that is not zero, or is at least a space. One outside ASCII may
// carry into the byte above it; it is marked itself, and bits above the first mark mean nothing.
func notPlain(w uint64) uint64 {
	notQuote := (w ^ lowBits*'"') + lowBits*0x7f
	notBackslash := (w ^ lowBits*'\\') + lowBits*0x7f
	notControl := w + lowBits*(0x80-0x20)
	return (^(notQuote & notBackslash & notControl) | w) & highBits
}
