package corpus

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
)

// keysRecipe says which keys a case is checked with. A string names a key of keys.json: its public JWK, or a secret's only one.
type keysRecipe json.RawMessage

// UnmarshalJSON keeps the JSON as it stands.
func (r *keysRecipe) UnmarshalJSON(data []byte) error {
	*r = bytes.Clone(data)
	return nil
}

// keysObject is the long form of a keysRecipe: one of Set, Key, JWK and Text.
type keysObject struct {
	// Set makes a JWK Set.
	Set *[]keysRecipe `json:"set"`
	// Key names a key of keys.json; Private gives its private JWK.
	Key     string `json:"key"`
	Private bool   `json:"private"`
	// JWK is a JWK as it stands.
	JWK json.RawMessage `json:"jwk"`
	// Change sets members: to a JSON value, to nothing when null, or to what a memberChange describes.
	Change map[string]json.RawMessage `json:"change"`
	// Text is the JSON text itself.
	Text text `json:"text"`
}

// memberChange is a value that a JWK's member is set to. (An object cannot be meant as the value itself: no member holds one.)
type memberChange struct {
	// Base64url is bytes.
	Base64url text `json:"base64url"`
	// Of takes the member of another key, Member the one of that name.
	Of     string `json:"of"`
	Member string `json:"member"`
}

// expand returns the JWK or the JWK Set, and the name of its first key, which signs unless the case says otherwise.
func (r keysRecipe) expand(ring *keyring) (jwk, first string, err error) {
	if len(r) == 0 {
		return "", "", errors.New("a case needs keys")
	}
	object := keysObject{}
	if r[0] == '"' {
		err = json.Unmarshal(r, &object.Key)
	} else {
		err = strictly(r, &object)
	}
	switch {
	case err != nil:
		return "", "", err
	case object.Set != nil:
		return expandSet(ring, *object.Set)
	case object.JWK != nil:
		return string(object.JWK), "", nil
	case object.Text.given():
		expanded, err := object.Text.expand(ring)
		return string(expanded), "", err
	}
	key, err := ring.key(object.Key)
	if err != nil {
		return "", "", err
	}
	members := key.jwk(object.Private)
	for name, value := range object.Change {
		if members, err = members.change(ring, name, value); err != nil {
			return "", "", err
		}
	}
	return string(members.text()), object.Key, nil
}

func expandSet(ring *keyring, recipes []keysRecipe) (set, first string, err error) {
	entries := make([]json.RawMessage, len(recipes))
	for i, recipe := range recipes {
		entry, name, err := recipe.expand(ring)
		if err != nil {
			return "", "", err
		}
		entries[i] = json.RawMessage(entry)
		if first == "" {
			first = name
		}
	}
	text, err := json.Marshal(map[string]any{"keys": entries})
	return string(text), first, err
}

// jwkMembers is a JWK whose members keep their order.
type jwkMembers []jwkMember

type jwkMember struct {
	name  string
	value json.RawMessage
}

func (k *key) jwk(private bool) (members jwkMembers) {
	add := func(name string, value any) {
		quoted, _ := json.Marshal(value) // a string always has a JSON form
		members = append(members, jwkMember{name, quoted})
	}
	number := func(name string, value []byte) { add(name, string(encode(value))) }
	switch {
	case k.secret != nil:
		add("kty", "oct")
		number("k", k.secret)
	case k.rsa != nil:
		add("kty", "RSA")
		number("n", k.rsa.N.Bytes())
		number("e", big.NewInt(int64(k.rsa.E)).Bytes())
		if private {
			number("d", k.rsa.D.Bytes())
			number("p", k.rsa.Primes[0].Bytes())
			number("q", k.rsa.Primes[1].Bytes())
			for _, following := range []string{"dp", "dq", "qi"} {
				number(following, k.fromPrimes(following).Bytes())
			}
		}
	case k.ec != nil:
		size := (k.ec.Params().BitSize + 7) / 8
		point, _ := k.ec.PublicKey.Bytes() // 4, x, y; it was generated on its curve
		scalar, _ := k.ec.Bytes()
		add("kty", "EC")
		add("crv", k.ec.Params().Name)
		number("x", point[1:1+size])
		number("y", point[1+size:])
		if private {
			number("d", scalar)
		}
	default:
		add("kty", "OKP")
		add("crv", "Ed25519")
		number("x", k.ed25519[32:])
		if private {
			number("d", k.ed25519.Seed())
		}
	}
	add("alg", k.algorithm)
	if k.id != "" {
		add("kid", k.id)
	}
	return members
}

// fromPrimes computes one of the members that follow from an RSA key's primes (RFC 7518 section 6.3.2).
func (k *key) fromPrimes(name string) *big.Int {
	one, p, q := big.NewInt(1), k.rsa.Primes[0], k.rsa.Primes[1]
	switch name {
	case "dp":
		return new(big.Int).Mod(k.rsa.D, new(big.Int).Sub(p, one))
	case "dq":
		return new(big.Int).Mod(k.rsa.D, new(big.Int).Sub(q, one))
	default:
		return new(big.Int).ModInverse(q, p)
	}
}

func (m jwkMembers) text() []byte {
	text := []byte{'{'}
	for i, member := range m {
		if i > 0 {
			text = append(text, ',')
		}
		text = append(fmt.Appendf(text, "%q:", member.name), member.value...)
	}
	return append(text, '}')
}

func (m jwkMembers) get(name string) json.RawMessage {
	for _, member := range m {
		if member.name == name {
			return member.value
		}
	}
	return nil
}

// change sets a member, or removes it when value is null.
func (m jwkMembers) change(ring *keyring, name string, value json.RawMessage) (jwkMembers, error) {
	changed := jwkMembers{}
	for _, member := range m {
		if member.name != name {
			changed = append(changed, member)
		}
	}
	if string(value) == "null" {
		if len(changed) == len(m) {
			return nil, fmt.Errorf("there is no member %q to remove", name)
		}
		return changed, nil
	}
	if value[0] == '{' {
		var described memberChange
		if err := strictly(value, &described); err != nil {
			return nil, err
		}
		var err error
		if value, err = described.expand(ring); err != nil {
			return nil, err
		}
	}
	return append(changed, jwkMember{name, value}), nil
}

func (c *memberChange) expand(ring *keyring) (json.RawMessage, error) {
	if c.Base64url.given() {
		data, err := c.Base64url.expand(ring)
		return json.RawMessage(`"` + string(encode(data)) + `"`), err
	}
	key, err := ring.key(c.Of)
	if err != nil {
		return nil, err
	}
	value := key.jwk(true).get(c.Member)
	if value == nil {
		return nil, fmt.Errorf("%s has no member %q", c.Of, c.Member)
	}
	return value, nil
}
