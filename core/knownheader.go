package core

import "github.com/jeton-dev/jeton/core/internal/base64url"

// knownHeader is a header that a verifier worked out when it was built: parsed, its algorithm accepted, its key found. Most tokens of
// one issuer share a few headers to the byte, so most need no JSON and no search for their header.
type knownHeader struct {
	header header
	scheme *scheme
	key    *Key
}

// knownHeaders is the headers that a verifier knows, by their segment. The nil knownHeaders knows none.
type knownHeaders struct {
	usual   []usualHeader // the first few: comparing with them costs less than hashing
	headers map[string]*knownHeader
}

type usualHeader struct {
	segment string
	known   *knownHeader
}

// maximumUsualHeaders bounds how many headers are compared one after another.
const maximumUsualHeaders = 4

// find returns the header of that segment, or nil when it is not known.
func (k *knownHeaders) find(segment string) *knownHeader {
	if k == nil {
		return nil
	}
	for i := range k.usual {
		if k.usual[i].segment == segment {
			return k.usual[i].known
		}
	}
	return k.headers[segment]
}

func (k *knownHeaders) add(segment string, known *knownHeader) {
	if len(k.usual) < maximumUsualHeaders {
		k.usual = append(k.usual, usualHeader{segment, known})
	}
	k.headers[segment] = known
}

// maximumKnownKeys bounds how many keys have their headers worked out beforehand.
const maximumKnownKeys = 64

// learnHeaders works out the headers that tokens for these keys usually have: in the order of names that this package and newer PyJWT
// write, in the one that older PyJWT and golang-jwt write, and without "typ". Each takes the very path a received header takes, and is
// learned only when that accepts it.
func (v *Verifier) learnHeaders(keys []*Key) {
	if len(keys) > maximumKnownKeys {
		return
	}
	v.known = &knownHeaders{headers: make(map[string]*knownHeader)}
	for _, key := range keys {
		algorithm, id := jwkMember{"alg", string(key.algorithm)}, jwkMember{"kid", key.id}
		for _, mediaType := range []string{"JWT", "at+jwt", v.policy.Type} {
			typ := jwkMember{"typ", mediaType}
			v.learn(algorithm, typ)
			v.learn(typ, algorithm)
			v.learn(algorithm, id, typ)
			v.learn(typ, algorithm, id)
			v.learn(algorithm, typ, id)
		}
		v.learn(algorithm)
		v.learn(algorithm, id)
	}
}

// learn works out one header. Members without a value are left out.
func (v *Verifier) learn(members ...jwkMember) {
	text := []byte{'{'}
	for _, member := range members {
		if member.value != "" {
			text = appendMembers(text, []jwkMember{member})
		}
	}
	text = append(text, '}')
	segment := string(base64url.AppendEncode(nil, text))
	if v.known.headers[segment] != nil {
		return
	}
	known := new(knownHeader)
	if known.header.read(text, v.policy.Limits) != nil {
		return
	}
	var err *Error
	if known.scheme, known.key, err = v.choose(&known.header); err == nil {
		v.known.add(segment, known)
	}
}
