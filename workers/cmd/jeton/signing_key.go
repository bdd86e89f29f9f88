package main

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"log/slog"
	"strings"

	"github.com/jeton-dev/jeton/core"
	"github.com/jeton-dev/jeton/workers/auth"
)

// signingKeyBytes is how much randomness a secret has: as much as the largest hash.
const signingKeyBytes = 64

// keptKeyPath returns where the signing key is kept that nobody configured.
func keptKeyPath(database string) string { return database + ".signing-key" }

// errNoPlaceForKey says that a signing key is needed, and that there is no file beside a server to keep one in.
var errNoPlaceForKey = errors.New("no signing key is configured, and only beside an SQLite file one would be made: set JETON_SIGNING_KEY, or SIGNING_KEY in the settings")

// keepSigningKey returns the signing key kept beside the database, and the file's path. It makes both on first use: for HMAC a secret
// as text, for the other algorithms a JWK.
func keepSigningKey(database string, algorithm core.Algorithm, logger *slog.Logger) (key auth.Secret, path string, err error) {
	path = keptKeyPath(database)
	content, created, err := keepSecretFile(path, func() ([]byte, error) { return newSigningKey(algorithm) })
	if err != nil {
		return "", path, err
	}
	text := strings.TrimSpace(string(content))
	if text == "" {
		return "", path, errors.New("the file is empty; delete it to have a key made")
	}
	if created {
		logger.Info("made a signing key, since none is configured; whoever has it can log in as anyone", "file", path)
	} else {
		logger.Info("using the signing key beside the database, since none is configured", "file", path)
	}
	return auth.Secret(text), path, nil
}

func newSigningKey(algorithm core.Algorithm) ([]byte, error) {
	if algorithm.Symmetric() {
		secret := make([]byte, signingKeyBytes)
		if _, err := rand.Read(secret); err != nil {
			return nil, err
		}
		return []byte(base64.RawURLEncoding.EncodeToString(secret) + "\n"), nil
	}
	key, err := core.GenerateKey(algorithm)
	if err != nil {
		return nil, err
	}
	text, err := key.MarshalJWK()
	return append(text, '\n'), err
}
