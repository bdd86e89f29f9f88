package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"text/tabwriter"
	"time"
	"unicode"

	"github.com/jeton-dev/jeton/workers/store"
	"github.com/spf13/cobra"
)

func newUserListCommand() *cobra.Command {
	var db database
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "list [flags]",
		Short: "List the users",
		Long: `Print the users as a table, or with --json as one JSON object per line. Password hashes are not shown. The database is only read:
a missing one is an error.`,
		Args: atMost(0, "no argument"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return listUsers(cmd, &db, asJSON)
		},
	}
	db.addFlags(cmd)
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object per line")
	return cmd
}

func listUsers(cmd *cobra.Command, db *database, asJSON bool) error {
	stored, err := db.openReadOnly(cmd.Context())
	if err != nil {
		return err
	}
	defer stored.Close()
	users, err := stored.Users(cmd.Context())
	if err != nil {
		return failure("--db %s: %w", db, err)
	}
	out := bufio.NewWriter(cmd.OutOrStdout())
	if asJSON {
		err = writeUserLines(out, users)
	} else {
		err = writeUserTable(out, users)
	}
	return errors.Join(err, out.Flush())
}

func writeUserTable(out io.Writer, users []store.User) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "ID\tUSERNAME\tEMAIL\tACTIVE\tSTAFF\tSUPERUSER\tJOINED")
	for _, user := range users {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", user.ID, printable(user.Username), printable(user.Email),
			yesNo(user.IsActive), yesNo(user.IsStaff), yesNo(user.IsSuperuser), user.DateJoined.Format("2006-01-02 15:04:05Z"))
	}
	return table.Flush()
}

// userLine is what --json shows of a user.
type userLine struct {
	ID          string     `json:"id"`
	Username    string     `json:"username"`
	Email       string     `json:"email"`
	FirstName   string     `json:"first_name"`
	LastName    string     `json:"last_name"`
	IsActive    bool       `json:"is_active"`
	IsStaff     bool       `json:"is_staff"`
	IsSuperuser bool       `json:"is_superuser"`
	DateJoined  time.Time  `json:"date_joined"`
	LastLogin   *time.Time `json:"last_login"` // null: never
}

func writeUserLines(out io.Writer, users []store.User) error {
	encoder := json.NewEncoder(out)
	for _, user := range users {
		line := userLine{
			ID: user.ID, Username: user.Username, Email: user.Email, FirstName: user.FirstName, LastName: user.LastName,
			IsActive: user.IsActive, IsStaff: user.IsStaff, IsSuperuser: user.IsSuperuser, DateJoined: user.DateJoined,
		}
		if !user.LastLogin.IsZero() {
			line.LastLogin = &user.LastLogin
		}
		if err := encoder.Encode(line); err != nil {
			return err
		}
	}
	return nil
}

// printable quotes text that could move the cursor or break the table: the database may hold anything.
func printable(text string) string {
	for _, r := range text {
		if !unicode.IsPrint(r) {
			return strconv.QuoteToASCII(text)
		}
	}
	return text
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}
