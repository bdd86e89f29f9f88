package auth

import (
	"slices"
	"strings"
	"time"

	"github.com/jeton-dev/jeton/core"
)

// settingsLimits bounds a settings file. A key is its longest text.
var settingsLimits = core.Limits{TokenBytes: 1 << 20, Depth: 8, Members: 1000}

// ParseConfig reads settings from JSON that holds what a Django site's settings module does:
//
//	{"SECRET_KEY": "…", "SIMPLE_JWT": {"ACCESS_TOKEN_LIFETIME": "0:05:00", "ALGORITHM": "HS256"}}
//
// A lifetime is a number of seconds or text in one of the forms Django reads: "[D ]HH:MM:SS" or ISO 8601 "PT5M". SIGNING_KEY defaults
// to SECRET_KEY. A setting that is unknown, removed, or not supported at the value it has is refused with a [*SettingError]. The top
// level takes settings that are not Django's; see [Config].
//
// The result has no PEMParser, and nothing about its keys is checked: [New] does that.
func ParseConfig(json []byte) (Config, error) {
	file, err := core.ParseObject(json, settingsLimits)
	if err != nil {
		return Config{}, &SettingError{Name: "settings", Problem: err.Error()}
	}
	config := DefaultConfig()
	if config.Dialect, err = dialectOf(file); err != nil {
		return Config{}, err
	}
	config.DRFJWT = DefaultDRFJWTConfig(config.Dialect)
	for i := range file.Len() {
		name, value := file.Member(i)
		if section, found := sections[name]; found {
			object, ok := value.Object()
			if !ok {
				return Config{}, settingError(name, "must be an object")
			}
			if err := section(&config, object); err != nil {
				return Config{}, err
			}
			continue
		}
		table, kind := siteSettings, "a setting"
		if strings.HasPrefix(name, corsPrefix) {
			table, kind = corsSettings, "a setting of django-cors-headers"
		}
		if err := readSetting(&config, table, name, value, kind); err != nil {
			return Config{}, err
		}
	}
	return config, nil
}

// dialectOf returns the dialect that settings are for: the one that JWT_DIALECT names, or else that of the section there is.
func dialectOf(file *core.Object) (Dialect, error) {
	if value, found := file.Get("JWT_DIALECT"); found {
		name, _ := value.Text()
		if !slices.Contains([]Dialect{SimpleJWT, DRFJWT, DjangoRESTFrameworkJWT}, Dialect(name)) {
			return "", settingError("JWT_DIALECT", `must be "simplejwt", "drf-jwt" or "djangorestframework-jwt"`)
		}
		return Dialect(name), nil
	}
	_, simple := file.Get("SIMPLE_JWT")
	if _, found := file.Get("JWT_AUTH"); found && !simple {
		return DRFJWT, nil
	}
	return SimpleJWT, nil
}

// sections are the settings that hold further ones.
var sections = map[string]func(*Config, *core.Object) error{
	"SIMPLE_JWT": func(c *Config, object *core.Object) error {
		return readSection(&c.SimpleJWT, simplejwtSettings, object, "a setting of SIMPLE_JWT")
	},
	"JWT_AUTH": func(c *Config, object *core.Object) error {
		dialect := c.Dialect
		if dialect == SimpleJWT {
			dialect = DRFJWT // it may stand there, and plays no part
		}
		return readSection(&c.DRFJWT, drfjwtSettings[dialect], object, "a setting of JWT_AUTH in "+string(dialect))
	},
	"REGISTRATION": func(c *Config, object *core.Object) error {
		return readSection(&c.Registration, registrationSettings, object, "a setting of REGISTRATION")
	},
	"REST_FRAMEWORK": func(c *Config, object *core.Object) error {
		return readSection(&c.RESTFramework, restFrameworkSettings, object, "a setting of REST_FRAMEWORK")
	},
}

func readSection[T any](config *T, table map[string]setting[T], object *core.Object, kind string) error {
	for i := range object.Len() {
		name, value := object.Member(i)
		if err := readSetting(config, table, name, value, kind); err != nil {
			return err
		}
	}
	return nil
}

func readSetting[T any](config *T, table map[string]setting[T], name string, value core.Value, kind string) error {
	read, known := table[name]
	if !known {
		return settingError(name, "is not %s", kind)
	}
	if problem := read(config, value); problem != "" {
		return settingError(name, "%s", problem)
	}
	return nil
}

// siteSettings are the settings that belong to no section.
var siteSettings = map[string]setting[Config]{
	"SECRET_KEY":               secretSetting(func(c *Config) *Secret { return &c.SecretKey }, false),
	"INSTALLED_APPS":           readInstalledApps,
	"USERNAME_FIELD":           textSetting(func(c *Config) *string { return &c.UsernameField }, false),
	"URLS":                     readURLs,
	"JWT_DIALECT":              func(*Config, core.Value) string { return "" }, // dialectOf has read it
	"AUTH_PASSWORD_VALIDATORS": readPasswordValidators,
	"PASSWORD_CHANGE":          booleanSetting(func(c *Config) *bool { return &c.PasswordChange }),
	"PASSWORD_HASHERS":         readPasswordHashers,
	"PASSWORD_ITERATIONS":      readPasswordIterations,
	"PASSWORD_LEGACY_HASHERS":  booleanSetting(func(c *Config) *bool { return &c.PasswordLegacyHashers }),
	"PASSWORD_MEMORY_LIMIT":    readPasswordMemoryLimit,
}

func readInstalledApps(c *Config, value core.Value) string {
	apps, ok := value.Texts()
	c.InstalledApps = append([]string{}, apps...) // an empty list is a site without apps
	return unless(ok, "must be a list of texts")
}

func readURLs(c *Config, value core.Value) string {
	object, ok := value.Object()
	if !ok {
		return "must be an object of paths, or null, by the names of views"
	}
	c.URLs = make(map[string]string, object.Len())
	for i := range object.Len() {
		route, value := object.Member(i)
		path, isText := value.Text()
		if !value.IsNull() && (!isText || path == "") {
			return "a path must be text that is not empty, or null"
		}
		c.URLs[route] = path
	}
	return ""
}

// setting puts a value into the configuration, or says why it does not.
type setting[T any] func(config *T, value core.Value) (problem string)

// unless returns the problem when ok does not hold.
func unless(ok bool, problem string) string {
	if ok {
		return ""
	}
	return problem
}

func durationSetting[T any](target func(*T) *time.Duration) setting[T] {
	return func(c *T, value core.Value) string {
		read, ok := readDuration(value)
		*target(c) = read
		return unless(ok, `must be a number of seconds, or text such as "0:05:00" or "PT5M", not negative and at most 100 years`)
	}
}

func readDuration(value core.Value) (time.Duration, bool) {
	if seconds, ok := value.Float(); ok {
		return secondsDuration(seconds)
	}
	text, _ := value.Text()
	return parseDuration(text)
}

func textSetting[T any](target func(*T) *string, nullable bool) setting[T] {
	return func(c *T, value core.Value) string {
		if nullable && value.IsNull() {
			*target(c) = ""
			return ""
		}
		var ok bool
		*target(c), ok = value.Text()
		return unless(ok && *target(c) != "", "must be text that is not empty")
	}
}

func booleanSetting[T any](target func(*T) *bool) setting[T] {
	return func(c *T, value core.Value) string {
		var ok bool
		*target(c), ok = value.Bool()
		return unless(ok, "must be true or false")
	}
}

func secretSetting[T any](target func(*T) *Secret, optional bool) setting[T] {
	return func(c *T, value core.Value) string {
		text, ok := value.Text()
		*target(c) = Secret(text)
		return unless(ok && (optional || text != ""), "must be text that is not empty")
	}
}

// nullable lets null stand for the setting's zero value, as Python's None does.
func nullable[T any](read setting[T]) setting[T] {
	return func(c *T, value core.Value) string {
		if value.IsNull() {
			return ""
		}
		return read(c, value)
	}
}

// readTexts reads one text or a list of them.
func readTexts(value core.Value) (texts []string, isList, ok bool) {
	if single, ok := value.Text(); ok {
		return []string{single}, false, true
	}
	elements, isList := value.Elements()
	for _, element := range elements {
		text, ok := element.Text()
		if !ok {
			return nil, true, false
		}
		texts = append(texts, text)
	}
	return texts, isList, len(texts) > 0
}

const notSupported = "is not supported at any value but its default"

// only accepts a setting at its default, given as JSON.
func only[T any](standard string) setting[T] {
	return func(_ *T, value core.Value) string {
		return unless(strings.Join(strings.Fields(string(value.Raw())), "") == standard, notSupported)
	}
}

// python accepts a setting that names Python code at its default alone, given as JSON, and says which hook does the same in Go, if one
// does.
func python[T any](standard, hook string) setting[T] {
	same, problem := only[T](standard), "names Python code, which does not run here"
	if hook != "" {
		problem += ": in a Go program the hook " + hook + " takes its place"
	}
	return func(c *T, value core.Value) string { return unless(same(c, value) == "", problem) }
}
