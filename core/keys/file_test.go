package keys_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/jeton-dev/jeton/core"
	"github.com/jeton-dev/jeton/core/keys"
)

// named makes a key with an ID.
func named(t testing.TB, algorithm core.Algorithm, id string) *core.Key {
	t.Helper()
	key, err := core.GenerateKey(algorithm)
	if err != nil {
		t.Fatal(err)
	}
	if key, err = key.WithID(id); err != nil {
		t.Fatal(err)
	}
	return key
}

// jwkText returns the key as JSON, private part included.
func jwkText(t testing.TB, key *core.Key) string {
	t.Helper()
	text, err := key.MarshalJWK()
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// published returns the public parts of the keys as a JWK Set.
func published(t testing.TB, list ...*core.Key) string {
	t.Helper()
	set, err := core.NewKeySet(list...)
	if err != nil {
		t.Fatal(err)
	}
	public, err := set.Public()
	if err != nil {
		t.Fatal(err)
	}
	text, err := public.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func setOf(entries ...string) string { return `{"keys":[` + strings.Join(entries, ",") + `]}` }

func TestReadKeySet(t *testing.T) {
	ec, ed := named(t, core.ES256, "ec"), named(t, core.EdDSA, "ed")
	secret := named(t, core.HS256, "secret")
	public, err := ed.Public()
	if err != nil {
		t.Fatal(err)
	}
	set := published(t, ec, ed)
	files := fstest.MapFS{}
	folder := t.TempDir()
	for _, test := range []struct {
		name     string
		text     string
		accepted []core.Algorithm
		count    int
		want     core.Code
	}{
		{"public", set, nil, 2, ""},
		{"private", setOf(jwkText(t, ec), jwkText(t, ed)), nil, 2, ""},
		{"narrowed", set, []core.Algorithm{core.EdDSA}, 1, ""},
		{"exactly 1 MiB", set + strings.Repeat(" ", 1<<20-len(set)), nil, 2, ""},
		{"1 MiB and a byte", set + strings.Repeat(" ", 1<<20-len(set)+1), nil, 0, core.KeySetMalformed},
		{"one key ID twice", setOf(jwkText(t, ec), jwkText(t, ec)), nil, 0, core.KeyDuplicate},
		{"private among public", setOf(jwkText(t, ec), jwkText(t, public)), nil, 0, core.KeySetMalformed},
		{"secret among public", setOf(jwkText(t, secret), jwkText(t, public)), nil, 0, core.KeySetMalformed},
		{"empty", "", nil, 0, core.KeySetMalformed},
		{"no keys", `{"keys":[]}`, nil, 0, core.KeySetMalformed},
		{"none accepted", set, []core.Algorithm{core.RS256}, 0, core.KeyUnusable},
		{"1,001 keys", setOf(strings.Split(strings.Repeat("{},", 1000)+"{}", ",")...), nil, 0, core.KeySetMalformed},
	} {
		t.Run(test.name, func(t *testing.T) {
			files["set.json"] = &fstest.MapFile{Data: []byte(test.text)}
			path := filepath.Join(folder, "set.json")
			if err := os.WriteFile(path, []byte(test.text), 0o600); err != nil {
				t.Fatal(err)
			}
			fromFS, err := keys.ReadKeySet(files, "set.json", test.accepted...)
			fromFile, fileErr := keys.ReadKeySetFile(path, test.accepted...)
			if test.want != "" {
				wantCode(t, err, test.want)
				wantCode(t, fileErr, test.want)
				return
			}
			if err != nil || fileErr != nil {
				t.Fatal(err, fileErr)
			}
			if len(fromFS.Keys()) != test.count || len(fromFile.Keys()) != test.count {
				t.Errorf("%d and %d keys, want %d", len(fromFS.Keys()), len(fromFile.Keys()), test.count)
			}
		})
	}
	for name, path := range map[string]string{"missing": filepath.Join(folder, "missing.json"), "a folder": folder} {
		t.Run(name, func(t *testing.T) {
			_, err := keys.ReadKeySetFile(path)
			wantCode(t, err, core.KeySetUnavailable)
			if name == "missing" && !errors.Is(err, fs.ErrNotExist) {
				t.Error("errors.Is does not find fs.ErrNotExist")
			}
		})
	}
	if _, err := keys.ReadKeySet(files, "../set.json"); !errors.Is(err, fs.ErrInvalid) && !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a path out of the file system: %v", err)
	}
}

// endless is a file without an end, which counts what is read of it.
type endless struct {
	fs.File
	read int
}

func (e *endless) Open(string) (fs.File, error) { return e, nil }
func (e *endless) Close() error                 { return nil }
func (e *endless) Read(p []byte) (int, error) {
	e.read += len(p)
	return copy(p, bytes.Repeat([]byte{' '}, len(p))), nil
}

func TestReadKeySetStopsAtItsCap(t *testing.T) {
	file := new(endless)
	_, err := keys.ReadKeySet(file, "set.json")
	wantCode(t, err, core.KeySetMalformed)
	if file.read > 1<<20+1 {
		t.Errorf("%d bytes were read", file.read)
	}
}
