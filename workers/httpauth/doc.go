// Package httpauth serves the login service of package auth with net/http: [Handler] answers its endpoints, [Middleware] lets only
// requests with a good access token through to other routes.
package httpauth
