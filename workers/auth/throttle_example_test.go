package auth_test

import (
	"context"
	"database/sql"
	"fmt"
	"log"
	"time"

	"github.com/jeton-dev/jeton/workers/auth"
	"github.com/jeton-dev/jeton/workers/store"
)

// A program may count with the throttle of the login service for routes of its own.
func ExampleMemoryThrottle() {
	throttle := auth.NewMemoryThrottle(0)
	rate := auth.Rate{Count: 2, Period: time.Minute}
	now := time.Now()
	for range 3 {
		allowed, wait, _ := throttle.Allow(context.Background(), "contact_form", "192.0.2.1", rate, now)
		fmt.Println(allowed, wait)
		now = now.Add(10 * time.Second)
	}
	// Output:
	// true 0s
	// true 0s
	// false 40s
}

// Several processes count together in a database that they share.
func ExampleDatabaseThrottle() {
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		log.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)

	config := auth.DefaultConfig()
	config.RESTFramework.ThrottleRates[auth.ThrottleLogin] = auth.Rate{Count: 1, Period: time.Hour}
	one, other := auth.NewDatabaseThrottle(store.FromSQL(db, store.SQLite)), auth.NewDatabaseThrottle(store.FromSQL(db, store.SQLite))
	config.Throttle = one // and other, in another process

	rate, now := config.RESTFramework.ThrottleRates[auth.ThrottleLogin], time.Now()
	for _, throttle := range []auth.Throttle{one, other} {
		allowed, wait, err := throttle.Allow(context.Background(), auth.ThrottleLogin, "192.0.2.1", rate, now)
		fmt.Println(allowed, wait, err)
	}
	// Output:
	// true 0s <nil>
	// false 1h0m0s <nil>
}
