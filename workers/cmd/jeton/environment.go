package main

import (
	"os"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// The annotations of flags: the environment variable they may be set by, and the one they were set by.
const (
	environmentKey = "environment"
	sourceKey      = "source"
)

// fileSuffix ends the names of variables that hold a file's name in place of a value, as secrets come in containers.
const fileSuffix = "_FILE"

// bindEnvironment lets a flag that the command line lacks take its value from an environment variable, and says so in the help.
func bindEnvironment(cmd *cobra.Command, flagName, variable string) {
	flag := cmd.Flags().Lookup(flagName)
	flag.Usage += " [$" + variable + "]"
	flag.Annotations = map[string][]string{environmentKey: {variable}}
}

// applyEnvironment gives the flags that are bound and not set the values of their variables.
func applyEnvironment(cmd *cobra.Command) error {
	var failed error
	cmd.Flags().VisitAll(func(flag *pflag.Flag) {
		names := flag.Annotations[environmentKey]
		if len(names) == 0 || flag.Changed || failed != nil {
			return
		}
		value, source, err := fromEnvironment(names[0])
		if err != nil || source == "" {
			failed = err
			return
		}
		if cmd.Flags().Set(flag.Name, value) != nil {
			failed = usageError("%s: not %s", source, kindOf(flag.Value.Type()))
		}
		flag.Annotations[sourceKey] = []string{source}
	})
	return failed
}

// givenAsFlag reports whether the command line itself has the flag.
func givenAsFlag(cmd *cobra.Command, name string) bool {
	flag := cmd.Flags().Lookup(name)
	return flag.Changed && len(flag.Annotations[sourceKey]) == 0
}

// fromEnvironment returns the value of a variable, or the content of the file that the variable with _FILE at its end names, and which
// of the two it was. An empty variable counts as missing, and source is then "".
func fromEnvironment(variable string) (value, source string, err error) {
	value, path := os.Getenv(variable), ""
	if !strings.HasSuffix(variable, fileSuffix) {
		path = os.Getenv(variable + fileSuffix)
	}
	switch {
	case value != "" && path != "":
		return "", "", usageError("%s and %s are both set", variable, variable+fileSuffix)
	case value != "":
		return value, variable, nil
	case path == "":
		return "", "", nil
	}
	content, err := readFile(variable+fileSuffix, path)
	if err != nil {
		return "", "", err
	}
	value = strings.TrimRight(string(content), "\r\n")
	if value == "" {
		return "", "", usageError("%s %s: the file is empty", variable+fileSuffix, path)
	}
	return value, variable + fileSuffix, nil
}

// nameSources puts, in an error that begins with a flag which was set by a variable, the variable's name in place of the flag's.
func nameSources(cmd *cobra.Command, err error) error {
	exit, ok := err.(*exitError)
	if !ok || exit.err == nil {
		return err
	}
	cmd.Flags().VisitAll(func(flag *pflag.Flag) {
		rest, found := strings.CutPrefix(exit.err.Error(), "--"+flag.Name)
		if sources := flag.Annotations[sourceKey]; len(sources) > 0 && found && strings.IndexAny(rest, ": ") == 0 {
			err = &exitError{exit.status, renamedError{sources[0] + rest, exit.err}}
		}
	})
	return err
}

// renamedError is an error in other words.
type renamedError struct {
	text string
	err  error
}

// Error returns the other words.
func (e renamedError) Error() string { return e.text }

// Unwrap returns the error.
func (e renamedError) Unwrap() error { return e.err }
