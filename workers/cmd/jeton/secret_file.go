package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

// keepSecretFile returns the content of the file at path, which only its owner may read. When there is none it is made with the
// content that generate gives, whole or not at all, and created is true. Two programs that start at once end with the same content.
func keepSecretFile(path string, generate func() ([]byte, error)) (content []byte, created bool, err error) {
	content, err = readSecretFile(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return content, false, err
	}
	if content, err = generate(); err != nil {
		return nil, false, err
	}
	err = createSecretFile(path, content)
	if errors.Is(err, fs.ErrExist) {
		content, err = readSecretFile(path)
		return content, false, err
	}
	return content, err == nil, err
}

// readSecretFile reads a file and refuses one that its group or everyone may read.
func readSecretFile(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("not a regular file")
	}
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("others than its owner may use it (mode %04o); run chmod 600 on it, or delete it if it may have been seen", info.Mode().Perm())
	}
	return readAll(file, maxFile)
}

// createSecretFile makes a file that only its owner may read. It fails with fs.ErrExist when there is one.
func createSecretFile(path string, content []byte) error {
	file, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*.tmp") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(file.Name())
	_, err = file.Write(content)
	if err == nil {
		err = file.Sync()
	}
	if closeErr := file.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return err
	}
	// A link appears whole and never replaces a file. Where the file system has no links, the time between look and rename is the risk.
	err = os.Link(file.Name(), path)
	if err == nil || errors.Is(err, fs.ErrExist) {
		return err
	}
	if _, statErr := os.Lstat(path); statErr == nil {
		return fs.ErrExist
	}
	return os.Rename(file.Name(), path)
}
