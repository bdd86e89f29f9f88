//go:build !linux && !darwin

package main

import (
	"errors"
	"os"
)

// hideInput is not available here; the password is then taken from standard input with --password-stdin.
func hideInput(*os.File) (restore func(), err error) {
	return nil, errors.New("this program cannot hide input on this system")
}
