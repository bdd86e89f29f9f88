// Package godebug is how the cryptography learns of GODEBUG=fips140, in a build that has no environment.
package godebug

type Setting struct{}

func New(string) *Setting { return new(Setting) }

func (*Setting) Value() string { return "" }

func Value(string) string { return "" }
