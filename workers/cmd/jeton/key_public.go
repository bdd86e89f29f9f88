package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

func newKeyPublicCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "public [FILE]",
		Short: "Print the public part of a JWK or JWK Set",
		Long: `Read a JWK or a JWK Set from FILE, or from standard input, and print its public part on one line. An HMAC key is a secret
and has no public part.`,
		Example: `  jeton key public signing.jwk > public.jwk`,
		Args:    atMost(1, "one FILE"),
		RunE:    publishKey,
	}
}

func publishKey(cmd *cobra.Command, args []string) error {
	var keys keyFile
	var err error
	source := "standard input"
	if len(args) == 1 {
		source = "FILE " + args[0]
		keys, err = readKeys("FILE", args[0])
		if err != nil {
			return err
		}
	} else {
		data, err := readAll(cmd.InOrStdin(), maxFile)
		if err != nil {
			return usageError("%s: %w", source, err)
		}
		if keys, err = parseKeys(data); err != nil {
			return usageError("%s: %w", source, err)
		}
	}
	text, err := keys.publicJSON()
	if err != nil {
		return usageError("%s: %w", source, err)
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s\n", text)
	return err
}
