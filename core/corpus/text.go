package corpus

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
)

// text is text or bytes in a recipe. A JSON object stands for its own text, exactly as written; a string for what it says; an array for
// the pieces it lists, one after another: strings, or the objects that piece describes.
type text json.RawMessage

// UnmarshalJSON keeps the JSON as it stands.
func (t *text) UnmarshalJSON(data []byte) error {
	*t = bytes.Clone(data)
	return nil
}

func (t text) given() bool { return len(t) > 0 }

// or returns the text, or one that says usual when it is not given.
func (t text) or(usual string) text {
	if t.given() {
		return t
	}
	quoted, _ := json.Marshal(usual) // a string always has a JSON form
	return quoted
}

// piece is one part of a text that cannot stand there as it is.
type piece struct {
	// Hex is bytes.
	Hex *string `json:"hex"`
	// Repeat is text to repeat Times times; {n} in it becomes the number of the repetition, from 0.
	Repeat *string `json:"repeat"`
	Times  int     `json:"times"`
	// PublicKey is the public JWK of a key, Certificate the base64 of a certificate that the key signed for itself.
	PublicKey   *string `json:"publicKey"`
	Certificate *string `json:"certificate"`
}

func (t text) expand(ring *keyring) ([]byte, error) {
	switch t[0] {
	case '{':
		return t, nil
	case '"':
		var plain string
		err := json.Unmarshal(t, &plain)
		return []byte(plain), err
	case '[':
		return t.expandPieces(ring)
	}
	return nil, fmt.Errorf("%s is no text", t)
}

func (t text) expandPieces(ring *keyring) ([]byte, error) {
	var pieces []json.RawMessage
	if err := json.Unmarshal(t, &pieces); err != nil {
		return nil, err
	}
	var joined []byte
	for _, raw := range pieces {
		expanded, err := expandPiece(ring, raw)
		if err != nil {
			return nil, err
		}
		joined = append(joined, expanded...)
	}
	return joined, nil
}

func expandPiece(ring *keyring, raw json.RawMessage) ([]byte, error) {
	if raw[0] == '"' {
		return text(raw).expand(ring)
	}
	var p piece
	if err := strictly(raw, &p); err != nil {
		return nil, err
	}
	switch {
	case p.Hex != nil:
		return hex.DecodeString(*p.Hex)
	case p.Repeat != nil:
		var repeated []byte
		for i := range p.Times {
			repeated = append(repeated, bytes.ReplaceAll([]byte(*p.Repeat), []byte("{n}"), strconv.AppendInt(nil, int64(i), 10))...)
		}
		return repeated, nil
	case p.PublicKey != nil:
		key, err := ring.key(*p.PublicKey)
		if err != nil {
			return nil, err
		}
		return key.jwk(false).text(), nil
	case p.Certificate != nil:
		return ring.certificate(*p.Certificate)
	}
	return nil, errors.New("a piece of text says nothing")
}

// strictly reads JSON and refuses members that it has no place for: a misspelt one would make a case that tests something else.
func strictly(data []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	return decoder.Decode(into)
}

func readFile(name string, into any) error {
	data, err := files.ReadFile(name)
	if err != nil {
		return err
	}
	if err := strictly(data, into); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}
