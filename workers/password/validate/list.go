package validate

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"unicode/utf8"
)

// maxList is how long a list may be, in bytes, when it is not compressed.
const maxList = 64 << 20

// List is a set of common passwords, in lower case. It never changes and is safe for concurrent use.
type List struct{ passwords map[string]struct{} }

// NewList returns the list of passwords, which must be in lower case.
func NewList(passwords iter.Seq[string]) *List {
	list := &List{make(map[string]struct{})}
	for password := range passwords {
		list.passwords[password] = struct{}{}
	}
	return list
}

// ReadList reads a list as Django's password_list_path names one: a password on each line, in lower case, in UTF-8, compressed by gzip or
// not. It may be 64 MiB long, not compressed.
func ReadList(file []byte) (*List, error) {
	text := file
	if bytes.HasPrefix(file, []byte{0x1f, 0x8b}) {
		var err error
		if text, err = uncompress(file); err != nil {
			return nil, fmt.Errorf("validate: the list is not whole: %w", err)
		}
	}
	switch {
	case len(text) > maxList:
		return nil, fmt.Errorf("validate: the list is longer than %d bytes", maxList)
	case !utf8.Valid(text):
		return nil, errors.New("validate: the list is not UTF-8")
	}
	return NewList(func(yield func(string) bool) {
		// Lines as Python has them.
		lines := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(string(text))
		for line := range strings.Lines(lines) {
			if !yield(strip(line)) {
				return
			}
		}
	}), nil
}

func uncompress(file []byte) ([]byte, error) {
	reader, err := gzip.NewReader(bytes.NewReader(file))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(reader, maxList+1))
}

// Len returns how many passwords are on the list.
func (l *List) Len() int { return len(l.passwords) }

func (l *List) contains(password string) bool {
	_, found := l.passwords[password]
	return found
}
