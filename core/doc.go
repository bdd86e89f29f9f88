// Package core makes and checks JSON Web Tokens (RFC 7519) as compact JSON Web Signatures (RFC 7515), strictly.
//
// Three functions do the whole job once: [Encode], [Decode] and [Verify]. A program that handles more than one token builds a [Signer]
// or a [Verifier] and keeps it; both are immutable and safe for concurrent use.
//
//	key, err := core.NewHMACKey(core.HS256, secret)
//	verifier, err := core.NewVerifier(key, core.Policy{Issuers: []string{"https://issuer.example"}})
//	token, err := verifier.Verify(text)
//
// What was checked and what was not are different types. A [Token] comes only from a verification that succeeded; [Decode] gives an
// [Unverified], whose methods all say so.
//
// A [Key] is bound to one algorithm when it is made, so a token's header can never choose how it is checked. Keys that this module
// cannot hold (a CryptoKey of WebCrypto, a KMS, an HSM) take part through [Verifier.Begin] and [Signer.Begin].
//
// A [Policy] says what else must hold. Its Profile names the kind of token, such as [AccessToken] or [IDToken], so that a genuine token
// of another kind is refused.
//
// Every error is an [*Error] with a stable [Code], the same in every host. No error carries a token, a key or the value of a claim.
//
// The package needs the standard library alone and stays out of net, os, fmt, reflect, encoding/json and crypto/x509, so that it fits a
// browser. PEM files, certificates and key sets behind a URL are the business of core/keys, and claims as a struct that of core/claims.
package core
