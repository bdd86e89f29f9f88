package main

import (
	"context"
	"fmt"
	"time"

	"github.com/jeton-dev/jeton/workers/store"
	"github.com/spf13/cobra"
)

func newFlushExpiredCommand() *cobra.Command {
	var db database
	cmd := &cobra.Command{
		Use:   "flushexpired [flags]",
		Short: "Remove expired tokens from the database",
		Long: `Remove what the database remembers of tokens that have expired, blacklisted or not, as Django's flushexpiredtokens and drf-jwt's
delete_stale_tokens do, and print how many they were. Run it daily; the service may run meanwhile.`,
		Example: `  jeton flushexpired --db site.sqlite3`,
		Args:    atMost(0, "no argument"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return flushExpired(cmd, &db)
		},
	}
	db.addFlags(cmd)
	return cmd
}

func flushExpired(cmd *cobra.Command, db *database) error {
	stored, err := db.openExisting(cmd.Context())
	if err != nil {
		return err
	}
	defer stored.Close()
	now, done := time.Now(), false
	for _, group := range []struct {
		tables store.Tables
		flush  func(ctx context.Context, now time.Time) (int64, error)
		what   string
	}{
		{store.TokenTables, stored.FlushExpiredTokens, "expired tokens"},
		{store.BlockedTokenTables, stored.DeleteStaleBlockedTokens, "stale blacklisted tokens of drf-jwt"},
	} {
		has, err := stored.HasTables(cmd.Context(), group.tables)
		if err != nil {
			return failure("--db %s: %w", db, err)
		}
		if !has {
			continue
		}
		removed, err := group.flush(cmd.Context(), now)
		if err != nil {
			return failure("--db %s: after %d %s: %w", db, removed, group.what, err)
		}
		if _, err := fmt.Fprintf(cmd.OutOrStdout(), "removed %d %s\n", removed, group.what); err != nil {
			return err
		}
		done = true
	}
	if !done {
		return failure("--db %s: it has no tables for tokens", db)
	}
	return nil
}
