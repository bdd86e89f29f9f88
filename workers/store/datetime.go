package store

import (
	"fmt"
	"time"
)

// Django writes a datetime to SQLite as UTC without a zone, and leaves the fraction out when it is zero.
const (
	datetimeWhole    = "2006-01-02 15:04:05"
	datetimeFraction = "2006-01-02 15:04:05.000000"
)

// columnTime returns t as a datetime column holds it: in UTC, cut to microseconds, without a monotonic reading. Zero stays zero.
func columnTime(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return t.UTC().Truncate(time.Microsecond)
}

// formatDatetime returns the column's text for t.
func formatDatetime(t time.Time) string {
	t = columnTime(t)
	if t.Nanosecond() == 0 {
		return t.Format(datetimeWhole)
	}
	return t.Format(datetimeFraction)
}

// datetimeLayouts are the forms found in databases: Django's own, and with a zone or a T as other programs write them. Parsing
// accepts a fraction after the seconds of each.
var datetimeLayouts = []string{datetimeWhole, "2006-01-02 15:04:05Z07:00", "2006-01-02T15:04:05", time.RFC3339}

// parseDatetime reads a column's text. A text without a zone is UTC. The text itself stays out of the error.
func parseDatetime(text string) (time.Time, error) {
	for _, layout := range datetimeLayouts {
		if t, err := time.Parse(layout, text); err == nil {
			return columnTime(t), nil
		}
	}
	return time.Time{}, fmt.Errorf("not a datetime")
}
