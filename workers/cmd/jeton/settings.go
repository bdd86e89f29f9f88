package main

import (
	"errors"
	"slices"

	"github.com/jeton-dev/jeton/workers/auth"
	"github.com/spf13/cobra"
)

// settings are what a site's settings module holds of concern here.
type settings struct {
	auth auth.Config
	// source names where the settings came from, and keySource where their signing key did, for errors.
	source, keySource string
}

// readSettings reads the settings of --config or of the environment, and the signing key of the environment. A key in
// JETON_SIGNING_KEY goes before one in the settings; SECRET_KEY counts where there is no other, as in a Worker's bindings.
func readSettings(cmd *cobra.Command, path string) (settings, error) {
	s := settings{auth: auth.DefaultConfig()}
	text, err := s.locate(cmd, path)
	if err != nil {
		return settings{}, err
	}
	if s.source != "" {
		if s.auth, err = auth.ParseConfig(text); err != nil {
			return settings{}, usageError("%s: %w", s.source, err)
		}
		s.keySource = s.source
	}
	return s, s.readKeys()
}

// readKeys takes the signing key of the environment.
func (s *settings) readKeys() error {
	key, source, err := fromEnvironment("JETON_SIGNING_KEY")
	if err != nil {
		return err
	}
	if source != "" {
		s.auth.SetSigningKey(auth.Secret(key))
		s.keySource = source
	}
	if s.auth.HasSigningKey() {
		return nil
	}
	key, source, err = fromEnvironment("SECRET_KEY")
	if source != "" {
		s.auth.SecretKey, s.keySource = auth.Secret(key), source
	}
	return err
}

// locate returns the text of the settings and sets s.source, which stays empty when there are none.
func (s *settings) locate(cmd *cobra.Command, path string) (text []byte, err error) {
	if cmd.Flags().Changed("config") {
		s.source = "--config " + path
		return readFile("--config", path)
	}
	inline, source, err := fromEnvironment("JETON_CONFIG")
	s.source = source
	return []byte(inline), err
}

// keySettings are the settings that package auth complains about when the signing key is not good.
var keySettings = []string{"SIGNING_KEY", "SECRET_KEY", "JWT_SECRET_KEY", "JWT_PRIVATE_KEY"}

// refused names the setting that package auth refused, and where it came from. Kept is the file of a key that is not configured.
func (s *settings) refused(err error, kept string) error {
	var setting *auth.SettingError
	aboutKey := errors.As(err, &setting) && slices.Contains(keySettings, setting.Name)
	switch {
	case aboutKey && kept != "":
		return failure("%s: it is not a signing key for %s (%s); delete it to have one made", kept, s.auth.Algorithm(), setting.Problem)
	case aboutKey && s.keySource != s.source:
		return usageError("%s: %s", s.keySource, setting.Problem)
	}
	return usageError("%s: %w", s.source, err)
}
