package main

import (
	"fmt"
	"strings"

	"github.com/jeton-dev/jeton/core"
	"github.com/spf13/cobra"
)

func newKeyGenerateCommand() *cobra.Command {
	var algorithm, id string
	cmd := &cobra.Command{
		Use:   "generate --alg ALG [--kid K]",
		Short: "Print a new private or secret key as a JWK",
		Long: `Make a new key for one algorithm and print it as a JWK (RFC 7517) on one line. The output is the private or secret key:
keep it in a file that only its owner may read.

Algorithms: ` + algorithmNames() + ".",
		Example: `  (umask 077; jeton key generate --alg ES256 --kid 2026-11 > signing.jwk)`,
		Args:    atMost(0, "no argument"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return generateKey(cmd, algorithm, id)
		},
	}
	cmd.Flags().StringVar(&algorithm, "alg", "", "the algorithm the key is for")
	cmd.Flags().StringVar(&id, "kid", "", "the key's ID, which its tokens then name")
	return cmd
}

func generateKey(cmd *cobra.Command, name, id string) error {
	if name == "" {
		return usageError("--alg: name the algorithm: %s", algorithmNames())
	}
	if err := refuseEmpty(cmd, "kid"); err != nil {
		return err
	}
	algorithm, err := core.ParseAlgorithm(name)
	if err != nil {
		return usageError("--alg: not one of %s", algorithmNames())
	}
	key, err := core.GenerateKey(algorithm)
	if err != nil {
		return failure("the key could not be made: %w", err)
	}
	if id != "" {
		if key, err = key.WithID(id); err != nil {
			return usageError("--kid: %w", err)
		}
	}
	text, err := key.MarshalJWK()
	if err != nil {
		return failure("the key could not be written: %w", err)
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s\n", text)
	return err
}

func algorithmNames() string {
	var names []string
	for _, algorithm := range core.Algorithms() {
		names = append(names, string(algorithm))
	}
	return strings.Join(names, ", ")
}
