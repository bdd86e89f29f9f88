// Command expand prints the expanded corpus as one JSON document, for hosts that are not Go: {"cases":[…]}, each as package corpus
// describes it. With the folder of a copy of Wycheproof as its argument, it appends that collection's cases.
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/jeton-dev/jeton/core/corpus"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(arguments []string) error {
	cases, err := corpus.Expand()
	if err != nil {
		return err
	}
	if len(arguments) > 0 {
		more, err := corpus.Wycheproof(arguments[0])
		if err != nil {
			return err
		}
		cases = append(cases, more...)
	}
	return json.NewEncoder(os.Stdout).Encode(map[string]any{"cases": cases})
}
