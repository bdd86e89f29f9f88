package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/jeton-dev/jeton/workers/password"
	"github.com/jeton-dev/jeton/workers/store"
	"github.com/spf13/cobra"
)

// userAddOptions are the flags of user add.
type userAddOptions struct {
	database  database
	password  newPassword
	email     string
	superuser bool
	printSQL  bool
}

func newUserAddCommand() *cobra.Command {
	var options userAddOptions
	cmd := &cobra.Command{
		Use:   "add NAME --password-stdin [flags]",
		Short: "Add a user",
		Long: `Add a user who may log in. NAME follows Django's rule: 1 to 150 characters, each a letter, a digit or one of @ . + - _

The password is read from standard input with --password-stdin: everything up to the end, without a line ending there. Without the
flag it is asked for on the terminal, twice and unseen.

With --print-sql nothing is stored: the SQL statement that adds the user to an SQLite or D1 database is printed instead.`,
		Example: `  jeton user add alice --email alice@example.com --password-stdin < password.txt
  jeton user add alice --password-stdin --iterations 100000 --print-sql < password.txt > alice.sql`,
		Args: oneName,
		RunE: func(cmd *cobra.Command, args []string) error {
			return options.run(cmd, args[0])
		},
	}
	options.database.addFlags(cmd)
	options.password.addFlags(cmd)
	flags := cmd.Flags()
	flags.StringVar(&options.email, "email", "", "the user's `ADDRESS`")
	flags.BoolVar(&options.superuser, "superuser", false, "mark the user as superuser and staff, for Django's admin site")
	flags.BoolVar(&options.printSQL, "print-sql", false, "print an SQL statement for SQLite or D1 instead of using a database")
	return cmd
}

func (o *userAddOptions) run(cmd *cobra.Command, name string) error {
	if err := checkUsername(name); err != nil {
		return usageError("NAME: %w", err)
	}
	email, err := normalizeEmail(o.email)
	if err != nil {
		return usageError("--email: %w", err)
	}
	if err := o.password.check(); err != nil {
		return err
	}
	if o.printSQL && givenAsFlag(cmd, "db") {
		return usageError("--print-sql: it uses no database, and --db names one")
	}
	if err := o.database.check(); err != nil {
		return err
	}
	plain, err := o.password.read(cmd)
	if err != nil {
		return err
	}
	user := store.User{Username: name, Email: email, IsActive: true, IsStaff: o.superuser, IsSuperuser: o.superuser}
	if o.printSQL {
		return printInsert(cmd, user, plain, o.password.iterations)
	}
	users, err := o.database.open(cmd.Context())
	if err != nil {
		return err
	}
	defer users.Close()
	added, err := addUser(cmd.Context(), users, user, plain, o.password.iterations)
	if errors.Is(err, store.ErrExists) {
		return failure("NAME: the database has a user %s already", name)
	}
	if err != nil {
		return failure("--db %s: %w", &o.database, err)
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "added user %s with ID %s\n", added.Username, added.ID)
	return err
}

// addUser hashes the password and stores the user.
func addUser(ctx context.Context, users store.Store, user store.User, plain string, iterations int) (store.User, error) {
	hash, err := hashPassword(ctx, plain, iterations)
	if err != nil {
		return store.User{}, err
	}
	user.Password = hash
	return users.AddUser(ctx, user)
}

func hashPassword(ctx context.Context, plain string, iterations int) (string, error) {
	hashers, err := password.New(password.Options{Iterations: iterations}, password.Native())
	if err != nil {
		return "", err
	}
	return hashers.Make(ctx, plain)
}

// printInsert prints the SQL that adds the user.
func printInsert(cmd *cobra.Command, user store.User, plain string, iterations int) error {
	hash, err := hashPassword(cmd.Context(), plain, iterations)
	if err != nil {
		return failure("the password could not be hashed: %w", err)
	}
	user.Password = hash
	statement, err := store.InsertStatement(user)
	if err != nil {
		return failure("%w", err)
	}
	_, err = fmt.Fprintln(cmd.OutOrStdout(), statement)
	return err
}
