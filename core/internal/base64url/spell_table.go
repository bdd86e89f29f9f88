//go:build !tinygo

package base64url

// pairs holds the two characters that twelve bits encode to, the first in the upper byte. At 8 KiB it stays in the first cache.
var pairs = func() (table [1 << 12]uint16) {
	for bits := range table {
		table[bits] = uint16(alphabet[bits>>6])<<8 | uint16(alphabet[bits&0x3f])
	}
	return table
}()

// spell returns the eight characters that the upper 48 bits encode to, the first of them highest.
func spell(bits uint64) uint64 {
	return uint64(pairs[bits>>52])<<48 | uint64(pairs[bits>>40&0xfff])<<32 | uint64(pairs[bits>>28&0xfff])<<16 | uint64(pairs[bits>>16&0xfff])
}
