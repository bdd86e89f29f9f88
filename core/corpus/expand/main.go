// Command expand prints the expanded corpus as one JSON document, for hosts that are not Go: {"cases":[…]}, each as package corpus
// describes it. With -wycheproof it fetches that collection and appends its cases.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/jeton-dev/jeton/core/corpus"
)

func main() {
	withWycheproof := flag.Bool("wycheproof", false, "append the cases of Wycheproof, fetched through the Go module proxy")
	flag.Parse()
	if err := run(os.Stdout, *withWycheproof); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(output io.Writer, withWycheproof bool) error {
	cases, err := corpus.Expand()
	if err != nil {
		return err
	}
	if withWycheproof {
		directory, err := corpus.FetchWycheproof()
		if err != nil {
			return err
		}
		more, err := corpus.Wycheproof(directory)
		if err != nil {
			return err
		}
		cases = append(cases, more...)
	}
	return json.NewEncoder(output).Encode(map[string]any{"cases": cases})
}
