package postgres_test

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	_ "github.com/jackc/pgx/v5/stdlib"
	"github.com/jeton-dev/jeton/workers/store"
	"github.com/jeton-dev/jeton/workers/store/internal/djangosite"
	"github.com/jeton-dev/jeton/workers/store/postgres"
	"github.com/jeton-dev/jeton/workers/store/storetest"
	"github.com/jeton-dev/jeton/workers/store/storetest/postgrestest"
)

func TestStore(t *testing.T) {
	cluster := postgrestest.Start(t)
	storetest.Run(t, func(t *testing.T) store.Store { return openNew(t, cluster.NewSchema(t)) })
}

// TestStoreOnDatabaseSQL runs the suite on the driver that database/sql knows.
func TestStoreOnDatabaseSQL(t *testing.T) {
	cluster := postgrestest.Start(t)
	storetest.Run(t, func(t *testing.T) store.Store {
		db, err := sql.Open("pgx", cluster.NewSchema(t))
		if err != nil {
			t.Fatal(err)
		}
		db.SetMaxOpenConns(20)
		stored := store.NewSQL(store.FromSQL(db, store.PostgreSQL), store.PostgreSQL, store.UserModel{})
		if err := stored.CreateTables(t.Context(), store.UserTables|store.TokenTables|store.BlockedTokenTables); err != nil {
			t.Fatal(err)
		}
		return stored
	})
}

// openNew opens a new database.
func openNew(t *testing.T, url string) *store.SQL {
	t.Helper()
	stored, err := postgres.Open(t.Context(), url, store.UserModel{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stored.Close() })
	return stored
}

// TestDjango shares a database with Django itself.
func TestDjango(t *testing.T) {
	cluster := postgrestest.Start(t)
	urls := map[string]string{}
	djangosite.Suite(t, func(t *testing.T) djangosite.Database {
		url, django := cluster.NewDatabase(t)
		urls[django["NAME"]] = url
		return django
	}, func(ctx context.Context, database djangosite.Database) (*store.SQL, error) {
		return postgres.Open(ctx, urls[database["NAME"]], store.UserModel{})
	})
}

// TestDjangoModels shares a database with sites whose users are of their own kind.
func TestDjangoModels(t *testing.T) {
	cluster := postgrestest.Start(t)
	urls := map[string]string{}
	djangosite.Models(t, func(t *testing.T) djangosite.Database {
		url, django := cluster.NewDatabase(t)
		urls[django["NAME"]] = url
		return django
	}, func(ctx context.Context, database djangosite.Database, model store.UserModel) (*store.SQL, error) {
		return postgres.Open(ctx, urls[database["NAME"]], model)
	})
}

func TestIsURL(t *testing.T) {
	for text, want := range map[string]bool{
		"postgres://": true, "postgresql://u@h/d": true, "POSTGRES://h": true, "": false, "postgres": false, "postgres:/x": false,
		"users.sqlite3": false, "mysql://h": false, "/postgres://": false,
	} {
		if got := postgres.IsURL(text); got != want {
			t.Errorf("IsURL(%q) = %v", text, got)
		}
	}
}

func TestCheckURL(t *testing.T) {
	for _, url := range []string{"postgres:///", "postgres://u:p@localhost:5433/d?sslmode=disable&pool_max_conns=3&statement_timeout=1s", "postgresql://h1,h2/d"} {
		if err := postgres.CheckURL(url); err != nil {
			t.Errorf("CheckURL(%q) = %v", url, err)
		}
	}
	for _, url := range []string{
		"", "users.sqlite3", "mysql://u:hunter2@h/d", "postgres://u:hunter2@h:port/d", "postgres://u:hunter2@h:99999/d", "postgres://u:hunter2@h/%zz",
		"postgres://u:hunter2@h/d?sslmode=hunter2", "postgres://u:hunter2@h/d?pool_max_conns=hunter2", "postgres://u:hunter2@h/d?connect_timeout=hunter2",
		"postgres://u:hunter2@h/d\x00", "postgres://u:hunter2@h/d?sslrootcert=/no/such/hunter2&sslmode=verify-full",
	} {
		err := postgres.CheckURL(url)
		if err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("CheckURL(%q) = %v, want an error that does not quote it", url, err)
		}
	}
}

func TestOpenRefuses(t *testing.T) {
	cluster := postgrestest.Start(t)
	const plain = "hunter2"
	lacking := cluster.NewSchema(t)
	execute(t, lacking, `CREATE TABLE auth_user (id integer PRIMARY KEY, username text)`)
	for name, test := range map[string]struct{ url, reason string }{
		"no server":               {"postgres://u:" + plain + "@127.0.0.1:1/d?sslmode=disable", "cannot be reached"},
		"no database":             {strings.Replace(cluster.NewSchema(t), "/postgres?", "/no_such_database?password="+plain+"&", 1), "3D000"},
		"no user":                 {strings.Replace(cluster.NewSchema(t), "user=postgres", "user=nobody&password="+plain, 1), "28000"},
		"not a URL":               {"users.sqlite3", "not a postgres:// URL"},
		"a table without columns": {lacking, "the table auth_user is not usable"},
	} {
		t.Run(name, func(t *testing.T) {
			stored, err := postgres.Open(t.Context(), test.url, store.UserModel{})
			if err == nil {
				stored.Close()
				t.Fatal("Open succeeds")
			}
			if !strings.Contains(err.Error(), test.reason) || strings.Contains(err.Error(), plain) || strings.Contains(err.Error(), "://u") {
				t.Errorf("the error is %q, want %q and neither the password nor the URL", err, test.reason)
			}
		})
	}
}

// TestOpenAtOnce opens an empty database from many places at once, as programs that start together do.
func TestOpenAtOnce(t *testing.T) {
	url := postgrestest.Start(t).NewSchema(t)
	const programs = 8
	errs := make(chan error, programs)
	for range programs {
		go func() {
			stored, err := postgres.Open(context.Background(), url, store.UserModel{})
			if err == nil {
				err = stored.Close()
			}
			errs <- err
		}()
	}
	for range programs {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
}

// TestErrorsQuoteNothing provokes what the server answers with values in its text.
func TestErrorsQuoteNothing(t *testing.T) {
	url := postgrestest.Start(t).NewSchema(t)
	stored := openNew(t, url)
	long := strings.Repeat("hunter2", 30)
	alice, err := stored.AddUser(t.Context(), storetest.Alice())
	if err != nil {
		t.Fatal(err)
	}
	execute(t, url, `ALTER TABLE auth_user ADD CONSTRAINT "no_hunter" CHECK (email NOT LIKE '%hunter%'), ADD CONSTRAINT "one_email" UNIQUE (email)`)
	_, tooLong := stored.AddUser(t.Context(), store.User{Username: long})
	_, checked := stored.AddUser(t.Context(), store.User{Username: "b", Email: "hunter2"})
	_, unique := stored.AddUser(t.Context(), store.User{Username: "c", Email: "alice@example.com"})
	_, password := stored.SetPassword(t.Context(), alice.ID, alice.Password, long)
	_, field := stored.UserBy(t.Context(), "date_joined", "hunter2 alice@example.com")
	if !errors.Is(field, store.ErrNotFound) {
		t.Errorf("a look-up by a value of another type: %v, want ErrNotFound", field)
	}
	for what, err := range map[string]error{"too long": tooLong, "checked": checked, "unique": unique, "password": password} {
		var refused *postgres.Error
		if !errors.As(err, &refused) || len(refused.SQLState()) != 5 {
			t.Errorf("%s: %v, want an Error", what, err)
		}
		if err == nil || strings.Contains(err.Error(), "hunter2") || strings.Contains(err.Error(), "alice@") {
			t.Errorf("%s: %v, want an error that quotes nothing", what, err)
		}
	}
	if want := "constraint one_email"; !strings.Contains(unique.Error(), want) {
		t.Errorf("the error is %q, want %q", unique, want)
	}
}

// TestForeignRows reads rows as other programs may have written them.
func TestForeignRows(t *testing.T) {
	url := postgrestest.Start(t).NewSchema(t)
	stored := openNew(t, url)
	execute(t, url, `SET timezone = 'Asia/Kolkata'; INSERT INTO auth_user (id, username, password, email, first_name, last_name, is_active, is_staff, is_superuser, date_joined, last_login) VALUES
		(2147483647, 'large', '!', '', '', '', true, false, false, '2026-11-24 15:30:00.25', NULL),
		(-5, 'negative', '!', '', '', '', false, true, true, '0999-11-24 10:00:00+00', 'infinity')`)
	large, err := stored.UserByID(t.Context(), "2147483647")
	if err != nil || large.Username != "large" || large.DateJoined.Format("15:04:05.00") != "10:00:00.25" {
		t.Errorf("got %v joined %v, %v", large, large.DateJoined, err)
	}
	for _, id := range []string{"2147483648", "9223372036854775807", "-9223372036854775808"} {
		if got, err := stored.UserByID(t.Context(), id); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("UserByID(%s) = %v, %v; want ErrNotFound", id, got, err)
		}
	}
	if got, err := stored.UserByID(t.Context(), "-5"); err == nil || errors.Is(err, store.ErrNotFound) {
		t.Errorf("a time that is none gives %v, %v; want an error of the database", got, err)
	}
}

// execute runs SQL as another program would.
func execute(t *testing.T, url, statements string) {
	t.Helper()
	connection, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close(t.Context())
	if _, err := connection.Exec(t.Context(), statements); err != nil {
		t.Fatal(err)
	}
}
