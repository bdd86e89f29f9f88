// Package keys brings keys in the forms that core leaves out to core. It stands on github.com/lestrrat-go/jwx/v2; core itself needs the
// standard library alone.
package keys
