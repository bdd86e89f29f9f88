package main

import (
	"context"
	"log/slog"

	"github.com/jeton-dev/jeton/workers/store"
)

// fitTables switches the blacklist off where the settings say nothing of it and the database has no tables for it, as the one of a Django
// site without the app. Settings that ask for it are refused.
func (s *settings) fitTables(ctx context.Context, users store.Store, db *database, logger *slog.Logger) error {
	has, err := users.HasTables(ctx, s.auth.Tables())
	switch {
	case err != nil:
		return failure("--db %s: %w", db, err)
	case has:
		return nil
	case s.auth.InstalledApps != nil:
		return usageError("%s: INSTALLED_APPS: --db %s has no tables for an app that is listed; the site's 'manage.py migrate' makes them", s.source, db)
	}
	logger.Warn("the database has no tables for blacklisted tokens, as a site without the app: a logout blacklists nothing", "database", db.String())
	s.auth.InstalledApps = []string{}
	return nil
}
