package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"
)

func newUserExportCommand() *cobra.Command {
	var db database
	var output string
	cmd := &cobra.Command{
		Use:   "export [flags]",
		Short: "Print SQL that brings the users to D1 or SQLite",
		Long: `Print SQL statements that bring the users of a database, a Django site's for one, to Cloudflare D1 or to another SQLite database with
Django's tables ('jeton schema'). Users keep their IDs, so that tokens stay theirs. Tokens that are withdrawn and not expired come along;
no token that is good for anything does. Run again, the statements bring the other database up to date; users who are gone here stay there.

The statements hold password hashes. With --output they are written to a file that only its owner may read.`,
		Example: `  jeton user export --db db.sqlite3 --output users.sql
  npx wrangler d1 execute jeton --remote --file users.sql`,
		Args: atMost(0, "no argument"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if cmd.Flags().Changed("output") {
				return exportUsersTo(cmd, &db, output)
			}
			return exportUsers(cmd, &db, cmd.OutOrStdout())
		},
	}
	db.addFlags(cmd)
	cmd.Flags().StringVar(&output, "output", "", "write a new `FILE` that only its owner may read")
	return cmd
}

// exportUsersTo writes a file that must not be there yet. A failure leaves none.
func exportUsersTo(cmd *cobra.Command, db *database, path string) (err error) {
	if path == "" {
		return usageError("--output: the file name is empty")
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return usageError("--output %s: %w", path, reason(err))
	}
	defer func() {
		if closeErr := file.Close(); err == nil && closeErr != nil {
			err = failure("--output %s: %w", path, reason(closeErr))
		}
		if err != nil {
			os.Remove(path)
		}
	}()
	return exportUsers(cmd, db, file)
}

func exportUsers(cmd *cobra.Command, db *database, out io.Writer) error {
	users, err := db.openReadOnly(cmd.Context())
	if err != nil {
		return err
	}
	defer users.Close()
	buffered := bufio.NewWriter(out)
	err = users.Export(cmd.Context(), time.Now(), func(statement string) error {
		_, err := fmt.Fprintln(buffered, statement)
		return err
	})
	if err = errors.Join(err, buffered.Flush()); err != nil {
		return failure("--db %s: %w", db, err)
	}
	return nil
}
