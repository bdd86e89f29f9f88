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
	if cap(dst)-start < size {
		grown := make([]byte, start, start+size+size/2)
		copy(grown, dst)
		dst = grown
	}
	out := dst[start : start+size]
	seen := uint32(0)
	for len(text) >= 8 && len(out) >= 6 {
		left := values[0][text[0]] | values[1][text[1]] | values[2][text[2]] | values[3][text[3]]
		right := values[0][text[4]] | values[1][text[5]] | values[2][text[6]] | values[3][text[7]]
		seen |= left | right
		out[0], out[1], out[2] = byte(left>>16), byte(left>>8), byte(left)
		out[3], out[4], out[5] = byte(right>>16), byte(right>>8), byte(right)
		text, out = text[8:], out[6:]
	}
	if len(text) >= 4 {
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
	return dst[:start+size], true
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
	for len(data) >= 3 {
		a, b, c := data[0], data[1], data[2]
		dst = append(dst, alphabet[a>>2], alphabet[a<<4&0x3f|b>>4], alphabet[b<<2&0x3f|c>>6], alphabet[c&0x3f])
		data = data[3:]
	}
	switch len(data) {
	case 1:
		dst = append(dst, alphabet[data[0]>>2], alphabet[data[0]<<4&0x3f])
	case 2:
		dst = append(dst, alphabet[data[0]>>2], alphabet[data[0]<<4&0x3f|data[1]>>4], alphabet[data[1]<<2&0x3f])
	}
	return dst
}
