package core_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// forbidden are the packages that must stay out of core: each would weigh on every browser that loads it, or let a token reach the
// network, the file system or reflection.
var forbidden = []string{"net", "encoding/json", "reflect", "fmt", "crypto/x509", "os", "log", "io/ioutil", "text/template", "encoding/xml", "encoding/gob", "plugin", "database/sql"}

func TestImports(t *testing.T) {
	checked := 0
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (path == "keys" || path == "claims" || path == "corpus" || path == "peers") {
			return fs.SkipDir // on jwx, on encoding/json, for tests alone, and on other libraries: packages of their own, outside this rule
		}
		if entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		checked++
		for _, spec := range file.Imports {
			name, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			first, _, _ := strings.Cut(name, "/")
			if slices.Contains(forbidden, name) || slices.Contains(forbidden, first) {
				t.Errorf("%s imports %s", path, name)
			}
			if strings.Contains(first, ".") && !strings.HasPrefix(name, "github.com/jeton-dev/jeton/core/internal/") {
				t.Errorf("%s imports %s from outside the standard library", path, name)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if checked < 10 {
		t.Errorf("only %d files were looked at", checked)
	}
}
