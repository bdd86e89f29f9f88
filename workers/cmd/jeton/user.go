package main

import "github.com/spf13/cobra"

func newUserCommand() *cobra.Command {
	return newGroup("user", "Add and list the users who may log in", newUserAddCommand(), newUserListCommand())
}
