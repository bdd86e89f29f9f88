package auth

import "github.com/jeton-dev/jeton/workers/store"

// Tables returns the groups of tables that a service with these settings needs. Where InstalledApps is nil and the database lacks one
// that is not the users', as a Django site's without the app does, the program sets it to an empty list.
func (c *Config) Tables() store.Tables {
	tables := store.UserTables
	if c.Dialect == SimpleJWT && c.hasApp(simplejwtBlacklistApp) {
		tables |= store.TokenTables
	}
	return tables
}
