package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// maxFile bounds the files and inputs that are read whole, in bytes: key sets, configurations, claims.
const maxFile = 1 << 20

// readFile reads the file that a flag names. An error names both.
func readFile(flag, path string) ([]byte, error) {
	if path == "" {
		return nil, usageError("%s: the file name is empty", flag)
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, usageError("%s %s: %w", flag, path, reason(err))
	}
	defer file.Close()
	data, err := readAll(file, maxFile)
	if err != nil {
		return nil, usageError("%s %s: %w", flag, path, reason(err))
	}
	return data, nil
}

// readAll reads all of in, which may be limit bytes long.
func readAll(in io.Reader, limit int) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(in, int64(limit)+1))
	if err == nil && len(data) > limit {
		err = fmt.Errorf("larger than %d bytes", limit)
	}
	return data, err
}

// reason returns what went wrong with a file, without the path, which the caller names.
func reason(err error) error {
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		return pathError.Err
	}
	return err
}
