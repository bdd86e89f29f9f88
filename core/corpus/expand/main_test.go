package main

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/jeton-dev/jeton/core/corpus"
)

func TestRun(t *testing.T) {
	var printed bytes.Buffer
	if err := run(&printed, true); err != nil {
		t.Fatal(err)
	}
	var document struct{ Cases []corpus.Case }
	decoder := json.NewDecoder(&printed)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&document); err != nil {
		t.Fatal(err)
	}
	kinds := make(map[corpus.Kind]int)
	for _, c := range document.Cases {
		kinds[c.Kind]++
	}
	if kinds[corpus.KindToken] == 0 || kinds[corpus.KindKey] == 0 || kinds[corpus.KindSignature] == 0 {
		t.Errorf("cases by kind: %v", kinds)
	}
}
