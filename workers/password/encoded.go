package password

import (
	"encoding/base64"
	"strconv"
	"strings"
)

// splitFields cuts an encoded hash at each "$". It returns false when there are not exactly count fields.
func splitFields(encoded string, count int) ([]string, bool) {
	fields := strings.Split(encoded, "$")
	return fields, len(fields) == count
}

// parseNumber reads a whole number above zero as Django writes it, of at most 31 bits.
func parseNumber(text string) (int, bool) {
	number, err := strconv.ParseUint(text, 10, 31)
	return int(number), err == nil && number > 0 && text[0] != '0'
}

// decodeKey reads a key of length bytes in padded standard base64 without any slack.
func decodeKey(text string, length int) ([]byte, bool) {
	return decodeStrictly(base64.StdEncoding.Strict(), text, length, length)
}

// decodeStrictly reads what is the only way to write some bytes in an encoding, at least least and at most most of them.
func decodeStrictly(encoding *base64.Encoding, text string, least, most int) ([]byte, bool) {
	if strings.ContainsAny(text, "\r\n") { // which the decoder skips
		return nil, false
	}
	data, err := encoding.DecodeString(text)
	return data, err == nil && len(data) >= least && len(data) <= most
}
