package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math"
	"unsafe"
)

// A frame is a message across the boundary: fields one after another, without names. Integers are little-endian; bytes and text are a
// uint32 length and that many bytes.

// errFrame says that a frame ends too early, goes on too long, or holds what it must not.
var errFrame = errors.New("edge: the host's message is malformed")

// The tags of a cell of the database: what a value in a frame is.
const (
	cellNull    = 0
	cellInteger = 1 // int64
	cellFloat   = 2 // float64
	cellText    = 3
	cellBytes   = 4
)

func appendUint32(frame []byte, n int) []byte {
	return binary.LittleEndian.AppendUint32(frame, uint32(n))
}

func appendBytes[T []byte | string](frame []byte, field T) []byte {
	return append(appendUint32(frame, len(field)), field...)
}

// appendCell appends an argument of a statement: a string, an int64 or nil.
func appendCell(frame []byte, value any) ([]byte, error) {
	switch v := value.(type) {
	case nil:
		return append(frame, cellNull), nil
	case int64:
		return binary.LittleEndian.AppendUint64(append(frame, cellInteger), uint64(v)), nil
	case string:
		return appendBytes(append(frame, cellText), v), nil
	}
	return nil, errors.New("edge: an argument of a statement is neither text, an int64 nor nil")
}

// frameReader reads the fields of a frame in order. After the first field that is not there it gives zero values, and err says so.
type frameReader struct {
	rest []byte
	err  error
}

// newFrameReader returns a reader of a copy of the frame, which may then be wiped. What is read is parts of the copy, which nobody
// changes: one copy of all costs less than one of each field.
func newFrameReader(frame []byte) *frameReader { return &frameReader{rest: bytes.Clone(frame)} }

// take returns the next n bytes, which belong to the frame.
func (r *frameReader) take(n uint32) []byte {
	if r.err != nil || uint64(n) > uint64(len(r.rest)) {
		r.err = errFrame
		return nil
	}
	taken := r.rest[:n]
	r.rest = r.rest[n:]
	return taken
}

func (r *frameReader) uint8() byte {
	if field := r.take(1); r.err == nil {
		return field[0]
	}
	return 0
}

func (r *frameReader) uint32() uint32 {
	if field := r.take(4); r.err == nil {
		return binary.LittleEndian.Uint32(field)
	}
	return 0
}

func (r *frameReader) uint64() uint64 {
	if field := r.take(8); r.err == nil {
		return binary.LittleEndian.Uint64(field)
	}
	return 0
}

// bytes returns the next field.
func (r *frameReader) bytes() []byte {
	field := r.take(r.uint32())
	return field[:len(field):len(field)]
}

func (r *frameReader) text() string {
	field := r.take(r.uint32())
	return unsafe.String(unsafe.SliceData(field), len(field))
}

// count reads how many items follow, each of which takes at least size bytes: a lie about it must not make room for them.
func (r *frameReader) count(size int) int {
	n := r.uint32()
	if r.err == nil && uint64(n)*uint64(size) > uint64(len(r.rest)) {
		r.err = errFrame
	}
	if r.err != nil {
		return 0
	}
	return int(n)
}

func (r *frameReader) cell() any {
	switch r.uint8() {
	case cellNull:
		return nil
	case cellInteger:
		return int64(r.uint64())
	case cellFloat:
		return math.Float64frombits(r.uint64())
	case cellText:
		return r.text()
	case cellBytes:
		return r.bytes()
	}
	r.err = errFrame
	return nil
}

// end returns the first error, which there also is when the frame goes on.
func (r *frameReader) end() error {
	if r.err == nil && len(r.rest) > 0 {
		r.err = errFrame
	}
	return r.err
}
