package interop

import "testing"

var drfJWTTests = []sharedTest{
	{"a user made", func(t *testing.T, _ *sharedSite, one, other *service) {
		username, password := one.newUser(t)
		for _, s := range []*service{one, other} {
			s.obtain(t, username, password)
		}
	}},
	{"a session begun", func(t *testing.T, _ *sharedSite, one, other *service) {
		username, password := one.newUser(t)
		token := one.obtain(t, username, password)
		other.get(t, "/api/me/", token).is(200, username)
		renewed := other.post(t, "/api-token-refresh/", map[string]string{"token": token}).is(201, "token").text("token")
		one.get(t, "/api/me/", renewed).is(200, username)
		one.post(t, "/api-token-refresh/", map[string]string{"token": renewed}).is(201, "token")
	}},
	{"a token blacklisted", func(t *testing.T, _ *sharedSite, one, other *service) {
		username, password := other.newUser(t)
		token := other.obtain(t, username, password)
		renewed := one.post(t, "/api-token-refresh/", map[string]string{"token": token}).is(201, "token").text("token")
		one.post(t, "/api-token-blacklist/", nil, "Authorization: Bearer "+renewed).is(201, "token")
		other.get(t, "/api/me/", renewed).is(403, "Token is blacklisted.")
		other.post(t, "/api-token-verify/", map[string]string{"token": renewed}).is(400, "Token is blacklisted.")
		other.post(t, "/api-token-refresh/", map[string]string{"token": renewed}).is(400, "Token is blacklisted.")
		other.obtain(t, username, password)
	}},
	{"a password changed", func(t *testing.T, _ *sharedSite, one, other *service) {
		username, old := other.newUser(t)
		one.command(t, "password", username, "another "+old)
		other.post(t, "/api-token-auth/", map[string]string{"username": username, "password": old}).is(400, "Unable to log in")
		other.obtain(t, username, "another "+old)
	}},
	{"a user deleted", func(t *testing.T, site *sharedSite, one, other *service) {
		username, password := other.newUser(t)
		token, blacklisted := other.obtain(t, username, password), other.obtain(t, username, password)
		other.post(t, "/api-token-blacklist/", nil, "Authorization: Bearer "+blacklisted).is(201, "token")
		one.command(t, "delete", username, "")
		other.get(t, "/api/me/", token).is(401, "Invalid token.")
		other.post(t, "/api-token-verify/", map[string]string{"token": token}).is(400, "User doesn't exist.")
		site.rows(t, "SELECT count(*) FROM blacklist_blacklistedtoken WHERE token = '"+blacklisted+"'", "0")
	}},
	{"stale tokens removed", func(t *testing.T, site *sharedSite, one, other *service) {
		username, password := other.newUser(t)
		stale, kept := other.obtain(t, username, password), other.obtain(t, username, password)
		for _, token := range []string{stale, kept} {
			other.post(t, "/api-token-blacklist/", nil, "Authorization: Bearer "+token).is(201, "token")
		}
		site.change(t, 1, "UPDATE blacklist_blacklistedtoken SET expires_at = '2001-02-03 04:05:06' WHERE token = '"+stale+"'")
		one.command(t, "flush", "", "")
		site.rows(t, "SELECT token FROM blacklist_blacklistedtoken b JOIN auth_user u ON u.id = b.user_id WHERE u.username = '"+username+"'", kept)
		other.get(t, "/api/me/", kept).is(403, "Token is blacklisted.")
	}},
}

// obtain begins a session at a service.
func (s *service) obtain(t *testing.T, username, password string) (token string) {
	t.Helper()
	return s.post(t, "/api-token-auth/", map[string]string{"username": username, "password": password}).is(201, "token").text("token")
}
