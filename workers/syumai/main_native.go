//go:build !js

package main

import (
	"fmt"
	"os"
)

func main() {
	fmt.Fprintln(os.Stderr, "syumai: this is a Worker, not a server: build it with GOOS=js GOARCH=wasm, or run `jeton serve`")
	os.Exit(2)
}
