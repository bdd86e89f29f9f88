package auth

import (
	"encoding/hex"
	"log/slog"

	"github.com/jeton-dev/jeton/workers/password"
	"github.com/jeton-dev/jeton/workers/password/validate"
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
	// throttling counts, under keys that are hashed with throttleSecret.
	throttling     Throttle
	throttleSecret []byte
	// validators judge new passwords.
	validators []validate.Validator
}

// newUUID returns the hex digits of a random UUID (RFC 9562 section 5.4).
func (s *site) newUUID() (string, error) {
	var id [16]byte
	if err := s.host.Random(id[:]); err != nil {
		return "", err
	}
	id[6] = id[6]&0x0F | 0x40
	id[8] = id[8]&0x3F | 0x80
	return hex.EncodeToString(id[:]), nil
}
