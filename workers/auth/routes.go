package auth

import "strings"

// routeViews returns the views by path: each at its own unless URLS moves it or switches it off.
func routeViews(views []view, urls map[string]string) (map[string]*view, error) {
	routes := make(map[string]*view, len(views))
	known := make(map[string]bool, len(views))
	for _, v := range views {
		known[v.route] = true
		if path, set := urls[v.route]; set {
			v.path = path
		}
		if v.path == "" {
			continue
		}
		if !strings.HasPrefix(v.path, "/") || strings.ContainsAny(v.path, "?#") {
			return nil, settingError("URLS", "the path of %s must begin with / and be a path alone", v.route)
		}
		if other := routes[v.path]; other != nil {
			return nil, settingError("URLS", "%s and %s have one path", other.route, v.route)
		}
		routes[v.path] = &v
	}
	for route := range urls {
		if !known[route] {
			return nil, settingError("URLS", "there is no view of the name %q", route)
		}
	}
	return routes, nil
}
