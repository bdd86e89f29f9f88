package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// run executes one command line and returns the exit status. An error becomes one line on stderr.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	root := newRootCommand()
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	cmd, err := root.ExecuteC()
	err = nameSources(cmd, err)
	if err != nil && err != error(errRefused) {
		fmt.Fprintln(stderr, "jeton:", strings.Join(strings.Fields(err.Error()), " "))
	}
	return statusOf(err)
}

func newRootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:   "jeton",
		Short: "Serve logins with JSON Web Tokens; make, read and check tokens",
		Long: `Jeton serves the login, refresh and verify endpoints that Django REST front ends call, and makes, reads and checks
JSON Web Tokens on the command line.

Exit status: 0 when all went well, 1 when the answer is no (a token was refused, a name is taken, a port is in use),
2 when a flag, an argument or a file is not usable.`,
		// Otherwise cobra quotes an unknown argument in its error, and that may be a token.
		Args:              cobra.ArbitraryArgs,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error { return applyEnvironment(cmd) },
		RunE:              runRoot,
		SilenceErrors:     true,
		SilenceUsage:      true,
	}
	root.SuggestionsMinimumDistance = 2
	root.SetHelpCommand(newHelpCommand())
	root.CompletionOptions.HiddenDefaultCmd = true
	root.SetFlagErrorFunc(flagError)
	root.AddCommand(
		newServeCommand(),
		newUserCommand(),
		newFlushExpiredCommand(),
		newSchemaCommand(),
		newKeyCommand(),
		newEncodeCommand(),
		newDecodeCommand(),
		newVerifyCommand(),
		newVersionCommand(),
	)
	giveStatus(root)
	return root
}

// newHelpCommand is cobra's but for an unknown command, which is an error and not quoted.
func newHelpCommand() *cobra.Command {
	return &cobra.Command{Use: "help [COMMAND]", Short: "Show the help of a command", RunE: func(cmd *cobra.Command, args []string) error {
		found, rest, err := cmd.Root().Find(args)
		if err != nil || len(rest) > 0 {
			return unknownCommand(cmd.Root(), args)
		}
		found.InitDefaultHelpFlag()
		return found.Help()
	}}
}

// runRoot answers a command line that names no command.
func runRoot(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		cmd.SetOut(cmd.ErrOrStderr())
		if err := cmd.Help(); err != nil {
			return err
		}
		return &exitError{status: statusUsage, err: errors.New("no command given")}
	}
	return unknownCommand(cmd, args)
}

// newGroup returns a command that only holds others.
func newGroup(use, short string, commands ...*cobra.Command) *cobra.Command {
	group := &cobra.Command{Use: use, Short: short, Args: cobra.ArbitraryArgs, RunE: func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return usageError("%s: which command? See '%s --help'", cmd.CommandPath(), cmd.CommandPath())
		}
		return unknownCommand(cmd, args)
	}}
	group.AddCommand(commands...)
	return group
}

func unknownCommand(cmd *cobra.Command, args []string) error {
	hint := ""
	if names := cmd.SuggestionsFor(args[0]); len(names) > 0 {
		hint = "; did you mean " + strings.Join(names, " or ") + "?"
	}
	return usageError("the first argument is not a command of '%s'%s", cmd.CommandPath(), hint)
}

// giveStatus makes every error of a command that has run an exitError, so that what is left are cobra's about the command line.
func giveStatus(cmd *cobra.Command) {
	if inner := cmd.RunE; inner != nil {
		cmd.RunE = func(cmd *cobra.Command, args []string) error {
			err := inner(cmd, args)
			var exit *exitError
			if err != nil && !errors.As(err, &exit) {
				return &exitError{statusRefused, err}
			}
			return err
		}
	}
	for _, child := range cmd.Commands() {
		giveStatus(child)
	}
}

// flagError words the parser's errors anew: with the flag and the reason, without what was given, which may be a secret.
func flagError(cmd *cobra.Command, err error) error {
	var (
		invalid  *pflag.InvalidValueError
		missing  *pflag.ValueRequiredError
		unknown  *pflag.NotExistError
		malforms *pflag.InvalidSyntaxError
	)
	see := fmt.Sprintf("; see '%s --help'", cmd.CommandPath())
	switch {
	case errors.As(err, &invalid):
		return usageError("--%s: not %s", invalid.GetFlag().Name, kindOf(invalid.GetFlag().Value.Type()))
	case errors.As(err, &missing):
		return usageError("--%s: a value is missing", missing.GetFlag().Name)
	case errors.As(err, &unknown) && unknown.GetSpecifiedShortnames() == "":
		return usageError("--%s: there is no such flag%s", unknown.GetSpecifiedName(), see)
	case errors.As(err, &unknown):
		return usageError("-%s: there is no such flag%s", unknown.GetSpecifiedName(), see)
	case errors.As(err, &malforms):
		return usageError("a flag is malformed%s", see)
	case errors.Is(err, pflag.ErrHelp):
		return err
	}
	return usageError("the flags cannot be read%s", see)
}

// kindOf names what a flag of that type takes.
func kindOf(flagType string) string {
	switch flagType {
	case "duration":
		return "a duration such as 30s or 1m30s"
	case "int", "int64":
		return "a whole number"
	case "bool":
		return "true or false"
	}
	return "acceptable"
}

// atMost limits the positional arguments to n, without quoting them. What says which there are, such as "one TOKEN".
func atMost(n int, what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) > n {
			return usageError("'%s' takes %s, not %d arguments", cmd.CommandPath(), what, len(args))
		}
		return nil
	}
}

// refuseEmpty refuses flags that were given an empty value, which a policy would take for "unchecked".
func refuseEmpty(cmd *cobra.Command, names ...string) error {
	for _, name := range names {
		flag := cmd.Flags().Lookup(name)
		if !flag.Changed {
			continue
		}
		values := []string{flag.Value.String()}
		if list, ok := flag.Value.(pflag.SliceValue); ok {
			values = list.GetSlice()
		}
		for _, value := range values {
			if value == "" {
				return usageError("--%s: the value is empty", name)
			}
		}
	}
	return nil
}
