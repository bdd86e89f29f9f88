package main

import (
	"encoding/binary"
	"errors"
	"math"
	"reflect"
	"testing"
)

func TestCells(t *testing.T) {
	frame := []byte{}
	for _, value := range []any{nil, int64(math.MinInt64), int64(math.MaxInt64), "", "zażółć"} {
		var err error
		if frame, err = appendCell(frame, value); err != nil {
			t.Fatal(err)
		}
	}
	frame = binary.LittleEndian.AppendUint64(append(frame, cellFloat), math.Float64bits(-1.5))
	frame = appendBytes(append(frame, cellBytes), []byte{0, 255})
	r := newFrameReader(frame)
	for _, want := range []any{nil, int64(math.MinInt64), int64(math.MaxInt64), "", "zażółć", -1.5, []byte{0, 255}} {
		if got := r.cell(); !reflect.DeepEqual(got, want) {
			t.Errorf("got %#v, want %#v", got, want)
		}
	}
	if err := r.end(); err != nil {
		t.Error(err)
	}
}

func TestArgumentsOfOtherTypes(t *testing.T) {
	for _, value := range []any{1, uint8(1), 1.5, true, []byte("x"), struct{}{}} {
		if _, err := appendCell(nil, value); err == nil {
			t.Errorf("%T was accepted", value)
		}
	}
}

func TestMalformedFrames(t *testing.T) {
	for name, test := range map[string]struct {
		frame []byte
		read  func(r *frameReader)
	}{
		"a byte that is not there":   {nil, func(r *frameReader) { r.uint8() }},
		"a number cut short":         {[]byte{1, 2, 3}, func(r *frameReader) { r.uint32() }},
		"text cut short":             {[]byte{2, 0, 0, 0, 'a'}, func(r *frameReader) { r.text() }},
		"a length beyond int32":      {[]byte{255, 255, 255, 255}, func(r *frameReader) { r.bytes() }},
		"a count of what cannot fit": {[]byte{2, 0, 0, 0, 'a'}, func(r *frameReader) { r.count(1) }},
		"a count that overflows":     {[]byte{255, 255, 255, 255}, func(r *frameReader) { r.count(1 << 30) }},
		"an unknown cell":            {[]byte{5}, func(r *frameReader) { r.cell() }},
		"more than was read":         {[]byte{1, 2}, func(r *frameReader) { r.uint8() }},
	} {
		t.Run(name, func(t *testing.T) {
			r := newFrameReader(test.frame)
			test.read(r)
			if err := r.end(); !errors.Is(err, errFrame) {
				t.Errorf("got %v, want errFrame", err)
			}
		})
	}
}

// FuzzFrames feeds the readers of what the host sends with anything at all.
func FuzzFrames(f *testing.F) {
	f.Add([]byte{})
	f.Add(rowsAnswer([][]any{{"1", int64(1), nil, 1.5, []byte("x")}}))
	f.Add(requestFrame("POST", "/api/token/", "{}"))
	f.Fuzz(func(t *testing.T, frame []byte) {
		if request, err := readRequest(frame); err == nil && request.Header == nil {
			t.Error("a request without headers was accepted")
		}
		if answer, err := readAnswer(frame); err == nil {
			rows := readRows(answer)
			if len(rows) > len(frame) {
				t.Error("more rows than bytes")
			}
		}
	})
}
