package password_test

import (
	"context"
	"fmt"

	"github.com/jeton-dev/jeton/workers/password"
)

func ExampleHashers_Check() {
	// What Django stored for a user whose password is "correct horse battery".
	const stored = "pbkdf2_sha256$1000$abcdefghijABCDEFGHIJ12$cqGs/a3K3IrRi9sSoKfcUsiRwQyKuCI6PuhOexBs+YI="

	// Few iterations, to keep the example quick; leave them out.
	hashers, err := password.New(password.Options{Iterations: 1000}, password.Native())
	if err != nil {
		fmt.Println(err)
		return
	}
	ok, err := hashers.Check(context.Background(), "correct horse battery", stored)
	fmt.Println(ok, err)
	ok, err = hashers.Check(context.Background(), "wrong", stored)
	fmt.Println(ok, err)
	// Output:
	// true <nil>
	// false <nil>
}

func ExampleHashers_Make() {
	// Few iterations, to keep the example quick; leave them out.
	hashers, err := password.New(password.Options{Iterations: 1000}, password.Native())
	if err != nil {
		fmt.Println(err)
		return
	}
	encoded, err := hashers.Make(context.Background(), "correct horse battery")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(encoded[:len("pbkdf2_sha256$1000$")], len(encoded))
	// Output: pbkdf2_sha256$1000$ 86
}

// A login renews a hash that is out of date, as Django does.
func ExampleHashers_MustUpdate() {
	hashers, err := password.New(password.Options{Iterations: 2000}, password.Native())
	if err != nil {
		fmt.Println(err)
		return
	}
	stored := "pbkdf2_sha256$1000$abcdefghijABCDEFGHIJ12$cqGs/a3K3IrRi9sSoKfcUsiRwQyKuCI6PuhOexBs+YI="
	ok, err := hashers.Check(context.Background(), "correct horse battery", stored)
	if err != nil || !ok {
		fmt.Println("refused", err)
		return
	}
	if hashers.MustUpdate(stored) {
		// When this fails, ErrBusy for one, the login goes on and the next one tries again.
		if renewed, err := hashers.Make(context.Background(), "correct horse battery"); err == nil {
			stored = renewed
		}
	}
	fmt.Println(stored[:len("pbkdf2_sha256$2000$")], hashers.MustUpdate(stored))
	// Output: pbkdf2_sha256$2000$ false
}

// A site's own PASSWORD_HASHERS: Argon2 for new hashes, and those of old SHA-1 are still read.
func ExampleNew() {
	hashers, err := password.New(password.Options{
		Hashers: []string{
			"django.contrib.auth.hashers.Argon2PasswordHasher",
			"django.contrib.auth.hashers.PBKDF2PasswordHasher",
			"django.contrib.auth.hashers.SHA1PasswordHasher",
		},
		Legacy: true,
	}, password.NewPool(password.Native(), password.PoolOptions{}))
	if err != nil {
		fmt.Println(err)
		return
	}
	stored := "sha1$abcdefghijABCDEFGHIJ12$cfdd1b012b26076ed889dae09332017eb8b54ba2"
	ok, err := hashers.Check(context.Background(), "correct horse battery", stored)
	fmt.Println(ok, err, hashers.MustUpdate(stored))
	// Output: true <nil> true
}
