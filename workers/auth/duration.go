package auth

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// parseDuration reads a duration as Django's parse_duration does: "[D ]HH:MM:SS" or ISO 8601 "P1DT2H3M4S", fractions of a second
// allowed. Negative ones and those beyond 100 years are refused.
func parseDuration(text string) (time.Duration, bool) {
	if rest, found := strings.CutPrefix(text, "P"); found {
		return parseISODuration(rest)
	}
	var seconds float64
	if days, clock, found := strings.Cut(text, " "); found {
		count, ok := parseCount(days)
		if !ok {
			return 0, false
		}
		seconds = count * unitSeconds['D']
		text = strings.TrimPrefix(strings.TrimPrefix(clock, "days, "), "day, ")
	}
	parts := strings.Split(text, ":")
	if len(parts) > 3 {
		return 0, false
	}
	unit := 1.0
	for i := len(parts) - 1; i >= 0; i-- {
		count, ok := parseCount(parts[i])
		if !ok || unit > 1 && count != math.Trunc(count) {
			return 0, false
		}
		seconds += count * unit
		unit *= 60
	}
	return secondsDuration(seconds)
}

// unitSeconds are the lengths of the units of ISO 8601 durations that have one.
var unitSeconds = map[byte]float64{'D': 24 * 3600, 'H': 3600, 'M': 60, 'S': 1}

// parseISODuration reads what stands behind the P.
func parseISODuration(text string) (time.Duration, bool) {
	var seconds float64
	units := "DTHMS" // what may still come
	inTime := false
	for text != "" {
		if rest, found := strings.CutPrefix(text, "T"); found && !inTime && rest != "" {
			text, inTime, units = rest, true, "HMS"
			continue
		}
		end := strings.IndexAny(text, "DHMS")
		if end < 0 {
			return 0, false
		}
		count, ok := parseCount(text[:end])
		at := strings.IndexByte(units, text[end])
		if !ok || at < 0 || inTime == (text[end] == 'D') {
			return 0, false
		}
		seconds += count * unitSeconds[text[end]]
		text, units = text[end+1:], units[at+1:]
	}
	return secondsDuration(seconds)
}

// parseCount reads digits with or without a fraction.
func parseCount(text string) (float64, bool) {
	if text == "" || strings.Trim(text, "0123456789.") != "" || text[0] == '.' {
		return 0, false
	}
	count, err := strconv.ParseFloat(text, 64)
	return count, err == nil
}

// secondsDuration returns a duration of whole microseconds, as Python's timedelta has them.
func secondsDuration(seconds float64) (time.Duration, bool) {
	if seconds < 0 || seconds > maximumLifetime.Seconds() || math.IsNaN(seconds) {
		return 0, false
	}
	return time.Duration(math.Round(seconds*1e6)) * time.Microsecond, true
}
