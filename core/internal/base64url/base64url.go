// Package base64url reads and writes the one spelling of base64url that RFC 7515 section 2 allows:
// the URL-safe alphabet, no padding, no white space, and no set bits beyond the last byte.
//
// The standard library's decoder skips CR and LF wherever they stand, and its default mode ignores the unused bits of the last
// character. Either gives one token several spellings, which slip past denylists and caches, so the token path has a decoder of its own.
package base64url

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

// invalid marks a byte outside the alphabet: a bit above the 24 that four characters decode to, so that it survives the OR over a
// whole segment and the loop needs no branch for it.
const invalid = 1 << 31

// values holds, for each place of a quantum of four characters, the bits that a character contributes to its 24.
var values = func() (table [4][256]uint32) {
	for place := range table {
		for c := range table[place] {
			table[place][c] = invalid
		}
		for value := range len(alphabet) {
			table[place][alphabet[value]] = uint32(value) << (18 - 6*place)
		}
	}
	return table
}()

// DecodedLen returns the number of bytes that n characters decode to.
func DecodedLen(n int) int { return n/4*3 + n%4*6/8 }

// EncodedLen returns the number of characters that n bytes encode to.
func EncodedLen(n int) int { return (n*8 + 5) / 6 }

// AppendDecode appends the bytes that text encodes to dst. It reports false, and returns dst as it was, when text is not the one
// canonical spelling of any byte string.
func AppendDecode(dst []byte, text string) ([]byte, bool) {
	if len(text)%4 == 1 {
		return dst, false
	}
	start := len(dst)
	size := DecodedLen(len(text))
	dst = grow(dst, size)
	out := dst[start:]
	seen := uint32(0)
	// Sixteen characters at a time, while two more bytes than they decode to fit: eight bytes are one store, of which the last two are
	// written over by what follows.
	for len(text) >= 16 && len(out) >= 14 {
		first := values[0][text[0]] | values[1][text[1]] | values[2][text[2]] | values[3][text[3]]
		second := values[0][text[4]] | values[1][text[5]] | values[2][text[6]] | values[3][text[7]]
		putWord(out, uint64(first)<<40|uint64(second)<<16)
		third := values[0][text[8]] | values[1][text[9]] | values[2][text[10]] | values[3][text[11]]
		fourth := values[0][text[12]] | values[1][text[13]] | values[2][text[14]] | values[3][text[15]]
		putWord(out[6:], uint64(third)<<40|uint64(fourth)<<16)
		seen |= first | second | third | fourth
		text, out = text[16:], out[12:]
	}
	for len(text) >= 4 && len(out) >= 3 {
		bits := values[0][text[0]] | values[1][text[1]] | values[2][text[2]] | values[3][text[3]]
		seen |= bits
		out[0], out[1], out[2] = byte(bits>>16), byte(bits>>8), byte(bits)
		text, out = text[4:], out[3:]
	}
	// The bits that the last characters leave over must be zero: they would be another spelling of the same bytes.
	switch len(text) {
	case 2:
		bits := values[0][text[0]] | values[1][text[1]]
		seen |= bits | leftover(bits&0xffff)
		out[0] = byte(bits >> 16)
	case 3:
		bits := values[0][text[0]] | values[1][text[1]] | values[2][text[2]]
		seen |= bits | leftover(bits&0xff)
		out[0], out[1] = byte(bits>>16), byte(bits>>8)
	}
	if seen&invalid != 0 {
		return dst[:start], false
	}
	return dst, true
}

// leftover turns unused bits that are set into the mark of an invalid character.
func leftover(bits uint32) uint32 {
	if bits != 0 {
		return invalid
	}
	return 0
}

// AppendEncode appends the base64url spelling of data to dst.
func AppendEncode(dst, data []byte) []byte {
	start := len(dst)
	dst = grow(dst, EncodedLen(len(data)))
	out := dst[start:]
	// Twelve bytes at a time, while two more can be read: eight bytes are one load, of which the last two are left for the next.
	for len(data) >= 14 && len(out) >= 16 {
		putWord(out, spell(wordOf(data)))
		putWord(out[8:], spell(wordOf(data[6:])))
		data, out = data[12:], out[16:]
	}
	for len(data) >= 3 && len(out) >= 4 {
		out[0], out[1] = alphabet[data[0]>>2], alphabet[data[0]<<4&0x3f|data[1]>>4]
		out[2], out[3] = alphabet[data[1]<<2&0x3f|data[2]>>6], alphabet[data[2]&0x3f]
		data, out = data[3:], out[4:]
	}
	switch len(data) {
	case 1:
		out[0], out[1] = alphabet[data[0]>>2], alphabet[data[0]<<4&0x3f]
	case 2:
		out[0], out[1], out[2] = alphabet[data[0]>>2], alphabet[data[0]<<4&0x3f|data[1]>>4], alphabet[data[1]<<2&0x3f]
	}
	return dst
}

// wordOf returns the first eight bytes of data, the first of them highest. The compiler makes one load of it.
func wordOf(data []byte) uint64 {
	_ = data[7]
	return uint64(data[0])<<56 | uint64(data[1])<<48 | uint64(data[2])<<40 | uint64(data[3])<<32 |
		uint64(data[4])<<24 | uint64(data[5])<<16 | uint64(data[6])<<8 | uint64(data[7])
}

// putWord writes the eight bytes of w to out, the highest first. The compiler makes one store of it.
func putWord(out []byte, w uint64) {
	_ = out[7]
	out[0], out[1], out[2], out[3] = byte(w>>56), byte(w>>48), byte(w>>40), byte(w>>32)
	out[4], out[5], out[6], out[7] = byte(w>>24), byte(w>>16), byte(w>>8), byte(w)
}

// grow returns dst longer by size bytes, with room to spare when it had to be moved.
func grow(dst []byte, size int) []byte {
	length := len(dst)
	if cap(dst)-length < size {
		moved := make([]byte, length, length+size+size/2)
		copy(moved, dst)
		dst = moved
	}
	return dst[:length+size]
}
