package core

import "github.com/jeton-dev/jeton/core/internal/jsontext"

// Limits bounds what is read from a token before anything about it is trusted. A zero field means its default; none can be switched off.
type Limits struct {
	// TokenBytes is the largest token, in bytes: 8,192 by default, 1,048,576 at most.
	TokenBytes int
	// Depth is how deeply the header or the payload may nest, the outermost object included: 32 by default, 1,000 at most.
	Depth int
	// Members is how many members and elements the header or the payload may hold in all: 256 by default, 65,536 at most.
	Members int
}

const (
	defaultTokenBytes, maximumTokenBytes = 8 << 10, 1 << 20
	defaultDepth, maximumDepth           = 32, 1000
	defaultMembers, maximumMembers       = 256, 1 << 16

	// maximumKeyID is the longest accepted "kid", in bytes as it stands in the JSON.
	maximumKeyID = 256
	// maximumKeySet is the largest JWK or JWK Set, in bytes, and maximumKeys the most keys of one set.
	maximumKeySet, maximumKeys = 1 << 20, 1000

	minimumRSABits, maximumRSABits = 2048, 8192
)

var keyLimits = jsontext.Limits{Depth: defaultDepth, Members: maximumMembers}

// defaultLimits is what the zero Limits stands for.
var defaultLimits = Limits{TokenBytes: defaultTokenBytes, Depth: defaultDepth, Members: defaultMembers}

// resolve returns the limits with defaults filled in.
func (l Limits) resolve() (Limits, *Error) {
	if l.TokenBytes < 0 || l.TokenBytes > maximumTokenBytes || l.Depth < 0 || l.Depth > maximumDepth || l.Members < 0 || l.Members > maximumMembers {
		return l, newError(PolicyInvalid, "", "a limit is out of range")
	}
	if l.TokenBytes == 0 {
		l.TokenBytes = defaultTokenBytes
	}
	if l.Depth == 0 {
		l.Depth = defaultDepth
	}
	if l.Members == 0 {
		l.Members = defaultMembers
	}
	return l, nil
}

func (l Limits) forJSON() jsontext.Limits {
	return jsontext.Limits{Depth: l.Depth, Members: l.Members}
}
