package auth

import (
	"bytes"
	"errors"

	"github.com/jeton-dev/jeton/core"
	"github.com/jeton-dev/jeton/workers/password/validate"
)

// registrationSettings are the names that REGISTRATION may hold.
var registrationSettings = map[string]setting[RegistrationConfig]{
	"ENABLED":        booleanSetting(func(c *RegistrationConfig) *bool { return &c.Enabled }),
	"EMAIL_REQUIRED": booleanSetting(func(c *RegistrationConfig) *bool { return &c.EmailRequired }),
}

// readPasswordValidators keeps AUTH_PASSWORD_VALIDATORS until it is known where lists of passwords come from.
func readPasswordValidators(c *Config, value core.Value) string {
	_, ok := value.Elements()
	c.validatorSetting = bytes.Clone(value.Raw())
	return unless(ok, "must be a list of objects")
}

// defaultValidators are the validators of a site that names none: those that Django's new projects name. Without a list of common
// passwords there are but three.
const (
	djangoValidators  = `"django.contrib.auth.password_validation.`
	defaultValidators = `[{"NAME":` + djangoValidators + `UserAttributeSimilarityValidator"},{"NAME":` + djangoValidators + `MinimumLengthValidator"},` +
		`{"NAME":` + djangoValidators + `NumericPasswordValidator"}`
	commonValidator = `,{"NAME":` + djangoValidators + `CommonPasswordValidator"}`
)

// newValidators returns what judges new passwords, or says what is wrong with AUTH_PASSWORD_VALIDATORS.
func (c *Config) newValidators() ([]validate.Validator, error) {
	if c.PasswordValidators != nil {
		return c.PasswordValidators, nil
	}
	setting := string(c.validatorSetting)
	if setting == "" {
		setting = defaultValidators
		if c.PasswordLists.Common != nil {
			setting += commonValidator
		}
		setting += "]"
	}
	const name = "AUTH_PASSWORD_VALIDATORS"
	settings, err := core.ParseObject([]byte(`{"`+name+`":`+setting+`}`), settingsLimits)
	if err != nil {
		return nil, settingError(name, "%v", err)
	}
	value, _ := settings.Get(name)
	validators, err := validate.Parse(value, c.PasswordLists)
	var wrong *validate.SettingError
	if errors.As(err, &wrong) {
		return nil, settingError(wrong.Name, "%s", wrong.Problem)
	}
	return validators, err
}
