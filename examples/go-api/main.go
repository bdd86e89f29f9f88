// Command go-api is a small net/http API whose routes ask for a token: notes, which each user sees their own of. The same program
// answers the logins, as djangorestframework-simplejwt would. "go run ./examples/go-api" starts it with a demo user.
package main

import (
	"context"
	"crypto/rand"
	"flag"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/jeton-dev/jeton/workers/auth"
	"github.com/jeton-dev/jeton/workers/httpauth"
	"github.com/jeton-dev/jeton/workers/password"
	"github.com/jeton-dev/jeton/workers/store"
)

func main() {
	address := flag.String("addr", "127.0.0.1:8001", "the HOST:PORT to listen on; port 0 takes a free one")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *address, os.Stdout); err != nil {
		log.Fatal(err)
	}
}

// run serves until ctx ends and finishes the requests under way.
func run(ctx context.Context, address string, out io.Writer) error {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	service, plain, err := newService(ctx, slog.Default())
	if err != nil {
		return err
	}
	server := http.Server{Handler: routes(service), ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 15 * time.Second, IdleTimeout: time.Minute}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	fmt.Fprintf(out, "Listening on http://%s/\nLog in as demo with the password %s\n", listener.Addr(), plain)
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	deadline, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	return server.Shutdown(deadline)
}

// newService returns the login service with one user, demo, whose password it makes up. Users and the key are gone when the program
// ends; README.md shows what to put in their place.
func newService(ctx context.Context, logger *slog.Logger) (service *auth.Service, plain string, err error) {
	users, host := store.NewMemory(), auth.NativeHost()
	plain = rand.Text()
	hashers, err := password.New(password.Options{}, host)
	if err != nil {
		return nil, "", err
	}
	hash, err := hashers.Make(ctx, plain)
	if err != nil {
		return nil, "", err
	}
	if _, err := users.AddUser(ctx, store.User{Username: "demo", Password: hash, IsActive: true}); err != nil {
		return nil, "", err
	}
	config := auth.DefaultConfig()
	config.SecretKey = auth.Secret(rand.Text() + rand.Text())
	service, err = auth.New(config, users, host, logger)
	return service, plain, err
}

// routes puts the logins under /api/token/, and the notes behind the middleware: a request gets through to them with a good access
// token of an active user alone.
func routes(service *auth.Service) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/api/", httpauth.Handler(service))
	mux.Handle("/api/notes/", httpauth.Middleware(service)(newNotes()))
	return mux
}
