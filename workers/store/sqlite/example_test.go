package sqlite_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/jeton-dev/jeton/workers/store"
	"github.com/jeton-dev/jeton/workers/store/sqlite"
)

func ExampleOpen() {
	directory, err := os.MkdirTemp("", "example")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(directory)

	ctx := context.Background()
	users, err := sqlite.Open(ctx, filepath.Join(directory, "users.sqlite3"), store.UserModel{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer users.Close()

	added, err := users.AddUser(ctx, store.User{Username: "alice", Email: "alice@example.com", IsActive: true})
	fmt.Println(added, err)
	_, err = users.AddUser(ctx, store.User{Username: "alice"})
	fmt.Println(errors.Is(err, store.ErrExists))
	// Output:
	// user 1 "alice" <nil>
	// true
}
