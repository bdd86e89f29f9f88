package validate

import (
	"fmt"
	"unicode/utf8"
)

// MinimumLength is Django's MinimumLengthValidator: it refuses passwords of fewer characters (code points).
type MinimumLength struct{ Characters int }

// Validate implements [Validator].
func (m MinimumLength) Validate(password string, _ User) *Failure {
	if utf8.RuneCountInString(password) >= m.Characters {
		return nil
	}
	characters := "characters"
	if m.Characters == 1 {
		characters = "character"
	}
	return &Failure{"password_too_short", fmt.Sprintf("This password is too short. It must contain at least %d %s.", m.Characters, characters)}
}

// CommonPassword is Django's CommonPasswordValidator: it refuses what is on a list, in any case and with any white space around it.
type CommonPassword struct{ List *List }

// Validate implements [Validator].
func (c CommonPassword) Validate(password string, _ User) *Failure {
	if !c.List.contains(strip(lower(password))) {
		return nil
	}
	return &Failure{"password_too_common", "This password is too common."}
}

// NumericPassword is Django's NumericPasswordValidator: it refuses passwords of nothing but digits, of whatever script.
type NumericPassword struct{}

// Validate implements [Validator].
func (NumericPassword) Validate(password string, _ User) *Failure {
	if password == "" {
		return nil
	}
	for _, char := range password {
		if !isDigit(char) {
			return nil
		}
	}
	return &Failure{"password_entirely_numeric", "This password is entirely numeric."}
}
