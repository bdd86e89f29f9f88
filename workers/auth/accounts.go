package auth

import (
	"github.com/jeton-dev/jeton/workers/password/validate"
)

// RegistrationConfig is the setting REGISTRATION, which is none of Django's. The zero value lets nobody register.
type RegistrationConfig struct {
	// Enabled (ENABLED) lets anybody make an account.
	Enabled bool
	// EmailRequired (EMAIL_REQUIRED) refuses registrations without an e-mail address.
	EmailRequired bool
}

// How many characters Django's user model leaves for passwords and e-mail addresses.
const (
	longestPassword = 128
	longestEmail    = 254
)

// passwordTooLong is what a password is refused with that the hasher does not take in: plain bcrypt takes 72 bytes.
const passwordTooLong = "This password is too long."

// accountViews returns the endpoints for accounts that the settings ask for.
func (s *site) accountViews(d dialect) ([]view, error) {
	var views []view
	if s.config.Registration.Enabled {
		views = append(views, s.registerView())
	}
	if s.config.PasswordChange {
		if !d.canIssue() {
			return nil, settingError("PASSWORD_CHANGE", "needs a key to sign with, since whoever changes a password gets new tokens")
		}
		views = append(views, s.passwordChangeView(d))
	}
	if len(views) == 0 {
		return nil, nil
	}
	var err error
	s.validators, err = s.config.newValidators()
	return views, err
}

// judgePassword returns what speaks against a new password.
func (s *site) judgePassword(given string, user validate.User) (messages []string) {
	for _, failure := range validate.Check(s.validators, given, user) {
		messages = append(messages, failure.Message)
	}
	return messages
}
