package platform

import (
	"cmp"
	"errors"
	"strings"
	"testing"

	"github.com/jeton-dev/jeton/workers/auth"
)

func TestConfig(t *testing.T) {
	for name, test := range map[string]struct {
		bindings   map[string]string
		key        auth.Secret
		iterations int
		memory     int64
	}{
		"signing key":            {map[string]string{"JETON_SIGNING_KEY": "a"}, "a", MaximumIterations, MemoryLimit},
		"secret key":             {map[string]string{"SECRET_KEY": "b"}, "b", MaximumIterations, MemoryLimit},
		"signing key goes first": {map[string]string{"JETON_SIGNING_KEY": "a", "SECRET_KEY": "b", "JETON_CONFIG": `{"SECRET_KEY":"c"}`}, "a", MaximumIterations, MemoryLimit},
		"settings go second":     {map[string]string{"SECRET_KEY": "b", "JETON_CONFIG": `{"SECRET_KEY":"c"}`}, "c", MaximumIterations, MemoryLimit},
		"iterations":             {map[string]string{"SECRET_KEY": "b", "JETON_CONFIG": `{"PASSWORD_ITERATIONS":1200000}`}, "b", 1_200_000, MemoryLimit},
		"memory limit":           {map[string]string{"SECRET_KEY": "b", "JETON_CONFIG": `{"PASSWORD_MEMORY_LIMIT":1000}`}, "b", MaximumIterations, 1000},
	} {
		t.Run(name, func(t *testing.T) {
			config, err := Config(func(name string) string { return test.bindings[name] })
			if err != nil {
				t.Fatal(err)
			}
			if key := cmp.Or(config.SimpleJWT.SigningKey, config.SecretKey); key != test.key || config.PasswordIterations != test.iterations || config.PasswordMemoryLimit != test.memory {
				t.Errorf("another key, or %d iterations, or %d bytes", config.PasswordIterations, config.PasswordMemoryLimit)
			}
		})
	}
}

func TestConfigRefuses(t *testing.T) {
	if _, err := Config(func(string) string { return "" }); !errors.Is(err, ErrMissingKey) {
		t.Errorf("got %v", err)
	}
	_, err := Config(func(name string) string {
		return map[string]string{"JETON_SIGNING_KEY": "a", "JETON_CONFIG": `{"NO_SUCH":"value"}`}[name]
	})
	if err == nil || !strings.Contains(err.Error(), "JETON_CONFIG") || !strings.Contains(err.Error(), "NO_SUCH") || strings.Contains(err.Error(), "value") {
		t.Errorf("got %v", err)
	}
}
