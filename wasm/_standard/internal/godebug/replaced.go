// Package godebug says that every setting of GODEBUG has its default, in a build that has no environment.
package godebug

type Setting struct{ name string }

func New(name string) *Setting { return &Setting{name} }

func (s *Setting) Name() string { return s.name }

func (*Setting) Undocumented() bool { return false }

func (s *Setting) String() string { return s.name + "=" }

func (*Setting) IncNonDefault() {}

func (*Setting) Value() string { return "" }
