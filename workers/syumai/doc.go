// Command syumai is the login service as a Cloudflare Worker that is a Go program, through github.com/syumai/workers: the same
// http.Handler as on a server, with users in the D1 database bound as DB.
//
// workers/edge is the faster way to run it: this library starts a Go runtime for every request. This build is for Workers that are Go
// programs anyway. README.md says how to build it.
package main
