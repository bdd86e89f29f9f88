package jsontext

import (
	"bytes"
	"slices"
)

// pairwise is the number of members up to which comparing each pair is cheaper than sorting.
const pairwise = 24

// hasDuplicate reports whether two members share a name once their escapes are resolved. It sorts larger objects instead of hashing
// them: no input can make the comparison quadratic.
func hasDuplicate(data []byte, members []Member) bool {
	if len(members) <= pairwise {
		return hasDuplicatePair(data, members)
	}
	sorted := slices.Clone(members)
	slices.SortFunc(sorted, func(a, b Member) int { return compareNames(data, &a, &b) })
	for i := 1; i < len(sorted); i++ {
		if compareNames(data, &sorted[i-1], &sorted[i]) == 0 {
			return true
		}
	}
	return false
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

// markOf returns one bit of a word for a name, or all of them for a name with escapes, which can equal any other.
func markOf(data []byte, m *Member) uint64 {
	if m.NameEscaped {
		return ^uint64(0)
	}
	name := data[m.NameStart:m.NameEnd]
	if len(name) == 0 {
		return 1
	}
	mixed := uint64(name[0]) | uint64(name[len(name)/2])<<8 | uint64(name[len(name)-1])<<16 | uint64(len(name))<<24
	return 1 << (mixed * 0x9e37_79b9_7f4a_7c15 >> 58)
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
