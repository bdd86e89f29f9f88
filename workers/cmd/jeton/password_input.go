package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"
)

// readPassword reads the new password from where the flags say.
func (o *userAddOptions) readPassword(cmd *cobra.Command) (string, error) {
	if !o.passwordStdin {
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
