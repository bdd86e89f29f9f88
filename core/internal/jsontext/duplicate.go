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
		for i := range members {
			for j := range i {
				if compareNames(data, &members[i], &members[j]) == 0 {
					return true
				}
			}
		}
		return false
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
