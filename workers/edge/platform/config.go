// Package platform holds what Cloudflare Workers give to the login service and forbid it, for both builds of it: the reactor of
// workers/edge and the program of workers/syumai.
package platform

import (
	"errors"
	"fmt"

	"github.com/jeton-dev/jeton/core"
	"github.com/jeton-dev/jeton/workers/auth"
)

// MaximumIterations is the largest iteration count that PBKDF2 in WebCrypto is asked for. Cloudflare refuses a larger one, and the local
// runtime does not, so this cap is what makes both behave the same. A larger count is computed in WebAssembly, many times slower.
const MaximumIterations = 100_000

// MemoryLimit is how many bytes one password hash may take unless PASSWORD_MEMORY_LIMIT says otherwise: 64 MiB. Cloudflare ends an
// isolate at 128 MB, of which the module, the JavaScript beside it and the other requests need their part. Django's Argon2 takes 100 MiB.
const MemoryLimit = 64 << 20

// ErrMissingKey says that neither the bindings nor the settings hold a signing key.
var ErrMissingKey = errors.New("the secret JETON_SIGNING_KEY is missing: set it with `wrangler secret put JETON_SIGNING_KEY`")

// Config returns the service's configuration from a Worker's bindings, which lookup returns as text, empty when missing:
//
//   - JETON_SIGNING_KEY: the HMAC secret, or the private key as a JWK. It goes before any key in the settings.
//   - JETON_CONFIG: settings in the form that [auth.ParseConfig] reads.
//   - SECRET_KEY: Django's, used where neither of those gives a key.
//
// PASSWORD_ITERATIONS is [MaximumIterations] unless the settings have it, since hashes made for Workers have no more, and
// PASSWORD_MEMORY_LIMIT is [MemoryLimit]. Errors name the binding or the setting and hold nothing of its value; no key is
// [ErrMissingKey].
func Config(lookup func(name string) string) (auth.Config, error) {
	config := auth.DefaultConfig()
	settings := lookup("JETON_CONFIG")
	if settings != "" {
		var err error
		if config, err = auth.ParseConfig([]byte(settings)); err != nil {
			return auth.Config{}, fmt.Errorf("JETON_CONFIG: %w", err)
		}
	}
	if !holds(settings, "PASSWORD_ITERATIONS") {
		config.PasswordIterations = MaximumIterations
	}
	if !holds(settings, "PASSWORD_MEMORY_LIMIT") {
		config.PasswordMemoryLimit = MemoryLimit
	}
	if key := lookup("JETON_SIGNING_KEY"); key != "" {
		config.SetSigningKey(auth.Secret(key))
	}
	if !config.HasSigningKey() {
		config.SecretKey = auth.Secret(lookup("SECRET_KEY"))
	}
	if !config.HasSigningKey() {
		return auth.Config{}, ErrMissingKey
	}
	return config, nil
}

// holds reports whether settings that are missing or have been parsed before hold one at their top level.
func holds(settings, name string) bool {
	object, err := core.ParseObject([]byte(settings), core.Limits{TokenBytes: 1 << 20, Depth: 8, Members: 1000})
	if err != nil {
		return false
	}
	_, found := object.Get(name)
	return found
}
