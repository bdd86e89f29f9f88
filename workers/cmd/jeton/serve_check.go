package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"strings"

	"github.com/jeton-dev/jeton/workers/auth"
	"github.com/jeton-dev/jeton/workers/store"
)

// runCheck does what a start does, but listens nowhere and makes nothing, and says on standard output what a start would use.
func (o *serveOptions) runCheck(ctx context.Context, out io.Writer, front front, logger *slog.Logger) error {
	database, err := checkDatabase(ctx, &o.database, &front.settings, logger)
	if err != nil {
		return err
	}
	key, err := o.checkService(front.settings, logger)
	if err != nil {
		return err
	}
	source := front.settings.source
	if source == "" {
		source = "the defaults"
	}
	fmt.Fprintf(out, "settings: %s\nsigning key: %s, for %s\ndatabase: %s\n", source, key, front.settings.auth.Algorithm(), database)
	if front.certificate != nil {
		fmt.Fprintf(out, "certificate: good until %s\n", front.certificate.current.Load().Leaf.NotAfter.UTC().Format("2006-01-02 15:04 MST"))
	}
	return nil
}

// checkService makes the service without its store, and returns where its signing key comes from.
func (o *serveOptions) checkService(s settings, logger *slog.Logger) (keySource string, err error) {
	config, kept := withNativeParts(s.auth), ""
	if !config.HasSigningKey() {
		if !o.database.isFile() {
			return "", usageError("--db %s: %w", &o.database, errNoPlaceForKey)
		}
		kept = keptKeyPath(o.database.name)
		content, err := readSecretFile(kept)
		if errors.Is(err, fs.ErrNotExist) {
			content, err = newSigningKey(config.Algorithm())
			kept += ", which will be made"
		}
		if err != nil {
			return "", failure("%s: %w", kept, reason(err))
		}
		config.SetSigningKey(auth.Secret(strings.TrimSpace(string(content))))
	}
	if _, err := auth.New(config, store.NewMemory(), auth.NativeHost(), logger); err != nil {
		return "", s.refused(err, kept)
	}
	if kept != "" {
		return kept, nil
	}
	return s.keySource, nil
}

// checkDatabase opens the database as it is, asks it for a user, and fits the settings to its tables.
func checkDatabase(ctx context.Context, db *database, s *settings, logger *slog.Logger) (state string, err error) {
	if db.isMissing() {
		return db.String() + ", which will be made", nil
	}
	users, err := db.openReadOnly(ctx)
	if err != nil {
		return "", err
	}
	defer users.Close()
	if _, err := users.UserByUsername(ctx, ""); err != nil && !errors.Is(err, store.ErrNotFound) {
		return "", failure("--db %s: %w", db, err)
	}
	return db.String(), s.fitTables(ctx, users, db, logger)
}
