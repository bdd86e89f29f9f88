package auth_test

import (
	"go/build"
	"slices"
	"strings"
	"testing"
)

// TestImports keeps out what the edge build cannot use: the service does no input or output of its own.
func TestImports(t *testing.T) {
	for _, folder := range []string{".", "internal/pythonjson", "internal/rest", "internal/username"} {
		pkg, err := build.ImportDir(folder, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range pkg.Imports {
			switch {
			case path == "net/netip": // the arithmetic of addresses alone
				continue
			case folder == "internal/username" && path == "golang.org/x/text/unicode/norm": // tables
				continue
			}
			if slices.Contains([]string{"net", "os"}, path) || strings.HasPrefix(path, "net/") || strings.HasPrefix(path, "os/") ||
				strings.HasPrefix(path, "database/") || strings.HasPrefix(path, "github.com/jeton-dev/jeton/core/keys") || strings.Contains(path, "sqlite") {
				t.Errorf("%s imports %s", folder, path)
			}
			if strings.Contains(path, ".") && !strings.HasPrefix(path, "github.com/jeton-dev/jeton/") {
				t.Errorf("%s imports %s: no third-party library is for the token path", folder, path)
			}
		}
	}
}
