package postgres

import (
	"context"
	"net"
	"os"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/jeton-dev/jeton/workers/store"
	"github.com/jeton-dev/jeton/workers/store/internal/crashtest"
	"github.com/jeton-dev/jeton/workers/store/storetest/postgrestest"
)

func TestMain(m *testing.M) {
	crashtest.Main(map[string]crashtest.Opener{
		"pool": func(ctx context.Context, url string, step func()) (store.Store, error) {
			config, err := configure(url)
			if err != nil {
				return nil, err
			}
			config.ConnConfig.DialFunc = func(ctx context.Context, network, address string) (net.Conn, error) {
				connection, err := new(net.Dialer).DialContext(ctx, network, address)
				return crashtest.SteppingConn(connection, step), err
			}
			return open(ctx, config, store.UserModel{}, (*store.SQL).CheckTables)
		},
		"statements": func(_ context.Context, url string, step func()) (store.Store, error) {
			stepping := crashtest.Stepping(stdlib.GetDefaultDriver(), url, step)
			return store.NewSQL(store.FromSQL(stepping, store.PostgreSQL), store.PostgreSQL, store.UserModel{}), nil
		},
	})
	os.Exit(postgrestest.Run(m))
}

// TestCrash kills processes that use a database: at each statement, and at each piece of what they send to the server.
func TestCrash(t *testing.T) {
	url := postgrestest.Start(t).NewSchema(t)
	stored, err := Open(t.Context(), url, store.UserModel{})
	if err != nil {
		t.Fatal(err)
	}
	defer stored.Close()
	observer, err := pgxpool.New(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer observer.Close()
	place := func(opener string) crashtest.Place {
		return crashtest.Place{Opener: opener, Location: url + "&application_name=crashing", Stored: stored, Settle: func() {
			// The server finishes what it has received whole.
			for left := 1; left > 0; {
				const count = `SELECT count(*) FROM pg_stat_activity WHERE application_name = 'crashing'`
				if err := observer.QueryRow(t.Context(), count).Scan(&left); err != nil {
					t.Fatal(err)
				}
			}
		}}
	}
	t.Run("at every statement", func(t *testing.T) { crashtest.AtEveryStep(t, place("statements")) })
	t.Run("at every piece sent", func(t *testing.T) { crashtest.AtEveryStep(t, place("pool")) })
	t.Run("at any moment", func(t *testing.T) { crashtest.AtRandom(t, place("pool"), 25) })
}
