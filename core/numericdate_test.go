package core

import (
	"math/big"
	"strconv"
	"testing"
	"time"
)

func TestParseNumericDate(t *testing.T) {
	for _, test := range []struct {
		text        string
		seconds     int64
		nanoseconds int32
		ok          bool
	}{
		{"0", 0, 0, true},
		{"-0", 0, 0, true},
		{"0e5", 0, 0, true},
		{"1790000000", 1790000000, 0, true},
		{"1790000000.5", 1790000000, 500000000, true},
		{"1790000000.123456789987", 1790000000, 123456789, true},
		{"1.79e9", 1790000000, 0, true},
		{"1.79E+9", 1790000000, 0, true},
		{"17900000005e-1", 1790000000, 500000000, true},
		{"0.00179e12", 1790000000, 0, true},
		{"253402300799", 253402300799, 0, true},
		{"253402300800", 0, 0, false},
		{"1790000000000", 0, 0, false},
		{"99999999999999999999", 0, 0, false},
		{"1e300", 0, 0, false},
		{"1e99999999999999999999", 0, 0, false},
		{"1e-99999999999999999999", 0, 0, true},
		{"0e99999999999999999999", 0, 0, true},
		{"1e-20", 0, 0, true},
		{"-1", 0, 0, false},
		{"-0.5", 0, 0, false},
	} {
		t.Run(test.text, func(t *testing.T) {
			got, ok := parseNumericDate([]byte(test.text))
			if ok != test.ok || ok && (got.seconds != test.seconds || got.nanoseconds != test.nanoseconds) {
				t.Errorf("%d.%09d, %v", got.seconds, got.nanoseconds, ok)
			}
		})
	}
}

// FuzzNumericDate holds the parser against exact rational arithmetic.
func FuzzNumericDate(f *testing.F) {
	for _, seed := range []string{"1790000000", "1.5", "-3", "1e9", "2534023007995e-1", "0.000000000001", "12345678901234e-5"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		object, err := ParseObject([]byte(`{"d":`+text+`}`), Limits{})
		if err != nil {
			return
		}
		value, _ := object.Get("d")
		if _, isNumber := value.Float(); !isNumber || object.Len() != 1 || len(text) > 40 {
			return
		}
		exact, ok := new(big.Rat).SetString(string(value.Raw()))
		if !ok {
			return
		}
		got, accepted := parseNumericDate(value.Raw())
		inRange := exact.Sign() >= 0 && exact.Cmp(big.NewRat(lastInstant+1, 1)) < 0
		if accepted != inRange {
			t.Fatalf("accepted: %v, in range: %v", accepted, inRange)
		}
		if !accepted {
			return
		}
		nanoseconds := new(big.Rat).Mul(exact, big.NewRat(1e9, 1))
		whole := new(big.Int).Quo(nanoseconds.Num(), nanoseconds.Denom())
		parsed := new(big.Int).Add(new(big.Int).Mul(big.NewInt(got.seconds), big.NewInt(1e9)), big.NewInt(int64(got.nanoseconds)))
		if whole.Cmp(parsed) != 0 {
			t.Fatalf("%v nanoseconds, want %v", parsed, whole)
		}
	})
}

// FuzzEightDigits holds the eight digits read at once against strconv.
func FuzzEightDigits(f *testing.F) {
	f.Add([]byte("17900000"))
	f.Add([]byte("00000000"))
	f.Add([]byte("99999999"))
	f.Add([]byte("9999999:"))
	f.Add([]byte("/9999999"))
	f.Add([]byte("1790.000"))
	f.Add([]byte("1790\xb0000"))
	f.Fuzz(func(t *testing.T, text []byte) {
		if len(text) < 8 {
			return
		}
		got, ok := eightDigits(text)
		want, err := strconv.ParseUint(string(text[:8]), 10, 64)
		if ok != (err == nil) || ok && got != int64(want) {
			t.Fatalf("%q: %d, %v, strconv %d, %v", text[:8], got, ok, want, err)
		}
	})
}

func TestInstantAdd(t *testing.T) {
	start := instant{100, 400000000}
	for _, d := range []time.Duration{0, time.Nanosecond, -time.Nanosecond, 600 * time.Millisecond, -400 * time.Millisecond, -401 * time.Millisecond, 90 * time.Second, -90 * time.Second} {
		want := start.time().Add(d)
		if got := start.add(d); !got.time().Equal(want) || got.nanoseconds < 0 || got.nanoseconds >= 1e9 {
			t.Errorf("add %v: %v, want %v", d, got, want)
		}
	}
}
