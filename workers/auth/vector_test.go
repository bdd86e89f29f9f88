package auth_test

import (
	"context"
	"testing"

	"github.com/jeton-dev/jeton/workers/auth"
	"github.com/jeton-dev/jeton/workers/password"
	"github.com/jeton-dev/jeton/workers/store"
)

// Published test vectors, computed with the Python standard library after the formats of djangorestframework-simplejwt and PyJWT. The
// secret protects nothing.
const (
	vectorSecret  = "wire-contract-secret-key-0123456789abcdef"
	vectorAccess  = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ0b2tlbl90eXBlIjoiYWNjZXNzIiwiZXhwIjo0MTAyNDQ1MTAwLCJpYXQiOjk0ODg0NDgwMCwianRpIjoiMDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWYiLCJ1c2VyX2lkIjoiMSJ9.BoIxmuK-8m5iH_xcI-NUYzVJIenxcHkw5sOsnqkJ018"
	vectorRefresh = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ0b2tlbl90eXBlIjoicmVmcmVzaCIsImV4cCI6NDEwMjUzMTIwMCwiaWF0IjoxNzAwMDAwMDAwLCJqdGkiOiJmZWRjYmE5ODc2NTQzMjEwZmVkY2JhOTg3NjU0MzIxMCIsInVzZXJfaWQiOiIxIn0.qXXjm91dMthamfuFF98szfD8A558JekjfYhzI4auy6k"
	vectorSliding = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ0b2tlbl90eXBlIjoic2xpZGluZyIsImV4cCI6NDEwMjQ0NDgwMCwiaWF0IjoxNzAwMDAwMDAwLCJqdGkiOiIwMDExMjIzMzQ0NTU2Njc3ODg5OWFhYmJjY2RkZWVmZiIsInJlZnJlc2hfZXhwIjo0MTAyNTMxMjAwLCJ1c2VyX2lkIjoiMSJ9.etP1iVNuakigQOvAIqO9MvxUUwj__Lxz73f2ZZoVbzM"
	// vectorOldHeader has the header of PyJWT before 2.5, and no token_type.
	vectorOldHeader = "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJ1c2VybmFtZSI6ImFsaWNlIiwiaWF0IjoxNzAwMDAwMDAwLCJleHAiOjQxMDI0NDQ4MDAsImp0aSI6IjliMmYxYzU4LTNkNGUtNGY2YS04YjdjLTBkMWUyZjNhNGI1YyIsInVzZXJfaWQiOjEsIm9yaWdfaWF0IjoxNzAwMDAwMDAwfQ.6XeR75XNdRMQHnvRoe9GbGACvOgA1XCTYmKO2tLZ1Ek"
	vectorNoID      = "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJ1c2VyX2lkIjoxLCJ1c2VybmFtZSI6ImFsaWNlIiwiZXhwIjo0MTAyNDQ0ODAwLCJlbWFpbCI6ImFsaWNlQGV4YW1wbGUuY29tIiwib3JpZ19pYXQiOjE3MDAwMDAwMDB9.LBIneImf5zj1yat6PxWM3XG0ln_3m81zqRCSKoeSDgA"
	vectorPassword  = "correct horse battery"
	vectorHash      = "pbkdf2_sha256$1000$abcdefghijABCDEFGHIJ12$cqGs/a3K3IrRi9sSoKfcUsiRwQyKuCI6PuhOexBs+YI="
)

func TestVectors(t *testing.T) {
	f := newFixture(t, options{secret: vectorSecret})
	expect(t, f.post(pathVerify, map[string]string{"token": vectorAccess}), 200, `{}`)
	expect(t, f.post(pathVerify, map[string]string{"token": vectorRefresh}), 200, `{}`)
	expect(t, f.post(pathVerify, map[string]string{"token": vectorSliding}), 200, `{}`)
	expect(t, f.post(pathVerify, map[string]string{"token": vectorOldHeader}), 200, `{}`)
	expect(t, f.post(pathVerify, map[string]string{"token": vectorNoID}), 401, invalidToken("Token has no id"))
	expect(t, f.me("Bearer "+vectorAccess), 200, `{"id":"1","username":"alice","email":"alice@example.com","first_name":"Ålice","last_name":"<\u2028>"}`)
	expect(t, f.me("Bearer "+vectorOldHeader), 401, notForAnyType("Token has no type"))
	response := f.post(pathRefresh, map[string]string{"refresh": vectorRefresh})
	if got := normalise(string(response.Body)); got != `{"access":"<{"alg":"HS256","typ":"JWT"}{"token_type":"access","exp":iat+300,"iat":now,"jti":UUID,"user_id":"1"}>"}` {
		t.Errorf("got %d %s", response.Status, got)
	}
	hashers, err := password.New(password.Options{}, auth.NativeHost())
	if err != nil {
		t.Fatal(err)
	}
	if ok, err := hashers.Check(context.Background(), vectorPassword, vectorHash); !ok || err != nil {
		t.Errorf("the password vector: %v %v", ok, err)
	}
}

// TestSlidingVector refreshes a sliding token that Django could have made, and opens a protected view with it.
func TestSlidingVector(t *testing.T) {
	f := newFixture(t, options{secret: vectorSecret, settings: `"AUTH_TOKEN_CLASSES":["rest_framework_simplejwt.tokens.SlidingToken"]`})
	expect(t, f.me("Bearer "+vectorSliding), 200, aliceBody)
	response := f.post(pathSlidingRefresh, map[string]string{"token": vectorSliding})
	const want = `{"token":"<{"alg":"HS256","typ":"JWT"}{"token_type":"sliding","exp":iat+300,"iat":now,"jti":"00112233445566778899aabbccddeeff","refresh_exp":4102531200,"user_id":"1"}>"}`
	if got := normalise(string(response.Body)); got != want {
		t.Errorf("got %d %s", response.Status, got)
	}
	expect(t, f.post(pathBlacklist, map[string]string{"refresh": vectorRefresh}), 200, `{}`)
	expect(t, f.post(pathBlacklist, map[string]string{"refresh": vectorRefresh}), 401, invalidToken("Token is blacklisted"))
}

// TestFingerprintVector makes the claim hash_password of a stored hash.
func TestFingerprintVector(t *testing.T) {
	f := newFixture(t, options{settings: `"CHECK_REVOKE_TOKEN":true`})
	user, err := f.users.AddUser(t.Context(), store.User{Username: "vector", Password: vectorHash, IsActive: true})
	if err != nil {
		t.Fatal(err)
	}
	_, access, err := f.service.IssuePair(t.Context(), user)
	if err != nil {
		t.Fatal(err)
	}
	checkClaims(t, access, map[string]string{"hash_password": `"CC50DA719404CE91543B28522C435C3E"`})
}
