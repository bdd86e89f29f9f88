package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/jeton-dev/jeton/workers/password"
	"github.com/spf13/cobra"
)

// newPassword are the flags of commands that take a new password.
type newPassword struct {
	stdin      bool
	iterations int
}

func (p *newPassword) addFlags(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&p.stdin, "password-stdin", false, "read the password from standard input")
	cmd.Flags().IntVar(&p.iterations, "iterations", password.DefaultIterations, "the iterations of PBKDF2 for the password's hash")
}

func (p *newPassword) check() error {
	if p.iterations < 1 || p.iterations > password.MaxIterations {
		return usageError("--iterations: not between 1 and %d", password.MaxIterations)
	}
	return nil
}

// oneName takes one positional argument, the user's name.
func oneName(cmd *cobra.Command, args []string) error {
	if len(args) != 1 {
		return usageError("'%s' takes one NAME, not %d arguments; a password is read from standard input", cmd.CommandPath(), len(args))
	}
	return nil
}

// read reads the new password from where the flags say.
func (p *newPassword) read(cmd *cobra.Command) (string, error) {
	if !p.stdin {
		plain, err := askPassword(cmd)
		if err != nil {
			return "", usageError("--password-stdin: %w", err)
		}
		if err := checkPassword(plain); err != nil {
			return "", usageError("the password %w", err)
		}
		return plain, nil
	}
	plain, err := readPasswordFrom(cmd.InOrStdin())
	if err == nil {
		err = checkPassword(plain)
	}
	if err != nil {
		return "", usageError("--password-stdin: the password %w", err)
	}
	return plain, nil
}

func readPasswordFrom(in io.Reader) (string, error) {
	data, err := io.ReadAll(io.LimitReader(in, maxPassword+3))
	if err != nil {
		return "", fmt.Errorf("cannot be read: %w", err)
	}
	return trimLineEnding(string(data)), nil
}

// errNoTerminal asks for the flag that makes the command work without a terminal.
var errNoTerminal = errors.New("standard input is not a terminal that can hide a password; give this flag and the password on standard input")

// askPassword asks for a new password on the terminal, twice and unseen.
func askPassword(cmd *cobra.Command) (string, error) {
	input, ok := cmd.InOrStdin().(*os.File)
	if !ok {
		return "", errNoTerminal
	}
	restore, err := hideInput(input)
	if err != nil {
		return "", errNoTerminal
	}
	defer restore()
	lines := bufio.NewScanner(input)
	ask := func(prompt string) string {
		fmt.Fprint(cmd.ErrOrStderr(), prompt)
		lines.Scan()
		fmt.Fprintln(cmd.ErrOrStderr())
		return lines.Text()
	}
	first := ask("Password: ")
	if lines.Err() == nil && first != "" && ask("Password again: ") != first {
		return "", errors.New("the two passwords differ")
	}
	return first, lines.Err()
}
