package fips140

import "errors"

// Enabled and debug are constants, so that the compiler leaves out the self-tests.
const (
	Enabled = false
	debug   = false
)

func Supported() error { return errors.New("FIPS 140-3 mode is not supported under WebAssembly") }

func Name() string { return "Go Cryptographic Module" }

func Version() string { return "latest" }
