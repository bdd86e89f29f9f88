package main

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/netip"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/jeton-dev/jeton/core/keys"
	"github.com/jeton-dev/jeton/workers/auth"
	"github.com/jeton-dev/jeton/workers/httpauth"
	"github.com/jeton-dev/jeton/workers/password"
	"github.com/jeton-dev/jeton/workers/password/validate"
	"github.com/jeton-dev/jeton/workers/password/validate/common"
	"github.com/jeton-dev/jeton/workers/store"
	"github.com/spf13/cobra"
)

// serveOptions are the flags of serve.
type serveOptions struct {
	address, metricsAddress string
	database                database
	config                  string
	certFile, keyFile       string
	trustedProxies          []string
	proxyHeader             string
	logFormat               string
	accessLog               bool
	maxConnections          int
	stopDelay               time.Duration
	demo                    bool
	demoDir                 string
	check                   bool
}

func newServeCommand() *cobra.Command {
	var options serveOptions
	cmd := &cobra.Command{
		Use:   "serve [flags]",
		Short: "Serve the login endpoints",
		Long: `Serve over HTTP what djangorestframework-simplejwt does, POST /api/token/, /api/token/refresh/, /api/token/verify/ and
/api/token/blacklist/, or with JWT_AUTH in the settings what drf-jwt does; and GET /api/me/. GET /healthz says whether the database can be
reached. An interrupt ends it; requests under way are finished first.

The database is made when it is missing. Settings come from a JSON file, under Django's names, those of django-cors-headers too:
  {"SECRET_KEY": "...", "SIMPLE_JWT": {"ACCESS_TOKEN_LIFETIME": "0:05:00"}, "CORS_ALLOWED_ORIGINS": ["https://app.example.com"]}
Without a signing key a random one is made and kept beside an SQLite database in FILE.signing-key, which only its owner may read.

Flags that are not given take their value from the environment variable shown with them. There are also JETON_CONFIG, the settings
themselves; JETON_SIGNING_KEY, which goes before a key in the settings; and SECRET_KEY, used where there is no other key. Each may have
_FILE at the end of its name and then names a file with the value, such as /run/secrets/signing-key.

With --demo the example page is served at /, and a user "demo" with a random password is made and printed. It is kept beside the
database in FILE.demo-user. Never serve that to others.

Logs go to standard error, one line each. Serve others than this machine with --tls-cert and --tls-key, which are read again when they
change and on SIGHUP, or behind a proxy with TLS that --trusted-proxies names.`,
		Example: `  jeton serve --db site.sqlite3 --config settings.json
  jeton serve --check --config settings.json`,
		Args: atMost(0, "no argument"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return options.run(cmd)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&options.address, "addr", "127.0.0.1:8000", "the `HOST:PORT` to listen on; port 0 takes a free one")
	flags.StringVar(&options.metricsAddress, "metrics-addr", "", "the `HOST:PORT` to serve Prometheus metrics on, at /metrics; keep it from the public")
	options.database.addFlags(cmd)
	flags.StringVar(&options.config, "config", "", "the settings, a JSON `FILE` [$JETON_CONFIG_FILE]")
	flags.StringVar(&options.certFile, "tls-cert", "", "serve HTTPS with the certificate and its chain in this PEM `FILE`")
	flags.StringVar(&options.keyFile, "tls-key", "", "the private key of --tls-cert, a PEM `FILE`")
	flags.StringSliceVar(&options.trustedProxies, "trusted-proxies", nil, "believe these `NETWORKS` of proxies, such as 10.0.0.0/8, about the client's address")
	flags.StringVar(&options.proxyHeader, "proxy-header", "X-Forwarded-For", "the `HEADER` all of them set: X-Forwarded-For or Forwarded")
	flags.StringVar(&options.logFormat, "log-format", "text", "the `FORMAT` of the log: text or json")
	flags.BoolVar(&options.accessLog, "access-log", true, "log a line for each request")
	flags.IntVar(&options.maxConnections, "max-connections", 4096, "how many connections may be open at once; more wait for one to close")
	flags.DurationVar(&options.stopDelay, "stop-delay", 0, "how `LONG` to go on serving after SIGTERM, with /healthz saying 503")
	flags.BoolVar(&options.demo, "demo", false, "serve the example page and make a demo user")
	flags.StringVar(&options.demoDir, "demo-dir", "examples/browser/dist", "the `DIRECTORY` with the example page, for --demo")
	flags.BoolVar(&options.check, "check", false, "check the settings, the keys and the database, serve nothing and make nothing")
	for flag, variable := range map[string]string{
		"addr": "JETON_ADDR", "metrics-addr": "JETON_METRICS_ADDR",
		"tls-cert": "JETON_TLS_CERT_FILE", "tls-key": "JETON_TLS_KEY_FILE",
		"trusted-proxies": "JETON_TRUSTED_PROXIES", "proxy-header": "JETON_PROXY_HEADER",
		"log-format": "JETON_LOG_FORMAT", "access-log": "JETON_ACCESS_LOG",
		"max-connections": "JETON_MAX_CONNECTIONS", "stop-delay": "JETON_STOP_DELAY",
	} {
		bindEnvironment(cmd, flag, variable)
	}
	return cmd
}

// run starts with what can fail without leaving anything behind. Who connects before the rest is ready waits for it.
func (o *serveOptions) run(cmd *cobra.Command) error {
	ctx, stop := signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	logger, err := newLogger(cmd.ErrOrStderr(), o.logFormat)
	if err != nil {
		return err
	}
	front, err := o.prepare(cmd)
	if err != nil {
		return err
	}
	defer front.remoteKeys.close()
	if o.check {
		return o.runCheck(ctx, cmd.OutOrStdout(), front, logger)
	}
	servers, err := o.listen()
	if err != nil {
		return err
	}
	defer closeListeners(servers)
	users, err := o.database.open(ctx)
	if err != nil {
		return err
	}
	defer users.Close()
	if err := front.settings.fitTables(ctx, users, &o.database, logger); err != nil {
		return err
	}
	pool := password.NewPool(password.Native(), password.PoolOptions{})
	var counted *metrics
	if o.metricsAddress != "" {
		counted = newMetrics(pool)
		counted.watch(&front.settings.auth.Hooks)
	}
	service, err := o.newService(front.settings, users, pool, logger)
	if err != nil {
		return err
	}
	var demo *demoUser
	if o.demo {
		if demo, err = keepDemoUser(ctx, users, o.database.name, front.settings.auth.PasswordIterations); err != nil {
			return err
		}
	}
	health := &health{users: users, logger: logger}
	scheme := "http"
	if front.certificate != nil {
		scheme, servers[0].tls = "https", front.certificate.config()
		go front.certificate.watch(ctx, logger)
	}
	servers[0].handler = o.observed(front, service, health, counted, logger)
	if counted != nil {
		servers[1].handler = counted.handler(health, logger)
	}
	announce(cmd.OutOrStdout(), urlOf(scheme, servers[0].listener.Addr()), demo)
	running := lifecycle{release: stop, announced: func() { health.stopping.Store(true) }, delay: o.stopDelay, logger: logger}
	return running.serve(ctx, servers...)
}

// listen opens the address for requests, and behind it the one for metrics when there is one.
func (o *serveOptions) listen() (servers []*httpServer, err error) {
	listener, err := listen("--addr", o.address)
	if err != nil {
		return nil, err
	}
	servers = append(servers, &httpServer{name: "requests", listener: listener, limit: o.maxConnections})
	if o.metricsAddress == "" {
		return servers, nil
	}
	if listener, err = listen("--metrics-addr", o.metricsAddress); err != nil {
		closeListeners(servers)
		return nil, err
	}
	return append(servers, &httpServer{name: "metrics", listener: listener, limit: maxMetricsConnections}), nil
}

func closeListeners(servers []*httpServer) {
	for _, s := range servers {
		s.listener.Close()
	}
}

// observed returns what answers requests, with the access log and metrics around it, and around these what tells who the client is.
func (o *serveOptions) observed(front front, service *auth.Service, health http.Handler, counted *metrics, logger *slog.Logger) http.Handler {
	watched := &observer{metrics: counted, table: routeTable{paths: service.Paths(), page: front.page != nil}}
	if o.accessLog {
		watched.logger = logger
	}
	return front.behindProxies(watched.observe(front.handler(service, watched.table, health)))
}

// front is what is known before anything is opened.
type front struct {
	settings      settings
	page          http.Handler // nil: none
	certificate   *certificateFiles
	behindProxies func(http.Handler) http.Handler
	remoteKeys    *remoteKeys
}

// prepare reads and checks what the flags and the environment name.
func (o *serveOptions) prepare(cmd *cobra.Command) (front, error) {
	var (
		f   front
		err error
	)
	if err = o.database.check(); err != nil {
		return front{}, err
	}
	if f.settings, err = readSettings(cmd, o.config); err != nil {
		return front{}, err
	}
	if field := &f.settings.auth.UsernameField; *field == auth.DefaultConfig().UsernameField {
		*field = o.database.usernameColumn // in Django both are USERNAME_FIELD
	}
	f.remoteKeys = &remoteKeys{}
	f.settings.auth.RemoteKeys = f.remoteKeys.open
	if f.certificate, err = loadCertificate(o.certFile, o.keyFile); err != nil {
		return front{}, err
	}
	if f.behindProxies, err = o.proxies(); err != nil {
		return front{}, err
	}
	if o.maxConnections < 1 {
		return front{}, usageError("--max-connections: not at least 1")
	}
	if o.stopDelay < 0 || o.stopDelay > time.Minute {
		return front{}, usageError("--stop-delay: not between 0s and 1m")
	}
	if o.demo {
		if !o.database.isFile() {
			return front{}, usageError("--demo: the demo user's password is kept beside an SQLite file, and --db names none")
		}
		if f.page, err = demoPage(o.demoDir); err != nil {
			return front{}, err
		}
	}
	return f, nil
}

// proxies returns what tells the client's address behind the trusted proxies.
func (o *serveOptions) proxies() (func(http.Handler) http.Handler, error) {
	proxies := httpauth.Proxies{Header: o.proxyHeader}
	for _, text := range o.trustedProxies {
		text = strings.TrimSpace(text)
		network, err := netip.ParsePrefix(text)
		if address, addressErr := netip.ParseAddr(text); addressErr == nil {
			network, err = netip.PrefixFrom(address, address.BitLen()), nil
		}
		if err != nil {
			return nil, usageError("--trusted-proxies: not networks or addresses such as 10.0.0.0/8,::1")
		}
		proxies.Trusted = append(proxies.Trusted, network)
	}
	behind, err := httpauth.BehindProxies(proxies)
	if err != nil {
		return nil, usageError("--proxy-header: not X-Forwarded-For or Forwarded")
	}
	return behind, nil
}

// withNativeParts returns a configuration with what the service leaves to the programs that have files: keys in PEM and lists of passwords.
func withNativeParts(config auth.Config) auth.Config {
	config.PEMParser = keys.ParsePEM
	config.PasswordLists = validate.Sources{Common: common.List, ReadFile: os.ReadFile}
	return config
}

// newService returns the service with its signing key, which is the configured one or the one kept beside the database.
func (o *serveOptions) newService(s settings, users store.Store, pool *password.Pool, logger *slog.Logger) (*auth.Service, error) {
	config := withNativeParts(s.auth)
	kept := ""
	if !config.HasSigningKey() {
		if !o.database.isFile() {
			return nil, usageError("--db %s: %w", &o.database, errNoPlaceForKey)
		}
		key, path, err := keepSigningKey(o.database.name, config.Algorithm(), logger)
		if err != nil {
			return nil, failure("%s: %w", path, reason(err))
		}
		config.SetSigningKey(key)
		kept = path
	} else {
		logger.Info("using the configured signing key", "from", s.keySource)
	}
	service, err := auth.New(config, users, auth.WithDeriver(auth.NativeHost(), pool), logger)
	if err == nil {
		return service, nil
	}
	return nil, s.refused(err, kept)
}

// handler returns the API, /healthz, and the page when there is one.
func (f *front) handler(service *auth.Service, table routeTable, health http.Handler) http.Handler {
	api := httpauth.Handler(service)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch table.route(r.URL.Path) {
		case healthPath:
			health.ServeHTTP(w, r)
		case routePage:
			f.page.ServeHTTP(w, r)
		default:
			api.ServeHTTP(w, r)
		}
	})
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

// newLogger returns what writes the log.
func newLogger(out io.Writer, format string) (*slog.Logger, error) {
	switch format {
	case "text":
		return slog.New(slog.NewTextHandler(out, nil)), nil
	case "json":
		return slog.New(slog.NewJSONHandler(out, nil)), nil
	}
	return nil, usageError("--log-format: not text or json")
}
