// Package auth is the login service, free of any transport: a [Request] goes into [Service.Serve] and a [Response] comes out. It speaks
// as one of Django's JWT packages does: the same paths, bodies, statuses and headers, under settings of the same names. Which one is a
// [Dialect]. As djangorestframework-simplejwt:
//
//	POST /api/token/            username and password for a refresh token and an access token
//	POST /api/token/refresh/    a refresh token for a new access token, and a new refresh token where they rotate
//	POST /api/token/verify/     whether a token is good
//	POST /api/token/blacklist/  a refresh token is good for nothing any more
//	GET  /api/me/               the user of the access token in the Authorization header
//
// Sliding tokens have two more. As drf-jwt, or djangorestframework-jwt without the blacklist:
//
//	POST /api-token-auth/       username and password for a token
//	POST /api-token-refresh/    a good token for a new one
//	POST /api-token-verify/     whether a token is good
//	POST /api-token-blacklist/  a token is good for nothing any more
//	GET  /api/me/               the user of the token in the Authorization header or in a cookie
//
// [Service.Authenticate] and [Service.AuthenticateStateless] protect other routes.
//
// The service does no input or output of its own. It asks a store.Store for users and a [Host] for the time, random bytes, password
// hashing and asymmetric signatures, and starts no goroutine and no timer, so that it also runs in a single-threaded WebAssembly
// reactor. Package httpauth serves it with net/http.
package auth
