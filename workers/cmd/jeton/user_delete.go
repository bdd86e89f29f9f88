package main

import (
	"errors"
	"fmt"

	"github.com/jeton-dev/jeton/workers/store"
	"github.com/spf13/cobra"
)

func newUserDeleteCommand() *cobra.Command {
	var db database
	cmd := &cobra.Command{
		Use:   "delete NAME [flags]",
		Short: "Delete a user",
		Long: `Delete a user as Django does: memberships of groups, permissions, entries of the admin site's log and drf-jwt's blacklisted tokens go
too, and refresh tokens that were handed out stay and belong to nobody. Where rows of another table refer to the user nothing is deleted.`,
		Args: oneName,
		RunE: func(cmd *cobra.Command, args []string) error {
			return deleteUser(cmd, &db, args[0])
		},
	}
	db.addFlags(cmd)
	return cmd
}

func deleteUser(cmd *cobra.Command, db *database, name string) error {
	users, err := db.openExisting(cmd.Context())
	if err != nil {
		return err
	}
	defer users.Close()
	user, err := findUser(cmd, db, users, name)
	if err != nil {
		return err
	}
	switch err := users.DeleteUser(cmd.Context(), user.ID); {
	case errors.Is(err, store.ErrReferenced):
		return failure("NAME: rows of other tables refer to the user; delete those first, or mark the user as inactive")
	case errors.Is(err, store.ErrNotFound):
		return errNoSuchUser
	case err != nil:
		return failure("--db %s: %w", db, err)
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "deleted user %s with ID %s\n", printable(user.Username), user.ID)
	return err
}

// errNoSuchUser does not quote the name, which may have been a password by mistake.
var errNoSuchUser = failure("NAME: the database has no user of that name")

// findUser returns the user of that name.
func findUser(cmd *cobra.Command, db *database, users store.Store, name string) (store.User, error) {
	user, err := users.UserByUsername(cmd.Context(), name)
	if errors.Is(err, store.ErrNotFound) {
		return store.User{}, errNoSuchUser
	}
	if err != nil {
		return store.User{}, failure("--db %s: %w", db, err)
	}
	return user, nil
}
