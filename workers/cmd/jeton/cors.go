package main

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/jeton-dev/jeton/core"
	"github.com/jeton-dev/jeton/workers/auth"
	"github.com/rs/cors"
)

// corsPrefix begins the settings of django-cors-headers, which stand beside SECRET_KEY as in a site's settings module.
const corsPrefix = "CORS_"

// corsSettings says which pages of other origins may call the API. The zero value allows none.
type corsSettings struct {
	origins        []string // in lower case
	originPatterns []*regexp.Regexp
	allOrigins     bool
	credentials    bool
	privateNetwork bool
	methods        []string
	headers        []string
	exposed        []string
	maxAge         int // seconds
	paths          *regexp.Regexp
}

// defaultCORS returns the defaults of django-cors-headers.
func defaultCORS() corsSettings {
	return corsSettings{
		methods: []string{"DELETE", "GET", "OPTIONS", "PATCH", "POST", "PUT"},
		headers: []string{"accept", "authorization", "content-type", "user-agent", "x-csrftoken", "x-requested-with"},
		maxAge:  86400,
	}
}

// corsReaders are the settings of django-cors-headers, under their present and their former names.
var corsReaders = map[string]func(*corsSettings, core.Value) (problem string){
	"CORS_ALLOWED_ORIGINS":        readOrigins,
	"CORS_ORIGIN_WHITELIST":       readOrigins,
	"CORS_ALLOWED_ORIGIN_REGEXES": readOriginPatterns,
	"CORS_ORIGIN_REGEX_WHITELIST": readOriginPatterns,
	"CORS_ALLOW_ALL_ORIGINS":      corsFlag(func(c *corsSettings) *bool { return &c.allOrigins }),
	"CORS_ORIGIN_ALLOW_ALL":       corsFlag(func(c *corsSettings) *bool { return &c.allOrigins }),
	"CORS_ALLOW_CREDENTIALS":      corsFlag(func(c *corsSettings) *bool { return &c.credentials }),
	"CORS_ALLOW_PRIVATE_NETWORK":  corsFlag(func(c *corsSettings) *bool { return &c.privateNetwork }),
	"CORS_ALLOW_METHODS":          corsList(func(c *corsSettings) *[]string { return &c.methods }, 1),
	"CORS_ALLOW_HEADERS":          corsList(func(c *corsSettings) *[]string { return &c.headers }, 1),
	"CORS_EXPOSE_HEADERS":         corsList(func(c *corsSettings) *[]string { return &c.exposed }, 0),
	"CORS_PREFLIGHT_MAX_AGE":      readMaxAge,
	"CORS_URLS_REGEX":             readCORSPaths,
}

// set reads one setting, or returns what is wrong with it.
func (c *corsSettings) set(name string, value core.Value) error {
	problem := "is not a setting of django-cors-headers"
	if read, known := corsReaders[name]; known {
		problem = read(c, value)
	}
	if problem != "" {
		return &auth.SettingError{Name: name, Problem: problem}
	}
	return nil
}

func corsFlag(target func(*corsSettings) *bool) func(*corsSettings, core.Value) string {
	return func(c *corsSettings, value core.Value) string {
		var ok bool
		if *target(c), ok = value.Bool(); !ok {
			return "must be true or false"
		}
		return ""
	}
}

func corsList(target func(*corsSettings) *[]string, least int) func(*corsSettings, core.Value) string {
	return func(c *corsSettings, value core.Value) string {
		var ok bool
		if *target(c), ok = listOfWords(value); !ok || len(*target(c)) < least {
			return "must be a list of names"
		}
		return ""
	}
}

// listOfWords reads a list of texts that can stand in a header field.
func listOfWords(value core.Value) ([]string, bool) {
	elements, ok := value.Elements()
	words := make([]string, 0, len(elements))
	for _, element := range elements {
		word, isText := element.Text()
		ok = ok && isText && word != "" && !strings.ContainsFunc(word, func(char rune) bool { return char <= ' ' || char > '~' || char == ',' })
		words = append(words, word)
	}
	return words, ok
}

func readOrigins(c *corsSettings, value core.Value) string {
	const problem = `must be a list of origins such as "https://app.example.com", without a path`
	origins, ok := listOfWords(value)
	if !ok {
		return problem
	}
	for i, origin := range origins {
		if parsed, err := url.Parse(origin); origin != "null" && origin != "file://" &&
			(err != nil || parsed.Scheme == "" || parsed.Host == "" || origin != parsed.Scheme+"://"+parsed.Host) {
			return problem
		}
		origins[i] = strings.ToLower(origin)
	}
	c.origins = origins
	return ""
}

func readOriginPatterns(c *corsSettings, value core.Value) string {
	const problem = "must be a list of regular expressions, without look-ahead or back references"
	elements, ok := value.Elements()
	if !ok {
		return problem
	}
	c.originPatterns = nil
	for _, element := range elements {
		pattern, ok := readPattern(element)
		if !ok {
			return problem
		}
		c.originPatterns = append(c.originPatterns, pattern)
	}
	return ""
}

func readCORSPaths(c *corsSettings, value core.Value) string {
	var ok bool
	if c.paths, ok = readPattern(value); !ok {
		return "must be a regular expression, without look-ahead or back references"
	}
	return ""
}

// readPattern compiles an expression that must match from the start of a text, not to its end, as Python's re.match has it.
func readPattern(value core.Value) (*regexp.Regexp, bool) {
	text, ok := value.Text()
	if !ok {
		return nil, false
	}
	pattern, err := regexp.Compile(`\A(?:` + text + `)`)
	return pattern, err == nil
}

func readMaxAge(c *corsSettings, value core.Value) string {
	seconds, ok := value.Int()
	if !ok || seconds < 0 || seconds > 1<<31-1 {
		return "must be a number of seconds"
	}
	c.maxAge = int(seconds)
	return ""
}

// allow returns next with the CORS headers, and with an answer to preflight requests. Where no origin is allowed it is next itself.
func (c *corsSettings) allow(next http.Handler) http.Handler {
	if !c.allOrigins && len(c.origins) == 0 && len(c.originPatterns) == 0 {
		return next
	}
	options := cors.Options{
		AllowedMethods:       c.methods,
		AllowedHeaders:       c.headers,
		ExposedHeaders:       c.exposed,
		MaxAge:               c.maxAge,
		AllowCredentials:     c.credentials,
		AllowPrivateNetwork:  c.privateNetwork,
		OptionsSuccessStatus: http.StatusOK, // as Django
	}
	if c.allOrigins && !c.credentials {
		options.AllowedOrigins = []string{"*"}
	} else { // with credentials the origin itself must be named
		options.AllowOriginFunc = c.allows
	}
	allowing := cors.New(options).Handler(next)
	if c.paths == nil {
		return allowing
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if c.paths.MatchString(r.URL.Path) {
			allowing.ServeHTTP(w, r)
		} else {
			next.ServeHTTP(w, r)
		}
	})
}

func (c *corsSettings) allows(origin string) bool {
	return c.allOrigins || slices.Contains(c.origins, origin) ||
		slices.ContainsFunc(c.originPatterns, func(pattern *regexp.Regexp) bool { return pattern.MatchString(origin) })
}
