package password_test

import (
	"context"
	"crypto/rand"
	"fmt"

	"github.com/jeton-dev/jeton/workers/password"
)

func ExampleCheck() {
	// What Django stored for a user whose password is "correct horse battery".
	const stored = "pbkdf2_sha256$1000$abcdefghijABCDEFGHIJ12$cqGs/a3K3IrRi9sSoKfcUsiRwQyKuCI6PuhOexBs+YI="

	ok, err := password.Check(context.Background(), "correct horse battery", stored, password.Native())
	fmt.Println(ok, err)
	ok, err = password.Check(context.Background(), "wrong", stored, password.Native())
	fmt.Println(ok, err)
	// Output:
	// true <nil>
	// false <nil>
}

func ExampleMake() {
	random := func(p []byte) error {
		_, err := rand.Read(p)
		return err
	}
	// Few iterations, to keep the example quick; use password.DefaultIterations.
	encoded, err := password.Make(context.Background(), "correct horse battery", 1000, random, password.Native())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(encoded[:len("pbkdf2_sha256$1000$")], len(encoded))
	// Output: pbkdf2_sha256$1000$ 86
}
