// Package fips140only says what is refused in a program that has asked for nothing but approved cryptography: this one has not.
package fips140only

import (
	"hash"
	"io"
)

func Enforced() bool { return false }

func ApprovedHash(hash.Hash) bool { return true }

func ApprovedRandomReader(io.Reader) bool { return true }
