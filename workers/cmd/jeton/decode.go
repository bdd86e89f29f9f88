package main

import (
	"github.com/jeton-dev/jeton/core"
	"github.com/spf13/cobra"
)

func newDecodeCommand() *cobra.Command {
	var lines bool
	cmd := &cobra.Command{
		Use:   "decode [--lines] [TOKEN]",
		Short: "Show what a token says, unchecked",
		Long: `Print the header and the claims of TOKEN, or of the token on standard input, as JSON.

Nothing is checked but the token's form: "valid" says that it can be read, not that anyone signed it. Use 'jeton verify' before
believing a claim.

` + linesHelp,
		Example: `  jeton decode "$TOKEN"
  jeton decode --lines < tokens.txt`,
		Args: atMost(1, "one TOKEN"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return answerTokens(cmd, args, lines, decode)
		},
	}
	cmd.Flags().BoolVar(&lines, "lines", false, "read one token per line from standard input")
	return cmd
}

func decode(token string) (header, claims []byte, err error) {
	decoded, err := core.Decode(token)
	if err != nil {
		return nil, nil, err
	}
	return decoded.UnverifiedHeader(), decoded.UnverifiedPayload(), nil
}
