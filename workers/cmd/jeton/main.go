// Command jeton serves Jeton's login endpoints from one program, keeps their users, and makes, reads and checks tokens and keys on the
// command line. "jeton help" lists the commands.
package main

import (
	"os"
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
