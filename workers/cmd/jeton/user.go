package main

import "github.com/spf13/cobra"

func newUserCommand() *cobra.Command {
	return newGroup("user", "Add, list, change, delete and export the users who may log in",
		newUserAddCommand(), newUserListCommand(), newUserPasswordCommand(), newUserDeleteCommand(), newUserExportCommand())
}
