// Command edge is the login service as a WebAssembly reactor for Cloudflare Workers: package auth behind a small binary protocol, in
// which JavaScript does all input and output. README.md describes the protocol; shim/ holds the JavaScript half.
//
// The native build of this command does nothing. It exists so that go vet and the tests reach the same code.
package main

func main() {}
