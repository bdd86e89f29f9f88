package validate

// User holds what is known of the user that a password is for, by the names of Django's fields: username, first_name, last_name, email,
// and whatever else user_attributes name. What is missing or empty is not compared with.
type User map[string]string

// Failure is why a password must not be used. It holds nothing of the password.
type Failure struct {
	// Code is Django's: password_too_similar, password_too_short, password_too_common, password_entirely_numeric.
	Code string
	// Message is Django's in English, a sentence for the user.
	Message string
}

// A Validator judges passwords. It is safe for concurrent use.
type Validator interface {
	// Validate returns why a password must not be used for a user, or nil. Nil for the user is one of whom nothing is known.
	Validate(password string, user User) *Failure
}

// Check asks each validator in turn, and returns all that speaks against a password: nothing when it is good.
func Check(validators []Validator, password string, user User) []Failure {
	var failures []Failure
	for _, validator := range validators {
		if failure := validator.Validate(password, user); failure != nil {
			failures = append(failures, *failure)
		}
	}
	return failures
}
