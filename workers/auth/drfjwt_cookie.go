package auth

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jeton-dev/jeton/workers/auth/internal/rest"
)

// setCookie returns the header with the Set-Cookie line for a token, or none when the cookie has no name. The attributes stand in the
// order in which Python's http.cookies writes them; the age is in whole seconds, rounded up, as Django works it out.
func (d *drfjwt) setCookie(name, token string, now time.Time) Header {
	if name == "" {
		return nil
	}
	age := (d.settings.ExpirationDelta + time.Second - 1) / time.Second
	expires := now.Add(age * time.Second).UTC().Format("Mon, 02 Jan 2006 15:04:05 GMT")
	line := name + "=" + token + cookieAttribute("Domain", d.settings.AuthCookieDomain) + cookieAttribute("expires", expires) + "; HttpOnly" +
		cookieAttribute("Max-Age", strconv.FormatInt(int64(age), 10)) + cookieAttribute("Path", d.settings.AuthCookiePath) +
		cookieAttribute("SameSite", d.settings.AuthCookieSameSite)
	if d.settings.AuthCookieSecure {
		line += "; Secure"
	}
	return Header{"Set-Cookie": {line}}
}

// cookieAttribute returns an attribute for the line, or nothing for an empty one.
func cookieAttribute(name, value string) string {
	if value == "" {
		return ""
	}
	return "; " + name + "=" + value
}

// cookie returns a cookie of a request, and whether there is one. Of several with one name the last counts, as in Django.
func cookie(request *Request, name string) (value string, found bool) {
	for pair := range strings.SplitSeq(strings.Join(request.Header.Values("Cookie"), ";"), ";") {
		key, content, _ := strings.Cut(pair, "=")
		if strings.TrimSpace(key) != name || !strings.Contains(pair, "=") {
			continue
		}
		value, found = strings.TrimSpace(content), true
		if len(value) >= 2 && value[0] == '"' && value[len(value)-1] == '"' {
			value = value[1 : len(value)-1]
		}
	}
	return value, found
}

// cookieWords are the words that http.cookies keeps from being names.
var cookieWords = []string{"expires", "path", "comment", "domain", "max-age", "secure", "httponly", "version", "samesite", "partitioned"}

func isCookieName(name string) bool {
	const characters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&'*+-.^_`|~:"
	return strings.Trim(name, characters) == "" && !slices.Contains(cookieWords, strings.ToLower(name))
}

func isCookieAttribute(value string) bool {
	return rest.IsPrintable(value) && !strings.Contains(value, ";")
}
