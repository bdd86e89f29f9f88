//go:build js

package main

import (
	"log/slog"
	"net/http"
	"os"
	"syscall/js"
	"time"

	"github.com/jeton-dev/jeton/workers/auth"
	"github.com/jeton-dev/jeton/workers/edge/platform"
	"github.com/jeton-dev/jeton/workers/httpauth"
	"github.com/jeton-dev/jeton/workers/store"
	"github.com/syumai/workers"
	"github.com/syumai/workers/cloudflare"
)

// main serves the one request that this runtime was started for.
func main() {
	workers.Serve(fromFetch(newHandler()))
}

// newHandler returns the service, or what answers every request in its place when it cannot be configured.
func newHandler() http.Handler {
	logger := slog.New(slog.NewTextHandler(os.Stderr, nil))
	config, err := platform.Config(binding)
	if err != nil {
		return refuseAll(err)
	}
	db := openDatabase()
	config.Throttle = auth.NewDatabaseThrottle(db)
	config.RemoteKeys = platform.RemoteKeys(fetchKeySet, time.Now)
	service, err := auth.New(config, store.NewSQL(db, store.SQLite, store.UserModel{}), newHost(), logger)
	if err != nil {
		return refuseAll(err)
	}
	return httpauth.Handler(service)
}

// binding returns a binding as text. Settings that wrangler has parsed are turned into JSON again.
func binding(name string) string {
	value := cloudflare.GetBinding(name)
	switch value.Type() {
	case js.TypeString:
		return value.String()
	case js.TypeObject:
		return js.Global().Get("JSON").Call("stringify", value).String()
	}
	return ""
}

// refuseAll logs why the service cannot work and answers every request without saying so.
func refuseAll(cause error) http.Handler {
	js.Global().Get("console").Call("error", "jeton: "+cause.Error())
	return refusal(cause)
}
