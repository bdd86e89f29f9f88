package postgres_test

import (
	"context"
	"fmt"
	"os"

	"github.com/jeton-dev/jeton/workers/store"
	"github.com/jeton-dev/jeton/workers/store/postgres"
)

func ExampleOpen() {
	ctx := context.Background()
	stored, err := postgres.Open(ctx, os.Getenv("JETON_DATABASE_URL"), store.UserModel{})
	if err != nil {
		fmt.Println("without a database:", err)
		return
	}
	defer stored.Close()
	_, err = stored.UserByUsername(ctx, "alice")
	fmt.Println(err)
}
