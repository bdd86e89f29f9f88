// Command wasm is Jeton's WebAssembly module: core's verbs as functions over bytes, for any host with a WASI preview 1 runtime.
//
// It is a reactor: built with -buildmode=c-shared, started by _initialize, and called by the exports that README.md describes. The
// native build of this package does nothing; it exists so that go vet and the tests reach the same code.
package main

func main() {}
