package main

import "github.com/spf13/cobra"

func newKeyCommand() *cobra.Command {
	return newGroup("key", "Make keys and publish their public parts", newKeyGenerateCommand(), newKeyPublicCommand())
}
