package interop

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// list is one file of cases/: what is asked of services that have the same settings. README.md says what its members mean.
type list struct {
	name         string
	About        string               `json:"about"`
	Each         []json.RawMessage    `json:"each"`
	Requirements string               `json:"requirements"`
	Settings     json.RawMessage      `json:"settings"`
	Django       json.RawMessage      `json:"django"`
	Only         string               `json:"only"`
	Program      string               `json:"program"`
	Flags        []string             `json:"flags"`
	Differs      string               `json:"differs"`
	Keys         map[string]string    `json:"keys"`
	Values       map[string][]binding `json:"values"`
	Tokens       map[string]tokenSpec `json:"tokens"`
	Users        []map[string]any     `json:"users"`
	Cases        []json.RawMessage    `json:"cases"`
	expanded     []testCase
}

// binding gives names of $(name) their values.
type binding map[string]json.RawMessage

// testCase is one row of a list: steps that share what they save.
type testCase struct {
	Proves string            `json:"proves"`
	Name   string            `json:"name"`
	Each   []json.RawMessage `json:"each"`
	Steps  []step            `json:"steps"`
	step                     // of a case that has only one
}

// step is a request, a look into the database, a change of it, or an exchange: each target gets what the next one has saved.
type step struct {
	Request   string            `json:"request"`
	Headers   []string          `json:"headers"`
	JSON      json.RawMessage   `json:"json"`
	Form      string            `json:"form"`
	Multipart []part            `json:"multipart"`
	Body      string            `json:"body"`
	Bytes     []byte            `json:"bytes"`
	Chunked   bool              `json:"chunked"`
	Repeat    int               `json:"repeat"`
	Save      map[string]string `json:"save"`
	Rows      string            `json:"rows"`
	Run       string            `json:"run"`
	Exchange  []string          `json:"exchange"`
	Differs   string            `json:"differs"`
	In        string            `json:"in"`
	Only      string            `json:"only"`
	Ours      string            `json:"ours"`
}

// part is one part of a multipart body.
type part struct {
	Name     string `json:"name"`
	Filename string `json:"filename"`
	Value    string `json:"value"`
}

// readLists reads every file of cases/ but the users'.
func readLists(t *testing.T) []*list {
	t.Helper()
	paths, err := filepath.Glob("cases/*.json")
	if err != nil {
		t.Fatal(err)
	}
	var lists []*list
	for _, path := range paths {
		if filepath.Base(path) == "users.json" {
			continue
		}
		read, err := readFile(path)
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		lists = append(lists, read...)
	}
	return lists
}

// readFile reads the list that a file holds, or the lists, when it is one for each of some settings.
func readFile(path string) ([]*list, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var head list
	if err := json.Unmarshal(text, &head); err != nil {
		return nil, err
	}
	rows, err := head.multiply(text, head.Each)
	if err != nil {
		return nil, err
	}
	var lists []*list
	for _, r := range rows {
		l := &list{name: strings.TrimSuffix(filepath.Base(path), ".json") + r.label}
		if err := strictly([]byte(r.text), l); err != nil {
			return nil, err
		}
		for _, row := range l.Cases {
			if err := l.expand(row); err != nil {
				return nil, fmt.Errorf("%w in the case %.300s", err, row)
			}
		}
		lists = append(lists, l)
	}
	return lists, nil
}

// strictly reads JSON that may have no members of other names.
func strictly(text []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	return decoder.Decode(into)
}

// expand adds the cases that a row stands for: one for every combination of the values that it is for each of.
func (l *list) expand(row json.RawMessage) error {
	var head struct {
		Each []json.RawMessage `json:"each"`
	}
	if err := json.Unmarshal(row, &head); err != nil {
		return err
	}
	rows, err := l.multiply(row, head.Each)
	if err != nil {
		return err
	}
	for _, r := range rows {
		var c testCase
		if err := strictly([]byte(r.text), &c); err != nil {
			return err
		}
		if missing := placeholder.FindString(r.text); missing != "" {
			return fmt.Errorf("%s has no value", missing)
		}
		c.Name += r.label
		if c.Name == "" {
			c.Name = c.Request
		}
		if c.Proves == "" {
			return fmt.Errorf("%q does not say what it proves", c.Name)
		}
		if c.Steps == nil {
			c.Steps = []step{c.step}
		}
		l.expanded = append(l.expanded, c)
	}
	return nil
}

// labelled is some JSON with its values in their places, and which values these are.
type labelled struct{ text, label string }

// multiply returns the JSON once for every combination of the values that it is for each of.
func (l *list) multiply(text json.RawMessage, each []json.RawMessage) ([]labelled, error) {
	rows := []labelled{{text: string(text)}}
	for _, raw := range each {
		bindings, err := l.dimension(raw)
		if err != nil {
			return nil, err
		}
		next := rows[:0:0]
		for _, r := range rows {
			for _, b := range bindings {
				next = append(next, labelled{b.replace(r.text), r.label + "/" + b.label()})
			}
		}
		rows = next
	}
	return rows, nil
}

// dimension reads the name of a list of values, such a list itself, or {"name": [value, …]}.
func (l *list) dimension(raw json.RawMessage) ([]binding, error) {
	var name string
	if json.Unmarshal(raw, &name) == nil {
		if l.Values[name] == nil {
			return nil, fmt.Errorf("there are no values %q", name)
		}
		return l.Values[name], nil
	}
	var bindings []binding
	if json.Unmarshal(raw, &bindings) == nil {
		return bindings, nil
	}
	var inline map[string][]json.RawMessage
	if err := json.Unmarshal(raw, &inline); err != nil {
		return nil, err
	}
	for name, values := range inline {
		for _, value := range values {
			bindings = append(bindings, binding{name: value})
		}
	}
	return bindings, nil
}

var placeholder = regexp.MustCompile(`\$\([^)]*\)`)

// replace puts the values in their places: inside text as it is, in the place of a whole text also as another type.
func (b binding) replace(text string) string {
	for name, value := range b {
		text = strings.ReplaceAll(text, `"$(`+name+`)"`, string(value))
		var inside string
		if json.Unmarshal(value, &inside) == nil {
			inside = string(value[1 : len(value)-1])
		} else {
			quoted, _ := json.Marshal(string(value))
			inside = string(quoted[1 : len(quoted)-1])
		}
		text = strings.ReplaceAll(text, `$(`+name+`)`, inside)
	}
	return text
}

// label names a binding: by its member "name", or by the first.
func (b binding) label() string {
	names := slices.Sorted(maps.Keys(b))
	if slices.Contains(names, "name") {
		names[0] = "name"
	}
	return strings.Trim(string(b[names[0]]), `"`)
}
