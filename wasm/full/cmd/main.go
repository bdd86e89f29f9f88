// Command cmd builds the full module: "go run ./wasm/full/cmd OUTPUT".
package main

import (
	"fmt"
	"os"

	"github.com/jeton-dev/jeton/wasm/full"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: go run ./wasm/full/cmd OUTPUT")
		os.Exit(2)
	}
	if err := full.Build(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "the full module was not built:", err)
		os.Exit(1)
	}
}
