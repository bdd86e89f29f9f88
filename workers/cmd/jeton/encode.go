package main

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/jeton-dev/jeton/core"
	"github.com/spf13/cobra"
)

func newEncodeCommand() *cobra.Command {
	var keyPath, tokenType string
	cmd := &cobra.Command{
		Use:   "encode --key FILE [--typ T]",
		Short: "Sign the claims on standard input",
		Long: `Read claims, one JSON object, from standard input, sign them with the private or secret key in FILE (a JWK) and print the
token on one line. Nothing is added to the claims, and white space between them is left out.`,
		Example: `  echo '{"sub":"alice","exp":1795600000}' | jeton encode --key signing.jwk`,
		Args:    atMost(0, "no argument: the claims come from standard input"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return encode(cmd, keyPath, tokenType)
		},
	}
	cmd.Flags().StringVar(&keyPath, "key", "", "the signing key, a JWK `FILE`")
	cmd.Flags().StringVar(&tokenType, "typ", "", `the header's "typ" (default "JWT")`)
	return cmd
}

func encode(cmd *cobra.Command, keyPath, tokenType string) error {
	if !cmd.Flags().Changed("key") {
		return usageError("--key: name the file with the signing key")
	}
	if err := refuseEmpty(cmd, "typ"); err != nil {
		return err
	}
	keys, err := readKeys("--key", keyPath)
	if err != nil {
		return err
	}
	key := keys.single()
	if key == nil {
		return usageError("--key %s: a set of several keys; name a file with one", keyPath)
	}
	if !key.CanSign() {
		return usageError("--key %s: the key cannot sign: it is public, or its key_ops forbid it", keyPath)
	}
	signer, err := core.NewSigner(key, core.SignerOptions{Type: tokenType})
	if err != nil {
		return usageError("--typ: %w", err)
	}
	claims, err := readAll(cmd.InOrStdin(), maxFile)
	if err != nil {
		return usageError("standard input: %w", err)
	}
	var compact bytes.Buffer
	if json.Compact(&compact, claims) == nil { // what is not JSON is refused below, with a better reason
		claims = compact.Bytes()
	}
	token, err := signer.AppendEncode(nil, claims)
	if err != nil {
		return usageError("standard input: %w", err)
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s\n", token)
	return err
}
