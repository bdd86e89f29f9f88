package interop

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestReplay sends every request of every list to Django and to Jeton, natively and at the edge, and holds the answers against each
// other.
func TestReplay(t *testing.T) {
	required(t, environmentsVariable)
	documented := readDifferences(t)
	lists := readLists(t)
	used := map[string]bool{}
	for _, l := range lists {
		used[l.Differs] = true
		for _, c := range l.expanded {
			for _, s := range c.Steps {
				used[s.Differs] = true
			}
		}
	}
	documented.check(t, used)
	for _, l := range lists {
		t.Run(l.name, func(t *testing.T) {
			t.Parallel()
			start := time.Now()
			f := newFixture(t, l)
			requests, differences := 0, 0
			for _, c := range l.expanded {
				t.Run(c.Name, func(t *testing.T) {
					r, d := f.replay(t, c)
					requests, differences = requests+r, differences+d
				})
			}
			if l.Differs != "" && f.reordered == 0 {
				t.Errorf("the difference %s is not there", l.Differs)
			}
			fmt.Printf("%-32s %4d requests, %3d deliberate differences, %5.1f s\n", l.name, requests, differences, time.Since(start).Seconds())
			summary.Lock()
			defer summary.Unlock()
			summary.lists, summary.requests, summary.differences = summary.lists+1, summary.requests+requests, summary.differences+differences
		})
	}
}

// replay takes the steps of a case at all targets, each with what it has saved itself.
func (f *fixture) replay(t *testing.T, c testCase) (requests, differences int) {
	start := time.Now()
	state := make([]*variables, len(f.targets))
	for i, at := range f.targets {
		state[i] = &variables{list: f, now: start, saved: map[string]string{}, memory: newMemory(at, f.verified)}
	}
	for number, s := range c.Steps {
		passOn(state, s.Exchange)
		answers := make([]string, len(f.targets))
		failures := make([]error, len(f.targets))
		var group sync.WaitGroup
		for i, at := range f.targets {
			state[i].memory.step = number + 1
			group.Go(func() { answers[i], failures[i] = s.take(at, state[i], start) })
		}
		group.Wait()
		for i, err := range failures {
			if err != nil {
				t.Errorf("%s, at %s: %v\n%s", s.title(), f.targets[i].name, err, answers[i])
			}
		}
		if s.Request != "" {
			requests += max(1, s.Repeat)
		}
		if f.Differs == headerOrder {
			if sortHeaders(answers[0]) != answers[0] {
				f.reordered++
			}
			for i, answer := range answers {
				answers[i] = sortHeaders(answer)
			}
		}
		if s.Differs != "" {
			differences++
		}
		if problem := s.compare(answers[0], answers[1], answers[len(answers)-1]); problem != "" {
			var all strings.Builder
			for i, answer := range answers {
				fmt.Fprintf(&all, "\n--- %s: %s", f.targets[i].name, readable.Replace(answer))
			}
			t.Errorf("%s (%s): %s%s", s.title(), c.Proves, problem, all.String())
		}
	}
	return requests, differences
}

func (s *step) title() string {
	return s.Request + s.Rows + s.Run
}

// passOn gives each target what the next one has saved under the names, with what is known about it.
func passOn(state []*variables, names []string) {
	if names == nil {
		return
	}
	var saved []map[string]string
	for _, v := range state {
		saved = append(saved, maps.Clone(v.saved))
	}
	for i, v := range state {
		next := (i + 1) % len(state)
		for _, name := range names {
			v.saved[name] = saved[next][name]
		}
		v.memory.learn(state[next].memory)
	}
}

// take does the step at one target and returns what came of it, as text that can be compared.
func (s *step) take(at *target, v *variables, since time.Time) (string, error) {
	if s.Request == "" && s.Rows+s.Run == "" {
		return "", nil
	}
	if statement := s.Rows + s.Run; statement != "" {
		statement, err := v.plain(statement)
		if err != nil {
			return "", err
		}
		rows, err := at.query(statement)
		return v.memory.rows(rows, since), err
	}
	received, err := s.send(at, v)
	for i := 1; i < s.Repeat && err == nil; i++ {
		received, err = s.send(at, v)
	}
	if err != nil {
		return "", err
	}
	answer := v.memory.answer(received)
	for name, from := range s.Save {
		if err := v.save(name, from, received); err != nil {
			return answer, err
		}
	}
	return answer, nil
}

// compare says what is wrong with the answers of Django and of Jeton, natively and at the edge, or nothing.
func (s *step) compare(django, native, edge string) string {
	other := native
	switch s.Only {
	case "native":
		if !alike(edge, django) {
			return "Django and edge differ"
		}
	case "edge":
		if !alike(native, django) {
			return "Django and native differ"
		}
		other = edge
	default:
		if !alike(native, edge) {
			return "native and edge differ"
		}
	}
	switch {
	case s.Differs == "":
		if !alike(native, django) {
			return "Django and Jeton differ"
		}
	case s.In != "":
		hisRest, his := cutMember(django, s.In)
		ourRest, our := cutMember(other, s.In)
		if !alike(hisRest, ourRest) {
			return "Django and Jeton differ in more than " + s.In
		}
		if his == our {
			return "the difference " + s.Differs + " is not there"
		}
	case alike(other, django):
		return "the difference " + s.Differs + " is not there"
	case !alike(short(other), s.Ours):
		return fmt.Sprintf("Jeton answers\n%s\nwhich should be\n%s", short(other), s.Ours)
	}
	return ""
}

// headerOrder is the difference that a whole list is marked with whose tokens have their header in another order.
const headerOrder = "header-order"

var tokenHeader = regexp.MustCompile(`<token \d+[a-z]: \{[^}]*\}`)

// sortHeaders puts the members of the headers of tokens in order.
func sortHeaders(answer string) string {
	return tokenHeader.ReplaceAllStringFunc(answer, func(found string) string {
		label, header, _ := strings.Cut(found, ": ")
		members, err := readMembers([]byte(header))
		if err != nil {
			return found
		}
		slices.SortFunc(members, func(a, b member) int { return strings.Compare(a.name, b.name) })
		return label + ": " + writeMembers(members)
	})
}

// short is an answer without its header, or rows.
func short(answer string) string {
	header, body, isAnswer := strings.Cut(answer, "\n\n")
	if !isAnswer {
		return strings.TrimSpace(answer)
	}
	status, _, _ := strings.Cut(header, "\n")
	return status + " " + body
}

// cutMember takes a member's text out of a body, or a header field out of a header.
func cutMember(answer, name string) (rest, value string) {
	if before, after, ok := strings.Cut(answer, "\n"+name+": "); ok {
		value, rest, _ := strings.Cut(after, "\n")
		return before + "\n" + rest, value
	}
	before, after, ok := strings.Cut(answer, `"`+name+`":"`)
	if !ok {
		return answer, ""
	}
	for i := 0; i < len(after); i++ {
		switch after[i] {
		case '\\':
			i++
		case '"':
			return before + after[i:], after[:i]
		}
	}
	return answer, ""
}
