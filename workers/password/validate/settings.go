package validate

import (
	"fmt"
	"strings"

	"github.com/jeton-dev/jeton/core"
)

// Sources are where lists of common passwords come from.
type Sources struct {
	// Common returns the list where OPTIONS name none. Natively it is common.List. Nil refuses CommonPasswordValidator without
	// password_list_path.
	Common func() *List
	// ReadFile reads the file that password_list_path names. Natively it is os.ReadFile. Nil refuses that option.
	ReadFile func(path string) ([]byte, error)
}

// SettingError says which part of AUTH_PASSWORD_VALIDATORS is wrong, and how.
type SettingError struct {
	// Name is the setting's, with a member's place in the list: "AUTH_PASSWORD_VALIDATORS[0]".
	Name    string
	Problem string
}

// Error returns the name and the problem.
func (e *SettingError) Error() string { return e.Name + ": " + e.Problem }

const (
	settingName = "AUTH_PASSWORD_VALIDATORS"
	// djangoValidators is where Django has its validators.
	djangoValidators = "django.contrib.auth.password_validation."
)

// Parse reads the value of Django's AUTH_PASSWORD_VALIDATORS, a list of {"NAME": "dotted.path", "OPTIONS": {…}}, and the files it names.
// Options that are not given have Django's defaults. What Django would not start with, and a class that is not one of Django's four, is
// refused with a [*SettingError].
func Parse(setting core.Value, sources Sources) ([]Validator, error) {
	members, ok := setting.Elements()
	if !ok {
		return nil, &SettingError{settingName, "must be a list of objects"}
	}
	validators := make([]Validator, 0, len(members))
	for i, member := range members {
		validator, problem := parseMember(member, sources)
		if problem != "" {
			return nil, &SettingError{fmt.Sprintf("%s[%d]", settingName, i), problem}
		}
		validators = append(validators, validator)
	}
	return validators, nil
}

func parseMember(member core.Value, sources Sources) (validator Validator, problem string) {
	object, ok := member.Object()
	if !ok {
		return nil, "must be an object"
	}
	var path string
	options := map[string]core.Value{}
	for i := range object.Len() {
		switch name, value := object.Member(i); name {
		case "NAME":
			path, _ = value.Text()
		case "OPTIONS":
			given, ok := value.Object()
			if !ok {
				return nil, "OPTIONS must be an object"
			}
			for i := range given.Len() {
				name, value := given.Member(i)
				options[name] = value
			}
		default:
			return nil, fmt.Sprintf("%.100q is no member of a validator: NAME and OPTIONS are", name)
		}
	}
	class, ofDjango := strings.CutPrefix(path, djangoValidators)
	parse := classes[class]
	if !ofDjango || parse == nil {
		return nil, fmt.Sprintf("NAME %.100q is not a validator that is known here", path)
	}
	if validator, problem = parse(options, sources); problem != "" {
		return nil, problem
	}
	for name := range options { // parse has taken what it knows
		return nil, fmt.Sprintf("%.100q is not an option of %s", name, class)
	}
	return validator, ""
}

// classes make a validator of its options, and take those they know out of them.
var classes = map[string]func(options map[string]core.Value, sources Sources) (validator Validator, problem string){
	"UserAttributeSimilarityValidator": parseSimilarity,
	"MinimumLengthValidator":           parseMinimumLength,
	"CommonPasswordValidator":          parseCommonPassword,
	"NumericPasswordValidator": func(map[string]core.Value, Sources) (Validator, string) {
		return NumericPassword{}, ""
	},
}

func parseSimilarity(options map[string]core.Value, _ Sources) (Validator, string) {
	validator := UserAttributeSimilarity{Attributes: []string{"username", "first_name", "last_name", "email"}, MaxSimilarity: 0.7}
	if value, given := take(options, "user_attributes"); given {
		var ok bool
		if validator.Attributes, ok = value.Texts(); !ok {
			return nil, "user_attributes must be a list of texts"
		}
	}
	if value, given := take(options, "max_similarity"); given {
		var ok bool
		if validator.MaxSimilarity, ok = value.Float(); !ok || validator.MaxSimilarity < 0.1 {
			return nil, "max_similarity must be at least 0.1"
		}
	}
	return validator, ""
}

func parseMinimumLength(options map[string]core.Value, _ Sources) (Validator, string) {
	validator := MinimumLength{8}
	if value, given := take(options, "min_length"); given {
		length, ok := value.Int()
		if validator.Characters = int(length); !ok || int64(validator.Characters) != length {
			return nil, "min_length must be an integer"
		}
	}
	return validator, ""
}

func parseCommonPassword(options map[string]core.Value, sources Sources) (Validator, string) {
	value, given := take(options, "password_list_path")
	if !given {
		if sources.Common == nil {
			return nil, "CommonPasswordValidator has no list in this build"
		}
		return CommonPassword{sources.Common()}, ""
	}
	path, ok := value.Text()
	switch {
	case !ok:
		return nil, "password_list_path must be text"
	case sources.ReadFile == nil:
		return nil, "password_list_path: this build reads no files"
	}
	file, err := sources.ReadFile(path)
	if err != nil {
		return nil, fmt.Sprintf("password_list_path: %v", err)
	}
	list, err := ReadList(file)
	if err != nil {
		return nil, fmt.Sprintf("password_list_path: %v", err)
	}
	return CommonPassword{list}, ""
}

// take returns an option and removes it.
func take(options map[string]core.Value, name string) (value core.Value, given bool) {
	value, given = options[name]
	delete(options, name)
	return value, given
}
