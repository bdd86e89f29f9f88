package jsontext

import (
	"bytes"
	"math/bits"
	"slices"
)

// pairwise is the number of members up to which comparing each pair is cheaper than sorting.
const pairwise = 24

// hasDuplicate reports whether two members share a name once their escapes are resolved. Comparing each pair suits small objects and
// hashing larger ones; where names have escapes, or were chosen to collide, sorting decides: no input makes the comparison quadratic.
func hasDuplicate(data []byte, members []Member) bool {
	if len(members) <= pairwise {
		return hasDuplicatePair(data, members)
	}
	if twice, decided := hasDuplicateHashed(data, members); decided {
		return twice
	}
	sorted := slices.Clone(members)
	slices.SortStableFunc(sorted, func(a, b Member) int { return compareNames(data, &a, &b) })
	for i := 1; i < len(sorted); i++ {
		if compareNames(data, &sorted[i-1], &sorted[i]) == 0 {
			return true
		}
	}
	return false
}

// maximumProbes bounds how many taken places of the table one name may meet before hashing is given up.
const maximumProbes = 32

// hasDuplicateHashed puts the names into a table at most half full. It leaves the question undecided when a name has escapes or meets
// too many others.
func hasDuplicateHashed(data []byte, members []Member) (twice, decided bool) {
	var space [512]uint32 // enough for the members that the default limits allow
	table := space[:]
	size := bits.Len(uint(2*len(members) - 1)) // of the table, as a power of two
	if 1<<size > len(space) {
		table = make([]uint32, 1<<size)
	}
	table = table[:1<<size]
	for i := range members {
		m := &members[i]
		if m.NameEscaped {
			return false, false
		}
		name := data[m.NameStart:m.NameEnd]
		place := int(hash(name) >> (64 - size))
		for probes := 0; table[place] != 0; probes++ {
			other := &members[table[place]-1]
			if bytes.Equal(name, data[other.NameStart:other.NameEnd]) {
				return true, true
			}
			if probes == maximumProbes {
				return false, false
			}
			place = (place + 1) & (len(table) - 1)
		}
		table[place] = uint32(i + 1)
	}
	return false, true
}

// hash spreads names over 64 bits. It is no secret: who makes names collide only gets them sorted.
func hash(name []byte) uint64 {
	h := uint64(len(name))
	for ; len(name) >= 8; name = name[8:] {
		h = (h ^ word(name, 0)) * 0xa36f_99a1_b597_80f9
		h ^= h >> 32
	}
	for _, c := range name {
		h = (h ^ uint64(c)) * 0xa36f_99a1_b597_80f9
	}
	return h
}

// hasDuplicatePair compares a name with those before it only when its mark has been seen: equal names have equal marks, and most small
// objects have marks that all differ.
func hasDuplicatePair(data []byte, members []Member) bool {
	seen := uint64(0)
	for i := range members {
		mark := markOf(data, &members[i])
		if seen&mark != 0 {
			for j := range i {
				if compareNames(data, &members[i], &members[j]) == 0 {
					return true
				}
			}
		}
		seen |= mark
	}
	return false
}

// name scans a member's name, whose content starts at position i, and returns the position behind its closing quote and its mark. Most
// names end within the first word, which then holds all that the mark is made of.
func name(data []byte, i int) (end int, mark uint64, escaped bool, fault Fault) {
	if len(data)-i >= 8 {
		w := word(data, i)
		if special := notPlain(w); special != 0 {
			length := bits.TrailingZeros64(special) / 8
			if data[i+length] == '"' {
				return i + length + 1, markOfWord(w&(1<<(8*length&63)-1), length), false, None
			}
		}
	}
	end, escaped, fault = text(data, i)
	if fault != None {
		return end, 0, escaped, fault
	}
	return end, markOf(data, &Member{NameStart: uint32(i), NameEnd: uint32(end - 1), NameEscaped: escaped}), escaped, None
}

// markOf returns one bit of a word for a name, or all of them for a name with escapes, which can equal any other.
func markOf(data []byte, m *Member) uint64 {
	if m.NameEscaped {
		return ^uint64(0)
	}
	name := data[m.NameStart:m.NameEnd]
	w := uint64(0)
	if len(name) >= 8 {
		w = word(name, 0)
	} else {
		for i, c := range name {
			w |= uint64(c) << (8 * i)
		}
	}
	return markOfWord(w, len(name))
}

// markOfWord returns the mark of a name by its first eight bytes and its length. The factor gives the registered claims, and those that
// stand beside them most often, a mark of their own each: see TestUsualNamesHaveMarksOfTheirOwn.
func markOfWord(w uint64, length int) uint64 {
	return 1 << ((w + uint64(length)<<56) * 0xa36f_99a1_b597_80f9 >> 58)
}

func compareNames(data []byte, a, b *Member) int {
	left, right := data[a.NameStart:a.NameEnd], data[b.NameStart:b.NameEnd]
	if a.NameEscaped {
		left = AppendText(nil, left)
	}
	if b.NameEscaped {
		right = AppendText(nil, right)
	}
	if len(left) != len(right) {
		return len(left) - len(right)
	}
	return bytes.Compare(left, right)
}
