package peers

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/jeton-dev/jeton/core"
)

// Hostile is a token that a strict verifier refuses although its signature is one of the key: what differs is how it is spelled, or what
// stands in it. An attacker who can influence an issuer, or re-spell a token that was revoked, gets such tokens.
type Hostile struct {
	Name     string
	Why      string // the rule that it breaks
	Material *Material
	Token    string
}

// Verdict is what one library said about one token.
type Verdict int

// The verdicts. Lacking means that the library lacks the algorithm.
const (
	Refused Verdict = iota
	Accepted
	Lacking
)

// VerdictOf asks a library about a token. A panic counts as acceptance: the caller does not get to refuse.
func VerdictOf(library Library, material *Material, token string) (verdict Verdict, err error) {
	verify, err := library.NewVerify(material)
	if errors.Is(err, ErrUnsupported) {
		return Lacking, nil
	}
	if err != nil {
		return Refused, err
	}
	verdict = Accepted
	defer func() { _ = recover() }()
	if verify(token) != nil {
		verdict = Refused
	}
	return verdict, nil
}

const goodHeader = `{"alg":"HS256","typ":"JWT"}`

// payloadText returns a payload that is valid at the given time, with further members behind the others.
func payloadText(now time.Time, further ...string) string {
	return payloadExpiring(now, append([]string{`"exp":` + secondsFrom(now, time.Hour)}, further...)...)
}

// payloadExpiring returns such a payload without an expiration but for the members given.
func payloadExpiring(now time.Time, members ...string) string {
	return `{"iss":"` + ExpectedIssuer + `","aud":"` + ExpectedAudience + `","sub":"alice","iat":` + secondsFrom(now, -time.Minute) + "," + strings.Join(members, ",") + "}"
}

func secondsFrom(now time.Time, distance time.Duration) string {
	return strconv.FormatInt(now.Add(distance).Unix(), 10)
}

func segment(text []byte) string { return base64.RawURLEncoding.EncodeToString(text) }

// SignedText returns a token of any header and payload, well formed or not.
func SignedText(material *Material, header, payload string) (string, error) {
	return SignedSegments(material, segment([]byte(header)), segment([]byte(payload)))
}

// SignedSegments returns a token of any header and payload segment, well formed or not.
func SignedSegments(material *Material, header, payload string) (string, error) {
	key, err := material.Key()
	if err != nil {
		return "", err
	}
	signature, err := key.Sign([]byte(header + "." + payload))
	if err != nil {
		return "", err
	}
	return header + "." + payload + "." + segment(signature), nil
}

// HostileTokens returns the hostile tokens, the first of which is not hostile: every verifier must accept it, or the others prove
// nothing. Each is expected by nobody but was accepted by at least one library when it was put into the list.
func HostileTokens(now time.Time) ([]Hostile, error) {
	salted, err := NewMaterial(core.PS256)
	if err != nil {
		return nil, err
	}
	list := &hostileList{}
	good := payloadText(now)
	future, past := secondsFrom(now, time.Hour), secondsFrom(now, -time.Hour)

	// A secret under which the signature holds a character that the standard alphabet spells differently.
	for len(list.tokens) == 0 || !strings.ContainsAny(signatureOf(list.tokens[0].Token), "-_") {
		secret, err := NewMaterial(core.HS256)
		if err != nil {
			return nil, err
		}
		list.secret, list.tokens = secret, nil
		list.signed("an ordinary token", "none: every library must accept it", goodHeader, good)
	}

	list.respelled("line feed behind the token", "RFC 7515 2: base64url without line breaks", func(h, p, s string) string { return h + "." + p + "." + s + "\n" })
	list.respelled("line feed inside the signature", "RFC 7515 2: base64url without line breaks", func(h, p, s string) string { return h + "." + p + "." + s[:20] + "\n" + s[20:] })
	list.respelled("padded signature", "RFC 7515 2: no padding", func(h, p, s string) string { return h + "." + p + "." + s + "=" })
	list.respelled("unused bits set in the signature", "RFC 4648 3.5: one spelling for the same bytes", func(h, p, s string) string {
		return h + "." + p + "." + s[:len(s)-1] + nextCharacter(s[len(s)-1])
	})
	list.respelled("signature in the standard alphabet", "RFC 7515 2: the URL-safe alphabet", func(h, p, s string) string {
		return h + "." + p + "." + strings.NewReplacer("-", "+", "_", "/").Replace(s)
	})

	list.signed("member twice in the payload", "RFC 7519 4: unique claim names", goodHeader, payloadText(now, `"sub":"bob"`))
	list.signed("member twice in the header", "RFC 7515 4: unique header names", `{"alg":"none","alg":"HS256","typ":"JWT"}`, good)
	list.signed("expired, with an EXP in the future", "RFC 7519 7.3: names are compared exactly", goodHeader, payloadExpiring(now, `"exp":`+past, `"EXP":`+future))
	list.signed("invalid UTF-8 in a claim", "RFC 8259 8.1: UTF-8", goodHeader, payloadText(now, "\"name\":\"\xff\""))
	list.signed("lone surrogate in a claim", "RFC 8259 8.2: no meaning two parsers share", goodHeader, payloadText(now, `"name":"\ud800"`))
	list.signed("data behind the payload's object", "RFC 7519 7.2: one JSON object", goodHeader, good+"{}")

	list.signed("crit names an extension", "RFC 7515 4.1.11: refuse what is not understood", `{"alg":"HS256","typ":"JWT","crit":["x-must"],"x-must":true}`, good)
	list.signed("crit is empty", "RFC 7515 4.1.11: must not be empty", `{"alg":"HS256","typ":"JWT","crit":[]}`, good)
	list.signed("b64 is false", "RFC 7797 7: not in a JWT", `{"alg":"HS256","typ":"JWT","b64":false}`, good)

	list.signed("exp is text", "RFC 7519 4.1.4: a number", goodHeader, payloadExpiring(now, `"exp":"`+future+`"`))
	list.signed("nbf is null", "RFC 7519 4.1.5: a number", goodHeader, payloadText(now, `"nbf":null`))
	if list.err != nil {
		return nil, list.err
	}

	input := segment([]byte(`{"alg":"PS256","typ":"JWT"}`)) + "." + segment([]byte(good))
	digest := sha256.Sum256([]byte(input))
	signature, err := rsa.SignPSS(rand.Reader, salted.Private.(*rsa.PrivateKey), crypto.SHA256, digest[:], &rsa.PSSOptions{SaltLength: 20})
	if err != nil {
		return nil, err
	}
	list.tokens = append(list.tokens, Hostile{"PS256 with a salt of 20 bytes", "RFC 7518 3.5: as long as the hash", salted, input + "." + segment(signature)})
	return list.tokens, nil
}

// hostileList collects tokens under one secret, and the first error.
type hostileList struct {
	secret *Material
	tokens []Hostile
	err    error
}

// signed adds a token of the given header and payload.
func (l *hostileList) signed(name, why, header, payload string) {
	token, err := SignedText(l.secret, header, payload)
	if err != nil && l.err == nil {
		l.err = err
	}
	l.tokens = append(l.tokens, Hostile{name, why, l.secret, token})
}

// respelled adds another spelling of the first token.
func (l *hostileList) respelled(name, why string, spell func(header, payload, signature string) string) {
	segments := strings.Split(l.tokens[0].Token, ".")
	l.tokens = append(l.tokens, Hostile{name, why, l.secret, spell(segments[0], segments[1], segments[2])})
}

func signatureOf(token string) string { return token[strings.LastIndexByte(token, '.')+1:] }

// nextCharacter returns the character that stands for the next value: the last of 43 has two bits that carry nothing.
func nextCharacter(c byte) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	return alphabet[strings.IndexByte(alphabet, c)+1:][:1]
}
