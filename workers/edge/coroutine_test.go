package main

import (
	"slices"
	"strings"
	"testing"
)

func TestCoroutinesAreUsedAgain(t *testing.T) {
	spare = nil
	m, _ := newReactor(asking)
	var ids []int32
	for range keptCoroutines + 5 { // all on their way at once
		ids = append(ids, readMessage(t, m, m.start(put(m, requestFrame("POST", "/", "x")))).id)
	}
	for _, id := range ids {
		if got := readMessage(t, m, m.step(id, put(m, appendBytes([]byte{0}, "a")))); got.status != 200 || got.body != "a" {
			t.Errorf("got %+v", got)
		}
	}
	if len(spare) != keptCoroutines {
		t.Errorf("%d coroutines are kept", len(spare))
	}
	kept := slices.Clone(spare)
	for range 3 {
		if got := readMessage(t, m, m.start(put(m, requestFrame("POST", "/", "")))); got.status != 200 {
			t.Errorf("got %+v", got)
		}
	}
	if !slices.Equal(spare, kept) {
		t.Error("a request without operations took a coroutine of its own")
	}
	// A cancelled task takes its coroutine with it.
	task := readMessage(t, m, m.start(put(m, requestFrame("POST", "/", "x"))))
	if m.cancel(task.id); len(spare) != keptCoroutines-1 {
		t.Errorf("%d coroutines are kept", len(spare))
	}
}

func TestFields(t *testing.T) {
	var m reactor
	if result := m.answerFields(); result >= 0 || string(m.output) != refusedUnconfigured {
		t.Errorf("got %d, %q", result, m.output)
	}
	frame := appendBytes(appendBytes(appendBytes(nil, strings.Repeat("k", 32)), ""), "")
	if result := m.configure(put(&m, frame)); result != 0 {
		t.Fatalf("refused: %s", m.output)
	}
	if result := m.answerFields(); int(result) != len(m.output) {
		t.Errorf("got %d of %d", result, len(m.output))
	}
	r := newFrameReader(m.output)
	var names []string
	for range r.count(4) {
		names = append(names, r.text())
	}
	if want := []string{"Accept", "Authorization", "Content-Type"}; !slices.Equal(names, want) || r.end() != nil {
		t.Errorf("got %q", names)
	}
}
