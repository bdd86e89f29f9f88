package auth

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// CORSConfig says which pages of other origins may call the endpoints. Its fields are the settings of django-cors-headers, and answers get
// the headers that it would give them. [DefaultCORSConfig] makes one, which allows no origin yet.
type CORSConfig struct {
	// AllowedOrigins (CORS_ALLOWED_ORIGINS) lists origins such as "https://app.example.com", as browsers write them.
	AllowedOrigins []string
	// AllowedOriginRegexes (CORS_ALLOWED_ORIGIN_REGEXES) match further origins.
	AllowedOriginRegexes []*regexp.Regexp
	// AllowAllOrigins (CORS_ALLOW_ALL_ORIGINS) allows every page there is.
	AllowAllOrigins bool
	// AllowCredentials (CORS_ALLOW_CREDENTIALS) lets pages send the cookies of the endpoints. With AllowAllOrigins every page can act for
	// whoever visits it, where cookies carry tokens.
	AllowCredentials bool
	// AllowPrivateNetwork (CORS_ALLOW_PRIVATE_NETWORK) lets public pages reach a server in a private network.
	AllowPrivateNetwork bool
	// AllowMethods (CORS_ALLOW_METHODS), AllowHeaders (CORS_ALLOW_HEADERS) and ExposeHeaders (CORS_EXPOSE_HEADERS) are what pages are told
	// that they may use.
	AllowMethods, AllowHeaders, ExposeHeaders []string
	// PreflightMaxAge (CORS_PREFLIGHT_MAX_AGE) is how many seconds browsers may remember an answer to their asking. 0 says nothing.
	PreflightMaxAge int
	// URLsRegex (CORS_URLS_REGEX) matches the paths that all of this is for. Nil is every path.
	URLsRegex *regexp.Regexp
}

// DefaultCORSConfig returns the defaults of django-cors-headers.
func DefaultCORSConfig() CORSConfig {
	return CORSConfig{
		AllowMethods:    []string{"DELETE", "GET", "OPTIONS", "PATCH", "POST", "PUT"},
		AllowHeaders:    []string{"accept", "authorization", "content-type", "user-agent", "x-csrftoken", "x-requested-with"},
		PreflightMaxAge: 86400,
	}
}

// covers reports whether the request is for one of the paths. Nothing is when there are no settings.
func (c *CORSConfig) covers(request *Request) bool {
	return c != nil && (c.URLsRegex == nil || c.URLsRegex.MatchString(request.Path))
}

// preflight answers a browser that asks whether it may send a request. It returns nil for any other request.
func (c *CORSConfig) preflight(request *Request) *Response {
	if !c.covers(request) || request.Method != "OPTIONS" || request.Header.Values("Access-Control-Request-Method") == nil {
		return nil
	}
	return &Response{Status: 200, Header: Header{"Content-Type": {"text/html; charset=utf-8"}}}
}

// addHeaders adds to a response what the browser needs to let the page see it.
func (c *CORSConfig) addHeaders(request *Request, response *Response) {
	if !c.covers(request) {
		return
	}
	header := response.Header
	vary := "origin"
	if before := header.Get("Vary"); before != "" {
		vary = before + ", " + vary
	}
	header.Set("Vary", vary)
	origin := request.Header.Get("Origin")
	if origin == "" || !c.allows(origin) {
		return
	}
	if c.AllowAllOrigins && !c.AllowCredentials {
		header.Set("Access-Control-Allow-Origin", "*")
	} else { // with credentials the origin itself must be named
		header.Set("Access-Control-Allow-Origin", origin)
	}
	if c.AllowCredentials {
		header.Set("Access-Control-Allow-Credentials", "true")
	}
	if len(c.ExposeHeaders) > 0 {
		header.Set("Access-Control-Expose-Headers", strings.Join(c.ExposeHeaders, ", "))
	}
	if request.Method == "OPTIONS" {
		header.Set("Access-Control-Allow-Headers", strings.Join(c.AllowHeaders, ", "))
		header.Set("Access-Control-Allow-Methods", strings.Join(c.AllowMethods, ", "))
		if c.PreflightMaxAge > 0 {
			header.Set("Access-Control-Max-Age", strconv.Itoa(c.PreflightMaxAge))
		}
	}
	if c.AllowPrivateNetwork && request.Header.Get("Access-Control-Request-Private-Network") == "true" {
		header.Set("Access-Control-Allow-Private-Network", "true")
	}
}

func (c *CORSConfig) allows(origin string) bool {
	return c.AllowAllOrigins || slices.Contains(c.AllowedOrigins, origin) ||
		slices.ContainsFunc(c.AllowedOriginRegexes, func(pattern *regexp.Regexp) bool { return pattern.MatchString(origin) })
}
