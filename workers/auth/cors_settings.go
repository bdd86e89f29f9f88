package auth

import (
	"regexp"
	"strings"

	"github.com/jeton-dev/jeton/core"
)

// corsPrefix begins the settings of django-cors-headers, which stand beside SECRET_KEY as in a site's settings module.
const corsPrefix = "CORS_"

// corsSettings are these settings, under their present and their former names.
var corsSettings = map[string]setting[Config]{
	"CORS_ALLOWED_ORIGINS":        corsSetting(readOrigins),
	"CORS_ORIGIN_WHITELIST":       corsSetting(readOrigins),
	"CORS_ALLOWED_ORIGIN_REGEXES": corsSetting(readOriginRegexes),
	"CORS_ORIGIN_REGEX_WHITELIST": corsSetting(readOriginRegexes),
	"CORS_ALLOW_ALL_ORIGINS":      corsSetting(booleanSetting(func(c *CORSConfig) *bool { return &c.AllowAllOrigins })),
	"CORS_ORIGIN_ALLOW_ALL":       corsSetting(booleanSetting(func(c *CORSConfig) *bool { return &c.AllowAllOrigins })),
	"CORS_ALLOW_CREDENTIALS":      corsSetting(booleanSetting(func(c *CORSConfig) *bool { return &c.AllowCredentials })),
	"CORS_ALLOW_PRIVATE_NETWORK":  corsSetting(booleanSetting(func(c *CORSConfig) *bool { return &c.AllowPrivateNetwork })),
	"CORS_ALLOW_METHODS":          corsSetting(headerNames(func(c *CORSConfig) *[]string { return &c.AllowMethods })),
	"CORS_ALLOW_HEADERS":          corsSetting(headerNames(func(c *CORSConfig) *[]string { return &c.AllowHeaders })),
	"CORS_EXPOSE_HEADERS":         corsSetting(headerNames(func(c *CORSConfig) *[]string { return &c.ExposeHeaders })),
	"CORS_PREFLIGHT_MAX_AGE":      corsSetting(readPreflightMaxAge),
	"CORS_URLS_REGEX":             corsSetting(readURLsRegex),
}

// corsSetting reads into the configuration's CORS, which the first of these settings makes.
func corsSetting(read setting[CORSConfig]) setting[Config] {
	return func(c *Config, value core.Value) string {
		if c.CORS == nil {
			defaults := DefaultCORSConfig()
			c.CORS = &defaults
		}
		return read(c.CORS, value)
	}
}

// headerNames reads a list of words for a header field, which may be empty.
func headerNames(target func(*CORSConfig) *[]string) setting[CORSConfig] {
	return func(c *CORSConfig, value core.Value) string {
		words, ok := readWords(value)
		*target(c) = words
		return unless(ok, "must be a list of names")
	}
}

// readWords reads a list of texts that can stand in a header field, side by side with commas between them.
func readWords(value core.Value) ([]string, bool) {
	elements, ok := value.Elements()
	words := make([]string, 0, len(elements))
	for _, element := range elements {
		word, isText := element.Text()
		ok = ok && isText && word != "" && !strings.ContainsFunc(word, func(char rune) bool { return char <= ' ' || char > '~' || char == ',' })
		words = append(words, word)
	}
	return words, ok
}

func readOrigins(c *CORSConfig, value core.Value) string {
	origins, ok := readWords(value)
	for _, origin := range origins {
		scheme, host, _ := strings.Cut(origin, "://")
		ok = ok && (origin == "null" || origin == "file://" || scheme != "" && host != "" && !strings.ContainsAny(host, `/\?#@`))
	}
	c.AllowedOrigins = origins
	return unless(ok, `must be a list of origins such as "https://app.example.com", without a path`)
}

func readOriginRegexes(c *CORSConfig, value core.Value) string {
	elements, ok := value.Elements()
	c.AllowedOriginRegexes = nil
	for _, element := range elements {
		pattern, compiles := readRegex(element)
		ok = ok && compiles
		c.AllowedOriginRegexes = append(c.AllowedOriginRegexes, pattern)
	}
	return unless(ok, "must be a list of regular expressions, without look-around or back references")
}

func readURLsRegex(c *CORSConfig, value core.Value) string {
	var ok bool
	c.URLsRegex, ok = readRegex(value)
	return unless(ok, "must be a regular expression, without look-around or back references")
}

// readRegex compiles an expression that must match from the start of a text, not to its end, as Python's re.match has it.
func readRegex(value core.Value) (*regexp.Regexp, bool) {
	text, ok := value.Text()
	pattern, err := regexp.Compile(`\A(?:` + text + `)`)
	return pattern, ok && err == nil
}

func readPreflightMaxAge(c *CORSConfig, value core.Value) string {
	seconds, ok := value.Int()
	c.PreflightMaxAge = int(seconds)
	return unless(ok && seconds >= 0 && seconds <= 1<<31-1, "must be a number of seconds")
}
