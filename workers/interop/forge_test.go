package interop

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// tokenSpec says how a token is made by hand, or what is changed about one: ${access+expired} is the token "access" with the changes
// "expired".
type tokenSpec struct {
	From      string          `json:"from"`      // a token, such as ${refresh}, whose claims this one begins with
	Set       json.RawMessage `json:"set"`       // claims that are added or replaced
	Remove    []string        `json:"remove"`    // claims that are taken away
	Header    string          `json:"header"`    // instead of {"alg":…,"typ":"JWT"}
	Payload   string          `json:"payload"`   // instead of the claims
	Key       string          `json:"key"`       // the key of the list's that signs; "signing" unless said
	Signature *string         `json:"signature"` // instead of a signature
}

// member is one member of an object, with its value as it is written.
type member struct {
	name  string
	value json.RawMessage
}

// readMembers reads an object in its order. A name may occur twice.
func readMembers(text []byte) ([]member, error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	if open, err := decoder.Token(); err != nil || open != json.Delim('{') {
		return nil, fmt.Errorf("it is no JSON object")
	}
	var members []member
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return nil, err
		}
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			return nil, err
		}
		members = append(members, member{name.(string), value})
	}
	_, err := decoder.Token()
	return members, err
}

func writeMembers(members []member) string {
	var text strings.Builder
	for i, m := range members {
		if i > 0 {
			text.WriteByte(',')
		}
		fmt.Fprintf(&text, `"%s":%s`, escaped(m.name), m.value)
	}
	return "{" + text.String() + "}"
}

// forge makes the token that specs describe, each of them changing what the ones before it say.
func (v *variables) forge(specs []tokenSpec) (string, error) {
	var whole tokenSpec
	var claims []member
	for _, spec := range specs {
		var err error
		if claims, err = v.change(claims, spec); err != nil {
			return "", err
		}
		whole.Header = cmp.Or(spec.Header, whole.Header)
		whole.Payload = cmp.Or(spec.Payload, whole.Payload)
		whole.Key = cmp.Or(spec.Key, whole.Key, "signing")
		whole.Signature = cmp.Or(spec.Signature, whole.Signature)
	}
	key := v.list.keys[whole.Key]
	if key == nil {
		return "", fmt.Errorf("there is no key %q", whole.Key)
	}
	header := cmp.Or(whole.Header, `{"alg":"`+string(key.Algorithm())+`","typ":"JWT"}`)
	payload := relativeTimes(cmp.Or(whole.Payload, writeMembers(claims)), v.now)
	input := encode(header) + "." + encode(payload)
	if whole.Signature != nil {
		return input + "." + *whole.Signature, nil
	}
	signature, err := key.Sign([]byte(input))
	return input + "." + encode(string(signature)), err
}

func encode(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }

func compact(text json.RawMessage) string {
	var buffer bytes.Buffer
	if json.Compact(&buffer, text) != nil {
		return string(text)
	}
	return buffer.String()
}

// change returns claims with what a spec changes about them.
func (v *variables) change(claims []member, spec tokenSpec) ([]member, error) {
	if spec.From != "" {
		token, err := v.plain(spec.From)
		if err != nil {
			return nil, err
		}
		_, payload, _, _ := splitToken(token)
		if claims, err = readMembers([]byte(payload)); err != nil {
			return nil, err
		}
	}
	if spec.Set != nil {
		filled, err := v.json(relativeTimes(compact(spec.Set), v.now))
		if err != nil {
			return nil, err
		}
		changes, err := readMembers([]byte(filled))
		if err != nil {
			return nil, err
		}
		for _, change := range changes {
			if i := slices.IndexFunc(claims, func(m member) bool { return m.name == change.name }); i >= 0 {
				claims[i] = change
			} else {
				claims = append(claims, change)
			}
		}
	}
	return slices.DeleteFunc(claims, func(m member) bool { return slices.Contains(spec.Remove, m.name) }), nil
}

var relativeTime = regexp.MustCompile(`"@now([+-]\d+)?(\.\d+)?"`)

// relativeTimes puts seconds in the place of "@now+60".
func relativeTimes(text string, now time.Time) string {
	return relativeTime.ReplaceAllStringFunc(text, func(found string) string {
		parts := relativeTime.FindStringSubmatch(found)
		offset, _ := strconv.ParseInt(parts[1], 10, 64)
		return strconv.FormatInt(now.Unix()+offset, 10) + parts[2]
	})
}
