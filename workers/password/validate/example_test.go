package validate_test

import (
	"fmt"
	"os"

	"github.com/jeton-dev/jeton/core"
	"github.com/jeton-dev/jeton/workers/password/validate"
	"github.com/jeton-dev/jeton/workers/password/validate/common"
)

func ExampleParse() {
	// The setting as `django-admin startproject` writes it, as JSON.
	settings, err := core.ParseObject([]byte(`{"AUTH_PASSWORD_VALIDATORS": [
		{"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
		{"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 9}},
		{"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
		{"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"}
	]}`), core.Limits{TokenBytes: 1 << 20, Depth: 8, Members: 1000})
	if err != nil {
		fmt.Println(err)
		return
	}
	setting, _ := settings.Get("AUTH_PASSWORD_VALIDATORS")
	validators, err := validate.Parse(setting, validate.Sources{Common: common.List, ReadFile: os.ReadFile})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, failure := range validate.Check(validators, "alice12", validate.User{"username": "alice"}) {
		fmt.Println(failure.Code, "-", failure.Message)
	}
	// Output:
	// password_too_similar - The password is too similar to the username.
	// password_too_short - This password is too short. It must contain at least 9 characters.
}

// A program adds a rule of its own.
func ExampleValidator() {
	validators := []validate.Validator{validate.MinimumLength{Characters: 12}, noJeton{}}
	for _, failure := range validate.Check(validators, "jeton", nil) {
		fmt.Println(failure.Message)
	}
	// Output:
	// This password is too short. It must contain at least 12 characters.
	// Not that word.
}

type noJeton struct{}

func (noJeton) Validate(password string, _ validate.User) *validate.Failure {
	if password != "jeton" {
		return nil
	}
	return &validate.Failure{Code: "password_is_jeton", Message: "Not that word."}
}
