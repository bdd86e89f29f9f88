package corpus

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
)

// defaultNow is the clock of a case that names none: a second in 2026.
const defaultNow = 1_790_000_000

// recipe is one case as it stands in a file.
type recipe struct {
	Name       string          `json:"name"`
	Keys       keysRecipe      `json:"keys"`
	Algorithms []string        `json:"algorithms"`
	Policy     json.RawMessage `json:"policy"`
	Now        *float64        `json:"now"`
	Token      *tokenRecipe    `json:"token"`
	Expect     string          `json:"expect"`
}

// tokenRecipe says how a token is made: header and payload are encoded, their signing input is signed, the signature is changed and
// encoded, the segments are changed, and the template puts them together. Every part but the key has a usual value.
type tokenRecipe struct {
	// Text is the token itself, when there is nothing to make.
	Text    text `json:"text"`
	Header  text `json:"header"`
	Payload text `json:"payload"`
	// Encrypt makes a JWE for that key instead of a signed token.
	Encrypt string `json:"encrypt"`
	// Sign says who signs and how.
	Sign signRecipe `json:"sign"`
	// Signature lists changes to the bytes of the signature, Segments changes to the encoded segments.
	Signature []change `json:"signature"`
	Segments  []change `json:"segments"`
	// Template holds {header}, {payload} and {signature}.
	Template text `json:"template"`
}

func (r *recipe) expand(ring *keyring) (Case, error) {
	if r.Name == "" || r.Expect == "" {
		return Case{}, errors.New("a case needs a name and what it expects")
	}
	keys, first, err := r.Keys.expand(ring)
	if err != nil {
		return Case{}, err
	}
	c := Case{Kind: KindKey, Keys: keys, Algorithms: r.Algorithms, Expect: r.Expect}
	if r.Token == nil {
		return c, nil
	}
	c.Kind, c.Policy, c.Now = KindToken, r.Policy, defaultNow
	if r.Now != nil {
		c.Now = *r.Now
	}
	c.Token, err = r.Token.expand(ring, first)
	return c, err
}

func (r *tokenRecipe) expand(ring *keyring, first string) (string, error) {
	if r.Text.given() {
		token, err := r.Text.expand(ring)
		return string(token), err
	}
	payload, err := r.Payload.or(`{"exp":1790000060}`).expand(ring)
	if err != nil {
		return "", err
	}
	if r.Encrypt != "" {
		return ring.encrypt(r.Encrypt, payload)
	}
	signer, err := r.Sign.signer(ring, first)
	if err != nil {
		return "", err
	}
	header, err := r.Header.or(`{"alg":"` + signer.algorithm + `","typ":"JWT"}`).expand(ring)
	if err != nil {
		return "", err
	}
	segments := map[string][]byte{"header": encode(header), "payload": encode(payload)}
	signature, err := signer.sign(append(append(bytes.Clone(segments["header"]), '.'), segments["payload"]...))
	if err != nil {
		return "", err
	}
	for _, change := range r.Signature {
		if signature, err = change.apply(ring, signature); err != nil {
			return "", err
		}
	}
	segments["signature"] = encode(signature)
	for _, change := range r.Segments {
		if segments[change.Of] == nil {
			return "", fmt.Errorf("there is no segment %q", change.Of)
		}
		if segments[change.Of], err = change.apply(ring, segments[change.Of]); err != nil {
			return "", err
		}
	}
	token, err := r.Template.or("{header}.{payload}.{signature}").expand(ring)
	if err != nil {
		return "", err
	}
	for name, segment := range segments {
		token = bytes.ReplaceAll(token, []byte("{"+name+"}"), segment)
	}
	return string(token), nil
}

// change is one change to the bytes of a signature or to the text of a segment. A change that changes nothing is an error.
type change struct {
	// Of names the segment.
	Of string `json:"of"`
	// Keep cuts to so many bytes.
	Keep *int `json:"keep"`
	// Insert puts text in front of position At, counted from the end when negative: -1 is the end. Overwrite replaces what is there.
	Insert    text `json:"insert"`
	Overwrite text `json:"overwrite"`
	At        int  `json:"at"`
	// Replace takes the place of the whole.
	Replace text `json:"replace"`
	// Respell writes the same bytes in another base64: "standard alphabet", or "unused bits" with one of these set.
	Respell string `json:"respell"`
}

func (c *change) apply(ring *keyring, data []byte) ([]byte, error) {
	changed, err := c.changed(ring, data)
	if err == nil && bytes.Equal(changed, data) {
		err = errors.New("a change changes nothing")
	}
	return changed, err
}

func (c *change) changed(ring *keyring, data []byte) ([]byte, error) {
	at := c.At
	if at < 0 {
		at += len(data) + 1
	}
	if at < 0 || at > len(data) {
		return nil, errors.New("a change is outside what it changes")
	}
	switch {
	case c.Keep != nil:
		if *c.Keep > len(data) {
			return nil, errors.New("there is less than is to be kept")
		}
		return bytes.Clone(data[:*c.Keep]), nil
	case c.Insert.given():
		inserted, err := c.Insert.expand(ring)
		return bytes.Join([][]byte{data[:at], inserted, data[at:]}, nil), err
	case c.Overwrite.given():
		over, err := c.Overwrite.expand(ring)
		if err != nil || at+len(over) > len(data) {
			return nil, errors.Join(err, errors.New("there is less than is to be overwritten"))
		}
		return bytes.Join([][]byte{data[:at], over, data[at+len(over):]}, nil), nil
	case c.Replace.given():
		return c.Replace.expand(ring)
	case c.Respell == "standard alphabet":
		return bytes.ReplaceAll(bytes.ReplaceAll(data, []byte("-"), []byte("+")), []byte("_"), []byte("/")), nil
	case c.Respell == "unused bits":
		return setUnusedBit(data)
	}
	return nil, errors.New("a change says nothing")
}

// setUnusedBit sets the lowest of the bits that the last character of a segment leaves over.
func setUnusedBit(segment []byte) ([]byte, error) {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	if len(segment)%4 == 0 {
		return nil, errors.New("the segment has no unused bits")
	}
	respelt := bytes.Clone(segment)
	last := &respelt[len(respelt)-1]
	*last = alphabet[bytes.IndexByte([]byte(alphabet), *last)|1]
	return respelt, nil
}

func encode(data []byte) []byte {
	return base64.RawURLEncoding.AppendEncode([]byte{}, data)
}
