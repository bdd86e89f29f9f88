// Package base64url reads and writes the one spelling of base64url that RFC 7515 section 2 allows:
// the URL-safe alphabet, no padding, no white space, and no set bits beyond the last byte.
//
// The standard library's decoder skips CR and LF wherever they stand, and its default mode ignores the unused bits of the last
// character. Either gives one token several spellings, which slip past denylists and caches, so the token path has a decoder of its own.
package base64url

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

// invalid marks a byte outside the alphabet. Any value with a bit above the low six would do: it survives the OR over a whole
// segment, so the loop needs one branch per quantum instead of four.
const invalid = 0xff

var values = func() (table [256]byte) {
	for i := range table {
		table[i] = invalid
	}
	for i := range len(alphabet) {
		table[alphabet[i]] = byte(i)
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
	for len(text) >= 4 {
		a, b, c, d := values[text[0]], values[text[1]], values[text[2]], values[text[3]]
		if (a|b|c|d)&0xc0 != 0 {
			return dst[:start], false
		}
		_ = out[2]
		out[0] = a<<2 | b>>4
		out[1] = b<<4 | c>>2
		out[2] = c<<6 | d
		out, text = out[3:], text[4:]
	}
	switch len(text) {
	case 2:
		a, b := values[text[0]], values[text[1]]
		if (a|b)&0xc0 != 0 || b&0x0f != 0 {
			return dst[:start], false
		}
		out[0] = a<<2 | b>>4
	case 3:
		a, b, c := values[text[0]], values[text[1]], values[text[2]]
		if (a|b|c)&0xc0 != 0 || c&0x03 != 0 {
			return dst[:start], false
		}
		out[0] = a<<2 | b>>4
		out[1] = b<<4 | c>>2
	}
	return dst[:start+size], true
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
