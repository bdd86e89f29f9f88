package claims_test

import (
	"fmt"
	"time"

	"github.com/jeton-dev/jeton/core"
	"github.com/jeton-dev/jeton/core/claims"
)

// Session is a program's own claims.
type Session struct {
	claims.Registered
	UserID int64    `json:"user_id"`
	Roles  []string `json:"roles"`
}

func Example() {
	key, err := core.GenerateKey(core.EdDSA)
	if err != nil {
		panic(err)
	}
	made, err := claims.Of(Session{
		Registered: claims.Registered{Subject: "alice", Expiration: claims.NumericDate{Time: time.Now().Add(time.Minute)}},
		UserID:     9007199254740993, Roles: []string{"editor"},
	})
	if err != nil {
		panic(err)
	}
	text, err := core.Encode(made, key)
	if err != nil {
		panic(err)
	}
	token, err := core.Verify(text, key, core.Policy{})
	if err != nil {
		panic(err)
	}
	session, err := claims.Decode[Session](token)
	if err != nil {
		panic(err)
	}
	fmt.Println(session.Subject, session.UserID, session.Roles)
	// Output: alice 9007199254740993 [editor]
}

func ExampleDecode() {
	key, err := core.GenerateKey(core.HS256)
	if err != nil {
		panic(err)
	}
	text, err := core.Encode(core.NewClaims().Set("SUB", "mallory").Set("n", 1).SetExpiration(time.Now().Add(time.Minute)), key)
	if err != nil {
		panic(err)
	}
	token, err := core.Verify(text, key, core.Policy{})
	if err != nil {
		panic(err)
	}
	registered, err := claims.Decode[claims.Registered](token)
	fmt.Printf("%q %v\n", registered.Subject, err)
	// Output: "" <nil>
}

func ExampleOf() {
	made, err := claims.Of(claims.Registered{Subject: "alice", Audience: claims.Audience{"api"}, Expiration: claims.NumericDate{Time: time.Unix(1_790_000_000, 0)}})
	if err != nil {
		panic(err)
	}
	text, err := made.AppendJSON(nil)
	if err != nil {
		panic(err)
	}
	fmt.Println(string(text))
	// Output: {"sub":"alice","aud":"api","exp":1790000000}
}
