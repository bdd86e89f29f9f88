package main

import (
	"io"

	"github.com/jeton-dev/jeton/workers/store"
	"github.com/spf13/cobra"
)

// tableGroups are the tables by the names that --tables takes.
var tableGroups = map[string]store.Tables{"users": store.UserTables, "tokens": store.TokenTables, "blocked-tokens": store.BlockedTokenTables}

func newSchemaCommand() *cobra.Command {
	groups := []string{"users", "tokens"}
	cmd := &cobra.Command{
		Use:   "schema [flags]",
		Short: "Print the SQL that makes the tables",
		Long: `Print the SQL that makes the tables in an SQLite or Cloudflare D1 database, as Django's migrations leave them. Where they exist it changes
nothing. 'jeton serve' makes them by itself; this is for tools that take SQL.`,
		Example: `  jeton schema > schema.sql && npx wrangler d1 execute jeton --remote --file schema.sql`,
		Args:    atMost(0, "no argument"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			var tables store.Tables
			for _, name := range groups {
				group, known := tableGroups[name]
				if !known {
					return usageError("--tables: not a list of users, tokens and blocked-tokens")
				}
				tables |= group
			}
			_, err := io.WriteString(cmd.OutOrStdout(), store.Schema(store.SQLite, tables))
			return err
		},
	}
	cmd.Flags().StringSliceVar(&groups, "tables", groups, "`WHICH`: users, tokens (of simplejwt's blacklist), blocked-tokens (of drf-jwt's)")
	return cmd
}
