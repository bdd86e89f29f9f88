package interop

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"time"
)

// variables are what ${name} stands for in the steps of one case at one target.
type variables struct {
	list   *fixture
	now    time.Time // that "@now" means, the same at every target
	saved  map[string]string
	memory *memory
}

var variable = regexp.MustCompile(`\$\{([^}]*)\}`)

// plain replaces the variables in a text.
func (v *variables) plain(text string) (string, error) {
	return v.replace(text, func(value string) string { return value })
}

// json replaces the variables inside the texts of some JSON.
func (v *variables) json(text string) (string, error) {
	return v.replace(text, escaped)
}

func escaped(value string) string {
	encoder := new(strings.Builder)
	json.NewEncoder(encoder).Encode(value)
	text := strings.TrimSuffix(encoder.String(), "\n")
	return text[1 : len(text)-1]
}

func (v *variables) replace(text string, escape func(string) string) (string, error) {
	var failure error
	text = variable.ReplaceAllStringFunc(text, func(found string) string {
		value, err := v.value(found[2 : len(found)-1])
		if err != nil {
			failure = err
		}
		return escape(value)
	})
	return text, failure
}

// value returns a saved value, a value of the list's, a token of the list's that is made for the purpose, or one of these tokens'
// claims ("token.claim") or segments ("token#0").
func (v *variables) value(name string) (string, error) {
	if value, ok := v.saved[name]; ok {
		return value, nil
	}
	if value, ok := v.list.values[name]; ok {
		return value, nil
	}
	if specs := v.list.specs(name); specs != nil {
		token, err := v.forge(specs)
		if err != nil {
			return "", fmt.Errorf("token %q: %w", name, err)
		}
		v.saved[name] = token
		v.memory.remember(token, name)
		return token, nil
	}
	if token, claim, ok := strings.Cut(name, "."); ok {
		text, err := v.value(token)
		if err != nil {
			return "", err
		}
		return claimText(text, claim)
	}
	if token, segment, ok := strings.Cut(name, "#"); ok {
		text, err := v.value(token)
		segments := strings.Split(text, ".")
		if err != nil || len(segment) != 1 || int(segment[0]-'0') >= len(segments) {
			return "", fmt.Errorf("${%s}: %w", name, err)
		}
		return segments[segment[0]-'0'], nil
	}
	return "", fmt.Errorf("${%s} has no value", name)
}

// specs returns the specs that a name with "+" between its parts puts together, or none.
func (l *list) specs(name string) []tokenSpec {
	var specs []tokenSpec
	for part := range strings.SplitSeq(name, "+") {
		spec, ok := l.Tokens[part]
		if !ok {
			return nil
		}
		specs = append(specs, spec)
	}
	return specs
}

// claimText returns a claim of a token as text.
func claimText(token, claim string) (string, error) {
	_, payload, _, ok := splitToken(token)
	if !ok {
		return "", fmt.Errorf("it is no token")
	}
	members, err := readMembers([]byte(payload))
	if err != nil {
		return "", err
	}
	for _, m := range members {
		if m.name == claim {
			var text string
			if json.Unmarshal(m.value, &text) != nil {
				text = string(m.value)
			}
			return text, nil
		}
	}
	return "", fmt.Errorf("the token has no claim %q", claim)
}

// save keeps a member of a body, named by its path with dots, or the value of a cookie, "cookie:NAME".
func (v *variables) save(name, from string, answer *response) error {
	if cookie, ok := strings.CutPrefix(from, "cookie:"); ok {
		for _, field := range answer.header["Set-Cookie"] {
			if value, ok := strings.CutPrefix(field, cookie+"="); ok {
				v.saved[name], _, _ = strings.Cut(value, ";")
				return nil
			}
		}
		return fmt.Errorf("no cookie %q", cookie)
	}
	value := json.RawMessage(answer.body)
	for part := range strings.SplitSeq(from, ".") {
		var object map[string]json.RawMessage
		if err := json.Unmarshal(value, &object); err != nil || object[part] == nil {
			return fmt.Errorf("the body has no %q", from)
		}
		value = object[part]
	}
	var text string
	if json.Unmarshal(value, &text) != nil {
		text = string(value)
	}
	v.saved[name] = text
	return nil
}
