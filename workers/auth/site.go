package auth

import (
	"log/slog"

	"github.com/jeton-dev/jeton/workers/password"
	"github.com/jeton-dev/jeton/workers/store"
)

// site is what both dialects work with: the users, the host, and the settings that do not belong to one of Django's JWT packages.
type site struct {
	config Config
	users  store.Store
	host   Host
	logger *slog.Logger
	// hashers make and check passwords, slowly, by the host.
	hashers *password.Hashers
}
