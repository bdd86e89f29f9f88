package main

import (
	"slices"
	"strings"
)

// The routes that are not endpoints of the service.
const (
	healthPath = "/healthz"
	routePage  = "page"  // the example page and its files
	routeOther = "other" // what the service answers with 404
)

// routeTable says what answers a path.
type routeTable struct {
	paths []string // the service's endpoints
	page  bool     // whether the example page is served
}

// route returns one of a few names for a path, whatever clients make up: an endpoint's path, also for one that lacks the slash at its
// end and is redirected, or one of the constants above.
func (t *routeTable) route(path string) string {
	switch {
	case path == healthPath || slices.Contains(t.paths, path):
		return path
	case slices.Contains(t.paths, path+"/"):
		return path + "/"
	case t.page && !strings.HasPrefix(path, "/api/"):
		return routePage
	}
	return routeOther
}
