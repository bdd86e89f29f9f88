package auth

import "github.com/jeton-dev/jeton/workers/store"

// Tables returns the groups of tables that a service with these settings needs. Where InstalledApps is nil and the database lacks one
// that is not the users', as a Django site's without the app does, the program sets it to an empty list.
func (c *Config) Tables() store.Tables {
	switch {
	case c.Dialect == SimpleJWT && c.hasApp(simplejwtBlacklistApp):
		return store.UserTables | store.TokenTables
	case c.Dialect == DRFJWT && c.hasApp(drfjwtBlacklistApp):
		return store.UserTables | store.BlockedTokenTables
	}
	return store.UserTables
}
