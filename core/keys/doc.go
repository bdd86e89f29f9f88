// Package keys brings keys in the forms that core leaves out to core, and encryption around core's tokens. It stands on
// github.com/lestrrat-go/jwx/v2; core itself needs the standard library alone.
//
// Keys at hand come from PEM ([ParsePEM]), certificates ([VerifyCertificate]) and JWK Set files ([ReadKeySetFile]). Keys that others
// publish and change come from a [RemoteSet]. A signed token inside an encrypted one is made by an [Encrypter] and opened by a
// [Decrypter], which hands out nothing that it did not also verify.
//
// Every error is a *core.Error with a code from core's table. No error carries a token, a key or anything that a server sent.
package keys
