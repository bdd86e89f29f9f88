// Package fmt formats nothing: a message is its format. Only the texts of the standard library's own errors and panics pass through it,
// and none leaves the module, whose errors are core's. The interfaces are those that other packages name.
package fmt

import (
	"errors"
	"io"
)

type State interface {
	Write(b []byte) (n int, err error)
	Width() (wid int, ok bool)
	Precision() (prec int, ok bool)
	Flag(c int) bool
}

type Formatter interface{ Format(f State, verb rune) }

type ScanState interface {
	ReadRune() (r rune, size int, err error)
	UnreadRune() error
	SkipSpace()
	Token(skipSpace bool, f func(rune) bool) (token []byte, err error)
	Width() (wid int, ok bool)
	Read(buf []byte) (n int, err error)
}

type Scanner interface {
	Scan(state ScanState, verb rune) error
}

func Errorf(format string, _ ...any) error { return errors.New(format) }

func Sprintf(format string, _ ...any) string { return format }

func Fprint(io.Writer, ...any) (int, error) { return 0, errUnsupported }

func Fprintf(io.Writer, string, ...any) (int, error) { return 0, errUnsupported }

func Sscan(string, ...any) (int, error) { return 0, errUnsupported }

func Fscanf(io.Reader, string, ...any) (int, error) { return 0, errUnsupported }

var errUnsupported = errors.New("fmt: not in this build")
