// Package interop holds Jeton against the packages it takes the place of, as they run in a real Django project. It has tests alone:
// see README.md.
package interop
