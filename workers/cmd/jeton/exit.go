package main

import (
	"errors"
	"fmt"
)

// The exit statuses.
const (
	statusRefused = 1 // the command was understood, and the answer is no
	statusUsage   = 2 // a flag, an argument or a file named by one is not usable
)

// exitError ends the program with a status and, unless err is nil, one line on standard error.
type exitError struct {
	status int
	err    error
}

func (e *exitError) Error() string {
	if e.err == nil {
		return "refused"
	}
	return e.err.Error()
}

func (e *exitError) Unwrap() error { return e.err }

// errRefused ends the program with status 1 after the command itself has said why, on standard output.
var errRefused = &exitError{status: statusRefused}

// usageError says what is wrong with a flag, an argument or a file, naming it. It must not quote a token, a key or a password.
func usageError(format string, args ...any) error {
	return &exitError{statusUsage, fmt.Errorf(format, args...)}
}

// failure says why a well-formed command could not be carried out.
func failure(format string, args ...any) error {
	return &exitError{statusRefused, fmt.Errorf(format, args...)}
}

// statusOf returns the exit status for err. An error without one is cobra's, about the command line.
func statusOf(err error) int {
	var exit *exitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &exit):
		return exit.status
	}
	return statusUsage
}
