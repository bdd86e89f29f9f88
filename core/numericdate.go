package core

import "time"

// lastInstant is the latest NumericDate accepted, in seconds: the end of the year 9999. A later one is a mistake, most often a time in
// milliseconds.
const lastInstant = 253402300799

// instant is a point in time: seconds since 1970 in UTC, and nanoseconds into that second. It is wide enough for every NumericDate,
// which nanoseconds in 64 bits are not.
type instant struct {
	seconds     int64
	nanoseconds int32
}

func instantOf(t time.Time) instant {
	return instant{t.Unix(), int32(t.Nanosecond())}
}

func (i instant) time() time.Time { return time.Unix(i.seconds, int64(i.nanoseconds)).UTC() }

// add returns i moved by d.
func (i instant) add(d time.Duration) instant {
	nanoseconds := int64(i.nanoseconds) + int64(d%time.Second)
	seconds := i.seconds + int64(d/time.Second)
	switch {
	case nanoseconds < 0:
		nanoseconds += int64(time.Second)
		seconds--
	case nanoseconds >= int64(time.Second):
		nanoseconds -= int64(time.Second)
		seconds++
	}
	return instant{seconds, int32(nanoseconds)}
}

func (i instant) after(other instant) bool {
	return i.seconds > other.seconds || i.seconds == other.seconds && i.nanoseconds > other.nanoseconds
}

// parseNumericDate reads a NumericDate (RFC 7519 section 2) from a JSON number: seconds since 1970, fractions and exponents
// understood, cut to nanoseconds. It reports false for a date before 1970 or after the year 9999.
func parseNumericDate(number []byte) (instant, bool) {
	if seconds, ok := wholeSeconds(number); ok {
		return instant{seconds: seconds}, seconds <= lastInstant
	}
	negative := number[0] == '-'
	if negative {
		number = number[1:]
	}
	digits, exponent := splitNumber(number)
	var result instant
	zero := true
	fraction := int64(0)
	for i, position := 0, 0; i < len(digits); i++ {
		if digits[i] == '.' {
			continue
		}
		digit := int64(digits[i] - '0')
		zero = zero && digit == 0
		// place is the power of ten of this digit.
		place := exponent - 1 - position
		position++
		switch {
		case place >= 12:
			if digit != 0 {
				return instant{}, false
			}
		case place >= 0:
			result.seconds += digit * powerOfTen[place]
		case place >= -9:
			fraction += digit * powerOfTen[9+place]
		}
	}
	result.nanoseconds = int32(fraction)
	if negative && !zero || result.seconds > lastInstant {
		return instant{}, false
	}
	return result, true
}

// wholeSeconds reads what nearly every NumericDate is: a few digits.
func wholeSeconds(number []byte) (seconds int64, ok bool) {
	if len(number) > 12 {
		return 0, false
	}
	if len(number) >= 8 {
		if seconds, ok = eightDigits(number); !ok {
			return 0, false
		}
		number = number[8:]
	}
	for _, c := range number {
		if c-'0' > 9 {
			return 0, false
		}
		seconds = seconds*10 + int64(c-'0')
	}
	return seconds, true
}

// eightDigits reads the number that the first eight bytes of text spell, all of them at once: neighbours are joined to numbers of two
// digits, those to numbers of four, and those to the number, in three multiplications instead of eight that wait for each other.
func eightDigits(text []byte) (int64, bool) {
	const each = 0x0101_0101_0101_0101
	_ = text[7]
	word := uint64(text[0]) | uint64(text[1])<<8 | uint64(text[2])<<16 | uint64(text[3])<<24 |
		uint64(text[4])<<32 | uint64(text[5])<<40 | uint64(text[6])<<48 | uint64(text[7])<<56
	word ^= each * '0' // the digits become 0 to 9, anything else 10 or more
	if (word|(word&(each*0x7f)+each*(0x80-10)))&(each*0x80) != 0 {
		return 0, false
	}
	word = (word*10 + word>>8) & 0x00ff_00ff_00ff_00ff
	word = (word*100 + word>>16) & 0x0000_ffff_0000_ffff
	word = (word*10_000 + word>>32) & 0xffff_ffff
	return int64(word), true
}

var powerOfTen = [12]int64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11}

// splitNumber takes an unsigned JSON number apart: its digits, point included, and the number of them that stand before the point
// once the exponent is applied. An exponent is cut where it exceeds the digits of any token: that changes no verdict.
func splitNumber(number []byte) (digits []byte, exponent int) {
	point, end := -1, len(number)
	for i, c := range number {
		if c == '.' {
			point = i
		}
		if c|0x20 == 'e' {
			end = i
			break
		}
	}
	digits = number[:end]
	exponent = end
	if point >= 0 {
		exponent = point
	}
	if end == len(number) {
		return digits, exponent
	}
	rest := number[end+1:]
	sign := 1
	switch rest[0] {
	case '-':
		sign, rest = -1, rest[1:]
	case '+':
		rest = rest[1:]
	}
	shift := 0
	for _, c := range rest {
		if shift <= maximumTokenBytes {
			shift = shift*10 + int(c-'0')
		}
	}
	return digits, exponent + sign*shift
}
