package base64url

// spellWithoutTable returns the eight characters that the upper 48 bits encode to, the first of them highest. It works on all eight at
// once: six bits to a byte, and to each byte what lies between it and its character in its part of the alphabet.
func spellWithoutTable(bits uint64) uint64 {
	const each = 0x0101_0101_0101_0101
	x := bits>>40<<32 | bits>>16&0xff_ffff
	x = x&0x00ff_f000_00ff_f000<<4 | x&0x0000_0fff_0000_0fff
	x = x&0x0fc0_0fc0_0fc0_0fc0<<2 | x&0x003f_003f_003f_003f
	lower := (x + (128-26)*each) >> 7 & each
	digit := (x + (128-52)*each) >> 7 & each
	dash := (x + (128-62)*each) >> 7 & each
	underscore := (x + (128-63)*each) >> 7 & each
	return x + 'A'*each + lower*('a'-'Z'-1) - digit*('z'+1-'0') - dash*('9'+1-'-') + underscore*('_'-'-'-1)
}
