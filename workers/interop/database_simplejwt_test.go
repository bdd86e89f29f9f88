package interop

import (
	"fmt"
	"testing"
)

var simpleJWTTests = []sharedTest{
	{"a user made", func(t *testing.T, _ *sharedSite, one, other *service) {
		username, password := one.newUser(t)
		for _, s := range []*service{one, other} {
			s.login(t, username, password)
			s.post(t, "/api/token/", map[string]string{"username": username, "password": "wrong"}).is(401, "No active account")
		}
	}},
	{"a session begun", func(t *testing.T, site *sharedSite, one, other *service) {
		username, password := one.newUser(t)
		access, refresh := one.login(t, username, password)
		other.get(t, "/api/me/", access).is(200, username)
		other.post(t, "/api/token/verify/", map[string]string{"token": access}).is(200, "{}")
		site.rows(t, "SELECT count(*) FROM token_blacklist_outstandingtoken o JOIN auth_user u ON u.id = o.user_id WHERE u.username = '"+username+"'", "1")
		renewed := other.post(t, "/api/token/refresh/", map[string]string{"refresh": refresh}).is(200, "access")
		one.get(t, "/api/me/", renewed.text("access")).is(200, username)
		site.rows(t, "SELECT count(*) FROM token_blacklist_outstandingtoken o JOIN auth_user u ON u.id = o.user_id WHERE u.username = '"+username+"'", "2")
	}},
	{"a token rotated", func(t *testing.T, _ *sharedSite, one, other *service) {
		_, first := other.loginNew(t, one)
		second := one.post(t, "/api/token/refresh/", map[string]string{"refresh": first}).is(200, "refresh").text("refresh")
		other.post(t, "/api/token/refresh/", map[string]string{"refresh": first}).is(401, "Token is blacklisted")
		other.post(t, "/api/token/verify/", map[string]string{"token": first}).is(400, "Token is blacklisted")
		other.post(t, "/api/token/refresh/", map[string]string{"refresh": second}).is(200, "refresh")
		one.post(t, "/api/token/refresh/", map[string]string{"refresh": second}).is(401, "Token is blacklisted")
	}},
	{"a token blacklisted", func(t *testing.T, _ *sharedSite, one, other *service) {
		_, refresh := other.loginNew(t, one)
		other.post(t, "/api/token/verify/", map[string]string{"token": refresh}).is(200, "{}")
		one.post(t, "/api/token/blacklist/", map[string]string{"refresh": refresh}).is(200, "{}")
		other.post(t, "/api/token/refresh/", map[string]string{"refresh": refresh}).is(401, "Token is blacklisted")
		other.post(t, "/api/token/verify/", map[string]string{"token": refresh}).is(400, "Token is blacklisted")
		other.post(t, "/api/token/blacklist/", map[string]string{"refresh": refresh}).is(401, "Token is blacklisted")
	}},
	{"a password changed", func(t *testing.T, _ *sharedSite, one, other *service) {
		username, old := other.newUser(t)
		access, _ := other.login(t, username, old)
		one.command(t, "password", username, "another "+old)
		for _, s := range []*service{other, one} {
			s.get(t, "/api/me/", access).is(401, "password_changed")
			s.post(t, "/api/token/", map[string]string{"username": username, "password": old}).is(401, "No active account")
			s.login(t, username, "another "+old)
		}
	}},
	{"a user deleted", func(t *testing.T, site *sharedSite, one, other *service) {
		username, password := other.newUser(t)
		access, refresh := other.login(t, username, password)
		jti := must[string](t)(claimText(refresh, "jti"))
		one.command(t, "delete", username, "")
		other.get(t, "/api/me/", access).is(401, "user_not_found")
		other.post(t, "/api/token/", map[string]string{"username": username, "password": password}).is(401, "No active account")
		site.rows(t, "SELECT user_id, jti FROM token_blacklist_outstandingtoken WHERE jti = '"+jti+"'", "NULL | "+jti)
	}},
	{"expired tokens flushed", func(t *testing.T, site *sharedSite, one, other *service) {
		username, password := other.newUser(t)
		_, expired := other.login(t, username, password)
		_, kept := other.login(t, username, password)
		other.post(t, "/api/token/blacklist/", map[string]string{"refresh": expired}).is(200, "{}")
		site.change(t, 1, fmt.Sprintf("UPDATE token_blacklist_outstandingtoken SET expires_at = '2001-02-03 04:05:06' WHERE jti = '%s'", must[string](t)(claimText(expired, "jti"))))
		one.command(t, "flush", "", "")
		site.rows(t, "SELECT jti FROM token_blacklist_outstandingtoken o JOIN auth_user u ON u.id = o.user_id WHERE u.username = '"+username+"'", must[string](t)(claimText(kept, "jti")))
		other.post(t, "/api/token/refresh/", map[string]string{"refresh": kept}).is(200, "refresh")
	}},
}

// login begins a session at a service.
func (s *service) login(t *testing.T, username, password string) (access, refresh string) {
	t.Helper()
	a := s.post(t, "/api/token/", map[string]string{"username": username, "password": password}).is(200, "access")
	return a.text("access"), a.text("refresh")
}

// loginNew begins a session of a user whom another service makes.
func (s *service) loginNew(t *testing.T, maker *service) (access, refresh string) {
	t.Helper()
	username, password := maker.newUser(t)
	return s.login(t, username, password)
}
