package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"github.com/jeton-dev/jeton/workers/store"
	"github.com/jeton-dev/jeton/workers/store/sqlite"
	"github.com/spf13/cobra"
)

func newUserExportCommand() *cobra.Command {
	var database, output string
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
				return exportUsersTo(cmd, database, output)
			}
			return exportUsers(cmd, database, cmd.OutOrStdout())
		},
	}
	addDatabaseFlag(cmd, &database)
	cmd.Flags().StringVar(&output, "output", "", "write a new `FILE` that only its owner may read")
	return cmd
}

// exportUsersTo writes a file that must not be there yet. A failure leaves none.
func exportUsersTo(cmd *cobra.Command, database, path string) (err error) {
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
	return exportUsers(cmd, database, file)
}

func exportUsers(cmd *cobra.Command, database string, out io.Writer) error {
	if err := checkDatabasePath(database); err != nil {
		return err
	}
	users, err := sqlite.OpenReadOnly(cmd.Context(), database, store.UserModel{})
	if errors.Is(err, fs.ErrNotExist) {
		return usageError("--db %s: there is no such file", database)
	}
	if err != nil {
		return usageError("--db %w", err)
	}
	defer users.Close()
	buffered := bufio.NewWriter(out)
	err = users.Export(cmd.Context(), time.Now(), func(statement string) error {
		_, err := fmt.Fprintln(buffered, statement)
		return err
	})
	if err = errors.Join(err, buffered.Flush()); err != nil {
		return failure("--db %s: %w", database, err)
	}
	return nil
}
