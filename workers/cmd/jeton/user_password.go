package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

func newUserPasswordCommand() *cobra.Command {
	var db database
	var given newPassword
	cmd := &cobra.Command{
		Use:   "password NAME --password-stdin [flags]",
		Short: "Give a user a new password",
		Long: `Give a user a new password. It is read as by 'jeton user add'. Where the settings have CHECK_REVOKE_TOKEN the user's tokens are of no use
afterwards.`,
		Example: `  jeton user password alice --password-stdin < password.txt`,
		Args:    oneName,
		RunE: func(cmd *cobra.Command, args []string) error {
			return changePassword(cmd, &db, &given, args[0])
		},
	}
	db.addFlags(cmd)
	given.addFlags(cmd)
	return cmd
}

func changePassword(cmd *cobra.Command, db *database, given *newPassword, name string) error {
	if err := given.check(); err != nil {
		return err
	}
	users, err := db.openExisting(cmd.Context())
	if err != nil {
		return err
	}
	defer users.Close()
	user, err := findUser(cmd, db, users, name)
	if err != nil {
		return err
	}
	plain, err := given.read(cmd)
	if err != nil {
		return err
	}
	hash, err := hashPassword(cmd.Context(), plain, given.iterations)
	if err != nil {
		return failure("the password could not be hashed: %w", err)
	}
	changed, err := users.SetPassword(cmd.Context(), user.ID, user.Password, hash)
	if err != nil {
		return failure("--db %s: %w", db, err)
	}
	if !changed {
		return failure("NAME: somebody else has changed the password meanwhile; nothing was changed here")
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "changed the password of user %s\n", printable(user.Username))
	return err
}
