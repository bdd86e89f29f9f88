package main

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"syscall"

	"github.com/jeton-dev/jeton/core/keys"
	"github.com/jeton-dev/jeton/workers/auth"
	"github.com/jeton-dev/jeton/workers/httpauth"
	"github.com/jeton-dev/jeton/workers/store"
	"github.com/spf13/cobra"
)

// serveOptions are the flags of serve.
type serveOptions struct {
	address  string
	database string
	config   string
	demo     bool
	demoDir  string
}

func newServeCommand() *cobra.Command {
	var options serveOptions
	cmd := &cobra.Command{
		Use:   "serve [flags]",
		Short: "Serve the login endpoints",
		Long: `Serve POST /api/token/, /api/token/refresh/ and /api/token/verify/ and GET /api/me/ over HTTP, as djangorestframework-simplejwt
does, until an interrupt; requests under way are finished first.

The database is made when it is missing. Settings come from the JSON file of --config, under Django's names:
  {"SECRET_KEY": "...", "SIMPLE_JWT": {"ACCESS_TOKEN_LIFETIME": "0:05:00"}}
Without a signing key there a random one is made and kept beside the database in FILE.signing-key, which only its owner may read.

With --demo the example page is served at /, and a user "demo" with a random password is made and printed. It is kept beside the
database in FILE.demo-user. Never serve that to others.

Logs go to standard error, one line each. Put a proxy with TLS in front before serving anything but this machine.`,
		Example: `  jeton serve --db site.sqlite3 --config settings.json`,
		Args:    atMost(0, "no argument"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return options.run(cmd)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&options.address, "addr", "127.0.0.1:8000", "the `HOST:PORT` to listen on; port 0 takes a free one")
	addDatabaseFlag(cmd, &options.database)
	flags.StringVar(&options.config, "config", "", "the settings, a JSON `FILE`")
	flags.BoolVar(&options.demo, "demo", false, "serve the example page and make a demo user")
	flags.StringVar(&options.demoDir, "demo-dir", "examples/browser/dist", "the `DIRECTORY` with the example page, for --demo")
	return cmd
}

// run starts with what can fail without leaving anything behind. Who connects before the rest is ready waits for it.
func (o *serveOptions) run(cmd *cobra.Command) error {
	ctx, stop := signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	logger := slog.New(slog.NewTextHandler(cmd.ErrOrStderr(), nil))

	if err := checkDatabasePath(o.database); err != nil {
		return err
	}
	config, err := readConfig(cmd, o.config)
	if err != nil {
		return err
	}
	var page http.Handler
	if o.demo {
		if page, err = demoPage(o.demoDir); err != nil {
			return err
		}
	}
	listener, err := listen(o.address)
	if err != nil {
		return err
	}
	defer listener.Close()
	users, err := openDatabase(ctx, o.database)
	if err != nil {
		return err
	}
	defer users.Close()
	service, err := o.newService(config, users, logger)
	if err != nil {
		return err
	}
	var demo *demoUser
	if o.demo {
		if demo, err = keepDemoUser(ctx, users, o.database, config.PasswordIterations); err != nil {
			return err
		}
	}
	announce(cmd.OutOrStdout(), urlOf(listener.Addr()), demo)
	return serveHTTP(ctx, stop, listener, routes(service, page), logger)
}

// newService returns the service with its signing key, which is the configured one or the one kept beside the database.
func (o *serveOptions) newService(config auth.Config, users store.Store, logger *slog.Logger) (*auth.Service, error) {
	config.PEMParser = keys.ParsePEM
	kept := ""
	if !config.HasSigningKey() {
		key, path, err := keepSigningKey(o.database, config.Algorithm(), logger)
		if err != nil {
			return nil, failure("%s: %w", path, reason(err))
		}
		config.SetSigningKey(key)
		kept = path
	}
	service, err := auth.New(config, users, auth.NativeHost(), logger)
	var setting *auth.SettingError
	switch {
	case err == nil:
		return service, nil
	case kept != "" && errors.As(err, &setting) && setting.Name == "SIGNING_KEY":
		return nil, failure("%s: it is not a signing key for %s (%s); delete it to have one made", kept, config.Algorithm(), setting.Problem)
	}
	return nil, usageError("--config %s: %w", o.config, err)
}

func readConfig(cmd *cobra.Command, path string) (auth.Config, error) {
	if !cmd.Flags().Changed("config") {
		return auth.DefaultConfig(), nil
	}
	data, err := readFile("--config", path)
	if err != nil {
		return auth.Config{}, err
	}
	config, err := auth.ParseConfig(data)
	if err != nil {
		return auth.Config{}, usageError("--config %s: %w", path, err)
	}
	return config, nil
}

// routes returns the API, and the page when there is one.
func routes(service *auth.Service, page http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/api/", httpauth.Handler(service))
	if page != nil {
		mux.Handle("/", page)
	}
	return mux
}

// announce says on standard output where the server listens, and how to log in to the demo.
func announce(out io.Writer, url string, demo *demoUser) {
	fmt.Fprintf(out, "Jeton is listening on %s\n", url)
	switch {
	case demo == nil:
	case demo.Password == "":
		fmt.Fprintf(out, "There is a user %s already, whose password is not known here.\n", demo.Username)
	default:
		fmt.Fprintf(out, "Log in as %s with the password %s\n", demo.Username, demo.Password)
	}
}
