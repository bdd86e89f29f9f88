package auth

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jeton-dev/jeton/core"
)

// RESTFrameworkConfig is what the settings of Django REST framework say about the endpoints. [DefaultRESTFrameworkConfig] makes one.
type RESTFrameworkConfig struct {
	// AnonRateThrottle and UserRateThrottle say that DEFAULT_THROTTLE_CLASSES lists the classes of those names: [ThrottleAnon],
	// [ThrottleUser].
	AnonRateThrottle, UserRateThrottle bool
	// ThrottleRates (DEFAULT_THROTTLE_RATES) are the rates by scope. A scope that is not there is not limited.
	ThrottleRates map[string]Rate
}

// DefaultRESTFrameworkConfig returns the defaults. Of REST framework's own they differ in the rates of scopes that REST framework does
// not have: 100 failed logins per username and address, 100 registrations per address and 30 changes of a password per user, in an hour.
func DefaultRESTFrameworkConfig() RESTFrameworkConfig {
	return RESTFrameworkConfig{ThrottleRates: map[string]Rate{
		ThrottleLoginFailed:    {100, time.Hour},
		ThrottleRegister:       {100, time.Hour},
		ThrottlePasswordChange: {30, time.Hour},
	}}
}

func (c *RESTFrameworkConfig) validate() error {
	for scope, rate := range c.ThrottleRates {
		if !slices.Contains(throttleScopes, scope) {
			return settingError("DEFAULT_THROTTLE_RATES", "%q is not a scope of these endpoints: they have %s", scope, strings.Join(throttleScopes, ", "))
		}
		if !rate.valid() {
			return settingError("DEFAULT_THROTTLE_RATES", "the rate of %s must be 1 to %d in at least a millisecond and at most 30 days", scope, maximumRateCount)
		}
	}
	return nil
}

// throttleScopes are the scopes that a rate may be given for.
var throttleScopes = []string{
	ThrottleAnon, ThrottleUser, ThrottleLogin, ThrottleLoginUsername, ThrottleLoginFailed, ThrottleRegister, ThrottlePasswordChange,
}

// restFrameworkSettings are the names that REST_FRAMEWORK may hold.
var restFrameworkSettings = map[string]setting[RESTFrameworkConfig]{
	"DEFAULT_THROTTLE_CLASSES": readThrottleClasses,
	"DEFAULT_THROTTLE_RATES":   readThrottleRates,

	"DEFAULT_RENDERER_CLASSES": only[RESTFrameworkConfig](`["rest_framework.renderers.JSONRenderer","rest_framework.renderers.BrowsableAPIRenderer"]`),
	"DEFAULT_PARSER_CLASSES": only[RESTFrameworkConfig](
		`["rest_framework.parsers.JSONParser","rest_framework.parsers.FormParser","rest_framework.parsers.MultiPartParser"]`),
	"DEFAULT_CONTENT_NEGOTIATION_CLASS": only[RESTFrameworkConfig](`"rest_framework.negotiation.DefaultContentNegotiation"`),
	"DEFAULT_METADATA_CLASS":            only[RESTFrameworkConfig](`"rest_framework.metadata.SimpleMetadata"`),
	"DEFAULT_VERSIONING_CLASS":          only[RESTFrameworkConfig](`null`),
	"NUM_PROXIES":                       only[RESTFrameworkConfig](`null`),
	"VIEW_NAME_FUNCTION":                only[RESTFrameworkConfig](`"rest_framework.views.get_view_name"`),
	"VIEW_DESCRIPTION_FUNCTION":         only[RESTFrameworkConfig](`"rest_framework.views.get_view_description"`),
	"EXCEPTION_HANDLER":                 only[RESTFrameworkConfig](`"rest_framework.views.exception_handler"`),
	"NON_FIELD_ERRORS_KEY":              only[RESTFrameworkConfig](`"non_field_errors"`),
	"URL_FORMAT_OVERRIDE":               only[RESTFrameworkConfig](`"format"`),
	"UNICODE_JSON":                      only[RESTFrameworkConfig](`true`),
	"COMPACT_JSON":                      only[RESTFrameworkConfig](`true`),
	"STRICT_JSON":                       only[RESTFrameworkConfig](`true`),

	"DEFAULT_AUTHENTICATION_CLASSES": unused[RESTFrameworkConfig],
	"DEFAULT_PERMISSION_CLASSES":     unused[RESTFrameworkConfig],
	"DEFAULT_PAGINATION_CLASS":       unused[RESTFrameworkConfig],
	"DEFAULT_FILTER_BACKENDS":        unused[RESTFrameworkConfig],
	"DEFAULT_SCHEMA_CLASS":           unused[RESTFrameworkConfig],
	"PAGE_SIZE":                      unused[RESTFrameworkConfig],
	"SEARCH_PARAM":                   unused[RESTFrameworkConfig],
	"ORDERING_PARAM":                 unused[RESTFrameworkConfig],
	"DEFAULT_VERSION":                unused[RESTFrameworkConfig],
	"ALLOWED_VERSIONS":               unused[RESTFrameworkConfig],
	"VERSION_PARAM":                  unused[RESTFrameworkConfig],
	"UNAUTHENTICATED_USER":           unused[RESTFrameworkConfig],
	"UNAUTHENTICATED_TOKEN":          unused[RESTFrameworkConfig],
	"LIST_SERIALIZER_ERRORS_AS_DICT": unused[RESTFrameworkConfig],
	"TEST_REQUEST_RENDERER_CLASSES":  unused[RESTFrameworkConfig],
	"TEST_REQUEST_DEFAULT_FORMAT":    unused[RESTFrameworkConfig],
	"FORMAT_SUFFIX_KWARG":            unused[RESTFrameworkConfig],
	"URL_FIELD_NAME":                 unused[RESTFrameworkConfig],
	"DATE_FORMAT":                    unused[RESTFrameworkConfig],
	"DATE_INPUT_FORMATS":             unused[RESTFrameworkConfig],
	"DATETIME_FORMAT":                unused[RESTFrameworkConfig],
	"DATETIME_INPUT_FORMATS":         unused[RESTFrameworkConfig],
	"TIME_FORMAT":                    unused[RESTFrameworkConfig],
	"TIME_INPUT_FORMATS":             unused[RESTFrameworkConfig],
	"DURATION_FORMAT":                unused[RESTFrameworkConfig],
	"COERCE_DECIMAL_TO_STRING":       unused[RESTFrameworkConfig],
	"COERCE_BIGINT_TO_STRING":        unused[RESTFrameworkConfig],
	"UPLOADED_FILES_USE_URL":         unused[RESTFrameworkConfig],
	"HTML_SELECT_CUTOFF":             unused[RESTFrameworkConfig],
	"HTML_SELECT_CUTOFF_TEXT":        unused[RESTFrameworkConfig],
	"SCHEMA_COERCE_PATH_PK":          unused[RESTFrameworkConfig],
	"SCHEMA_COERCE_METHOD_NAMES":     unused[RESTFrameworkConfig],
}

// unused accepts a setting of what these endpoints do not have at any value, so that a site's settings can be used as they are.
func unused[T any](*T, core.Value) string { return "" }

const throttleClasses = "rest_framework.throttling."

func readThrottleClasses(c *RESTFrameworkConfig, value core.Value) string {
	classes, isList, ok := readTexts(value)
	if elements, _ := value.Elements(); len(elements) == 0 {
		ok = isList
	}
	for _, class := range classes {
		switch class {
		case throttleClasses + "AnonRateThrottle":
			c.AnonRateThrottle = true
		case throttleClasses + "UserRateThrottle":
			c.UserRateThrottle = true
		case throttleClasses + "ScopedRateThrottle": // counts nothing: the endpoints have no throttle_scope
		default:
			ok = false
		}
	}
	return unless(ok && isList, "must be a list, of AnonRateThrottle, UserRateThrottle and ScopedRateThrottle of rest_framework.throttling alone")
}

func readThrottleRates(c *RESTFrameworkConfig, value core.Value) string {
	rates, ok := value.Object()
	if !ok {
		return "must be an object"
	}
	for i := range rates.Len() {
		scope, value := rates.Member(i)
		text, isText := value.Text()
		rate, good := parseRate(text)
		switch {
		case value.IsNull():
			rate = Rate{}
		case !isText || !good:
			return `the rate of ` + strconv.QuoteToASCII(scope) + ` must be null or text such as "10/min": a number, and s, min, hour or day`
		}
		c.ThrottleRates[scope] = rate
	}
	return ""
}

// ratePeriods are the words for periods.
var ratePeriods = map[string]time.Duration{
	"s": time.Second, "sec": time.Second, "second": time.Second, "seconds": time.Second,
	"m": time.Minute, "min": time.Minute, "minute": time.Minute, "minutes": time.Minute,
	"h": time.Hour, "hour": time.Hour, "hours": time.Hour,
	"d": 24 * time.Hour, "day": 24 * time.Hour, "days": 24 * time.Hour,
}

// parseRate reads a rate as REST framework writes them, "10/min". Unlike it, it does not take any word that begins with m for a minute.
func parseRate(text string) (Rate, bool) {
	number, word, _ := strings.Cut(text, "/")
	count, err := strconv.ParseUint(number, 10, 32)
	period, known := ratePeriods[word]
	return Rate{int(count), period}, err == nil && known && count > 0
}
