// Package claims carries claims between a program's own structs and tokens.
//
//	type Session struct {
//		claims.Registered
//		UserID int64    `json:"user_id"`
//		Roles  []string `json:"roles"`
//	}
//	session, err := claims.Decode[Session](token) // a *core.Token, which only a verification makes
//
// It uses encoding/json, whose struct tags everyone knows, and stands beside core rather than in it for that reason: core fits a
// browser without reflection, and its own accessors do for a few claims.
//
// Every error is found by errors.Is with a [core.Code] and carries neither a claim's value nor an error of encoding/json, whose text may
// repeat one. All functions are safe for concurrent use.
package claims
