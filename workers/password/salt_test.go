package password

import (
	"errors"
	"testing"
	"testing/iotest"
)

// everyByte gives each byte value in turn, one per block of 32, and fills up with bytes that are thrown away, so that none is lost when a
// salt is complete.
type everyByte struct{ next byte }

func (e *everyByte) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 0xff
	}
	p[0] = e.next
	e.next++
	return len(p), nil
}

func TestSaltHasNoBias(t *testing.T) {
	// Each character of the alphabet must come out equally often, and eight bytes of 256 be thrown away.
	counts := map[rune]int{}
	source := new(everyByte)
	for range 31 { // 31 salts of 22 characters are 11 rounds of 62
		salt, err := saltFrom(source)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range salt {
			counts[c]++
		}
	}
	if len(counts) != 62 {
		t.Errorf("%d different characters, want 62", len(counts))
	}
	for c, n := range counts {
		if n != 11 {
			t.Errorf("%q occurs %d times, want 11", c, n)
		}
	}
}

func TestSaltFailures(t *testing.T) {
	broken := errors.New("broken source")
	if salt, err := saltFrom(iotest.ErrReader(broken)); !errors.Is(err, broken) || salt != "" {
		t.Errorf("a broken source gave %q, %v", salt, err)
	}
	if salt, err := saltFrom(stuckSource{}); err == nil {
		t.Errorf("a stuck source gave %q", salt)
	}
}

type stuckSource struct{}

func (stuckSource) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 0xff
	}
	return len(p), nil
}

func TestShortSalt(t *testing.T) {
	for length, short := range map[int]bool{0: true, 12: true, 21: true, 22: false, 100: false} {
		if shortSalt(length) != short {
			t.Errorf("%d characters are short: %v", length, !short)
		}
	}
}
