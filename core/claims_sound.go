package core

import "time"

// consider looks at a value that is set, so that the payload need not be read again when a token is made of it: what the setters wrote
// is strict JSON, and whether a registered claim is well formed can be told at once. What cannot is left in doubt.
func (c *Claims) consider(name string, value any, json []byte) {
	switch v := value.(type) {
	case string:
		c.doubtful = c.doubtful || isDateClaim(name)
	case nil, bool:
		c.doubtful = c.doubtful || isDateClaim(name) || isTextClaim(name)
	case int, int32, int64, uint32, uint64, float64, time.Time:
		_, isDate := parseNumericDate(json)
		c.doubtful = c.doubtful || isDateClaim(name) && !isDate || isTextClaim(name)
	case []string:
		c.elements += len(v)
		c.doubtful = c.doubtful || isDateClaim(name) || isTextClaim(name) && (name != "aud" || len(v) == 0)
	default:
		c.doubtful = true
	}
}

// isSound reports whether a signer with these limits and without a profile need not look at the payload at all.
func (c *Claims) isSound(limits Limits) bool {
	return !c.doubtful && limits.Depth >= 2 && len(c.members)+c.elements <= limits.Members
}

func isDateClaim(name string) bool { return name == "exp" || name == "nbf" || name == "iat" }

func isTextClaim(name string) bool {
	return name == "iss" || name == "sub" || name == "jti" || name == "aud"
}
